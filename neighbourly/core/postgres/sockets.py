"""Where a cluster's socket lies: in its own folder or, where that path would be too long, in a short temporary one."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from neighbourly.core.postgres.identity import Identity
from neighbourly.core.postgres.postmaster import PORT
from neighbourly.core.postgres.settings import write_file

# The kernel allows 107 bytes on Linux and 103 on macOS.
LONGEST = 99
SHORT_PLACES = (tempfile.gettempdir(), "/tmp")  # noqa: S108 -- a new folder of mode 0700 is made in it


def socket_folder(cluster: Path) -> Path:
    """The folder that clients name as their host."""
    with suppress(OSError):
        return Path((cluster / "socket").read_text(encoding="utf-8").strip())
    return cluster


def settle_socket_folder(cluster: Path, identity: Identity) -> Path:
    """Choose the folder of the next start and, where it is not the cluster's own, make it and note it in `socket`."""
    forget_socket_folder(cluster)
    if _suits(cluster):
        return cluster
    place = next(Path(place) for place in SHORT_PLACES if _suits(Path(place, "neighbourly-12345678")))
    folder = Path(tempfile.mkdtemp(prefix="neighbourly-", dir=place))
    identity.own(folder)
    write_file(cluster / "socket", f"{folder}\n", identity)
    return folder


def forget_socket_folder(cluster: Path) -> None:
    """Remove the temporary folder of a server that has ended, if it had one."""
    folder = socket_folder(cluster)
    if folder == cluster:
        return
    if folder.name.startswith("neighbourly-") and not folder.is_symlink():
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            with suppress(OSError):
                (folder / name).unlink()
        with suppress(OSError):
            folder.rmdir()
    (cluster / "socket").unlink()


def _suits(folder: Path) -> bool:
    """Whether the path is short enough, and no comma or stray byte makes clients read it as something else."""
    try:
        text = str(folder).encode()
    except UnicodeEncodeError:
        return False
    return len(text) + len(f"/.s.PGSQL.{PORT}") <= LONGEST and b"," not in text
