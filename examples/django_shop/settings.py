"""Django's settings: SQLite in a file, or PostgreSQL where ``DATABASE_URL`` names one."""

from __future__ import annotations

import os
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit


def database(url: str) -> dict[str, Any]:
    """Return a database by its address: ``sqlite:///file`` or ``postgresql://user@host/name``."""
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme == "sqlite":
        # Two transactions that have read would wait for each other when they write, and SQLite
        # fails one of them: so each takes its turn when it begins, and reads afterwards.
        options = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode = WAL",
        }
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "sqlite:///django_shop.sqlite"))}
INSTALLED_APPS = ["examples.django_shop"]
ROOT_URLCONF = "examples.django_shop.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
LANGUAGES = [("en", "English"), ("fr", "Français")]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
SECRET_KEY = os.environ.get("SECRET_KEY", "for the demonstration only")

#: What day it is in the shop; ``None`` for today.
SHOP_DAY = date.fromisoformat(day) if (day := os.environ.get("SHOP_DAY")) else None
