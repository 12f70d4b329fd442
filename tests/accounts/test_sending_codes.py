"""The job that mails a code ends as what it did: sent, put off with a reason, or given up (REL-10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from neighbourly.accounts.models import EmailCode
from neighbourly.core import clock
from neighbourly.core.config import settings
from neighbourly.core.db import db
from neighbourly.core.jobs import Delayed, GivenUp
from tests.accounts.conftest import register
from tests.databases import run_job
from tests.fakes.smtp import FakeSmtp
from tests.running.product import free_port

SENDER_REFUSED = "554 5.7.1 not from you"


@pytest.fixture
def send(app, client, monkeypatch):
    """Somebody has registered; `send(url)`: their code is mailed by that server."""
    assert register(client, "lea@example.org").status_code == 202

    def sent(url: str | None) -> None:
        monkeypatch.setitem(app.extensions, "neighbourly.settings", replace(settings(), smtp_url=url))
        run_job("accounts.send_code", code_id=str(db.session.scalars(select(EmailCode.id)).one()))

    return sent


def test_a_dead_server_puts_the_mail_off_with_its_reason(send):
    with pytest.raises(Delayed, match="the mail server could not be used: ConnectionRefusedError"):
        send(f"smtp://127.0.0.1:{free_port()}")


def test_a_url_that_cannot_be_read_is_named_and_not_quoted(send):
    """A password with a slash; its half must not be told."""
    with pytest.raises(Delayed, match="NEIGHBOURLY_SMTP_URL") as reason:
        send("smtps://user:pa/ss@mail.example.org")
    assert "pa" not in str(reason.value).split("/")


def test_a_server_that_takes_no_mail_of_ours_is_given_up(send):
    with FakeSmtp() as server:
        server.answer_to_data = SENDER_REFUSED
        with pytest.raises(GivenUp, match="answered 554"):
            send(server.url)


def test_an_address_that_does_not_exist_is_one_line(send, caplog):
    with FakeSmtp() as server:
        server.refuse("lea@example.org")
        send(server.url)
    (line,) = [line for line in caplog.records if line.message == "mail refused"]
    assert (line.levelname, line.reason) == ("WARNING", "the mail server answered 550")


def test_a_code_that_expired_unsent_is_given_up(send):
    db.session.execute(update(EmailCode).values(expires_at=clock.now()))
    with pytest.raises(GivenUp, match="a code expired before its mail could be sent"):
        send(None)


def test_a_code_that_was_typed_needs_no_mail(send, data_dir):
    db.session.execute(update(EmailCode).values(used_at=clock.now(), expires_at=clock.now()))
    send(None)
