"""Why was I asked, for what; and how to be asked less."""

from __future__ import annotations

from datetime import datetime

import pytest

from neighbourly.accounts.events import AccountErasing
from neighbourly.core.cells import resolution_of
from neighbourly.core.db import db
from neighbourly.core.events import publish
from neighbourly.exchanges import service as exchanges
from neighbourly.exchanges.models import Exchange
from neighbourly.matching.models import Asked
from neighbourly.matching.rule import MONTH
from tests.factories.exchanges import agree
from tests.factories.listings import actor
from tests.factories.listings import offer as lendable
from tests.people import ANA_CELL, CLEO_CELL, move


def asked(as_, user, **query):
    return as_(user).get("/v1/me/asked", query_string=query).json


def test_everyone_sees_what_they_were_asked_for_and_why(as_, offer, ask, tap, ana, bob):
    drill = offer(bob, "Perceuse")
    need = ask(ana)
    (item,) = asked(as_, bob)["items"]
    assert asked(as_, bob)["asked_last"] is None
    assert set(item) == {"listing", "asked_at", "offer_id", "answer", "rule", "score", "factors"}
    assert (item["listing"]["id"], item["offer_id"], item["answer"], item["rule"]) == (need, drill, None, "3")
    assert item["factors"][1]["why"].replace("\u00a0", " ") == "même catégorie : Perceuses et visseuses"
    assert item["score"] == sum(each["contribution"] for each in item["factors"])
    tap(bob, need, "no")
    assert asked(as_, bob)["items"][0]["answer"] == "no"
    assert asked(as_, ana)["items"] == []


def test_an_interest_is_given_as_the_reason(as_, ask, ana, bob):
    as_(bob).patch("/v1/me/preferences", json={"interests": ["tools"]})
    ask(ana)
    (item,) = as_(bob).get("/v1/me/asked", headers={"Accept-Language": "en"}).json["items"]
    assert (item["offer_id"], item["factors"][1]["why"]) == (None, "among your interests: Tools and DIY")


def test_the_newest_come_first_page_by_page(as_, offer, ask, ana, bob, pass_time):
    """REL-06: nothing twice, nothing lost."""
    offer(bob, "Perceuse")
    needs = []
    for number in range(3):
        needs.append(ask(ana, f"Perceuse {number}"))
        pass_time(days=1)
    first = asked(as_, bob, limit=2)
    rest = asked(as_, bob, limit=2, cursor=first["next"])
    assert [each["listing"]["id"] for each in first["items"] + rest["items"]] == needs[::-1]
    assert rest["next"] is None


def test_what_ended_is_still_explained_and_what_was_deleted_is_gone(as_, offer, ask, ana, bob):
    offer(bob, "Perceuse")
    need = ask(ana)
    as_(ana).post(f"/v1/listings/{need}/fulfil", json={"how": "elsewhere"})
    assert [each["listing"]["status"] for each in asked(as_, bob)["items"]] == ["fulfilled"]
    as_(ana).delete(f"/v1/listings/{need}")
    assert asked(as_, bob)["items"] == []


@pytest.mark.parametrize("end", ["pause", "close"])
def test_what_is_no_longer_shown_no_longer_tells_where_its_owner_lives(as_, offer, ask, ana, bob, end):
    """LOC-03: whoever was asked once would follow the asker from home to home."""
    offer(bob, "Perceuse")
    need = ask(ana, description="Sonnez au 3.")
    (before,) = asked(as_, bob)["items"]
    as_(ana).post(f"/v1/listings/{need}/{end}")
    move(ana, CLEO_CELL)
    (after,) = asked(as_, bob)["items"]
    assert before["listing"]["cell"] == ANA_CELL
    assert resolution_of(after["listing"]["cell"]) == 0
    assert (after["listing"]["distance_m"], after["listing"]["excerpt"]) == (before["listing"]["distance_m"], "")


def test_a_block_hides_what_one_was_asked(as_, offer, ask, ana, bob):
    offer(bob, "Perceuse")
    ask(ana)
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    assert asked(as_, bob)["items"] == []


def test_a_page_takes_few_statements(as_, offer, ask, ana, bob, statements):
    offer(bob, "Perceuse")
    for number in range(3):
        ask(ana, f"Perceuse {number}")
    client = as_(bob)
    with statements() as seen:
        client.get("/v1/me/asked")
    assert len(seen) <= 3, seen


@pytest.fixture
def missed(later):
    """`missed(ana, bob, lends=drill)`: they agreed, one waits for an hour, and says that the other did not come."""

    def wait_in_vain(borrower, waits, thing):
        loan = agree(borrower, thing, begins=1, days=1)
        later(days=1.1)
        exchanges.cancel_exchange(actor=actor(waits), exchange_id=loan.id, did_not_come=True)
        db.session.commit()
        return loan

    return wait_in_vain


def test_a_borrower_who_never_comes_marks_nobody(as_, new_user, ana, bob, later):
    """MAT-04: silence is nobody's word, of lender or borrower, however often."""
    for number in range(3):
        agree(new_user(f"B{number}", home=ANA_CELL), lendable(bob, "Perceuse"), begins=1, days=1)
    agree(ana, lendable(bob, "Échelle"), begins=1, days=1)
    later(days=10)
    for each in (ana, bob):
        assert asked(as_, each)["asked_last"] is None


@pytest.mark.parametrize("role", ["giver", "receiver"])
def test_whom_two_people_missed_reads_why_they_are_asked_last(as_, ana, bob, cleo, missed, later, role):
    """MAT-04: by the word of the other side, both roles alike, of different people; and they alone read it."""

    def miss(by):
        if role == "giver":
            return missed(by, by, lendable(bob, "Perceuse"))
        return missed(bob, by, lendable(by, "Perceuse"))

    first = miss(ana)
    miss(ana)
    assert asked(as_, bob)["asked_last"] is None, "twice by one person is one person's word"
    last = miss(cleo)
    told = asked(as_, bob)["asked_last"]
    ends = [db.session.get_one(Exchange, each.id, populate_existing=True).ended_at for each in (first, last)]
    assert ends[0] + MONTH < datetime.fromisoformat(told["until"]) < ends[1] + MONTH
    assert "un mot" in told["why"]
    assert as_(bob).get(f"/v1/exchanges/{last.id}").json["end_reason"] == f"{role}_absent"
    assert asked(as_, cleo)["asked_last"] is None
    later(days=31)
    assert asked(as_, bob)["asked_last"] is None, "nor does anybody remember it for ever"


def test_a_word_is_enough_and_a_block_takes_it_from_nobody(as_, ana, bob, cleo, missed):
    drill = lendable(bob, "Perceuse", quantity=3)
    of_ana, _ = missed(ana, ana, drill), missed(cleo, cleo, drill)
    assert asked(as_, bob)["asked_last"] is not None
    chat = f"/v1/conversations/{of_ana.conversation_id}/messages"
    assert as_(bob).post(chat, json={"body": "J'y étais, à la porte de derrière."}).status_code == 201
    assert asked(as_, bob)["asked_last"] is None


def test_who_says_so_and_blocks_is_not_heard(as_, ana, bob, cleo, missed):
    drill = lendable(bob, "Perceuse", quantity=3)
    missed(ana, ana, drill), missed(cleo, cleo, drill)
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    assert asked(as_, bob)["asked_last"] is None


def test_nobody_is_missed_before_an_hour_has_passed(as_, ana, bob):
    loan = agree(ana, lendable(bob, "Perceuse"), begins=0.01, days=1)
    refused = as_(ana).post(f"/v1/exchanges/{loan.id}/cancel", json={"did_not_come": True})
    assert (refused.status_code, refused.json["code"]) == (409, "too_early")
    no_answer = as_(ana).post(f"/v1/exchanges/{loan.id}/cancel", json={"did_not_come": 0})
    assert (no_answer.status_code, no_answer.json["errors"][0]["pointer"]) == (422, "/did_not_come")
    assert as_(ana).post(f"/v1/exchanges/{loan.id}/cancel", json={}).json["end_reason"] is None


def less(as_, user, what):
    return as_(user).put("/v1/me/asked", json={"less": what})


def test_less_of_a_category_drops_the_interest(as_, bob):
    as_(bob).patch("/v1/me/preferences", json={"interests": ["power-drills", "books"]})
    assert less(as_, bob, "power-drills").json["interests"] == ["books"]


def test_less_of_one_category_keeps_the_rest_of_its_family(as_, bob):
    as_(bob).patch("/v1/me/preferences", json={"interests": ["garden"]})
    assert less(as_, bob, "garden-tools").json["interests"] == ["mowers-and-trimmers"]


def test_less_of_everything_is_one_ask_a_week_less_down_to_none(as_, bob):
    as_(bob).patch("/v1/me/preferences", json={"asks_per_week": 1})
    assert [less(as_, bob, "all").json["asks_per_week"] for _ in range(2)] == [0, 0]


def test_who_is_asked_for_an_offer_hears_so(as_, offer, bob):
    assert less(as_, bob, "power-drills").status_code == 200
    offer(bob, "Perceuse")
    answer = less(as_, bob, "power-drills")
    assert (answer.status_code, answer.json["code"]) == (409, "asked_for_an_offer")


@pytest.mark.parametrize(
    ("title", "filed"),
    [("Scie sauteuse", {"kind": "item", "category": "saws"}), ("Livre sur la perceuse", {"category": "books"})],
)
def test_who_is_asked_for_an_offer_of_another_category_hears_so_too(as_, offer, ask, ana, bob, title, filed):
    """One of the same family, or one with the word of the need: tomorrow it would bring the like of it again."""
    offer(bob, title, **filed)
    ask(ana, "Une perceuse")
    assert as_(bob).get("/v1/me/asked").json["items"]
    assert less(as_, bob, "power-drills").json["code"] == "asked_for_an_offer"


@pytest.mark.parametrize("what", ["nonsense", "", None, 3])
def test_less_of_nothing_known_is_refused(as_, bob, what):
    assert less(as_, bob, what).status_code == 422


def test_who_leaves_is_asked_no_more_and_the_words_of_their_needs_go(as_, offer, ask, ana, bob, cleo, pass_time):
    offer(bob, "Perceuse")
    ask(ana)
    pass_time(days=1)
    ask(cleo)
    publish(AccountErasing(ana.id))
    db.session.expire_all()
    assert sorted(tuple(each.why.get("words", ())) for each in db.session.query(Asked)) == [(), ("perceuse",)]
    assert [each.why for each in db.session.query(Asked) if not each.why.get("words")] == [{}]
    publish(AccountErasing(bob.id))
    assert db.session.query(Asked).count() == 0
