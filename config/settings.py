"""Settings: one file, safe defaults for development, strict in production."""

from typing import Any

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from config import env
from config.embedded import embedded_database_url, embedded_redis_url

BASE_DIR = env.BASE_DIR
ITEM_TYPES = BASE_DIR / "exams" / "bank" / "types"
ENVIRONMENT = env.text("CHIZHENG_ENV", "development")
if ENVIRONMENT not in {"development", "test", "production"}:
    raise SystemExit("CHIZHENG_ENV must be development, test or production.")
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
DEBUG = ENVIRONMENT == "development" and env.flag("DEBUG", default=True)
DEMO = env.flag("DEMO") and not PRODUCTION  # shows logins, admits sample items to real sittings (D13)

SECRET_KEY = env.text("SECRET_KEY", env.DEVELOPMENT_SECRET)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Personal numbers: the first key encrypts, all decrypt; the lookup key hashes (certs/people).
FIELD_KEYS = env.words("FIELD_KEYS", env.DEVELOPMENT_SECRET)
LOOKUP_KEY = env.text("LOOKUP_KEY", env.DEVELOPMENT_SECRET)
if PRODUCTION and env.DEVELOPMENT_SECRET in {SECRET_KEY, LOOKUP_KEY, *FIELD_KEYS}:
    raise SystemExit(
        "Production needs SECRET_KEY, FIELD_KEYS and LOOKUP_KEY of its own; see docs/operations.md."
    )

ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1]")
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{env.whole_number('PORT', 8000)}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # its templates; ours in templates/django/forms stand before them
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "csp",
    "syllabus",
    "exams",
    "certs",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "exams.delivery.shortcut.answers_first",  # the saving of answers needs nothing of what follows
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.htmx.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Each item type brings its own templates and static files (exams/bank/types).
        "DIRS": [BASE_DIR / "templates", *sorted(ITEM_TYPES.glob("*/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.ui.site",
            ],
            "libraries": {"ui": "config.ui", "item_text": "exams.bank.text"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

if PRODUCTION and not (env.text("DATABASE_URL") and env.text("REDIS_URL")):
    raise SystemExit("Production needs DATABASE_URL and REDIS_URL: servers that are kept and backed up.")
DATABASES: dict[str, Any] = {"default": env.database(env.text("DATABASE_URL") or embedded_database_url())}
if pool_size := env.whole_number(
    "DATABASE_POOL", 0
):  # set by the web server's start only: pools and forks do not mix
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": pool_size, "timeout": 10}}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 0 if TESTING else 60, "CONN_HEALTH_CHECKS": True}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL") or embedded_redis_url()  # empty where neither is there
if REDIS_URL:
    # Django's Redis cache takes unix:// addresses, Celery calls the same thing redis+socket://.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
            "KEY_PREFIX": env.text("CACHE_PREFIX", "chizheng"),
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") or "memory://localhost/"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_DEFAULT_QUEUE = env.text("CELERY_QUEUE", "chizheng")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "seal-due-attempts": {"task": "exams.seal_due", "schedule": 5.0},
    "mark-sealed-attempts": {"task": "exams.mark_sealed", "schedule": 10.0},
    "resume-item-imports": {"task": "exams.resume_imports", "schedule": 300.0},
    "resume-assembly-runs": {"task": "exams.resume_runs", "schedule": 60.0},
    "issue-due-certificates": {"task": "certs.issue_due", "schedule": 60.0},
    "update-item-statistics": {"task": "exams.update_statistics", "schedule": crontab(hour=3, minute=30)},
}

AUTH_USER_MODEL = "certs.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "certs.people.backends.IdentifierBackend",
    "certs.people.backends.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "mobile", "email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
FIND_PERSON = "certs.people.queries.find_person"  # how lower apps find whom an identifier means
FIND_HOLDERS = "certs.people.queries.holders_of"  # how lower apps find who has a permission
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLED = not TESTING
AXES_LOCKOUT_TEMPLATE = "certs/people/locked.html"
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "certs.people.backends.lockout_name"  # a hash: no document number in clear

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT") or BASE_DIR / ".local" / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static", *sorted(ITEM_TYPES.glob("*/static"))]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.ui.StaticStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING or DEMO
WHITENOISE_AUTOREFRESH = DEBUG

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "noreply@localhost")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = CSRF_COOKIE_PREFIX = f"chizheng_{env.whole_number('PORT', 8000)}"
CSRF_COOKIE_NAME = f"{CSRF_COOKIE_PREFIX}_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = PRODUCTION and env.flag("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# Certificates: who issues them, and how many verifications one address may ask for in a minute.
ISSUER_NAME = env.text("ISSUER_NAME", "持证职业能力评价中心")
VERIFY_PER_MINUTE = env.whole_number("VERIFY_PER_MINUTE", 20)

FIXTURES_ROOT = BASE_DIR / "fixtures"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
