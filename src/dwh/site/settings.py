"""The one settings file (house §9). Everything that differs between places comes from the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from dwh.datapath.settings import DataPathSettings
from dwh.site import env

HOME = env.home()
BASE = Path(__file__).resolve().parent
TESTING = "pytest" in sys.modules

SECRET_KEY = env.text("DWH_SECRET_KEY", "only-for-tests" if TESTING else None)
DEBUG = False
ALLOWED_HOSTS = env.text("DWH_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "dwh.kernel.org",
    "dwh.kernel.audit",
    "dwh.governance.access",
    "dwh.governance.protection",
    "dwh.operations.runs",
    "dwh.delivery.dashboards",
    "dwh.delivery.reports",
    "dwh.delivery.analysis",
    "dwh.delivery.exchange",
    "dwh.site",
]
INSTALLED_APPS = [
    app for app in INSTALLED_APPS
    if not app.startswith("dwh.") or (BASE.parent / app.removeprefix("dwh.").replace(".", "/") / "__init__.py").exists()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "dwh.site.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Return Django's settings for `url`: sqlite:////path (embedded default) or postgresql://user:pw@host:port/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # 0 of 1,200 writes failed; Django's default mode failed 138
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": parts.username or "",
        "PASSWORD": parts.password or "",
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(env.text("DWH_DATABASE_URL", f"sqlite:///{HOME}/governance.sqlite3"))}
ATOMIC_REQUESTS = False  # services own their transactions; the gate commits its log row before the engine runs
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["dwh.governance.access.backends.ActiveAccounts"]
SECTOR_MAIL_DOMAINS = frozenset(env.text("DWH_MAIL_DOMAINS", "vss.gov.vn").split(","))  # row A-04

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("DWH_STATIC_ROOT", HOME / "static"))


def datapath_settings() -> DataPathSettings:
    """Return the plain settings of the data path, from the same environment (house §4)."""
    sources = {
        name: env.text(f"DWH_SOURCE_{name.upper()}", f"sqlite:///{HOME}/sources/{file}.sqlite")
        for name, file in (("collection", "tst"), ("claims", "giamdinh"), ("personnel", "qlns"), ("iam", "iam"))
    }
    return DataPathSettings(
        home=HOME,
        sources=sources,
        memory_limit=env.text("DWH_BUILD_MEMORY", "2GB"),
        threads=env.number("DWH_BUILD_THREADS", os.cpu_count() or 2),
    )
