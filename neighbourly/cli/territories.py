"""`flask --app wsgi territories …`: neighbourhoods from a file."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from neighbourly.cli.running import within_app
from neighbourly.core.db import transaction
from neighbourly.territories import service
from neighbourly.territories.errors import TerritoriesBroken
from neighbourly.territories.service import ImportResult

group = AppGroup("territories", help="Neighbourhoods.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--code-field", default="code", show_default=True)
@click.option("--name-field", default="name", show_default=True)
@click.option("--households-field", default="households", show_default=True)
@click.option("--far", is_flag=True, help="Take also what moves or lands more than 300 km from all others.")
@within_app
def import_territories(file: Path, code_field: str, name_field: str, households_field: str, far: bool) -> None:
    """Read neighbourhoods from GeoJSON in WGS 84; the same file once more changes nothing."""
    try:
        with transaction():
            result = service.import_file(
                path=file,
                code_field=code_field,
                name_field=name_field,
                households_field=households_field,
                may_be_far=far,
            )
    except TerritoriesBroken as reason:
        for sentence in reason.sentences("en"):
            click.echo(sentence, err=True)
        raise SystemExit(1) from None
    _print(result)


def _print(result: ImportResult) -> None:
    created, changed, unchanged = len(result.created), len(result.changed), len(result.unchanged)
    click.echo(f"{created} created, {changed} changed, {unchanged} unchanged; {result.cells} cells.")
    for code, holders in result.taken_by_another.items():
        shares = ", ".join(f"{count} with {holder}" for holder, count in holders.items())
        click.echo(f"{code} overlaps others, and these cells stay with them: {shares}.")
    for code in result.without_cells:
        click.echo(f"{code} is too small to hold any cell: nobody can live there.")
    for code in result.without_households:
        click.echo(f"{code} has no count of households: homes are shown by district there.")
    for code in result.too_small:
        click.echo(f"{code} has fewer than 11 households: homes are shown by town there, and not as in {code}.")
    for code, cells in result.narrow.items():
        if code not in result.too_small:
            click.echo(
                f"{code} reaches into {cells} large cells with fewer than 11 households: it is not chosen there."
            )
