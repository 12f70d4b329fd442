"""SEC-27: one budget of first words to people one has not dealt with, whatever carries them."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from neighbourly.accounts import passwords
from neighbourly.acquaintances import jobs
from neighbourly.acquaintances.models import Acquaintance
from neighbourly.conversations.models import Message
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.listings.models import Listing
from neighbourly.notifications.models import Notification
from neighbourly.timebank.models import Entry
from tests import people
from tests.databases import count_of
from tests.factories.exchanges import agree, day, propose
from tests.factories.listings import ask, offer

WORDS = "Je te vois."


@pytest.fixture
def post(as_):
    """`post(bob, "/conversations", body="…")`: the status, and the code of a refusal."""

    def call(user, path, **body):
        answer = as_(user).post(f"/v1{path}", json=body)
        return answer.status_code, answer.json.get("code") if answer.json else None

    return call


@pytest.fixture
def carry(as_, post, ana):
    """`carry(bob, "memo", words)`: Bob says this to Ana by that carrier, each time a fresh one."""

    def question(user, owner, words):
        return post(user, "/conversations", listing_id=str(offer(owner).id), body=words or "?")

    def proposal(user, owner, words):
        times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
        return post(user, "/exchanges", listing_id=str(offer(owner).id), message=words, **times)

    def answer(user, owner, words):
        return post(user, f"/listings/{ask(owner).id}/answers", answer="yes", message=words, listing_id=None)

    def named_answer(user, owner, words):
        return post(user, f"/listings/{ask(owner).id}/answers", answer="later", **({"title": words} if words else {}))

    def helping(user, owner, words):
        need = ask(owner, "Porter un canapé", kind="time", category=None)
        times = {"starts_at": day(1).isoformat(), "ends_at": day(1.04).isoformat()}
        return post(user, "/exchanges", listing_id=str(need.id), message=words, **times)

    def memo(user, owner, words):
        return post(user, "/timebank/transfers", to_user_id=str(owner.id), minutes=1, memo=words)

    by = {
        "question": question,
        "proposal": proposal,
        "answer": answer,
        "named answer": named_answer,
        "proposal to help": helping,
        "memo": memo,
    }
    return lambda user, carrier, words=WORDS, to=None: by[carrier](user, to or ana, words)


CARRIERS = ("question", "proposal", "answer", "named answer", "proposal to help", "memo")


@pytest.mark.parametrize("last", CARRIERS)
@pytest.mark.parametrize("first", CARRIERS)
def test_three_in_a_row_over_all_carriers_and_threads(carry, bob, first, last):
    """SEC-27: what one door refuses no other lets through, and what is refused leaves nothing."""
    assert [carry(bob, first)[0] for _ in range(3)] == [201] * 3
    said, moved = count_of(Message), count_of(Entry)
    told = count_of(Notification)
    assert carry(bob, last) == (409, "wait_for_reply")
    assert (count_of(Message), count_of(Entry), count_of(Notification)) == (said, moved, told)


@pytest.mark.parametrize("carrier", [each for each in CARRIERS if each != "question"])
def test_without_words_it_goes_all_the_same(carry, bob, carrier):
    """SEC-27: a tap is not refused for words, and the refusal names the words."""
    for _ in range(3):
        carry(bob, "question")
    assert carry(bob, carrier)[0] == 409
    assert carry(bob, carrier, "")[0] == 201


def test_the_refusal_points_at_the_words(as_, carry, ana, bob):
    for _ in range(3):
        carry(bob, "memo")
    body = {"to_user_id": str(ana.id), "minutes": 1, "memo": WORDS, "id": str(new_id())}
    refused = as_(bob).post("/v1/timebank/transfers", json=body)
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [("/memo", "wait_for_reply")]
    carry(ana, "question", to=bob)
    assert as_(bob).post("/v1/timebank/transfers", json=body).status_code == 201, "it waited, it was not rejected"


def test_withdrawn_and_made_again_is_no_new_beginning(as_, ana, bob):
    """SEC-27: propose, withdraw, propose, on as many listings as there are."""
    got = []
    for number in range(6):
        times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
        body = {"listing_id": str(offer(ana, "Perceuse").id), "message": f"{WORDS} {number}", **times}
        made = as_(bob).post("/v1/exchanges", json=body)
        got.append(made.status_code)
        if made.status_code == 201:
            as_(bob).post(f"/v1/exchanges/{made.json['id']}/withdraw", json={})
    assert got == [201] * 3 + [409] * 3


def test_taps_to_one_person_end_too(as_, ana, bob):
    """SEC-27: each makes a notice; ten taken back without any reaction are more than a newcomer needs."""
    for _ in range(10):
        as_(bob).post(f"/v1/exchanges/{propose(bob, offer(ana)).id}/withdraw", json={})
    times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    wish = {"listing_id": str(offer(ana).id), **times}
    assert as_(bob).post("/v1/exchanges", json=wish).json["code"] == "wait_for_reply"


def test_who_is_refused_each_time_may_go_on_asking_without_words(as_, carry, ana, bob):
    """A no is a reaction to the taps, and no invitation to write."""
    for _ in range(3):
        carry(bob, "proposal")
    for _ in range(11):
        as_(bob).post(f"/v1/exchanges/{propose(bob, offer(ana)).id}/withdraw", json={})
        assert as_(ana).post(f"/v1/exchanges/{propose(bob, offer(ana)).id}/decline", json={}).status_code == 200
    assert carry(bob, "proposal") == (409, "wait_for_reply")


@pytest.mark.parametrize("carrier", ["question", "proposal", "memo"])
def test_ten_strangers_a_day_over_all_carriers(carry, new_user, bob, later, carrier):
    """SEC-27: as many as could be asked something before."""
    street = [new_user(f"N{number}", home=people.ANA_CELL) for number in range(11)]
    for number, owner in enumerate(street[:10]):
        by = ("question", "memo")[number % 2]
        assert carry(bob, by, to=owner)[0] == 201
    assert carry(bob, carrier, to=street[10]) == (409, "too_many_questions")
    later(hours=25)
    assert carry(bob, carrier, to=street[10])[0] == 201


def test_a_tap_first_and_words_later_count_as_words(as_, carry, new_user, bob):
    """SEC-27: proposals without a word, then a message in each thread."""
    street = [new_user(f"N{number}", home=people.ANA_CELL) for number in range(11)]
    for owner in street[:10]:
        propose(bob, offer(owner))
        as_(bob).post(f"/v1/exchanges/{_last(as_, bob)}/withdraw", json={})
        assert carry(bob, "question", to=owner)[0] == 201
    last = propose(bob, offer(street[10])).conversation_id
    refused = as_(bob).post(f"/v1/conversations/{last}/messages", json={"body": WORDS})
    assert refused.json["code"] == "too_many_questions"


def _last(as_, user) -> str:
    return str(as_(user).get("/v1/exchanges?limit=1").json["items"][0]["id"])


def test_a_yes_with_words_to_every_need_ends_at_twenty_people(carry, new_user, bob):
    """SEC-27: it answers what was asked of everyone, so more is right than of strangers; thirty are not.

    Each need is met before the next, so that no more yeses wait at once than may.
    """
    street, got = [new_user(f"N{number}", home=people.ANA_CELL) for number in range(22)], []
    for owner in street:
        got.append(carry(bob, "answer", to=owner))
        db.session.execute(update(Listing).values(status="fulfilled"))
    assert [status for status, _ in got] == [201] * 20 + [409] * 2
    assert got[-1][1] == "too_many_questions"


def test_who_answers_many_may_still_ask_ten(carry, new_user, bob):
    """The honest pay nothing: yeses are counted apart from strangers."""
    street = [new_user(f"N{number}", home=people.ANA_CELL) for number in range(16)]
    assert {carry(bob, "answer", to=owner)[0] for owner in street[:8]} == {201}
    assert {carry(bob, "question", to=owner)[0] for owner in street[8:16]} == {201}


REPLIES = {
    "accepts": lambda as_, ana, wish, chat: as_(ana).post(f"/v1/exchanges/{wish}/accept", json={}),
    "counters": lambda as_, ana, wish, chat: as_(ana).post(
        f"/v1/exchanges/{wish}/counter", json={"starts_at": day(4).isoformat(), "ends_at": day(5).isoformat()}
    ),
    "writes": lambda as_, ana, wish, chat: as_(ana).post(f"/v1/conversations/{chat}/messages", json={"body": "Oui"}),
    "taps a reply": lambda as_, ana, wish, chat: as_(ana).post(
        f"/v1/conversations/{chat}/messages", json={"quick": "on_my_way"}
    ),
}


@pytest.mark.parametrize("reply", REPLIES)
def test_once_the_other_has_tapped_or_written_nothing_is_counted(as_, carry, ana, bob, reply):
    """SEC-27: in whatever thread, and for good."""
    wish = propose(bob, offer(ana), message=WORDS)
    chat = f"/v1/conversations/{wish.conversation_id}/messages"
    assert [as_(bob).post(chat, json={"body": f"{n}"}).status_code for n in range(3)] == [201, 201, 409]
    assert REPLIES[reply](as_, ana, wish.id, wish.conversation_id).status_code in (200, 201)
    assert [as_(bob).post(chat, json={"body": f"{n}"}).status_code for n in range(8)] == [201] * 8
    assert [carry(bob, each)[0] for each in CARRIERS] == [201] * len(CARRIERS)


def test_who_said_yes_is_chosen_and_both_write_as_they_like(as_, ana, bob):
    """The asker's choice is the answer to the words of the yes."""
    need = ask(ana)
    yes = as_(bob).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "message": WORDS}).json
    times = {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    loan = as_(ana).post("/v1/exchanges", json={"answer_id": yes["id"], "message": "Merci", **times}).json
    chat = f"/v1/conversations/{loan['conversation_id']}/messages"
    for writer in (ana, bob):
        assert [as_(writer).post(chat, json={"body": f"{n}"}).status_code for n in range(6)] == [201] * 6


def test_the_same_again_is_counted_once(as_, ana, bob):
    """REL-07: a retry, the same words again, and an answer said again."""
    thing, need, id = offer(ana), ask(ana), str(new_id())
    asks = {"listing_id": str(thing.id), "body": WORDS, "id": id}
    yes = {"answer": "yes", "message": WORDS, "listing_id": None}
    wish = {"listing_id": str(thing.id), "message": WORDS, "id": str(new_id())}
    wish |= {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    for path, body in (("conversations", asks), (f"listings/{need.id}/answers", yes), ("exchanges", wish)):
        assert {as_(bob).post(f"/v1/{path}", json=body).status_code for _ in range(4)} <= {200, 201}
    assert db.session.scalars(db.select(Acquaintance.word_count)).one() == 3


@pytest.mark.parametrize("end", ["decline", "withdraw", "expire"])
def test_a_proposal_that_comes_to_nothing_closes_the_thread_to_who_made_it(as_, ana, bob, later, end):
    """SEC-27: at once; the other side may write, and then both may."""
    agree(bob, offer(ana, "Une tente"))
    wish = propose(bob, offer(ana), begins=5)
    if end == "expire":
        later(hours=73)
    else:
        assert as_(ana if end == "decline" else bob).post(f"/v1/exchanges/{wish.id}/{end}", json={}).status_code == 200
    thread = f"/v1/conversations/{wish.conversation_id}"
    write = lambda user: as_(user).post(f"{thread}/messages", json={"body": "Pourquoi ?"})  # noqa: E731
    assert [as_(each).get(thread).json["closed"] for each in (bob, ana)] == [True, False]
    assert write(bob).json["code"] == "conversation_closed"
    assert write(ana).status_code == 201
    assert as_(bob).get(thread).json["closed"] is False
    assert write(bob).status_code == 201


def test_what_is_accepted_late_is_open_again(as_, ana, bob, later):
    wish = propose(bob, offer(ana), begins=5)
    later(hours=73)
    assert as_(ana).post(f"/v1/exchanges/{wish.id}/accept", json={}).status_code == 200
    thread = f"/v1/conversations/{wish.conversation_id}/messages"
    assert as_(bob).post(thread, json={"body": "Merci !"}).status_code == 201


def test_who_leaves_is_known_to_nobody_and_what_was_never_answered_is_forgotten(as_, ana, bob, cleo, carry, later):
    """GDP-02, GDP-08."""
    carry(bob, "question"), carry(cleo, "question")
    cleo.password_hash = passwords.hashed(people.PASSWORD)
    db.session.commit()
    assert as_(cleo).delete("/v1/me", json={"password": people.PASSWORD}).status_code == 204
    assert count_of(Acquaintance) == 1
    agree(bob, offer(people.make("Dora D.", home=people.ANA_CELL)))
    later(days=364)
    jobs.forget_old()
    assert count_of(Acquaintance) == 2
    later(days=2)
    jobs.forget_old()
    assert count_of(Acquaintance) == 1


def test_a_message_costs_one_statement_more_at_most(as_, ana, bob, statements):
    """Also of two who have not met."""
    wish = propose(bob, offer(ana), message=WORDS)
    chat, client = f"/v1/conversations/{wish.conversation_id}/messages", as_(bob)
    with statements() as first:
        assert client.post(chat, json={"body": "Un"}).status_code == 201
    as_(ana).post(chat, json={"body": "Oui"})
    with statements() as then:
        assert client.post(chat, json={"body": "Deux"}).status_code == 201
    for seen in (first, then):
        assert sum("acquaintances" in each for each in seen) == 1
