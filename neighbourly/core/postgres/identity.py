"""Who the server runs as: ourselves or, since PostgreSQL refuses root, an unprivileged system user."""

from __future__ import annotations

import os
import pwd
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from neighbourly.core.postgres.problems import DataFolderUnusable, ServerFailed

SYSTEM_USERS = ("postgres", "nobody")


class ProcessOptions(TypedDict, total=False):
    """The arguments of `subprocess` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    """A user of this system; `borrowed` when it is not the one we run as ourselves."""

    name: str
    uid: int
    gid: int
    borrowed: bool

    def process_options(self) -> ProcessOptions:
        """What `subprocess` needs to run a program as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}

    def own(self, path: Path) -> None:
        """Give one file or folder to this user; a link is given itself, never what it points at."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, folder: Path) -> None:
        """Give a folder and all in it to this user."""
        self.own(folder)
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                self.own(Path(parent, name))

    def reaches(self, path: Path) -> bool:
        """Whether this user may go through every folder up to `path` and execute (or enter) it.

        The user itself tries: permission bits alone say nothing of access lists and mounts.
        """
        if not self.borrowed:
            return os.access(path, os.X_OK)
        attempt = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(path)]
        try:
            return subprocess.run(attempt, cwd="/", timeout=10, check=False, **self.process_options()).returncode == 0
        except (OSError, subprocess.TimeoutExpired) as reason:
            raise ServerFailed(f"No program can be run as the system user {self.name}: {reason}.") from reason


def server_identity(cluster: Path) -> Identity:
    """Who serves the cluster in a folder, which need not exist yet.

    An ordinary user serves its own folders. Root lends the user whose folder it is: the cluster's or, for a new
    one, the data folder's; where that is root, `postgres`, else `nobody`.
    """
    existing = next((folder for folder in (cluster, cluster.parent) if folder.exists()), Path("/"))
    owner, ourselves = existing.stat().st_uid, os.geteuid()
    if ourselves != 0:
        if existing == cluster and owner != ourselves:
            raise DataFolderUnusable(f"{cluster} belongs to the user {_name(owner)}: start as that user, or as root.")
        return Identity(_name(ourselves), ourselves, os.getegid(), borrowed=False)
    if owner != 0:
        return Identity(_name(owner), owner, existing.stat().st_gid, borrowed=True)
    for name in SYSTEM_USERS:
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            return Identity(name, user.pw_uid, user.pw_gid, borrowed=True)
    raise ServerFailed(
        f"PostgreSQL does not run as root and there is no system user {' or '.join(SYSTEM_USERS)}: "
        "start as an ordinary user."
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
