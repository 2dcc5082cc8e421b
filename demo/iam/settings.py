"""Settings of the demonstration's IAM; it knows nothing of the DWH but the address it returns people to."""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

HOME = Path(os.environ.get("DWH_HOME") or os.environ.get("DEMO_HOME") or "var/demo").resolve()
HERE = Path(__file__).resolve().parent
SIGNING_KEY = HOME / "keys" / "iam-signing.pem"
SECRET_KEY_FILE = HOME / "keys" / "iam-django-secret"
PUBLIC_URL = os.environ.get("DWH_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ISSUER = os.environ.get("DWH_OIDC_ISSUER", "http://127.0.0.1:8001/o")
CLIENT_ID = os.environ.get("DWH_OIDC_CLIENT_ID", "dwh")

os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")  # plain http, on the loopback only

SECRET_KEY = SECRET_KEY_FILE.read_text(encoding="utf-8") if SECRET_KEY_FILE.is_file() else "not-built-yet"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "oauth2_provider",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "demo.iam.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
            "builtins": ["django.templatetags.static", "dwh.site.templatetags.dwh_ui"],
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "iam-provider.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = PUBLIC_URL
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE.parents[1] / "src" / "dwh" / "site" / "static"]  # the same look as the DWH
WHITENOISE_USE_FINDERS = True
# Cookies do not know ports: both programs live on 127.0.0.1, so the names differ.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "iam_session", "iam_csrf"
SESSION_COOKIE_AGE = 8 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "form-action": [SELF, PUBLIC_URL],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_ISS_ENDPOINT": ISSUER,
    "OIDC_RSA_PRIVATE_KEY": SIGNING_KEY.read_text(encoding="ascii") if SIGNING_KEY.is_file() else "",
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
    "OAUTH2_VALIDATOR_CLASS": "demo.iam.claims.Claims",
    "PKCE_REQUIRED": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "SCOPES": {"openid": "Định danh", "email": "Hộp thư điện tử ngành", "profile": "Họ tên, mã cán bộ"},
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 300,
}
