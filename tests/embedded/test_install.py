"""What `make setup` says where it cannot install by itself, and what it leaves alone."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import install
from config.embedded.install import Need, install_system_packages
from config.embedded.places import PROJECT

MISSING = Need("libmissing1", lambda: False)
REPLACEABLE = Need("postgresql", lambda: False, replaceable=True)


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def test_nothing_missing_asks_for_nothing(no_programs: None) -> None:
    install_system_packages([])


def test_system_without_apt_is_told_what_to_install(no_programs: None) -> None:
    with pytest.raises(SystemExit, match=r"no apt.*: libmissing1$"):
        install_system_packages([MISSING, REPLACEABLE])


def test_system_without_apt_does_without_what_wheels_replace(no_programs: None) -> None:
    install_system_packages([REPLACEABLE])


def test_user_without_sudo_is_told_the_command(
    no_programs: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match=r"Run as root: apt-get install -y .* libmissing1"):
        install_system_packages([MISSING])


def test_installer_needs_nothing_but_the_standard_library() -> None:
    # As on a bare machine: no site-packages (-S), no project on the path (-I).
    code = "import runpy; runpy.run_path('config/embedded/install.py', run_name='installer')"
    subprocess.run([sys.executable, "-S", "-I", "-c", code], cwd=PROJECT, check=True)


def test_uv_is_pinned_with_hashes() -> None:
    first, *hashes = install._pinned("uv").splitlines()
    assert first.startswith("uv==")
    assert len(hashes) > 10
    assert all(line.strip().startswith("--hash=sha256:") for line in hashes)


@pytest.mark.parametrize(("purpose", "more"), [("test", "run"), ("bench", "test")])
def test_each_purpose_includes_the_smaller_one(purpose: str, more: str) -> None:
    assert set(install.NEEDS[more]) < set(install.NEEDS[purpose])
