"""Installs what a run, tests or benchmarks need: `python3 -I config/embedded/install.py run|test|bench`.

Runs on the system's Python, before there is an environment: it imports nothing but the standard library.
Says what it does, does nothing that was done before, and needs no network once all is there.
"""

import ctypes
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCAL = PROJECT / ".local"
SYNCED = ENVIRONMENT / ".synced"  # inside, so that it goes when the environment is removed
CLUSTER_CONFIG = Path("/etc/postgresql-common/createcluster.conf")


@dataclass(frozen=True, slots=True)
class Need:
    """A Debian package, how to see that what we need of it is there, and whether we can do without it."""

    package: str
    is_there: Callable[[], bool]
    replaceable: bool = False  # the wheels bring a replacement for systems without apt


def say(text: str) -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def _module(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        done = subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, check=False)
        return done.returncode == 0

    return is_there


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def _file(*patterns: str) -> Callable[[], bool]:
    return lambda: any(next(Path("/").glob(pattern), None) for pattern in patterns)


RUN = (
    Need("python3-venv", _module("ensurepip")),
    Need("gettext", _program("msgfmt")),
    Need("libpango-1.0-0", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", _library("libharfbuzz-subset.so.0"), replaceable=True),
)
TEST = (
    *RUN,
    Need("postgresql", _file("usr/lib/postgresql/*/bin/initdb"), replaceable=True),
    Need("redis-server", _program("redis-server"), replaceable=True),
    Need("chromium", _program("chromium")),
    Need("fonts-noto-cjk", _file("usr/share/fonts/**/NotoSansCJK*", "usr/share/fonts/**/NotoSerifCJK*")),
    Need("poppler-utils", _program("pdftotext")),
)
BENCH = (*TEST, Need("wrk", _program("wrk")))
NEEDS = {"run": RUN, "test": TEST, "bench": BENCH}


def main(arguments: Sequence[str]) -> None:
    """Install for the purpose given: run, test or bench."""
    purpose = arguments[0] if arguments else "run"
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two `make` at once in one clone: the second waits
        install_system_packages([need for need in NEEDS[purpose] if not need.is_there()])
        make_environment()
        install_packages("requirements.lock" if purpose == "run" else "requirements-dev.lock")
        compile_catalogues()


def install_system_packages(missing: Sequence[Need]) -> None:
    """Install Debian packages with apt, with sudo where we are not root; elsewhere say what is missing."""
    if not missing:
        return
    if not shutil.which("apt-get"):
        names = [need.package for need in missing if not need.replaceable]
        if names:
            raise SystemExit(
                "This system has no apt. Install these with its own package manager, then try again "
                f"(the names are Debian's): {' '.join(names)}"
            )
        return
    names = [need.package for need in missing]
    command = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    if os.geteuid() and not shutil.which("sudo"):
        raise SystemExit(f"System packages are missing, and there is no sudo here. Run as root: {command}")
    say(f"Installing system packages with apt{' (sudo)' if os.geteuid() else ''}: {' '.join(names)}")
    if not any(Path("/var/lib/apt/lists").glob("*_Packages*")):
        _apt("update")
    if "postgresql" in names and not CLUSTER_CONFIG.exists():
        # Its programs are all we want: no server of the system beside ours.
        _apt_install(["postgresql-common"], command)
        _quietly(
            [
                *_as_root(),
                "sed",
                "-i",
                "s/^#\\?create_main_cluster.*/create_main_cluster = false/",
                str(CLUSTER_CONFIG),
            ]
        )
    _apt_install(names, command)
    lacking = [need.package for need in missing if not need.is_there()]
    if lacking:
        raise SystemExit(f"Still missing after the installation: {' '.join(lacking)}")


def _apt_install(names: Sequence[str], command: str) -> None:
    arguments = ["install", "-y", "--no-install-recommends", *names]
    if _apt(*arguments) and (_apt("update") or _apt(*arguments)):
        raise SystemExit(f"apt could not install them; see {LOCAL / 'install.log'}. Run as root: {command}")


def _apt(*arguments: str) -> int:
    # RUNLEVEL=1 keeps Debian's packages from starting servers where there is no systemd.
    settings = ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"]
    return _quietly([*_as_root(), *settings, "apt-get", "-q", *arguments])


def _as_root() -> list[str]:
    return ["sudo"] if os.geteuid() else []


def _quietly(command: Sequence[str | Path]) -> int:
    with (LOCAL / "install.log").open("ab") as log:
        return subprocess.run(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False
        ).returncode


def make_environment() -> None:
    """Create `.venv/` with uv in it, unless a working one is there."""
    uv = ENVIRONMENT / "bin" / "uv"
    if PYTHON.exists() and uv.exists() and _quietly([PYTHON, "-c", ""]) == 0:
        return
    say("Creating the Python environment .venv/")
    if _quietly([sys.executable, "-m", "venv", "--clear", ENVIRONMENT]):
        raise SystemExit(f"The environment could not be made; see {LOCAL / 'install.log'}.")
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as pinned:
        pinned.write(_pinned("uv"))
        pinned.flush()
        pip: list[str | Path] = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        if _quietly([*pip, "-r", pinned.name]):
            _no_download()


def _pinned(name: str) -> str:
    """Return the lock's lines of one package: its version and hashes."""
    lines = (PROJECT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = next(number for number in range(start, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[start : end + 1]) + "\n"


def install_packages(lock: str) -> None:
    """Bring `.venv/` to exactly what the lock says; an environment for tests is good for a run too."""
    done = SYNCED.read_text(encoding="utf-8").split() if SYNCED.exists() else []
    if (ENVIRONMENT / "bin" / "pytest").exists():
        lock = "requirements-dev.lock"
    digest = hashlib.sha256((PROJECT / lock).read_bytes()).hexdigest()
    if done == [lock, digest]:
        return
    say(f"Installing Python packages from {lock}")
    sync: list[str | Path] = [
        ENVIRONMENT / "bin" / "uv",
        "pip",
        "sync",
        "-q",
        "--python",
        PYTHON,
        "--link-mode",
        "copy",
        "--require-hashes",
    ]
    if _quietly([*sync, PROJECT / lock]):
        _no_download()
    SYNCED.write_text(f"{lock} {digest}\n", encoding="utf-8")


def _no_download() -> None:
    raise SystemExit(
        f"Python packages could not be installed (the reason stands in {LOCAL / 'install.log'}). "
        "Is the network there? Then run the same command again."
    )


def compile_catalogues() -> None:
    """Compile the translations whose source is newer or not compiled yet."""
    for source in (PROJECT / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        say(f"Compiling {source.relative_to(PROJECT)}")
        if _quietly(["msgfmt", "--check-format", "-o", compiled, source]):
            raise SystemExit(f"{source} has an error; see {LOCAL / 'install.log'}.")


if __name__ == "__main__":
    main(sys.argv[1:])
