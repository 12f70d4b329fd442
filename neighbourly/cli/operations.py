"""`flask --app wsgi …`: what keeps an installation running: worker, backup, restore, doctor, audit, openapi."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import click
import orjson
from alembic import command
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from neighbourly import worker
from neighbourly.cli import archive, database, doctor, watching
from neighbourly.cli.migrating import alembic_config, refuse_unknown
from neighbourly.cli.running import within_app
from neighbourly.cli.sentences import Refused
from neighbourly.core import audit
from neighbourly.core.api import openapi
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.jobs import health
from neighbourly.core.jobs.queue import queues
from neighbourly.core.postgres import FolderLock

SIGNS = {doctor.State.WELL: ("✓", "green"), doctor.State.NOTE: ("·", "yellow"), doctor.State.WRONG: ("✗", "red")}
audit_group = AppGroup("audit", help="The log of what people in charge did.")
jobs_group = AppGroup("jobs", help="The background work.")


@click.command("worker")
@within_app
def work() -> None:
    """Do the background jobs, until SIGTERM; what runs then is finished first. It does none on a newer database."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # its threads know no current one
    ended = watching.begin(app, serves_on_seconds=0)
    worker.run(app, database.conninfo(app))
    if ended.is_set():
        raise SystemExit(1)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@within_app
def back_up(file: Path) -> None:
    """Write database, photos and key to one file, as of one moment; the product may go on running."""
    written = archive.write_archive(
        file,
        conninfo=database.conninfo(current_app),
        key=settings().secret_key,
        media=settings().data_dir / archive.MEDIA,
        version=current_app.extensions["neighbourly.version"],
    )
    click.echo(
        f"{file} holds {sum(written.rows.values())} rows of {len(written.rows)} tables, {written.media_files} photos"
        " and the key that signs tokens: keep it as safe as the installation itself."
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@within_app
def bring_back(file: Path) -> None:
    """Bring a backup back into an empty installation, embedded or named by NEIGHBOURLY_DATABASE_URL."""
    app, chosen = current_app, settings()
    media = chosen.data_dir / archive.MEDIA
    if media.is_dir() and any(media.iterdir()):
        raise Refused(f"{media} holds photos already: restore into an empty data folder.")
    with ExitStack() as held:
        if chosen.database_url is None:
            held.enter_context(FolderLock(chosen.data_dir))
        backup = held.enter_context(archive.unpacked(file, chosen.data_dir / "restoring"))
        refuse_unknown(app, backup.manifest.revision)
        archive.restore_database(backup, database.conninfo(app))
        archive.restore_media(backup, media)
        command.upgrade(alembic_config(app), "head")
        _restore_key(backup.key, chosen.data_dir / "secret_key")
    rows = sum(backup.manifest.rows.values())
    click.echo(f"{rows} rows and {backup.manifest.media_files} photos of {backup.manifest.made_at} are back.")


@click.command("doctor")
@click.option("--mail", metavar="ADDRESS", help="Also send a test mail there.")
@within_app
def examine(mail: str | None) -> None:
    """Say what is well and what is not, and what to do about it; exit 1 where something is wrong."""
    wrong = 0
    for finding in doctor.examine(current_app, mail):
        sign, colour = SIGNS[finding.state]
        advice = f" → {finding.advice}" if finding.advice else ""
        click.echo(f"{click.style(sign, fg=colour)} {finding.subject}: {finding.said}{advice}")
        wrong += finding.state is doctor.State.WRONG
    if wrong:
        raise SystemExit(1)


@jobs_group.command("status")
@within_app
def tell_jobs() -> None:
    """Print as JSON how the background work is; exit 1 where something of it needs a look."""
    with db.engine.connect() as connection:
        seen = health.look(connection)
    found = [each.said for each in health.troubles(seen, queues())]
    click.echo(orjson.dumps(seen.as_dict() | {"troubles": found}, option=orjson.OPT_INDENT_2).decode())
    if found:
        raise SystemExit(1)


@click.command("openapi")
@within_app
def print_openapi() -> None:
    """Print the OpenAPI document."""
    click.echo(orjson.dumps(openapi.document(current_app), option=orjson.OPT_INDENT_2).decode())


@audit_group.command("verify")
@within_app
def verify_audit() -> None:
    """Check that every entry still follows from the one before."""
    broken = audit.first_broken()
    if broken is not None:
        raise Refused(f"The audit log is broken at entry {broken}: it was changed outside the product.")
    count = db.session.scalar(select(func.count()).select_from(audit.AuditEntry)) or 0
    click.echo(f"The audit log is whole: {count} entries.")


def _restore_key(key: str, file: Path) -> None:
    """Keep the backup's key, or say what follows from another one."""
    if "NEIGHBOURLY_SECRET_KEY" in os.environ:
        if settings().secret_key != key:
            click.echo("NEIGHBOURLY_SECRET_KEY is not the backup's key: everyone will have to sign in again.")
        return
    made = file.with_suffix(".new")
    made.touch(mode=0o600)
    made.write_text(key)
    made.replace(file)
