"""`flask --app wsgi meanings …`: what listings mean, to the reader in use."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask.cli import AppGroup

from neighbourly.cli.running import within_app
from neighbourly.cli.sentences import Refused
from neighbourly.core.db import transaction
from neighbourly.listings import reading
from neighbourly.listings import service as listings
from neighbourly.listings.jobs import note_missing

BATCH = 64
group = AppGroup("meanings", help="What listings mean.")


@group.command("renew")
@within_app
def renew() -> None:
    """Read anew all listings that another encoder has read, or none; the product may go on running."""
    reader = reading.get_reader()
    if reader is None:
        raise Refused("Nothing is read here: NEIGHBOURLY_MEANING is off, or the encoder is not installed.")
    note_missing()
    with transaction():
        waiting = listings.count_outdated()
    with click.progressbar(length=waiting, label="Listings", show_pos=True) as bar:
        for step in (listings.understand_pending, listings.understand_anew):
            while read := _taken(step):
                bar.update(read)
    click.echo(f"All listings are read by {reader.version}.")


def _taken(step: Callable[[int], int]) -> int:
    with transaction():
        return step(BATCH)
