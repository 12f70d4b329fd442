"""Each command of docs/operations.md starts as it stands there."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner
from flask.cli import FlaskGroup

from neighbourly.cli import commands
from tests import people
from tests.running.product import ROOT, Worker, until

PAGE = (ROOT / "docs/operations.md").read_text()
SQUARE = {
    "type": "Feature",
    "properties": {"code": "a", "name": "A"},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[1.4, 43.6], [1.42, 43.6], [1.42, 43.62], [1.4, 43.62], [1.4, 43.6]]],
    },
}
RUNS = {
    "users create": (["users", "create", "zoe@example.org", "--name", "Zoé Z."], '"email":"zoe@example.org"'),
    "users promote": (["users", "promote", "ana@example.org", "--role", "moderator"], '"role":"moderator"'),
    "territories import": (["territories", "import", "square.geojson"], "1 created"),
    "db upgrade": (["db", "upgrade"], ""),
    "doctor": (["doctor", "--mail", "you@example.org"], "✓ mail: "),
    "retention": (["retention", "--dry-run"], "asked: 0 due"),
    "jobs status": (["jobs", "status"], "no worker is at work"),
    "backup": (["backup", "kept.tar"], "keep it as safe as the installation itself"),
    "restore": (["restore", "kept.tar"], "holds tables already"),
    "meanings renew": (["meanings", "renew"], "NEIGHBOURLY_MEANING is off"),
    "audit verify": (["audit", "verify"], "The audit log is whole"),
    "openapi": (["openapi"], '"openapi": "3.1.0"'),
    "demo load": (["demo", "load"], ""),
    "demo big": (["demo", "big", "--listings", "40", "--neighbours", "10"], "10 neighbours and 40 listings"),
    "demo tick": (["demo", "tick", "--minutes", "5"], "Only a development installation's clock can be moved."),
}
"""What is run for each, and a part of what it says: done, or why not here."""
APART = {"worker"}


def documented() -> list[str]:
    """The commands of the page's table, without their arguments."""
    table = PAGE.partition("## Commands")[2].partition("\n## ")[0]
    cells = [line.split(" | ")[0] for line in table.splitlines() if line.startswith("| `")]
    return [re.match(r"[a-z ]*[a-z]", each)[0] for cell in cells for each in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture
def run(real_app, tmp_path, monkeypatch):
    """`flask --app wsgi …` in an empty folder, on a database of its own."""
    commands.register(real_app)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "square.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [SQUARE]}))
    group = FlaskGroup(create_app=lambda: real_app)
    return lambda words: CliRunner().invoke(group, words)


def test_the_page_and_this_test_know_the_same_commands():
    assert sorted(documented()) == sorted(RUNS.keys() | APART)


@pytest.mark.parametrize("name", RUNS)
def test_it_starts_as_it_stands_on_the_page(run, real_app, name):
    words, said = RUNS[name]
    with real_app.app_context():
        if name == "users promote":
            people.make("Ana A.")
    if name == "restore":
        run(["backup", "kept.tar"])
    done = run(words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (0, 1), done.output
    assert said in done.output


def test_the_worker_starts_as_it_stands_on_the_page(real_app, tmp_path):
    with Worker(tmp_path, real_app.config["SQLALCHEMY_DATABASE_URI"]) as running:
        until(lambda: "worker started" in running.said(), 30)
        assert "Traceback" not in running.said()
