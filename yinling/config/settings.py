"""Django settings. Everything that differs between machines comes from the environment (docs/operate/settings.md)."""

import json
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

from csp.constants import SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("YINLING_HOME", ROOT / "var"))
HOME.mkdir(parents=True, exist_ok=True)
PACKS_DIR = Path(os.environ.get("YINLING_PACKS", ROOT / "packs"))
CITY_PACK = os.environ.get("YINLING_CITY", "huaihua")
TESTING = "pytest" in sys.modules

DEMO = os.environ.get("YINLING_DEMO", "1") == "1"
DEBUG = os.environ.get("YINLING_DEBUG", "0") == "1"
ALLOWED_HOSTS = os.environ.get("YINLING_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("YINLING_ORIGINS", "").split(",") if origin]
BEHIND_TLS = os.environ.get("YINLING_TLS", "0") == "1"
MESSAGE_CHANNELS = json.loads(os.environ.get("YINLING_CHANNELS", "{}"))
HOTLINE = os.environ.get("YINLING_HOTLINE", "2312349")


def _demo_secret() -> str:
    """A secret of this machine's own for a demonstration, made at first start."""
    path = HOME / "keys" / "secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = os.environ.get("YINLING_SECRET_KEY") or (_demo_secret() if DEMO else "")
KEYS_FILE = HOME / "keys" / "keyring.json"
FILES_DIR = HOME / "files"
TELEMETRY_DIR = Path(os.environ.get("YINLING_TELEMETRY", HOME / "telemetry"))
INGEST_HOST = os.environ.get("YINLING_INGEST_HOST", "127.0.0.1")
INGEST_PORT = int(os.environ.get("YINLING_INGEST_PORT", "8081"))
MQTT_PORT = int(os.environ.get("YINLING_MQTT_PORT", "18883"))
MQTT_BROKER = os.environ.get("YINLING_MQTT", "")
MQTT_CERTIFICATE = os.environ.get("YINLING_MQTT_CERTIFICATE", "")
MQTT_KEY = os.environ.get("YINLING_MQTT_KEY", "")
MQTT_AUTHORITY = os.environ.get("YINLING_MQTT_CA", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "yinling.accounts",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "yinling.kernel",
    "yinling.web",
    "yinling.places",
    "yinling.reference",
    "yinling.organisations",
    "yinling.files",
    "yinling.messages",
    "yinling.worklist",
    "yinling.ledger",
    "yinling.sync",
    "yinling.rosters",
    "yinling.spreadsheets",
    "yinling.people",
    "yinling.assessments",
    "yinling.institutions",
    "yinling.devices",
    "yinling.care",
    "yinling.shifts",
    "yinling.inspections",
    "yinling.volunteers",
    "yinling.supervision",
    "yinling.desk",
    "yinling.portal",
    "yinling.packs",
    "yinling.city",
    "yinling.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "yinling.accounts.middleware.IdleClock",
    "yinling.accounts.middleware.LanguageKept",
    "yinling.accounts.middleware.FirstThings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yinling.web.refusals.RefusalsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yinling.config.urls"
WSGI_APPLICATION = "yinling.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yinling.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "yinling.web.templatetags.look",
                "yinling.web.templatetags.words",
            ],
        },
    }
]


def _database() -> dict[str, object]:
    """SQLite in the home folder, or PostgreSQL by YINLING_DATABASE=postgresql://user:password@host:port/name."""
    url = urlparse(os.environ.get("YINLING_DATABASE", ""))
    if url.scheme.startswith("postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8}},
        }
    return {
        "ENGINE": "yinling.kernel.sqlite",
        "NAME": url.path or HOME / "yinling.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
            "PRAGMA mmap_size=1073741824; PRAGMA temp_store=MEMORY;",
        },
        "TEST": {"NAME": HOME / "test.sqlite3"},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/work/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "yinling.accounts.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "yinling.accounts.forms.LogInForm",
    "change_password": "yinling.accounts.forms.ChangePasswordForm",
    "reauthenticate": "yinling.accounts.forms.PasswordAgainForm",
}
ACCOUNT_RATE_LIMITS = False  # axes locks out guessing, per account and address, and says until when
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "yinling.accounts.views.entrance.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # so that "until when" stays true
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # our own log of log-ins replaces it
AXES_VERBOSE = False
TOTP = os.environ.get("YINLING_TOTP", "optional")
MFA_ADAPTER = "yinling.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "yinling.accounts.forms.CodeForm",
    "reauthenticate": "yinling.accounts.forms.CodeAgainForm",
    "activate_totp": "yinling.accounts.forms.FirstCodeForm",
}
SESSION_ENGINE = "yinling.accounts.sessions"

SESSION_COOKIE_AGE = int(os.environ.get("YINLING_IDLE_MINUTES", "30")) * 60
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": [SELF],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = sorted((ROOT / "yinling" / "engines").glob("*/locale"))
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SILENCED_SYSTEM_CHECKS = ["account.W001"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("YINLING_LOG", "WARNING")},
}
