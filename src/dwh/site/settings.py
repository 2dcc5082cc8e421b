"""The one settings file (house §9). Everything that differs between places comes from the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from dwh.datapath.settings import DataPathSettings, SourceSettings, source_settings
from dwh.datapath.sources.folders import search_in, source_folders
from dwh.site import env, logs

HOME = env.home()
BASE = Path(__file__).resolve().parent
TESTING = "pytest" in sys.modules or "mypy" in sys.modules

SECRET_KEY = env.text("DWH_SECRET_KEY", "only-for-tests" if TESTING else None)
DEBUG = False
PUBLIC_URL = env.text("DWH_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [
    *env.text("DWH_ALLOWED_HOSTS", f"{urlsplit(PUBLIC_URL).hostname},127.0.0.1,localhost").split(","),
    *(["testserver"] if TESTING else []),
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "dwh.kernel.org",
    "dwh.kernel.audit",
    "dwh.governance.access",
    "dwh.governance.protection",
    "dwh.governance.decisions",
    "dwh.operations.runs",
    "dwh.operations.log",
    "dwh.operations.loads",
    "dwh.operations.quarantine",
    "dwh.operations.quality",
    "dwh.operations.reconciliation",
    "dwh.operations.parameters",
    "dwh.operations.rollups",
    "dwh.operations.organisation",
    "dwh.operations.changes",
    "dwh.operations.checks",
    "dwh.operations.retention",
    "dwh.operations.submissions",
    "dwh.delivery.dashboards",
    "dwh.delivery.dashboards.own",
    "dwh.delivery.reports",
    "dwh.delivery.analysis",
    "dwh.delivery.analyses",
    "dwh.delivery.exchange",
    "dwh.delivery.dictionary",
    "dwh.site",
]
INSTALLED_APPS = [
    app
    for app in INSTALLED_APPS
    if not app.startswith("dwh.")
    or (BASE.parent / app.removeprefix("dwh.").replace(".", "/") / "__init__.py").exists()
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dwh.site.middleware.RequestId",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dwh.site.middleware.SessionGuard",
    "dwh.site.middleware.Refusals",
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
                "dwh.site.context.frame",
            ],
            "builtins": ["django.templatetags.static", "dwh.site.templatetags.dwh_ui"],
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
ATOMIC_REQUESTS = (
    False  # services own their transactions; the gate commits its log row before the engine runs
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["dwh.governance.access.backends.ActiveAccounts"]
SECTOR_MAIL_DOMAINS = frozenset(env.text("DWH_MAIL_DOMAINS", "vss.gov.vn").split(","))  # row A-04

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE / "static" if TESTING else Path(os.environ.get("DWH_STATIC_ROOT", HOME / "static"))


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {  # names carry their content's hash; the web process gathers them when it starts
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "dwh.site.staticfiles.HashedStatic"
    },
}
WHITENOISE_USE_FINDERS = TESTING

LOGGING = logs.CONFIG

# --- sign-in: OpenID Connect against IAM and nothing else (QC-DWH Điều 5.1) ------------------------------
OIDC_ISSUER = env.text("DWH_OIDC_ISSUER", "http://127.0.0.1:8001/o")
OIDC_CLIENT_ID = env.text("DWH_OIDC_CLIENT_ID", "dwh")
OIDC_CLIENT_SECRET = env.text("DWH_OIDC_CLIENT_SECRET", "")
LOGIN_URL = "/dang-nhap/"

# --- the browser's side: cookies, headers, content policy (ASVS 5.0 V3) ----------------------------------
HTTPS = PUBLIC_URL.startswith("https://")
_HOST_ONLY = (
    "__Host-" if HTTPS else ""
)  # the prefix binds a cookie to this very host; browsers want https for it
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST_ONLY}dwh_session", f"{_HOST_ONLY}dwh_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600  # a working day, whatever one does
SESSION_IDLE_SECONDS = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "dwh.site.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^suc-khoe/$"]  # the proxy asks for health on the inside, without TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("DWH_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = 2 * 365 * 86_400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler draws its ticks as data: images; an image runs nothing
        "font-src": [SELF],
        "connect-src": [SELF],
        # signing out is a form whose answer leads to IAM, and browsers follow form-action there
        "form-action": [SELF, "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER))],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}


def datapath_settings() -> DataPathSettings:
    """Return the plain settings of the data path, from the same environment (house §4)."""
    if more := env.text("DWH_SOURCES_FOLDER", ""):
        search_in(Path(more))
    sources = {name: env.text(f"DWH_SOURCE_{name.upper()}", "") for name in source_folders()}
    return DataPathSettings(
        home=HOME,
        sources=sources,
        reading={name: _reading(name) for name in sources},
        memory_limit=env.text("DWH_BUILD_MEMORY", "2GB"),
        threads=env.number("DWH_BUILD_THREADS", os.cpu_count() or 2),
        loss_percent=env.number("DWH_LOSS_PERCENT", 20),
        loss_rows=env.number("DWH_LOSS_ROWS", 1_000),
        sources_at_once=env.number("DWH_SOURCES_AT_ONCE", 2),
        free_percent=env.number("DWH_FREE_PERCENT", 15),
    )


def _reading(source: str) -> SourceSettings:
    name = f"DWH_SOURCE_{source.upper()}"
    return source_settings(
        source, max_rows_s=env.text(f"{name}_MAX_ROWS_S", ""), window=env.text(f"{name}_WINDOW", "")
    )


DATAPATH = datapath_settings()  # what the gate reads; the web process needs no more than releases/
