"""At the door: handing over, bringing back, codes that attest, help that took place."""

from __future__ import annotations

import pytest

from neighbourly.bookings.models import Copy, Occupation
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from tests.databases import count_of
from tests.factories.exchanges import agree, lend, propose
from tests.factories.listings import offer


@pytest.mark.parametrize("tapper", ["ana", "bob"])
def test_one_tap_of_either_side_and_the_other_is_told(request, ana, bob, drill, act, news, tapper):
    user, other = (ana, bob) if tapper == "ana" else (bob, ana)
    exchange = agree(bob, drill)
    handed = act(user, exchange, "hand_over", condition="Deux forets, une rayure.").json
    assert (handed["state"], handed["condition_before"]) == ("handed_over", "Deux forets, une rayure.")
    assert handed["object_until"] is not None
    assert news(other)[-1] == "exchange_handed_over"
    assert "object" not in handed["allowed_actions"]


def test_the_other_may_object_within_a_day(ana, bob, drill, act, look, later):
    exchange = agree(bob, drill, days=5)
    act(ana, exchange, "hand_over")
    later(hours=23)
    assert "object" in look(bob, exchange)["allowed_actions"]
    later(hours=2)
    assert "object" not in look(bob, exchange)["allowed_actions"]
    assert act(bob, exchange, "object").status_code == 409


def test_an_objection_is_a_dispute(ana, bob, drill, act):
    exchange = agree(bob, drill)
    act(ana, exchange, "hand_over")
    objected = act(bob, exchange, "object").json
    assert (objected["state"], objected["dispute_reason"]) == ("disputed", "objected")


def test_an_early_hand_over_begins_the_occupation_now(ana, bob, drill, act):
    exchange = agree(bob, drill, begins=3)
    act(ana, exchange, "hand_over")
    occupation = db.session.scalars(db.select(Occupation)).one()
    assert occupation.period.lower <= clock.now()


def test_an_early_hand_over_goes_through_the_same_rule(ana, bob, cleo, drill, act):
    """BOK-04: who was promised it before that has it before that."""
    agree(cleo, drill, begins=1, days=1)
    exchange = agree(bob, drill, begins=3)
    refused = act(ana, exchange, "hand_over")
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert db.session.get_one(Exchange, exchange.id).state == "accepted"


def test_bringing_back_frees_the_rest(ana, bob, cleo, drill, act):
    exchange = lend(bob, drill, begins=0.001, days=10)
    returned = act(bob, exchange, "return", condition="Propre.").json
    assert (returned["state"], returned["condition_after"]) == ("returned", "Propre.")
    agree(cleo, drill, begins=1)


@pytest.mark.parametrize("meanwhile", ["broken", "paused", "closed", "not deleted"])
def test_bringing_back_is_legal_in_every_state_of_the_thing(as_, ana, bob, drill, act, meanwhile):
    exchange = lend(bob, drill)
    match meanwhile:
        case "broken":
            as_(ana).post(f"/v1/listings/{drill.id}/broken", json={})
        case "paused":
            as_(ana).post(f"/v1/listings/{drill.id}/pause", json={})
        case "closed":
            as_(ana).post(f"/v1/listings/{drill.id}/close", json={})
        case "not deleted":
            assert as_(ana).delete(f"/v1/listings/{drill.id}").json["code"] == "exchange_open"
    assert act(bob, exchange, "return").json["state"] == "returned"


def test_a_gift_ends_at_the_hand_over_and_with_the_last_copy_the_offer(ana, bob, cleo, act, look):
    gift = offer(ana, "Un lit d'enfant", terms="give", quantity=2)
    for receiver, status in ((bob, "published"), (cleo, "closed")):
        exchange = agree(receiver, gift, ends_at=None)
        act(ana, exchange, "hand_over")
        assert look(receiver, exchange)["state"] == "handed_over"
        assert "return" not in look(receiver, exchange)["allowed_actions"]
        assert db.session.get_one(Listing, gift.id).status == status
    assert all(copy.retired_at for copy in db.session.scalars(db.select(Copy)))


@pytest.fixture
def attested(ana, bob):
    """A loan of Ana's to Bob that needs a code."""
    return agree(bob, offer(ana, "Une remorque", requires_code=True), begins=0.01, days=5)


def code(as_, user, exchange):
    return as_(user).get(f"/v1/exchanges/{exchange.id}/code")


def test_a_code_attests_that_both_are_there(as_, ana, bob, attested, act, look, latest):
    shown = code(as_, ana, attested).json
    assert (shown["step"], len(shown["code"])) == ("hand_over", 6)
    assert shown["qr_svg"].startswith("<svg")
    assert code(as_, bob, attested).status_code == 409
    assert act(ana, attested, "hand_over").status_code == 409, "the one who shows it cannot enter it"
    handed = act(bob, attested, "hand_over", code=shown["code"]).json
    assert (handed["state"], handed["object_until"]) == ("handed_over", None)
    assert latest(ana) == "Bob: it was handed over | “Une remorque”: the code attests it."
    back = code(as_, bob, attested).json
    assert (back["step"], back["code"] == shown["code"]) == ("return", False)
    assert act(ana, attested, "return", code=back["code"]).json["state"] == "returned"


def test_without_the_code_nothing_moves(bob, attested, act):
    refused = act(bob, attested, "hand_over")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/code")


def test_five_wrong_tries_lock_the_code_for_a_quarter_of_an_hour(as_, ana, bob, attested, act, later):
    right = code(as_, ana, attested).json["code"]
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    tries = [act(bob, attested, "hand_over", code=wrong).json["code"] for _ in range(5)]
    assert tries == ["wrong_code"] * 5
    assert act(bob, attested, "hand_over", code=right).json["code"] == "code_locked"
    later(minutes=14)
    assert act(bob, attested, "hand_over", code=right).json["code"] == "code_locked"
    later(minutes=2)
    assert act(bob, attested, "hand_over", code=right).status_code == 200


def test_a_code_is_never_stored_nor_replayed(as_, ana, attested):
    shown = code(as_, ana, attested)
    assert shown.headers["Cache-Control"] == "no-store"
    columns = {name: getattr(attested, name) for name in Exchange.__table__.columns.keys()}  # noqa: SIM118
    assert shown.json["code"] not in map(str, columns.values())


def test_help_is_done_by_either_and_confirmed_by_who_received_it(ana, bob, act, news, look):
    lesson = offer(ana, "Cours d'anglais", kind="skill", category=None)
    exchange = agree(bob, lesson, minutes=60)
    done = act(ana, exchange, "done", minutes=90).json
    assert (done["state"], done["minutes"], done["agreed_minutes"]) == ("done", 90, 60)
    assert news(bob)[-1] == "help_to_confirm"
    assert act(ana, exchange, "confirm").status_code == 409
    assert act(bob, exchange, "confirm").json["state"] == "confirmed"
    assert news(ana)[-1] == "exchange_confirmed"


def test_who_helped_is_not_asked_to_confirm_what_they_cannot(ana, bob, act, latest, look):
    """LED-08: who pays confirms."""
    help = agree(bob, offer(ana, "Cours d'anglais", kind="skill", category=None))
    act(bob, help, "done")
    assert latest(ana).startswith("It is done")
    assert look(ana, help)["allowed_actions"] == ["dispute"]
    assert look(bob, help)["allowed_actions"] == ["confirm", "dispute"]


def test_a_thing_is_not_done_and_a_help_is_not_handed_over(ana, bob, drill, act):
    lesson = agree(bob, offer(ana, "Cours d'anglais", kind="skill", category=None))
    assert act(ana, agree(bob, drill), "done").status_code == 409
    assert act(ana, lesson, "hand_over").status_code == 409


def test_nothing_is_handed_over_before_it_is_agreed(bob, ana, drill, act):
    exchange = propose(bob, drill)
    assert act(ana, exchange, "hand_over").status_code == 409
    assert count_of(Occupation) == 0


def test_a_single_gift_is_given_once_whatever_times_are_named(ana, bob, cleo, act, news):
    """BOK-01: what is given away does not come back at an agreed end; and who proposed for later hears of it."""
    cot = offer(ana, "Un lit d'enfant", terms="give")
    hour = 1 / 24
    wish = propose(cleo, cot, begins=3 * hour, days=hour)
    first = agree(bob, cot, begins=hour, days=hour)
    refused = act(ana, wish, "accept")
    assert (refused.status_code, refused.json["code"]) == (409, "already_booked")
    assert act(ana, first, "hand_over").json["state"] == "handed_over"
    assert act(ana, wish, "accept").status_code == 409


@pytest.mark.parametrize("begins", [0.5, 3])
def test_who_proposed_for_a_gift_that_is_promised_hears_that_it_is_taken(ana, bob, cleo, run_jobs, latest, begins):
    """BOK-06: also for a time before the other's, as it would be gone by then."""
    cot = offer(ana, "Un lit d'enfant", terms="give")
    propose(cleo, cot, begins=begins, days=0.1)
    agree(bob, cot, begins=1, days=0.1)
    run_jobs()
    assert latest(cleo).startswith("Taken meanwhile")
