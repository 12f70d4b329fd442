"""The app as a web server loads it, in a process in which threads left an alias made by halves, as SQLAlchemy would.

The first process that loads it is such a one; the file that NEIGHBOURLY_TEST_POISON names is its mark. Those after it
are sound.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.orm import aliased  # noqa: TID251  # just what `core.db.aliased` prevents

from neighbourly.cli.program import make_program
from neighbourly.neighbours import selectors
from neighbourly.places.models import Home

app = make_program()
mark = Path(os.environ["NEIGHBOURLY_TEST_POISON"])


def made_by_halves() -> type[Home]:
    """An alias whose columns' index, begun by one thread, another takes for a whole one."""
    made = aliased(Home, name="looked_from")
    inspect(made).selectable.c._proxy_index[object()]
    return made


if not mark.exists():
    mark.touch()
    selectors._From = made_by_halves()
