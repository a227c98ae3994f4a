"""Settings in production: strict, and refusing the secrets of development."""

import os
import subprocess
import sys

import pytest

from config.embedded.places import PROJECT

SERVERS = {"DATABASE_URL": "postgresql://app@localhost/app", "REDIS_URL": "redis://localhost"}
KEYS = {"SECRET_KEY": "s" * 60, "FIELD_KEYS": "f" * 60, "LOOKUP_KEY": "l" * 60}


def load(**variables: str) -> subprocess.CompletedProcess[str]:
    """Import the settings in a process of its own with just these variables."""
    plain = {"PATH": os.environ["PATH"], "CHIZHENG_ENV": "production"}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings as s; print(s.DEBUG, s.SESSION_COOKIE_SECURE)"],
        cwd=PROJECT,
        env={**plain, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_keys_and_servers_of_its_own() -> None:
    done = load(**SERVERS, **KEYS)
    assert (done.returncode, done.stdout) == (0, "False True\n"), done.stderr


@pytest.mark.parametrize("missing", sorted(KEYS))
def test_production_refuses_default_secret(missing: str) -> None:
    done = load(**SERVERS, **{name: value for name, value in KEYS.items() if name != missing})
    assert done.returncode == 1
    assert "docs/operations.md" in done.stderr


@pytest.mark.parametrize("missing", sorted(SERVERS))
def test_production_refuses_embedded_services(missing: str) -> None:
    done = load(**KEYS, **{name: value for name, value in SERVERS.items() if name != missing})
    assert done.returncode == 1
    assert missing in done.stderr


def test_demo_mode_is_off_in_production() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings as s; print(s.DEMO)"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "CHIZHENG_ENV": "production", "DEMO": "1", **SERVERS, **KEYS},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
