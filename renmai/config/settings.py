"""Django's settings. Everything that differs between installations comes from the environment."""

from __future__ import annotations

from renmai.config.env import ROOT, database, env
from renmai.config.logs import LOGGING as LOGGING

SECRET_KEY = env.secret_key
DEBUG = env.debug
BASE_URL = env.base_url
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = ["*"] if env.host in {"0.0.0.0", "::"} else ["127.0.0.1", "localhost", "[::1]", BASE_URL.split("//")[1].split(":")[0]]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "renmai.kernel",
    "renmai.directory",
    "renmai.activity",
    "renmai.catalogue",
    "renmai.marketing",
    "renmai.sales",
    "renmai.commerce",
    "renmai.service",
    "renmai.config",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "renmai.config.health.measure",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "renmai.kernel.access.sign_in.gate.Gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "renmai.kernel.ui.middleware.reader",
]

ROOT_URLCONF = "renmai.config.urls"
WSGI_APPLICATION = "renmai.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "renmai.kernel.ui.jinja.Templates",
        "DIRS": [ROOT / "renmai"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "renmai.kernel.ui.jinja.environment",
            "context_processors": ["renmai.kernel.ui.shell.shell"],
        },
    },
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
]

DATABASES = {"default": database(env.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "kernel.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 3600
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "renmai.kernel.access.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "renmai.kernel.ui.errors.expired"
# With an https address there is a proxy in front that ends TLS and says from where the request came.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0

ACCOUNT_ADAPTER = "renmai.kernel.access.sign_in.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SESSION_REMEMBER = True
# The address of a person is that of their record alone: allauth keeps no list of addresses beside it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105

MFA_ADAPTER = "renmai.kernel.access.sign_in.second.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# Without an https address people sit before this machine: browsers count it as safe, and passkeys work there.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE

SOCIALACCOUNT_ADAPTER = "renmai.kernel.access.sign_in.company.CompanyAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
# A form may only be sent to this house (form-action of the policy), and the provider is another: a link leads there.
SOCIALACCOUNT_LOGIN_ON_GET = True

# Attempts are counted here, for all web processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "renmai_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.mail.host else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = env.mail.host, env.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env.mail.user, env.mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = env.mail.starttls, env.mail.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.mail_from

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = env.language.lower()
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("th", "ไทย")]
LOCALE_PATHS = [ROOT / "renmai" / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static"
STATICFILES_DIRS = [ROOT / "renmai" / "kernel" / "ui" / "static"]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique where there is one: users without sign-in have none
AUTHENTICATION_BACKENDS = ["renmai.kernel.access.sign_in.backend.Backend"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# The front end's build puts the hash of its content into each name.
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/.+-[0-9A-Z]{8}\.\w+$"
