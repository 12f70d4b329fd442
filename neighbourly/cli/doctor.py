"""`flask --app wsgi doctor`: one look at everything that an installation needs, and what to do where it is not well."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import text

from neighbourly.cli import database
from neighbourly.cli.migrating import OLDEST_SERVER, current_revision, known_revisions, newest_revision
from neighbourly.cli.sentences import sentence_of
from neighbourly.core import clock, zones
from neighbourly.core.config import Settings
from neighbourly.core.db import db
from neighbourly.core.jobs import health
from neighbourly.core.jobs.queue import queues
from neighbourly.core.mail import Mail, MailDelayed, MailRefused, SmtpPostman, postman_from
from neighbourly.demo.selectors import is_there
from neighbourly.notifications.channels.fcm import FcmSender
from neighbourly.places.geocoding import PROVIDERS, GeocoderUnavailable, asker, geocoder_from

EXTENSIONS = ("btree_gist", "citext", "unaccent")
LITTLE_ROOM = 1 << 30
OUT_OF_STEP_SECONDS = 5
A_TOWN = "Toulouse"


class State(Enum):
    """How a part is: well, wrong, or worth a word."""

    WELL = "well"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What one look found; `advice` says what to do."""

    subject: str
    state: State
    said: str
    advice: str = ""


def examine(app: Flask, mail_to: str | None = None) -> Iterator[Finding]:
    """Look at everything, in the order in which one thing needs another; `mail_to` also sends a mail there."""
    settings: Settings = app.extensions["neighbourly.settings"]
    yield look_at_settings(settings)
    yield look_at_proxy(settings)
    yield look_at_folder(settings.data_dir)
    reached, found = look_at_database(app)
    yield from found
    if reached:
        yield look_at_migrations(app)
        yield look_at_demo(settings)
        yield look_at_clock(settings)
        yield look_at_zones()
        yield from look_at_jobs(settings)
    yield look_at_mail(settings, mail_to)
    yield look_at_push(settings)
    yield look_at_geocoder(settings)


def look_at_settings(settings: Settings) -> Finding:
    """They were checked when the app was made."""
    return Finding("settings", State.WELL, f"{settings.env}, {settings.public_url}")


def look_at_proxy(settings: Settings) -> Finding:
    """Whose word on the caller's address is believed; who is asked from outside needs one for HTTPS."""
    hops = settings.trusted_proxies
    if not settings.production:
        return Finding("proxy", State.WELL, f"{hops or 'none'}, as far as the settings say")
    if not hops:
        advice = "put one before it for HTTPS, as deploy/Caddyfile does, and count it there"
        return Finding("proxy", State.NOTE, "none, by NEIGHBOURLY_TRUSTED_PROXIES", advice)
    return Finding("proxy", State.WELL, f"{hops}")


def look_at_folder(folder: Path) -> Finding:
    """Everything that is written goes there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as reason:
        return Finding("data folder", State.WRONG, f"{folder}: {reason.strerror}", "let this user write there")
    if free < LITTLE_ROOM:
        return Finding("data folder", State.WRONG, f"{folder}: {free >> 20} MiB are left", "make room on that disk")
    return Finding("data folder", State.WELL, f"{folder}, {free >> 30} GiB free")


def look_at_database(app: Flask) -> tuple[bool, list[Finding]]:
    """Whether there is one to look at further, and what it is."""
    try:
        with db.engine.connect() as connection:
            release = str(connection.scalar(text("SHOW server_version")))
            number = int(connection.scalar(text("SHOW server_version_num")) or 0)
            encoding = connection.scalar(text("SHOW server_encoding"))
            there = set(connection.scalars(text("SELECT extname FROM pg_extension")))
    except Exception as error:
        sentence = sentence_of(error) or f"{type(error).__name__}."
        return False, [Finding("database", State.WRONG, sentence.rstrip("."), "check NEIGHBOURLY_DATABASE_URL")]
    kind = "embedded" if database.EXTENSION in app.extensions else "by NEIGHBOURLY_DATABASE_URL"
    said = f"PostgreSQL {release}, {kind}"
    if number < OLDEST_SERVER:
        return True, [Finding("database", State.WRONG, said, "move to PostgreSQL 15 or newer by backup and restore")]
    if encoding != "UTF8":
        return True, [Finding("database", State.WRONG, f"{said}, {encoding}", "make it anew with the encoding UTF8")]
    missing = sorted(set(EXTENSIONS) - there)
    if missing and current_revision() is not None:
        said += f", without {', '.join(missing)}"
        return True, [Finding("database", State.WRONG, said, "have its owner CREATE EXTENSION each")]
    return True, [Finding("database", State.WELL, said)]


def look_at_migrations(app: Flask) -> Finding:
    """The tables must be this version's."""
    found, newest = current_revision(), newest_revision(app)
    if found == newest:
        return Finding("migrations", State.WELL, f"at the newest, {newest}")
    if found is not None and found not in known_revisions(app):
        said = f"at {found}, of a newer neighbourly than this one, which ends at {newest}"
        return Finding("migrations", State.WRONG, said, "install that version or a later")
    return Finding(
        "migrations", State.WRONG, f"at {found or 'none'}, not {newest}", "run `flask --app wsgi db upgrade`"
    )


def look_at_demo(settings: Settings) -> Finding:
    """Its password is known to everyone."""
    there = current_revision() is not None and is_there()
    if there and settings.production:
        return Finding("demo", State.WRONG, "its accounts are in this database", "start production on an empty one")
    return Finding("demo", State.WELL, "its neighbourhood is loaded" if there else "none")


def look_at_clock(settings: Settings) -> Finding:
    """Ours and the database's must agree; `demo tick` moves the product's."""
    began = datetime.now(UTC)
    with db.engine.connect() as connection:
        theirs = connection.scalar(text("SELECT clock_timestamp()"))
    apart = abs((theirs - began).total_seconds()) if isinstance(theirs, datetime) else 0.0
    if apart > OUT_OF_STEP_SECONDS:
        return Finding("clock", State.WRONG, f"{apart:.0f} s apart from the database's", "set both by NTP")
    if ahead := clock.offset():
        advice = f"remove {settings.clock_file} to be back in the present"
        return Finding("clock", State.NOTE, f"{ahead} ahead by `demo tick`", advice)
    return Finding("clock", State.WELL, "in step with the database's")


def look_at_zones() -> Finding:
    """Countries change their clocks; what is offered when is asked in Python and in SQL, by one set of rules."""
    with db.engine.connect() as connection:
        found = zones.compare(connection, datetime.now(UTC))
    otherwise = ", ".join(each.zone for each in found if each.known_as is not None)
    nameless = ", ".join(each.zone for each in found if each.known_as is None)
    ours = f"tzdata {version('tzdata')}"
    if nameless:
        said = (
            f"PostgreSQL knows other rules than {ours} for {nameless}: there the search finds what a proposal refuses"
        )
        advice = "update PostgreSQL (or its machine's zones), or `pip install -U tzdata`, and restart"
        return Finding("time zones", State.NOTE, said, advice)
    if otherwise:
        return Finding("time zones", State.WELL, f"{ours}; PostgreSQL is asked by other names for {otherwise}")
    return Finding("time zones", State.WELL, f"{ours}, as PostgreSQL")


def look_at_jobs(settings: Settings) -> Iterator[Finding]:
    """Somebody must do them, all must get their turn, and none may have failed for good."""
    if current_revision() is None:
        return
    with db.engine.connect() as connection:
        seen = health.look(connection)
    if seen.workers:
        yield Finding("worker", State.WELL, f"{seen.workers} at work")
    else:
        state = State.WRONG if settings.production else State.NOTE
        yield Finding("worker", state, "none is at work", "start `flask --app wsgi worker`")
    found = [each.said for each in health.troubles(seen, queues()) if each.of != health.NO_WORKER]
    before = ", ".join(f"{name} ({count})" for name, count in seen.count("failed_before").items())
    if found:
        yield Finding("jobs", State.WRONG, "; ".join(found), "read the worker's log for why")
    elif before:
        yield Finding("jobs", State.NOTE, f"failed more than a day ago: {before}", "nothing: forgotten after 30 days")
    else:
        yield Finding("jobs", State.WELL, "none is late, stalled or failed")


def look_at_mail(settings: Settings, mail_to: str | None) -> Finding:
    """By SMTP, or into a folder."""
    how = urlsplit(settings.smtp_url).hostname if settings.smtp_url else f"files in {settings.mail_folder}"
    try:
        if settings.smtp_url and (trouble := SmtpPostman(settings.smtp_url, settings.mail_from).trouble()):
            return Finding("mail", State.WRONG, f"{how}: {trouble}", "check NEIGHBOURLY_SMTP_URL")
        if mail_to is not None:
            postman = postman_from(settings.smtp_url, settings.mail_folder, settings.mail_from)
            postman.send(Mail(mail_to, f"{settings.operator}: a test", "If you read this, mail works.\n"))
    except (ValueError, MailRefused, MailDelayed) as reason:
        return Finding("mail", State.WRONG, f"{how}: {reason}", "check NEIGHBOURLY_SMTP_URL and NEIGHBOURLY_MAIL_FROM")
    state = State.NOTE if settings.production and not settings.smtp_url else State.WELL
    return Finding("mail", state, f"{how}{'; a test was sent' if mail_to else ''}")


def look_at_push(settings: Settings) -> Finding:
    """By Firebase, or as lines in a file."""
    if settings.firebase_credentials is None:
        state = State.NOTE if settings.production else State.WELL
        return Finding("push", state, f"lines in {settings.push_file}")
    try:
        with FcmSender(settings.firebase_credentials, settings.fcm_url, threads=1) as sender:
            trouble = sender.trouble()
    except (ValueError, OSError) as reason:
        trouble = str(reason)
    if trouble:
        return Finding("push", State.WRONG, trouble, "check NEIGHBOURLY_FIREBASE_CREDENTIALS")
    return Finding("push", State.WELL, "Firebase gives access")


def look_at_geocoder(settings: Settings) -> Finding:
    """Only finding one's home by its address needs it."""
    how = f"{settings.geocoder} at {urlsplit(settings.geocoder_url or PROVIDERS[settings.geocoder][1]).hostname}"
    try:
        geocoder_from(settings.geocoder, settings.geocoder_url, asker(settings)).search(A_TOWN, limit=1)
    except GeocoderUnavailable:
        state = State.WRONG if settings.production else State.NOTE
        return Finding("addresses", state, f"{how} does not answer", "check the way there, or NEIGHBOURLY_GEOCODER")
    return Finding("addresses", State.WELL, f"{how} answers")
