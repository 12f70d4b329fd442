"""Minutes that somebody gives of their own will: to a neighbour, to the pot, and back."""

from __future__ import annotations

from uuid import uuid4

import pytest

from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.timebank.models import Memo, Rejected, Transfer
from tests.databases import count_of
from tests.factories.exchanges import agree


def test_minutes_given_are_in_both_accounts(ana, bob, give, balances, lines):
    made = give(bob, ana, 60, memo="Pour le thé !")
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/me/timebank/entries")
    assert (made.json["kind"], made.json["minutes"], made.json["memo"]) == ("gift", -60, "Pour le thé !")
    assert balances(ana, bob) == [60, -60]
    assert [(each["minutes"], each["other"]["name"]) for each in lines(ana)] == [(60, "Bob B.")]


@pytest.mark.parametrize("minutes", [0, -5, 1.5, "60", None, True, 10_081])
def test_only_whole_minutes_above_zero_are_taken(ana, bob, give, minutes):
    """LED-05."""
    refused = give(bob, ana, minutes)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/minutes")
    assert count_of(Transfer) == 0


def test_there_is_no_rate_to_say(ana, bob, give):
    """LED-05: an hour is an hour."""
    assert give(bob, ana, 60, rate=2).status_code == 422


def test_nobody_gives_to_themselves(bob, give):
    """LED-05."""
    refused = give(bob, bob, 60)
    assert (refused.status_code, refused.json["code"]) == (409, "same_account")


@pytest.mark.parametrize("to", [{}, {"to_user_id": str(uuid4()), "to_pot": True}, {"to_pot": False}])
def test_a_transfer_has_one_payee(as_, bob, to):
    assert as_(bob).post("/v1/timebank/transfers", json=to | {"minutes": 5}).status_code == 422


def test_an_account_goes_to_its_floor_and_no_further(ana, bob, give, balances, account):
    """LED-04."""
    assert account(bob)["floor_minutes"] == -300
    refused = give(bob, ana, 301)
    assert (refused.status_code, refused.json["code"]) == (409, "floor_reached")
    assert give(bob, ana, 300).status_code == 201
    assert give(bob, ana, 1).status_code == 409
    assert balances(ana, bob) == [300, -300]


@pytest.fixture
def set_floor(as_, moderator, neighbours):
    """`set_floor(-60)`: the answer where a moderator sets how low the neighbourhood's accounts may go."""
    rules = f"/v1/neighbourhoods/{neighbours.id}/rules"
    return lambda minutes: as_(moderator).patch(rules, json={"floor_minutes": minutes})


def test_a_neighbourhood_sets_its_own_floor(ana, bob, set_floor, give, balances, account):
    """LED-04: it holds for those who live there, from the next transfer on."""
    assert set_floor(-60).json["floor_minutes"] == -60
    assert account(bob)["floor_minutes"] == -60
    assert [give(bob, ana, minutes).status_code for minutes in (61, 60, 1)] == [409, 201, 409]
    assert set_floor(0).status_code == 200
    assert (give(bob, ana, 1).json["code"], give(ana, bob, 60).status_code) == ("floor_reached", 201)
    assert balances(ana, bob) == [0, 0]


@pytest.mark.parametrize("minutes", [1, -6001, 0.5, None])
def test_a_floor_is_at_zero_or_below_and_not_bottomless(set_floor, minutes):
    refused = set_floor(minutes)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/floor_minutes")


def test_what_is_pending_cannot_be_given_away(ana, bob, lesson, give):
    """LED-04."""
    agree(bob, lesson, minutes=240)
    assert give(bob, ana, 61).json["code"] == "floor_reached"
    assert give(bob, ana, 60).status_code == 201


def test_who_is_blocked_or_not_there_gets_nothing(as_, ana, bob, give):
    as_(ana).put(f"/v1/me/blocks/{bob.id}")
    assert give(bob, ana, 5).status_code == 404
    nobody = as_(bob).post("/v1/timebank/transfers", json={"to_user_id": str(uuid4()), "minutes": 5})
    assert nobody.status_code == 404
    assert count_of(Transfer) == 0


def test_the_same_id_and_content_are_one_transfer(ana, bob, give, balances):
    """LED-06."""
    id = str(new_id())
    first, again = give(bob, ana, 60, id=id, memo="Merci"), give(bob, ana, 60, id=id, memo="Merci")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["transfer_id"] == id
    assert again.json == first.json
    assert balances(ana, bob) == [60, -60]


@pytest.mark.parametrize("other", [{"minutes": 61}, {"memo": "Autre"}, {"payee": "cleo"}, {"payee": "pot"}])
def test_the_same_id_with_other_content_is_taken(neighbours, ana, bob, cleo, give, balances, other):
    """LED-06."""
    id = str(new_id())
    give(bob, ana, 60, id=id)
    payee = {"ana": ana, "cleo": cleo, "pot": None}[other.get("payee", "ana")]
    refused = give(bob, payee, other.get("minutes", 60), id=id, memo=other.get("memo", ""))
    assert (refused.status_code, refused.json["code"]) == (409, "id_taken")
    assert balances(ana, bob, cleo) == [60, -60, 0]


def test_somebody_elses_id_is_taken_and_shows_nothing(ana, bob, cleo, give):
    """LED-06."""
    id = str(new_id())
    give(bob, ana, 60, id=id, memo="Entre nous")
    refused = give(cleo, ana, 60, id=id, memo="Entre nous")
    assert (refused.status_code, refused.json["code"]) == (409, "id_taken")
    assert "Bob" not in refused.text


def test_an_id_that_failed_never_succeeds_later(ana, bob, give, balances):
    """LED-06: also when there are minutes again."""
    id = str(new_id())
    assert give(bob, ana, 301, id=id).json["code"] == "floor_reached"
    give(ana, bob, 100)
    refused = give(bob, ana, 301, id=id)
    assert (refused.status_code, refused.json["code"]) == (409, "transfer_refused")
    assert give(bob, ana, 1, id=id).json["code"] == "transfer_refused"
    assert balances(ana, bob) == [-100, 100]
    assert count_of(Rejected) == 1


def test_an_id_refused_where_gifts_are_not_counted_stays_refused(ana, bob, give, count_gifts):
    """LED-06: also once hours are counted again."""
    id = str(new_id())
    count_gifts("gift")
    assert give(bob, ana, 5, id=id).json["code"] == "gift_mode"
    count_gifts("hours")
    assert give(bob, ana, 5, id=id).json["code"] == "transfer_refused"


def test_an_id_refused_as_a_gift_to_oneself_stays_refused(ana, bob, give):
    """LED-06."""
    id = str(new_id())
    assert give(bob, bob, 5, id=id).json["code"] == "same_account"
    assert give(bob, ana, 5, id=id).json["code"] == "transfer_refused"


@pytest.mark.parametrize("since", ["blocked", "gift", "erased", "spent"])
def test_what_was_done_is_the_answer_whatever_happened_since(as_, ana, bob, cleo, give, count_gifts, since):
    """LED-06: the phone that lost the first answer learns that its minutes went."""
    id = str(new_id())
    first = give(bob, ana, 60, id=id)
    match since:
        case "blocked":
            as_(ana).put(f"/v1/me/blocks/{bob.id}")
        case "gift":
            count_gifts("gift")
        case "erased":
            ana.state = "erased"
            db.session.commit()
        case "spent":
            give(bob, cleo, 240)
    again = give(bob, ana, 60, id=id)
    assert (again.status_code, again.json["transfer_id"]) == (200, first.json["transfer_id"])


def test_a_share_repeated_after_moving_house_is_the_same_share(as_, bob, neighbours, give):
    """LED-06."""
    id = str(new_id())
    give(bob, None, 60, id=id)
    as_(bob).delete("/v1/me/home")
    assert give(bob, None, 60, id=id).status_code == 200


def test_without_an_id_two_are_two(ana, bob, give, balances):
    give(bob, ana, 60)
    give(bob, ana, 60)
    assert balances(ana, bob) == [120, -120]


def test_who_received_gives_back_once(ana, bob, give, reverse, balances, lines):
    """LED-02: a correction is a reversing transfer, once."""
    id = give(bob, ana, 60).json["transfer_id"]
    back = reverse(ana, id)
    assert (back.status_code, back.json["kind"], back.json["minutes"]) == (201, "reversal", -60)
    assert reverse(ana, id).json["code"] == "already_reversed"
    assert balances(ana, bob) == [0, 0]
    assert [(each["kind"], each["reversed"]) for each in lines(bob)] == [("reversal", False), ("gift", True)]


def test_a_taking_back_is_not_taken_back(ana, bob, give, reverse, balances):
    """LED-02."""
    back = reverse(ana, give(bob, ana, 60).json["transfer_id"]).json["transfer_id"]
    assert [reverse(user, back).status_code for user in (ana, bob)] == [409, 409]
    assert balances(ana, bob) == [0, 0]


def test_a_help_too_may_be_given_back(ana, bob, lesson, helped, lines, reverse, balances):
    """LED-02."""
    helped(bob, lesson, 60)
    assert reverse(ana, lines(ana)[0]["transfer_id"]).status_code == 201
    assert balances(ana, bob) == [0, 0]


def test_who_gave_takes_nothing_back(ana, bob, cleo, give, reverse, balances):
    """LED-08: and to all others there is nothing."""
    id = give(bob, ana, 60).json["transfer_id"]
    assert reverse(bob, id).status_code == 409
    assert reverse(cleo, id).status_code == 404
    assert reverse(cleo, str(uuid4())).status_code == 404
    assert balances(ana, bob) == [60, -60]


def test_giving_back_does_not_go_below_the_floor(ana, bob, cleo, give, reverse, balances):
    """LED-04: it is a voluntary transfer like others; two friends would pass minutes on without end."""
    id = give(ana, bob, 300).json["transfer_id"]
    give(bob, cleo, 600)
    refused = reverse(bob, id)
    assert (refused.status_code, refused.json["code"]) == (409, "floor_reached")
    give(cleo, bob, 300)
    assert reverse(bob, id).status_code == 201
    assert balances(ana, bob, cleo) == [0, -300, 300]


def test_an_empty_memo_is_not_kept(ana, bob, give):
    give(bob, ana, 60)
    assert count_of(Memo) == 0
