"""`flask --app wsgi demo …`: the demo neighbourhood, a large one for benchmarks, and the product's clock."""

from __future__ import annotations

import time
from datetime import timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from neighbourly.cli import database
from neighbourly.cli.running import within_app
from neighbourly.cli.sentences import Refused
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import transaction
from neighbourly.core.jobs.runner import run_timetable
from neighbourly.demo import big
from neighbourly.demo.accounts import PASSWORD
from neighbourly.demo.crowd import Size
from neighbourly.demo.loading import load_demo

group = AppGroup("demo", help="Things to try the product with.")


@group.command("load")
@within_app
def load() -> None:
    """Load the demo neighbourhood; where it is already, nothing happens."""
    _refuse_production("demo load")
    with transaction():
        loaded = load_demo()
    if loaded is None:
        click.echo("The demo neighbourhood is there already.")
        return
    click.echo(
        f"{loaded.neighbours} neighbours of {loaded.territories} quartiers with {loaded.listings} offers and requests,"
        f" {loaded.open_requests} of them open; everyone's password is {PASSWORD}"
    )


@group.command("big")
@click.option("--listings", default=100_000, show_default=True, type=click.IntRange(1, 20_000_000))
@click.option("--neighbours", default=25_000, show_default=True, type=click.IntRange(1, 5_000_000))
@click.option("--seed", default=1, show_default=True)
@within_app
def load_big(listings: int, neighbours: int, seed: int) -> None:
    """Fill an empty database with people and listings over French towns, for benchmarks."""
    _refuse_production("demo big")
    began = time.monotonic()
    size = Size(listings=listings, neighbours=neighbours, seed=seed)
    try:
        with click.progressbar(length=big.steps(size), label="People and listings", show_pos=True) as bar:
            big.load_big(database.conninfo(current_app), size, told=bar.update)
    except big.NotEmpty as reason:
        raise Refused(str(reason)) from reason
    click.echo(f"{neighbours} neighbours and {listings} listings in {time.monotonic() - began:.0f} s.")


@group.command("tick")
@click.option("--minutes", required=True, type=click.IntRange(1, 60 * 24 * 366))
@within_app
def tick(minutes: int) -> None:
    """Move the product's clock ahead, and have done what that makes due."""
    if not settings().development:
        raise Refused("Only a development installation's clock can be moved.")
    now = clock.advance(timedelta(minutes=minutes))
    with transaction():
        names = run_timetable()
    click.echo(f"It is {now:%Y-%m-%d %H:%M} UTC now; the worker was asked for {', '.join(sorted(names))}.")


def _refuse_production(command: str) -> None:
    if settings().production:
        raise Refused(f"`{command}` is not for production.")
