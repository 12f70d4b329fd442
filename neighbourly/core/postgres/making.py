"""Making a cluster: all of it beside its place, then moved there at once, so that what is there is whole."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from neighbourly.core.postgres.binaries import Binaries, within_reach
from neighbourly.core.postgres.identity import Identity
from neighbourly.core.postgres.problems import DataFolderUnusable, OtherMajorVersion, ServerFailed
from neighbourly.core.postgres.programs import run_as, telling_line
from neighbourly.core.postgres.settings import ACCESS, INCLUDE, write_file

ROLE = DATABASE = "neighbourly"
# The product never signs in as this one: here as on a managed server its own role can do no more than it needs.
SUPERUSER = "postgres"
OWN_DATABASE = f"CREATE ROLE {ROLE} LOGIN CREATEDB;\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n"
BUILTIN_LOCALE_SINCE = 17
INITDB_SECONDS = 120


def is_made(cluster: Path) -> bool:
    """Whether a cluster is there; a folder of something else stops with a sentence."""
    try:
        if (cluster / "PG_VERSION").exists():
            return True
        if cluster.exists() and any(cluster.iterdir()):
            raise DataFolderUnusable(f"{cluster} holds files, but no PostgreSQL database: move them elsewhere.")
    except OSError as reason:
        raise DataFolderUnusable(f"{cluster} cannot be read: {reason.strerror}.") from reason
    return False


def require_same_major(cluster: Path, binaries: Binaries) -> None:
    """A cluster is served by its own major version only."""
    try:
        text = (cluster / "PG_VERSION").read_text(errors="replace").strip()
    except OSError as reason:
        raise DataFolderUnusable(f"{cluster} cannot be read: {reason.strerror}.") from reason
    if not text.isdecimal():
        raise DataFolderUnusable(f"{cluster} is damaged: its PG_VERSION says {text[:20]!r}, which is no version.")
    if int(text) != binaries.major:
        raise OtherMajorVersion(
            f"The database in {cluster} was made by PostgreSQL {text} and this is PostgreSQL {binaries.major}: "
            "with the earlier installation run `backup FILE`, then `restore FILE` into an empty data folder."
        )


def make_cluster(cluster: Path, binaries: Binaries, identity: Identity, held: int) -> None:
    """Run initdb, make the role and its database, and only then put the cluster in its place.

    What an earlier attempt left half made is thrown away. `held` is the lock's descriptor: the programs keep it
    open, so that when we are killed and they live on, the next attempt waits for their end.
    """
    making = cluster.with_name(f"{cluster.name}.new")
    try:
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        identity.own(making)
        _require_reach(making, identity)
        _initialise(making, within_reach(binaries, identity, copies_folder(cluster)), identity, held)
        os.replace(making, cluster)
        _flush_folder(cluster.parent)
    except OSError as reason:
        raise DataFolderUnusable(f"No database can be made in {cluster.parent}: {reason.strerror}.") from reason
    finally:
        shutil.rmtree(making, ignore_errors=True)


def copies_folder(cluster: Path) -> Path:
    """Where programs are copied that the server's user cannot reach where they are."""
    return cluster.with_name(f"{cluster.name}-binaries")


def _initialise(making: Path, binaries: Binaries, identity: Identity, held: int) -> None:
    provider = ["--locale-provider=builtin"] if binaries.major >= BUILTIN_LOCALE_SINCE else []
    initdb = [
        binaries.program("initdb"),
        f"--pgdata={making}",
        f"--username={SUPERUSER}",
        *("--encoding=UTF8", *provider, "--locale=C.UTF-8"),
        *("--auth=trust", "--data-checksums", "--no-instructions"),
    ]
    alone = [binaries.program("postgres"), "--single", "-D", str(making), "-c", "exit_on_error=true", "template1"]
    for command, text in ((initdb, ""), (alone, OWN_DATABASE)):
        done = run_as(identity, command, folder=making, seconds=INITDB_SECONDS, text=text, keep_open=[held])
        if done.returncode != 0:
            raise ServerFailed(f"The database cannot be made in {making.parent}: {telling_line(done.stderr)}.")
    write_file(making / "pg_hba.conf", ACCESS, identity)
    settings = (making / "postgresql.conf").read_text(encoding="utf-8")
    write_file(making / "postgresql.conf", settings + INCLUDE, identity)


def _require_reach(making: Path, identity: Identity) -> None:
    if not identity.reaches(making):
        raise DataFolderUnusable(
            f"The user {identity.name}, who runs PostgreSQL because root may not, cannot reach {making.parent}: "
            "choose a data folder elsewhere, such as /var/lib/neighbourly, or start as an ordinary user."
        )


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
