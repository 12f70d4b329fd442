"""The doctor says what is well, what is not, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from neighbourly.cli import commands, doctor
from neighbourly.cli.doctor import State
from neighbourly.core import clock, zones
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.demo.neighbourhood import HEROINE
from tests.fakes.fcm import FakeFcm
from tests.fakes.geocoder import FakeGeocoder
from tests.fakes.smtp import FakeSmtp
from tests.people import make
from tests.running.product import free_port


@pytest.fixture
def app(real_app):
    """An app whose connections are its own."""
    commands.register(real_app)
    with real_app.app_context():
        yield real_app


def change(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def by_subject(app, mail_to=None) -> dict[str, doctor.Finding]:
    return {finding.subject: finding for finding in doctor.examine(app, mail_to)}


def test_a_new_installation_is_well_but_for_what_it_still_lacks(app):
    found = by_subject(app)
    assert [each.subject for each in found.values() if each.state is State.WRONG] == []
    assert found["migrations"].said.startswith("at the newest, ")
    assert found["worker"].advice == "start `flask --app wsgi worker`"


def test_the_command_ends_with_1_where_something_is_wrong(app):
    assert app.test_cli_runner().invoke(args=["doctor"]).exit_code == 0
    change("UPDATE alembic_version SET version_num = '0001'")
    done = app.test_cli_runner().invoke(args=["doctor"])
    assert done.exit_code == 1
    assert "✗ migrations: at 0001, not 00" in done.stdout
    assert "→ run `flask --app wsgi db upgrade`" in done.stdout


def test_a_newer_database_needs_a_newer_program(app):
    change("UPDATE alembic_version SET version_num = '9999'")
    found = by_subject(app)["migrations"]
    assert (found.state, found.advice) == (State.WRONG, "install that version or a later")


def test_what_failed_long_ago_is_told_and_alarms_nobody(app):
    change("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 'listings.watch_expiry')")
    change("UPDATE procrastinate_jobs SET status = 'failed'")
    change("UPDATE procrastinate_events SET at = now() - interval '25 hours'")
    found = by_subject(app)["jobs"]
    assert (found.state, found.said) == (State.NOTE, "failed more than a day ago: listings.watch_expiry (1)")


def test_a_database_out_of_reach_is_told_and_the_rest_still_looked_at(app, make_settings):
    gone = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    db.engine.dispose()
    app.extensions["neighbourly.settings"] = make_settings(database_url=gone)
    db._app_engines[app][None] = db._make_engine(None, {"url": gone.replace("://", "+psycopg://")}, app)
    found = by_subject(app)
    assert found["database"].state is State.WRONG
    assert found["database"].said.startswith("The database cannot be reached: ")
    assert "mail" in found
    assert "worker" not in found


def test_failed_jobs_and_workers_are_counted(app):
    change(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 'listings.watch_expiry', 'failed')"
    )
    change("INSERT INTO procrastinate_workers DEFAULT VALUES")
    found = by_subject(app)
    assert found["jobs"].said == "listings.watch_expiry (1) failed, the first 0 s ago"
    assert found["worker"].said == "1 at work"


def test_the_demo_in_production_is_wrong(app):
    make("Léa R.", email=HEROINE)
    assert doctor.look_at_demo(settings()).state is State.WELL
    assert doctor.look_at_demo(replace(settings(), env="production")).state is State.WRONG


def test_a_moved_clock_is_worth_a_word(app, tmp_path):
    clock.follow(tmp_path / "clock")
    (tmp_path / "clock").write_text("600")
    try:
        assert doctor.look_at_clock(settings()).said == "0:10:00 ahead by `demo tick`"
    finally:
        clock.follow(None)


@pytest.mark.parametrize(
    ("env", "proxies", "state"),
    [("production", 0, State.NOTE), ("production", 1, State.WELL), ("development", 0, State.WELL)],
)
def test_who_is_asked_from_outside_needs_a_proxy(app, env, proxies, state):
    """SEC-15: for HTTPS, and so that callers are told apart."""
    settings = replace(app.extensions["neighbourly.settings"], env=env, trusted_proxies=proxies)
    found = doctor.look_at_proxy(settings)
    assert found.state is state
    assert (state is State.NOTE) == ("HTTPS" in found.advice)


def test_a_folder_that_cannot_be_written_is_wrong(tmp_path):
    (tmp_path / "file").touch()
    found = doctor.look_at_folder(tmp_path / "file" / "var")
    assert (found.state, found.advice) == (State.WRONG, "let this user write there")


def test_mail_is_tried_and_sent(app):
    with FakeSmtp() as smtp:
        chosen = replace(settings(), smtp_url=smtp.url)
        assert doctor.look_at_mail(chosen, None).state is State.WELL
        assert doctor.look_at_mail(chosen, "chef@example.org").said.endswith("; a test was sent")
        (received,) = smtp.wait_for(1)
    assert received.recipients == ("chef@example.org",)


def test_a_mail_server_out_of_reach_is_wrong(app):
    chosen = replace(settings(), smtp_url=f"smtp://127.0.0.1:{free_port()}")
    found = doctor.look_at_mail(chosen, None)
    assert (found.state, found.advice) == (State.WRONG, "check NEIGHBOURLY_SMTP_URL")


def test_mail_into_a_folder_is_worth_a_word_in_production(app):
    assert doctor.look_at_mail(settings(), None).state is State.WELL
    assert doctor.look_at_mail(replace(settings(), env="production"), None).state is State.NOTE


def test_firebase_gives_access_or_says_why_not(app, tmp_path):
    with FakeFcm() as fcm:
        chosen = replace(settings(), firebase_credentials=fcm.write_credentials(tmp_path / "key.json"), fcm_url=fcm.url)
        assert doctor.look_at_push(chosen).said == "Firebase gives access"
        fcm.revoke()
    assert doctor.look_at_push(chosen).state is State.WRONG
    (tmp_path / "broken.json").write_text("{}")
    assert doctor.look_at_push(replace(chosen, firebase_credentials=tmp_path / "broken.json")).state is State.WRONG


@pytest.mark.parametrize(("env", "state"), [("development", State.NOTE), ("production", State.WRONG)])
def test_an_address_search_out_of_reach_matters_in_production(app, env, state):
    with FakeGeocoder() as geocoder:
        reached = replace(settings(), geocoder_url=geocoder.url, env=env)
        assert doctor.look_at_geocoder(reached).said == f"ban at {urlsplit(geocoder.url).hostname} answers"
    assert doctor.look_at_geocoder(reached).state is state


def test_zones_that_no_name_helps_against_are_named(app, monkeypatch):
    """BOK-03: where PostgreSQL has a name for the same rules, nothing is to be done."""
    otherwise = zones.Difference("CET", None, "Europe/Brussels")
    alone = zones.Difference("Africa/Casablanca", None, None)
    monkeypatch.setattr(zones, "compare", lambda *_: [alone, otherwise])
    found = by_subject(app)["time zones"]
    assert (found.state, "Africa/Casablanca" in found.said, "CET" in found.said) == (State.NOTE, True, False)
    assert "pip install -U tzdata" in found.advice
    monkeypatch.setattr(zones, "compare", lambda *_: [otherwise])
    found = by_subject(app)["time zones"]
    assert (found.state, "CET" in found.said) == (State.WELL, True)
