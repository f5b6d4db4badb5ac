"""Settings, from the environment.

DATABASE (a file), SECRET_KEY, PUBLIC_URL (where browsers reach this app), LEDGERHQ_STORE_KEYS
(Fernet keys) and, for a sandbox, LEDGERHQ_BASE_URL.
"""

import os

PUBLIC_URL = os.environ["PUBLIC_URL"]
SECRET_KEY = os.environ["SECRET_KEY"]
LEDGERHQ_STORE_KEYS = os.environ["LEDGERHQ_STORE_KEYS"].split(",")

ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "till.urls"
INSTALLED_APPS = ["django.contrib.sessions", "till"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "till.middleware.ExplainErrors",
]

# On the server: what waits for the callback holds a secret that is not for the browser.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# Lax and not Strict: the browser comes back from another site.
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https:")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["DATABASE"],
        # A transaction that reads first could come too late to write.
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
