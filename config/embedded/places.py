"""Where the embedded services keep their files, and as whom they run. Standard library only."""

import hashlib
import os
import pwd
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
ROOTS_FOLDER = Path("/var/lib/chizheng")
TEMPORARY = Path("/tmp")  # noqa: S108  not TMPDIR: two shells of one user must find the same sockets


@dataclass(frozen=True, slots=True)
class Account:
    """The unprivileged account that runs the servers when we are root (PostgreSQL refuses root)."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one project's services: `base` for data, logs and locks, `sockets` a short path."""

    project: Path
    base: Path
    sockets: Path
    account: Account | None

    @property
    def owner(self) -> int:
        """The user id that owns what the servers write."""
        return self.account.uid if self.account else os.geteuid()

    def make(self) -> None:
        """Create the folders, private to the account; safe to repeat."""
        if self.account:
            ROOTS_FOLDER.mkdir(parents=True, exist_ok=True)
            ROOTS_FOLDER.chmod(0o755)
        for folder in (self.base, self.sockets):
            private_folder(folder, self.account)
        if self.account:
            pointer = self.project / ".local" / "services-folder"
            pointer.parent.mkdir(exist_ok=True)
            pointer.write_text(f"{self.base}\n", encoding="utf-8")


def places_for(project: Path = PROJECT) -> Places:
    """Return the folders of the project at `project`; creates nothing.

    An ordinary user's services live in the project's `.local/`. Root's live outside of it: the account that
    runs them can read neither programs nor data below somebody's private home.
    """
    name = hashlib.sha256(os.fsencode(project.resolve())).hexdigest()[:12]
    root = os.geteuid() == 0
    base = ROOTS_FOLDER / name if root else project.resolve() / ".local" / "services"
    sockets = TEMPORARY / f"chizheng-{os.geteuid()}-{name}"
    return Places(project.resolve(), base, sockets, unprivileged_account(base) if root else None)


def unprivileged_account(base: Path) -> Account:
    """Return the account for root's servers: the one that owns `base` already, else postgres or nobody."""
    for found in _entries(base):
        if found.pw_uid:
            return Account(found.pw_name, found.pw_uid, found.pw_gid)
    raise SystemExit(
        "PostgreSQL does not run as root, and there is neither an account postgres nor nobody here."
    )


def _entries(base: Path) -> Iterable[pwd.struct_passwd]:
    # The owner first: a PostgreSQL installed later adds the account postgres, the data stays nobody's.
    if base.exists():
        with suppress(KeyError):
            yield pwd.getpwuid(base.stat().st_uid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            yield pwd.getpwnam(name)


def private_folder(folder: Path, account: Account | None) -> None:
    """Make `folder` with mode 700 for the account; one that belongs to somebody else is refused."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    owner = account.uid if account else os.geteuid()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {owner, os.geteuid()}:
        raise SystemExit(f"{folder} belongs to somebody else. Remove it, then try again.")
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def give(path: Path, account: Account | None) -> None:
    """Hand `path` and all below it to the account."""
    if account is None:
        return
    os.chown(path, account.uid, account.gid, follow_symlinks=False)
    for folder, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(folder, name), account.uid, account.gid, follow_symlinks=False)
