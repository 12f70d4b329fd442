"""The commands of `flask --app wsgi`, within the app."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from neighbourly.accounts import passwords
from neighbourly.accounts.models import User
from neighbourly.cli import commands
from neighbourly.core import audit, clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.jobs import queue
from neighbourly.listings.models import Meaning
from tests.factories.listings import offer

PASSWORD = "un chat sur le toit"


@pytest.fixture
def command(app):
    commands.register(app)
    return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


def stored(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def test_an_account_is_made_verified_and_printed(command):
    done = command("users", "create", "zoe@example.org", "--name", "Zoé Z.", "--password", PASSWORD)
    shown = json.loads(done.stdout)
    assert shown["display_name"] == "Zoé Z."
    assert shown["role"] == "neighbour"
    assert passwords.matches(stored("zoe@example.org").password_hash, PASSWORD)


def test_a_role_is_on_record(command):
    done = command("users", "create", "zoe@example.org", "--name", "Zoé Z.", "--role", "admin")
    assert json.loads(done.stdout)["role"] == "admin"
    entry = db.session.scalars(select(audit.AuditEntry)).one()
    assert (entry.act, entry.subject_id, entry.data["role"]) == ("role_given", stored("zoe@example.org").id, "admin")


def test_a_moderators_power_ends_at_their_territory(command, ana):
    done = command("users", "promote", ana.email, "--role", "moderator", "--territory", "own")
    assert json.loads(done.stdout)["territory"] == "own"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("create", "ana@example.org", "--name", "Ana"), "There already is an account for ana@example.org."),
        (("create", "ana", "--name", "Ana"), "ana is not an e-mail address."),
        (("create", "x@example.org", "--name", " "), "The name must have 1 to 60 characters."),
        (("create", "x@example.org", "--name", "X", "--password", "short"), "The password must have 10 to 128"),
        (("create", "x@example.org", "--name", "X", "--password", "1234567890"), "common"),
        (("create", "x@example.org", "--name", "X", "--territory", "mars"), "no territory with the code mars."),
        (("promote", "x@example.org", "--role", "admin"), "There is no account for x@example.org."),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(command, ana, words, sentence):
    before = db.session.scalars(select(User.email).order_by(User.email)).all()
    done = command("users", *words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert sentence in done.stderr
    assert db.session.scalars(select(User.email).order_by(User.email)).all() == before


def test_territories_are_imported_once(command, toulouse):
    fields = ("--code-field", "code", "--households-field", "households")
    first, second = (command("territories", "import", toulouse, *fields) for _ in range(2))
    assert first.stdout.startswith("60 created, 0 changed, 0 unchanged; ")
    assert second.stdout.startswith("0 created, 0 changed, 60 unchanged; ")


def test_each_fault_of_a_file_of_territories_is_one_sentence(command, tmp_path):
    file = tmp_path / "broken.geojson"
    feature = {"type": "Feature", "properties": {"code": "a", "name": "A"}, "geometry": None}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, feature]}))
    done = command("territories", "import", file)
    assert done.exit_code == 1
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["Feature 1 (a, A)", "Feature 2 (a, A)"]


def test_the_document_is_printed(command):
    document = json.loads(command("openapi").stdout)
    assert document["openapi"] == "3.1.0"
    assert not any(path.startswith("/dev") for path in document["paths"])


def test_a_broken_audit_log_is_told(command):
    assert command("audit", "verify").stdout == "The audit log is whole: 0 entries.\n"
    entry = audit.record("role_given", actor_id=None)
    entry.digest = b"\1" * 32
    with pytest.raises(Exception, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_the_clock_moves_in_development_only(command, app, monkeypatch, tmp_path):
    refused = command("demo", "tick", "--minutes", "10")
    assert refused.stderr == "Only a development installation's clock can be moved.\n"
    monkeypatch.setitem(app.extensions, "neighbourly.settings", replace(settings(), env="development"))
    clock.follow(tmp_path / "clock")
    try:
        done = command("demo", "tick", "--minutes", "10")
        assert clock.offset().total_seconds() == 600
    finally:
        clock.follow(None)
    assert all(name in done.stdout for name in queue.timetables)


@pytest.mark.parametrize("words", [("load",), ("big",)])
def test_the_demo_is_not_for_production(command, app, monkeypatch, words):
    monkeypatch.setitem(app.extensions, "neighbourly.settings", replace(settings(), env="production"))
    assert command("demo", *words).stderr == f"`demo {words[0]}` is not for production.\n"


def test_every_features_jobs_are_known(app):
    known = {name.partition(".")[0] for name in queue.queue.tasks}
    assert {"accounts", "devices", "listings", "matching", "notifications", "preferences"} <= known


def test_listings_are_read_anew_after_another_encoder(command, meaning, bob):
    drill = offer(bob, "Perceuse")
    assert command("meanings", "renew").exit_code == 0
    kept = db.session.get_one(Meaning, drill.id, populate_existing=True)
    version, vector = kept.encoder, kept.vector
    kept.encoder, kept.vector = "older", b"x"
    db.session.commit()
    done = command("meanings", "renew")
    assert f"All listings are read by {version}." in done.output
    again = db.session.get_one(Meaning, drill.id, populate_existing=True)
    assert (again.encoder, again.vector) == (version, vector)


def test_where_nothing_is_read_there_is_nothing_to_renew(command):
    done = command("meanings", "renew")
    assert done.exit_code == 1
    assert "NEIGHBOURLY_MEANING is off" in done.output + done.stderr
