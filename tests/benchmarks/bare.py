"""The yardstick: the near page as one would write it by hand, knowing nobody, with Flask, psycopg and orjson alone.

`python -m tests.benchmarks.bare HOST PORT` serves it as the product is served, on the database that `BARE_DATABASE`
names to libpq.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import orjson
from flask import Flask, Response, request
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from psycopg_pool import ConnectionPool

from neighbourly.cli.lifeline import end_with_launcher
from neighbourly.cli.serving import CONNECTIONS, THREADS, BodiesFirst
from neighbourly.core.cells import mercator, mercator_reach

NEAREST = """
    SELECT l.id, l.direction, l.kind, l.title, left(l.description, 160), l.category, l.status, l.cell, l.created_at,
           l.owner_id, u.display_name, l.location <-> %(here)s::point AS away
    FROM listings l JOIN users u ON u.id = l.owner_id
    WHERE l.status = 'published' AND l.location <@ %(around)s::box
    ORDER BY away, l.created_at DESC, l.id
    LIMIT 20
"""


def make() -> Flask:
    """The app."""
    app = Flask("bare")
    pool = ConnectionPool(os.environ["BARE_DATABASE"], min_size=THREADS, kwargs={"autocommit": True}, open=True)

    @app.get("/listings")
    def list_listings() -> Response:
        near = request.args["near"]
        (x, y), stretch = mercator(near), mercator_reach(1, near)
        reach = int(request.args["radius_m"]) * stretch
        box = f"({x - reach},{y - reach}),({x + reach},{y + reach})"
        with pool.connection() as connection:
            rows = connection.execute(NEAREST, {"here": f"({x},{y})", "around": box}).fetchall()
        return Response(orjson.dumps({"items": [_item(row, stretch) for row in rows]}), mimetype="application/json")

    @app.get("/readyz")
    def get_readiness() -> str:
        return "ready\n"

    return app


def _item(row: tuple[Any, ...], stretch: float) -> dict[str, Any]:
    id_, direction, kind, title, excerpt, category, status, cell, created_at, owner_id, display_name, away = row
    return {
        "id": id_,
        "direction": direction,
        "kind": kind,
        "title": title,
        "excerpt": excerpt,
        "category": category,
        "status": status,
        "owner": {"id": owner_id, "display_name": display_name},
        "cell": cell,
        "distance_m": round(away / stretch),
        "created_at": created_at,
    }


def serve() -> BodiesFirst:
    """The app as granian takes it."""
    return BodiesFirst(make())


def main(host: str, port: int) -> None:
    """Serve until SIGTERM."""
    end_with_launcher()
    Granian(
        "tests.benchmarks.bare:serve",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        websockets=False,
        backpressure=CONNECTIONS,
        log_level=LogLevels.error,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
