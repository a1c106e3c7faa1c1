"""One settings module, steered by a data folder and the environment.

| variable | what it says | unless said |
|---|---|---|
| `KAOHE_HOME` | the data folder: secret, embedded database, uploads, workspace | `~/.kaohe` |
| `KAOHE_DATABASE_URL` | `postgresql://user:password@host:port/name` | an SQLite file in the data folder |
| `KAOHE_HOSTS` | the names under which the site may be asked, with commas between | `localhost,127.0.0.1` |
| `KAOHE_HTTPS` | `1` where the site is reached through HTTPS | `0` |
| `KAOHE_PROXY` | `1` where a proxy in front sets `X-Forwarded-Proto` | `0` |
| `KAOHE_MAIL_URL` | `smtp://user:password@host:port` or `smtps://…`; reminders go there too | letters are not sent |
| `KAOHE_MAIL_FROM` | the sender of letters | `kaohe@localhost` |
| `KAOHE_ADDRESS` | the site's address as letters write it, such as `https://kaohe.example.com` | letters name no address |
| `KAOHE_COMPANY` | the company's name on pages and papers | none |
| `KAOHE_LEADS_SEE_MONEY` | `1` where team leads may see yuan | `0` |
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF, UNSAFE_INLINE

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("KAOHE_HOME") or Path.home() / ".kaohe")


def is_set(name: str) -> bool:
    """Whether a switch of the environment is on."""
    return os.environ.get(name, "0").strip().lower() in ("1", "yes", "true", "on")


def secret_in(folder: Path) -> str:
    """The site's secret: made at the first look, readable by nobody else."""
    path = folder / "secret"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii").strip()


def database_of(url: str, folder: Path) -> dict[str, object]:
    """The database that a URL names, or the embedded one."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "kaohe.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Readers never wait, writers queue; measured: no write of a thousand concurrent ones fails.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16000;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


SECRET_KEY = secret_in(HOME)
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("KAOHE_HOSTS", "localhost,127.0.0.1").split(",") if host.strip()]
HTTPS = is_set("KAOHE_HTTPS")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

COMPANY = os.environ.get("KAOHE_COMPANY", "")
LEADS_SEE_MONEY = is_set("KAOHE_LEADS_SEE_MONEY")
WORKSPACE = HOME / "workspace"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "kaohe_web.site",
    "kaohe_web.audit",
    "kaohe_web.people",
    "kaohe_web.library",
    "kaohe_web.rounds",
    "kaohe_web.collect",
    "kaohe_web.results",
    "kaohe_web.appeals",
    "kaohe_web.pay",
    "kaohe_web.inbox",
    "kaohe_web.intake",
    "kaohe_web.measuring",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kaohe_web.site.language.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "kaohe_web.site.middleware.StandingMiddleware",
    "kaohe_web.site.middleware.PasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kaohe_web.urls"
WSGI_APPLICATION = "kaohe_web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kaohe_web.site.context.shell",
            ],
            "builtins": ["kaohe_web.site.templatetags.kaohe", "kaohe_web.site.templatetags.deciding"],
        },
    }
]

DATABASES = {"default": database_of(os.environ.get("KAOHE_DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kaohe_cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "kaohe_web.people.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "kaohe_web.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kaohe 考核"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; without one there is no HTTPS to redirect to
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if is_set("KAOHE_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

_mail = urlsplit(os.environ.get("KAOHE_MAIL_URL", ""))
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if _mail.hostname else "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
MAILS = bool(_mail.hostname)  # whether letters go out beside the inbox
EMAIL_TIMEOUT = 10
ADDRESS = os.environ.get("KAOHE_ADDRESS", "")
DEFAULT_FROM_EMAIL = os.environ.get("KAOHE_MAIL_FROM", "kaohe@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # see SECURE_SSL_REDIRECT
