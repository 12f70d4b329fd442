"""TST-04: the trial itself: always the same for a seed, and blind to none of the faults it is there for.

The kills are a section of `.ci/run` and `make kill-test`: a run takes minutes, most of them waiting.
"""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import text

from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from tests.factories.exchanges import lend
from tests.factories.listings import ask, offer
from tests.resilience import invariants
from tests.resilience.book import Book, gone_back
from tests.resilience.killing import VICTIMS, plan

EVERY = invariants.UNSETTLED | invariants.NOT_UNDERSTOOD | invariants.UNDELIVERED | invariants.FAULTS
LATER = "lower(period) + interval '90 days', upper(period) + interval '90 days'"


def found(queries: dict[str, str]) -> list[str]:
    db.session.flush()
    return list(invariants.found(db.session.connection().connection.driver_connection, queries))


def missing(book: Book) -> list[str]:
    db.session.flush()
    connection = db.session.connection().connection.driver_connection
    return list(invariants.missing(connection, book, invariants.ids_made(connection)))


@pytest.fixture
def lent(ana, bob, run_jobs):
    """Bob has Ana's drill, and everybody has heard of it."""
    exchange = lend(bob, offer(ana))
    run_jobs()
    return exchange


def test_a_seed_has_one_plan_and_no_victim_is_left_out():
    assert plan(20, 40) == plan(20, 40) != plan(21, 40)
    assert all(Counter(kill.victim for kill in plan(seed, 7)) == Counter(VICTIMS) for seed in range(20))


@pytest.mark.parametrize(
    ("known", "seen", "gone"),
    [
        ("proposed", "accepted", False),
        ("accepted", "accepted", False),
        ("accepted", "proposed", True),
        ("handed_over", "returned", False),
        ("returned", "handed_over", True),
        ("returned", "cancelled", True),
        ("handed_over", "done", True),
    ],
)
def test_a_state_goes_on_and_never_back_or_elsewhere(known, seen, gone):
    assert gone_back(known, seen) is gone


def test_what_is_read_before_what_was_acknowledged_is_a_surprise():
    book = Book()
    book.saw_state("x", "accepted")
    book.saw_state("x", "proposed")
    assert book.surprises == ["exchange x went back from accepted to proposed"]


def test_a_loan_that_went_well_is_without_fault(lent):
    understood = EVERY.keys() - invariants.NOT_UNDERSTOOD.keys()
    assert found({name: EVERY[name] for name in understood}) == []


JOB = "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock) VALUES ('default', 't', '{}', 'q')"
PLANTED = {
    "job is `doing` without a live worker": JOB.format("doing"),
    "job is overdue": JOB.format("todo"),
    "job is under way": JOB.format("doing"),
    "job has failed, and no later one made up for it": JOB.format("failed"),
    "ask waits past due": "UPDATE asks SET state = 'asking', next_wave_at = now() - interval '2 minutes'",
    "exchange waits past its time": "UPDATE exchanges SET look_at = now() - interval '2 minutes'",
    "understanding of a listing waits": "UPDATE meanings SET vector = NULL, encoder = NULL",
    "delivery waits past due": "UPDATE deliveries SET state = 'waiting', due_at = now() - interval '1 s'",
    "delivery is claimed": "UPDATE deliveries SET state = 'claimed', due_at = now() + interval '1 minute'",
    "delivery ended without a word why": "UPDATE deliveries SET state = 'dead', error = NULL",
    "what a phone should hear has no delivery": "DELETE FROM deliveries",
    "balance is not the sum of its entries": "UPDATE time_accounts SET balance_minutes = 5 WHERE user_id IS NOT NULL",
    "pending minutes are not the sum of what is pending": "UPDATE time_accounts SET pending_minutes = 5",
    "agreed loan holds no copy": "DELETE FROM occupations",
    "step is told twice": "INSERT INTO messages (id, conversation_id, kind, code, created_at)"
    " SELECT gen_random_uuid(), conversation_id, kind, code, created_at FROM messages WHERE kind = 'step'",
    "words are there twice": "INSERT INTO messages (id, conversation_id, kind, body, created_at)"
    " SELECT gen_random_uuid(), id, 'text', 'Bonjour', now() FROM conversations, generate_series(1, 2)",
    "copy is with two": "INSERT INTO exchanges SELECT (jsonb_populate_record(x, jsonb_build_object("
    "'id', 'b0000000-0000-7000-8000-000000000000', 'conversation_id', c.id))).* FROM exchanges x, conversations c"
    " WHERE c.exchange_id IS NULL;"
    f"INSERT INTO occupations SELECT 'b0000000-0000-7000-8000-000000000000', copy_id, tstzrange({LATER})"
    " FROM occupations",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault, lent, ana, bob, as_):
    as_(ana).put(f"/v1/me/devices/{ana.id}", json={"fcm_token": "t", "platform": "android"})
    as_(bob).post(f"/v1/listings/{ask(ana).id}/answers", json={"answer": "yes"})
    as_(bob).post("/v1/timebank/transfers", json={"to_user_id": str(ana.id), "minutes": 5})
    as_(bob).post("/v1/conversations", json={"listing_id": str(lent.listing_id), "body": "Avec les forets ?"})
    db.session.execute(text(PLANTED[fault]))
    assert [each.partition(":")[0] for each in found({fault: EVERY[fault]})] == [fault]


def test_what_was_acknowledged_and_is_not_there_is_missed(lent):
    lost = str(new_id())
    book = Book(listings={lost}, messages={lost: "Merci"}, transfers={lost: 5}, joined={"n@example.org"})
    book.states[lost], book.states[str(lent.id)] = "accepted", "returned"
    book.answers[lost, lost] = book.thanks[lost, lost] = "Oui"
    assert len(missing(book)) == 8


def test_what_nobody_asked_for_is_found(lent):
    connection = db.session.connection().connection.driver_connection
    said = list(invariants.missing(connection, Book(), set()))
    assert sorted(said) == sorted(f"{key} was made by nobody" for key in (lent.id, lent.listing_id))
