"""What the launcher does before it serves: migrate and, where it is wanted, load the demo. Prints one line of JSON."""

from __future__ import annotations

import orjson

from neighbourly.app import create_app
from neighbourly.cli import database
from neighbourly.cli.migrating import migrate
from neighbourly.core.db import transaction
from neighbourly.demo.loading import load_demo
from neighbourly.demo.selectors import is_there


def main(demo: str) -> None:
    """`demo` is `yes`, `no`, or `if-new`: only into a database made just now."""
    app = create_app()
    database.attach(app)
    with app.app_context():
        new = migrate(app)
        with transaction():
            if demo == "yes" or (demo == "if-new" and new):
                load_demo()
            there = is_there()
    print(orjson.dumps({"new": new, "demo": there}).decode())
