"""REL-11: a process answers its first requests, however many at once, as it answers later ones."""

from __future__ import annotations

import subprocess
import sys

import orjson
import pytest

from neighbourly.core import clock
from neighbourly.core.db import db
from tests import people
from tests.architecture.test_authorisation import ROWS, things_of
from tests.running.product import ROOT

PROCESSES = 50
CALLERS = ("neighbour", "owner", "admin")
MORE = (
    "/v1/listings?q=perceuse",
    "/v1/listings?kind=item&direction=offer&sort=recent",
    "/v1/listings?category=tools&available_from=2026-12-24T09:00:00Z",
    "/v1/exchanges?role=receiver",
    "/v1/exchanges?state=handed_over",
    "/v1/listings/{offer}",
    "/v1/neighbourhoods/{own}",
)


@pytest.fixture
def tokens(committing_app):
    users = {caller: people.make(caller.title(), home=people.ANA_CELL) for caller in CALLERS}
    users["admin"].role = "admin"
    db.session.commit()
    return {caller: people.sign_in(committing_app, user).token for caller, user in users.items()}, users


@pytest.fixture
def calls(tokens):
    """Every kind of GET by somebody who gets it, if anybody does."""
    tokens, users = tokens
    things = things_of(users["owner"], users["neighbour"])
    db.session.remove()
    rows = [row for (method, _), row in ROWS.items() if method == "GET"]
    callers = [next((each for each in CALLERS if row.status_for(each) == 200), "neighbour") for row in rows]
    asked = [(row.path.format(**things), tokens[caller]) for row, caller in zip(rows, callers, strict=True)]
    return asked + [(path.format(**things), tokens["neighbour"]) for path in MORE]


@pytest.fixture
def told(committing_app, calls, data_dir):
    """What a quiet process says, and where many others say something else."""
    url = committing_app.extensions["neighbourly.settings"].database_url
    settings = {"env": "testing", "data_dir": str(data_dir), "limits": "off", "log_level": "error", "database_url": url}
    given = {"settings": settings, "calls": calls, "moment": clock.now().isoformat(), "processes": PROCESSES}
    command = [sys.executable, "-m", "tests.running.fresh"]
    done = subprocess.run(command, cwd=ROOT, input=orjson.dumps(given), stdout=subprocess.PIPE, check=True)
    return orjson.loads(done.stdout)


def test_many_first_requests_at_once_are_answered_as_one_later(told):
    """50 fresh processes, eight threads, a tiny switch interval."""
    assert told["unfinished"] == [], "core.db.whole and core.db.aliased make such things whole where they are made"
    assert told["differences"] == []
    assert {200, 404} == set(told["statuses"])
