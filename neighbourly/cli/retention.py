"""`flask --app wsgi retention`: how long what tells of people is kept, and what is due."""

from __future__ import annotations

import click

from neighbourly.cli.running import within_app
from neighbourly.core.db import transaction
from neighbourly.privacy import jobs, service


@click.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say how many rows are due; change nothing.")
@within_app
def apply_retention(*, dry_run: bool) -> None:
    """Delete what is kept no longer, as each night does; or say what that would be."""
    for table, rule in service.expiring().items():
        with transaction():
            due = service.count_due(rule)
        click.echo(f"{table}: {due} due ({rule.after})")
    if not dry_run:
        jobs.apply_retention()
