"""Reads the environment: every setting that a deployment may give, with its default for development."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent

# The development defaults are public, so production refuses them (config.settings).
DEVELOPMENT_SECRET = "development-only-secret-do-not-use-in-production"  # noqa: S105


def text(name: str, default: str = "") -> str:
    """Return the variable `name`, or `default` where it is unset or blank."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Return whether the variable `name` says yes (1, true, yes, on)."""
    value = text(name).lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    """Return the variable `name` as a list, split at commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def whole_number(name: str, default: int) -> int:
    """Return the variable `name` as an integer; a text that is none stops the start with a sentence."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise SystemExit(f"The environment variable {name} must be a whole number, not {value!r}.") from None


def database(url: str) -> dict[str, object]:
    """Return Django's database settings for a `postgresql://` URL; a path as host is a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SystemExit("DATABASE_URL must begin with postgresql:// (this product runs on PostgreSQL only).")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or query.get("port", "")),
    }
