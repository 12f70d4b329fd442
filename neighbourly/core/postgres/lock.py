"""Who may work in a data folder: one product, and one process at a time that makes, starts or stops its server."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from neighbourly.core.postgres.problems import DataFolderInUse, DataFolderUnusable


class FolderLock:
    """Held by the one product that runs on a data folder; the system lets go of it when the process dies.

    It belongs to the open file: a child made by fork without exec holds it too, so fork after it no child that outlives
    its parent.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir.absolute()
        self._descriptor: int | None = None

    def __enter__(self) -> FolderLock:
        descriptor = open_lock(self.data_dir / "lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode(errors="replace").strip()
            os.close(descriptor)
            raise DataFolderInUse(
                f"The data folder {self.data_dir} is in use by another neighbourly"
                f"{f' (process {holder})' if holder else ''}: stop that one, or choose another folder."
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        self._descriptor = descriptor
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def turn(file: Path, *, seconds: float) -> Iterator[int]:
    """Wait for one's turn on a lock file; yields its descriptor, which a child process may keep open to hold it on."""
    descriptor = open_lock(file)
    deadline = time.monotonic() + seconds
    try:
        while not taken(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise DataFolderInUse(
                    f"Another process has been starting or stopping the database in {file.parent} for too long."
                )
            time.sleep(0.05)
        yield descriptor
    finally:
        os.close(descriptor)


def taken(descriptor: int, kind: int) -> bool:
    """Whether the lock (`fcntl.LOCK_EX` or `LOCK_SH`) could be taken at once."""
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        return True
    return False


def open_lock(file: Path) -> int:
    """Open a lock file, and make it and the data folder where they are missing."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as reason:
        raise DataFolderUnusable(f"The data folder {file.parent} cannot be written: {reason.strerror}.") from reason
