"""GDP-08: every table has a retention rule; one job applies them, and a dry run says what it would do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from neighbourly.answers import service as answers
from neighbourly.answers.models import Answer
from neighbourly.cli import commands
from neighbourly.conversations.models import Conversation, Message
from neighbourly.core import clock
from neighbourly.core.db import Base, db
from neighbourly.core.jobs import queue
from neighbourly.exchanges.models import Exchange
from neighbourly.matching.models import Asked
from neighbourly.privacy import jobs, service
from neighbourly.privacy.rules import RULES, Swept
from neighbourly.thanks.models import Concern
from neighbourly.timebank.models import Entry, Memo, Transfer
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, propose
from tests.factories.listings import actor, ask, offer

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "privacy.md"


def test_every_table_has_a_rule(app):
    """GDP-08: who adds a table says how long its rows are kept."""
    assert set(RULES) == set(Base.metadata.tables)


def test_what_is_swept_elsewhere_is_swept_by_a_job_that_there_is(app):
    """GDP-08."""
    assert {rule.job for rule in RULES.values() if isinstance(rule, Swept)} <= set(queue.queue.tasks)


def test_each_rule_stands_in_the_document_for_people(app):
    """GDP-08: in the words of the rule."""
    text = DOCUMENT.read_text(encoding="utf-8")
    said = {name: getattr(rule, "after", getattr(rule, "because", "")) for name, rule in RULES.items()}
    assert [name for name, words in said.items() if f"| `{name}` | {words} |" not in text] == []


@pytest.fixture
def after(app, tmp_path):
    """`after(400)`: that many days later, when the nightly job has run."""
    clock.follow(tmp_path / "clock")

    def move(days):
        db.session.commit()
        clock.advance(timedelta(days=days))
        with app.app_context():
            jobs.apply_retention()
        db.session.expire_all()

    yield move
    clock.follow(None)


@pytest.fixture
def need(ana, bob):
    """Ana asked for something, Bob was asked and said yes."""
    listing = ask(ana)
    answers.answer_request(actor=actor(bob), listing_id=listing.id, answer="yes", message="CANARI")
    db.session.add(Asked(listing_id=listing.id, user_id=bob.id, wave=1, why={"distance_m": 300}))
    db.session.commit()
    return listing


def close(listing):
    listing.status = "closed"
    db.session.commit()


def test_who_was_asked_and_what_they_answered_goes_after_the_need(need, after):
    """GDP-08: ninety days after its end."""
    close(need)
    after(89)
    assert (count_of(Asked), count_of(Answer)) == (1, 1)
    after(2)
    assert (count_of(Asked), count_of(Answer)) == (0, 0)


def test_while_a_need_is_open_its_answers_stay(need, after):
    """GDP-08: deleting breaks nothing that goes on."""
    after(200)
    assert (count_of(Asked), count_of(Answer)) == (1, 1)
    after(200)
    assert (count_of(Asked), count_of(Answer)) == (0, 1)


def test_an_answer_of_which_something_still_goes_on_stays(ana, bob, need, after):
    """GDP-08: a loan of which nothing was heard, say."""
    exchange = propose(ana, offer(bob))
    exchange.answer_id, exchange.state = db.session.scalar(select(Answer.id)), "handed_over"
    close(need)
    after(200)
    assert count_of(Answer) == 1
    db.session.get_one(Exchange, exchange.id).state = "returned"
    after(1)
    assert (count_of(Answer), db.session.get_one(Exchange, exchange.id).answer_id) == (0, None)


def test_what_was_written_goes_a_year_after_the_last_word(as_, ana, bob, after):
    """GDP-08: the thread stays readable, its steps too."""
    done = bring_back(bob, offer(ana))
    as_(bob).post(f"/v1/conversations/{done.conversation_id}/messages", json={"body": "CANARI"})
    after(360)
    assert "CANARI" in as_(ana).get(f"/v1/conversations/{done.conversation_id}/messages").text
    after(10)
    read = as_(ana).get(f"/v1/conversations/{done.conversation_id}/messages")
    assert (read.status_code, "CANARI" in read.text) == (200, False)
    assert as_(ana).get("/v1/conversations").status_code == 200
    assert {each.kind for each in db.session.scalars(select(Message))} == {"step"}


def test_a_thread_of_words_alone_is_empty_afterwards(as_, ana, bob, after):
    """GDP-08: a question of long ago."""
    body = {"listing_id": str(offer(ana, no_expiry=True).id), "body": "CANARI"}
    assert as_(bob).post("/v1/conversations", json=body).status_code == 201
    after(370)
    listed = as_(ana).get("/v1/conversations")
    assert (listed.status_code, "CANARI" in listed.text) == (200, False)
    assert (count_of(Message), count_of(Conversation)) == (0, 1)


def test_what_was_said_of_things_and_in_disputes_goes_a_year_after_the_end(ana, bob, after):
    """GDP-08: the exchange itself stays, with ids and times."""
    done, open_one = bring_back(bob, offer(ana)), agree(bob, offer(ana, "Une tente"))
    for each in (done, open_one):
        each.condition_before, each.dispute_reason = "CANARI", "CANARI"
    after(370)
    kept = db.session.get_one(Exchange, done.id)
    assert (kept.state, kept.condition_before, kept.dispute_reason) == ("returned", None, None)
    assert db.session.get_one(Exchange, open_one.id).condition_before == "CANARI"


def test_memos_go_after_two_years_and_the_ledger_stays_whole(as_, ana, bob, after):
    """GDP-08, LED-01."""
    body = {"to_user_id": str(ana.id), "minutes": 60, "memo": "CANARI"}
    assert as_(bob).post("/v1/timebank/transfers", json=body).status_code == 201
    after(700)
    assert count_of(Memo) == 1
    after(40)
    assert (count_of(Memo), count_of(Transfer), count_of(Entry)) == (0, 1, 2)
    assert db.session.scalar(select(func.sum(Entry.minutes))) == 0


def test_concerns_go_after_a_year(ana, bob, after):
    """GDP-08."""
    done = bring_back(bob, offer(ana))
    db.session.add(Concern(exchange_id=done.id, author_id=ana.id, text="CANARI"))
    after(360)
    assert count_of(Concern) == 1
    after(10)
    assert count_of(Concern) == 0


def test_batches_are_small_and_all_is_reached(ana, new_user, after, monkeypatch):
    """GDP-08: no long lock, and nothing is left over."""
    listing = ask(ana)
    for number in range(5):
        db.session.add(Asked(listing_id=listing.id, user_id=new_user(f"N{number} N.").id, wave=1, why={}))
    close(listing)
    monkeypatch.setattr(service, "BATCH", 2)
    monkeypatch.setattr(service.apply_rule, "__kwdefaults__", {"limit": 2})
    after(100)
    assert count_of(Asked) == 0


def test_a_dry_run_says_what_is_due_and_changes_nothing(app, need, after):
    """GDP-08."""
    commands.register(app)
    close(need)
    clock.advance(timedelta(days=100))
    said = app.test_cli_runner().invoke(args=["retention", "--dry-run"])
    assert said.exit_code == 0, said.output
    assert "asked: 1 due" in said.output
    assert "answers: 1 due" in said.output
    assert (count_of(Asked), count_of(Answer)) == (1, 1)
    assert app.test_cli_runner().invoke(args=["retention"]).exit_code == 0
    assert (count_of(Asked), count_of(Answer)) == (0, 0)
