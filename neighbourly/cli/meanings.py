"""`flask --app wsgi meanings …`: what listings mean, to the reader in use."""

from __future__ import annotations

from uuid import UUID

import click
from flask.cli import AppGroup

from neighbourly.cli.running import within_app
from neighbourly.cli.sentences import Refused
from neighbourly.core.db import transaction
from neighbourly.listings import reading
from neighbourly.listings import service as listings

BATCH = 64
group = AppGroup("meanings", help="What listings mean.")


@group.command("renew")
@within_app
def renew() -> None:
    """Read anew all listings that another encoder has read, or none; the product may go on running."""
    reader = reading.get_reader()
    if reader is None:
        raise Refused("Nothing is read here: NEIGHBOURLY_MEANING is off, or the encoder is not installed.")
    with transaction():
        waiting = listings.count_outdated()
    with click.progressbar(length=waiting, label="Listings", show_pos=True) as bar:
        while pending := _read_pending():
            bar.update(pending)
        after: UUID | None = None
        while True:
            with transaction():
                read, after = listings.understand_anew(after=after, limit=BATCH)
            bar.update(read)
            if after is None:
                break
    click.echo(f"All listings are read by {reader.version}.")


def _read_pending() -> int:
    with transaction():
        return listings.understand_pending(BATCH)
