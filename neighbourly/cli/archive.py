"""A backup: one tar file with the database as of one moment, the photos, the key, and a manifest to check them by."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import orjson
import psycopg
from psycopg import sql

from neighbourly.cli.sentences import Refused
from neighbourly.core.postgres import dump, restore

FORMAT = 1
MANIFEST, DATABASE, KEY, MEDIA = "manifest.json", "database.dump", "secret_key", "media"
TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds, so that a restore can tell whether it is whole."""

    format: int
    version: str
    revision: str
    made_at: str
    server: str
    rows: Mapping[str, int]
    media_files: int
    sha256: Mapping[str, str]


@dataclass(frozen=True)
class Unpacked:
    """A backup that was read to its end and found whole."""

    manifest: Manifest
    database: Path
    key: str
    media: Path


def write_archive(file: Path, *, conninfo: str, key: str, media: Path, version: str) -> Manifest:
    """Write a backup that only its owner reads, whole or not at all, while the product goes on working.

    Photos are copied after the database: each that the database knows of is there, unless deleted meanwhile.
    """
    with _beside(file) as folder:
        dumped = folder / DATABASE
        with psycopg.connect(conninfo) as connection:
            connection.isolation_level, connection.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
            snapshot, revision, server = _state(connection)
            rows = count_rows(connection)
            dump(conninfo, dumped, snapshot=snapshot)
        photos = [path for path in sorted(media.rglob("*")) if path.is_file()] if media.is_dir() else []
        manifest = Manifest(
            format=FORMAT,
            version=version,
            revision=revision,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            server=server,
            rows=rows,
            media_files=len(photos),
            sha256={DATABASE: _digest(dumped), KEY: hashlib.sha256(key.encode()).hexdigest()},
        )
        made = folder / file.name
        with tarfile.open(made, "w") as archive:
            _add(archive, MANIFEST, orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))
            archive.add(dumped, DATABASE)
            _add(archive, KEY, key.encode())
            for path in photos:
                archive.add(path, str(PurePosixPath(MEDIA, path.relative_to(media).as_posix())), recursive=False)
        made.chmod(0o600)
        _flush(made)
        os.replace(made, file)
    return manifest


@contextmanager
def unpacked(file: Path, beside: Path) -> Iterator[Unpacked]:
    """Read a backup into a folder that is gone afterwards; raises `Refused` for one that is not whole."""
    with _beside(beside) as folder:
        try:
            with tarfile.open(file, "r:") as archive:
                media_files = _unpack(archive, folder)
            manifest = Manifest(**orjson.loads((folder / MANIFEST).read_bytes()))
        except (OSError, tarfile.TarError, ValueError, TypeError, EOFError) as reason:
            raise Refused(f"{file} is no whole backup of neighbourly: {_why(reason)}.") from reason
        if manifest.format != FORMAT:
            raise Refused(f"{file} is of format {manifest.format}, and this neighbourly reads format {FORMAT}.")
        wrong = [name for name, digest in manifest.sha256.items() if _digest(folder / name) != digest]
        if wrong or media_files != manifest.media_files:
            raise Refused(f"{file} is damaged: {' and '.join(wrong) or MEDIA} is not what was written.")
        yield Unpacked(manifest, folder / DATABASE, (folder / KEY).read_text(), folder / MEDIA)


def restore_database(backup: Unpacked, conninfo: str) -> None:
    """Read the database into an empty one, and hold each table's rows against the manifest."""
    restore(backup.database, conninfo)
    with psycopg.connect(conninfo) as connection:
        found = count_rows(connection)
    if found != backup.manifest.rows:
        raise Refused("The restored database does not hold as many rows as the backup says: it must not be used.")


def restore_media(backup: Unpacked, media: Path) -> None:
    """Put the photos in their place, which is empty."""
    if backup.media.is_dir():
        shutil.copytree(backup.media, media, dirs_exist_ok=True)


def count_rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table holds."""
    counts = {}
    for (name,) in connection.execute(TABLES).fetchall():
        counted = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
        counts[name] = counted[0] if counted else 0
    return counts


def _state(connection: psycopg.Connection[Any]) -> tuple[str, str, str]:
    row = connection.execute(
        "SELECT pg_export_snapshot(), (SELECT version_num FROM alembic_version), current_setting('server_version')"
    ).fetchone()
    assert row is not None  # noqa: S101  # a SELECT of values
    return row[0], row[1], row[2]


def _unpack(archive: tarfile.TarFile, folder: Path) -> int:
    """Write the members that a backup has, and no others, below the folder; how many of them are photos."""
    photos = 0
    for member in archive:
        path = PurePosixPath(member.name)
        is_photo = path.parts[:1] == (MEDIA,) and len(path.parts) > 1 and ".." not in path.parts
        if not member.isreg() or not (is_photo or member.name in (MANIFEST, DATABASE, KEY)):
            raise ValueError(f"{member.name} does not belong there")
        target, source = folder / path, archive.extractfile(member)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as writing:
            shutil.copyfileobj(source or io.BytesIO(), writing, 1 << 20)
        photos += is_photo
    return photos


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A private folder on the same disk."""
    try:
        file.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}.") as folder:
            yield Path(folder)
    except OSError as reason:
        raise Refused(f"{file} cannot be written: {reason.strerror}.") from reason


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _digest(path: Path) -> str:
    with path.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def _flush(path: Path) -> None:
    reading: IO[bytes]
    with path.open("rb") as reading:
        os.fsync(reading.fileno())


def _why(reason: Exception) -> str:
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return str(reason).rstrip(".") or "it ends too soon"
