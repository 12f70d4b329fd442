"""What the launcher does before it serves: migrate and, where it is wanted, load the demo. Prints one line of JSON."""

from __future__ import annotations

import orjson

from neighbourly.app import create_app
from neighbourly.cli import database
from neighbourly.cli.migrating import migrate
from neighbourly.core.db import transaction
from neighbourly.demo.loading import load_demo
from neighbourly.demo.selectors import is_there
from neighbourly.worker import catch_up


def main(demo: str) -> None:
    """`demo` is `yes`, `no`, or `if-new`: only into a database made just now."""
    app = create_app()
    database.attach(app, starts=False)
    with app.app_context():
        new = migrate(app)
        with transaction():
            loaded = load_demo() if demo == "yes" or (demo == "if-new" and new) else None
            there = is_there()
        if loaded is not None:
            catch_up(app)  # what takes seconds the first time is done before anyone looks
    print(orjson.dumps({"new": new, "demo": there}).decode())
