"""Django's settings, from the environment, safe where nothing is set.

SUREFOOT_DATA: the folder of the database and of the server's key. SUREFOOT_DATABASE: a PostgreSQL address
(postgresql://user:password@host:port/name); SQLite in the folder without one. SUREFOOT_SECRET_KEY: the server's key;
without one it is made in the folder, readable by its owner alone. SUREFOOT_HOSTS: names under which the server is
reached, with commas. SUREFOOT_HTTPS: "off" only for a server that is reached from its own machine. SUREFOOT_PROXY: "on"
where a proxy ends HTTPS and sets X-Forwarded-Proto itself. SUREFOOT_OIDC_ISSUER, SUREFOOT_OIDC_CLIENT_ID,
SUREFOOT_OIDC_CLIENT_SECRET: a provider of identities (OpenID Connect) by which members may sign in.
where a proxy ends HTTPS and sets X-Forwarded-Proto itself. SUREFOOT_SMTP_URL and SUREFOOT_MAIL_FROM: the mail server
(smtps://user:password@host:port) and the address that messages come from.
"""

from __future__ import annotations

import os
from pathlib import Path

from surefoot.web.database import database, server_key
from surefoot.web.identities import identity_providers
from surefoot.web.mail import mail_settings

DATA = Path(os.environ.get("SUREFOOT_DATA", "surefoot-data")).resolve()
SECRET_KEY = server_key(DATA, os.environ.get("SUREFOOT_SECRET_KEY"))
DEBUG = False
HTTPS = os.environ.get("SUREFOOT_HTTPS", "on") != "off"
ALLOWED_HOSTS = [*filter(None, os.environ.get("SUREFOOT_HOSTS", "").split(",")), "127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "surefoot.web",
]
MIDDLEWARE = [
    "surefoot.web.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "surefoot.web.access.SignedIn",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "surefoot.web.addresses"
WSGI_APPLICATION = "surefoot.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "surefoot.web.pages.environment",
            "context_processors": ["surefoot.web.pages.around"],
        },
    }
]

DATABASES = {"default": database(DATA, os.environ.get("SUREFOOT_DATABASE"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "web.Person"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
globals().update(mail_settings(os.environ.get("SUREFOOT_SMTP_URL"), os.environ.get("SUREFOOT_MAIL_FROM")))
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"

# Who signs in is decided by `surefoot.web.accounts`: nobody signs up, and no mail is sent from here.
ACCOUNT_ADAPTER = "surefoot.web.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Of one machine, not of one person: behind a proxy everybody comes from the same.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/15m/ip,10/15m/key", "reauthenticate": "10/15m/user"}
MFA_ADAPTER = "surefoot.web.accounts.Factors"
MFA_FORMS = {
    "authenticate": "surefoot.web.accounts.Code",
    "reauthenticate": "surefoot.web.accounts.CodeAgain",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Surefoot"
MFA_RATE_LIMITS = {"webauthn_login": "100/15m/ip"}
SOCIALACCOUNT_ADAPTER = "surefoot.web.accounts.Identities"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": identity_providers(os.environ)}}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
WHITENOISE_ROOT = None
WHITENOISE_MAX_AGE = 24 * 60 * 60
STATIC_ROOT = str(Path(__file__).parent / "static")

# Cookies are for people who sign in; respondents get none.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "surefoot.web.views.errors.forged"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": browsers would send forms from "null", which the check against forged forms refuses. Pages of
# respondents, which are exempt from it, say "no-referrer" themselves.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("SUREFOOT_PROXY") == "on" else None
X_FRAME_OPTIONS = "DENY"

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 2
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["surefoot.web.uploads.Bounded"]

# An address of a respondent holds the link, so no line of a log holds an address: see `surefoot.web.logs`.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no-address": {"()": "surefoot.web.logs.NoAddress"}},
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "filters": ["no-address"], "formatter": "plain"},
    },
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
