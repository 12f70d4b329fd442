"""The neighbourhood's pot: shared into, granted from, covering what an account cannot, seen by its neighbours."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import select

from neighbourly.core.audit import AuditEntry
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.timebank.models import TimeAccount
from tests.factories.exchanges import agree
from tests.factories.listings import offer


@pytest.fixture
def lesson(ana, neighbours):
    """Ana teaches, where she lives."""
    return offer(ana, "Cours d'anglais", kind="skill", category=None)


def test_a_share_goes_to_the_pot_of_ones_own_neighbourhood(bob, give, pot, balances, lines):
    made = give(bob, None, 60)
    assert (made.status_code, made.json["kind"]) == (201, "share")
    assert (made.json["other"]["pot"], made.json["other"]["id"]) == (True, None)
    assert made.json["other"]["name"].startswith("Pot commun")
    assert (pot()["balance_minutes"], balances(bob)) == (60, [-60])
    (month,) = pot()["months"]
    assert (month["in_minutes"], month["out_minutes"], month["by_kind"]) == (60, 0, {"share": 60})


def test_without_a_home_there_is_no_pot_to_share_with(new_user, give):
    assert give(new_user("Nora N."), None, 60).status_code == 404


def test_the_pot_is_seen_by_its_neighbours_and_who_governs_it_alone(as_, ana, stranger, moderator, neighbours):
    path = f"/v1/neighbourhoods/{neighbours.id}/pot"
    assert [as_(user).get(path).status_code for user in (ana, moderator, stranger)] == [200, 200, 403]
    assert as_(ana).get(f"/v1/neighbourhoods/{uuid4()}/pot").status_code == 404


def test_of_somebody_behind_a_block_the_pot_tells_who_governs_the_minutes_alone(
    as_, bob, cleo, give, moderator, neighbours
):
    """SEC-02: neither who it was nor their words."""
    give(bob, None, 60, memo="CANARI")
    give(cleo, None, 30, memo="Pour tous")
    as_(bob).put(f"/v1/me/blocks/{moderator.id}")
    cleos, bobs = as_(moderator).get(f"/v1/neighbourhoods/{neighbours.id}/pot").json["entries"]["items"]
    assert (cleos["other"]["name"], cleos["memo"]) == ("Cleo C.", "Pour tous")
    assert (bobs["minutes"], bobs["memo"], bobs["other"]["id"], bobs["other"]["pot"]) == (60, "", None, False)
    assert "Bob" not in bobs["other"]["name"]


def test_an_empty_pot_is_there(pot, neighbours):
    assert pot() == {
        "neighbourhood_id": str(neighbours.id),
        "balance_minutes": 0,
        "pending_minutes": 0,
        "months": [],
        "entries": {"items": [], "next": None},
    }


def test_moderators_grant_from_it_on_record(ana, bob, give, grant, moderator, pot, balances):
    give(bob, None, 60)
    made = grant(ana, 25, memo="Bienvenue")
    assert (made.status_code, made.json["kind"], made.json["minutes"]) == (201, "grant", -25)
    assert (pot()["balance_minutes"], balances(ana)) == (35, [25])
    record = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "minutes_granted")).one()
    assert (record.actor_id, record.subject_id) == (moderator.id, ana.id)


def test_neighbours_and_moderators_of_elsewhere_grant_nothing(ana, bob, new_user, give, grant, pot):
    give(bob, None, 60)
    other = new_user("Max M.", role="moderator", territory_code="elsewhere")
    assert [grant(ana, 5, by=user).status_code for user in (ana, bob, other)] == [403, 403, 403]
    assert pot()["balance_minutes"] == 60


def test_who_governs_grants_themselves_nothing(bob, give, grant, moderator, pot):
    give(bob, None, 60)
    assert grant(moderator, 5).status_code == 403
    assert pot()["balance_minutes"] == 60


def test_an_empty_pot_grants_nothing(ana, bob, give, grant, balances):
    """LED-04: a pot never owes."""
    give(bob, None, 60)
    refused = grant(ana, 61)
    assert (refused.status_code, refused.json["code"]) == (409, "pot_empty")
    assert grant(ana, 60).status_code == 201
    assert grant(ana, 1).json["code"] == "pot_empty"
    assert balances(ana) == [60]


def test_a_grant_repeated_is_one_and_a_refused_one_stays_refused(ana, bob, give, grant, balances):
    """LED-06."""
    id, late = str(new_id()), str(new_id())
    assert grant(ana, 30, id=late).json["code"] == "pot_empty"
    give(bob, None, 60)
    assert [grant(ana, 30, id=id).status_code for _ in range(2)] == [201, 200]
    assert grant(bob, 30, id=id).json["code"] == "id_taken"
    assert grant(ana, 30, id=late).json["code"] == "transfer_refused"
    assert balances(ana) == [30]


def test_neither_shares_nor_grants_are_taken_back(ana, bob, give, grant, reverse, pot, moderator):
    share = give(bob, None, 60).json["transfer_id"]
    given = grant(ana, 30).json["transfer_id"]
    assert [reverse(ana, given).status_code, reverse(bob, share).status_code] == [409, 409]
    assert reverse(moderator, share).status_code == 404
    assert pot()["balance_minutes"] == 30


def test_a_help_beyond_the_floor_is_covered_by_the_pot_when_it_is_accepted(
    ana, bob, cleo, known, lesson, give, act, as_, pot, account, balances
):
    """LED-04."""
    give(cleo, None, 100)
    give(bob, cleo, 280)
    exchange = agree(bob, lesson, minutes=60)
    assert as_(bob).get(f"/v1/exchanges/{exchange.id}").json["warning"] == {
        "covered_minutes": 40,
        "below_floor": False,
    }
    assert as_(ana).get(f"/v1/exchanges/{exchange.id}").json["warning"] is None
    assert (account(bob)["pending_minutes"], pot()["pending_minutes"], pot()["balance_minutes"]) == (20, 40, 100)
    act(bob, exchange, "done")
    act(bob, exchange, "confirm")
    assert (pot()["pending_minutes"], pot()["balance_minutes"]) == (0, 60)
    assert balances(ana, bob) == [60, -300]


@pytest.mark.parametrize(
    ("done", "left_in_pot", "balance"), [(20, 100, -300), (10, 100, -290), (30, 90, -300), (60, 60, -300)]
)
def test_the_pot_pays_no_more_than_what_is_missing(
    ana, bob, cleo, known, lesson, give, act, pot, balances, done, left_in_pot, balance
):
    """LED-04: a help that took less time falls short by less."""
    give(cleo, None, 100)
    give(bob, cleo, 280)
    exchange = agree(bob, lesson, minutes=60)
    act(bob, exchange, "done", minutes=done)
    act(bob, exchange, "confirm")
    assert (pot()["balance_minutes"], balances(ana, bob)) == (left_in_pot, [done, balance])


def test_of_a_help_within_ones_means_there_is_no_warning(as_, bob, lesson):
    exchange = agree(bob, lesson, minutes=300)
    assert as_(bob).get(f"/v1/exchanges/{exchange.id}").json["warning"] is None


def test_what_the_pot_promised_is_not_granted_besides(ana, bob, cleo, known, lesson, give, grant):
    """LED-04."""
    give(cleo, None, 50)
    give(bob, cleo, 300)
    agree(bob, lesson, minutes=30)
    assert grant(ana, 21).json["code"] == "pot_empty"
    assert grant(ana, 20).status_code == 201


def test_a_cancelled_help_gives_the_pot_its_promise_back(bob, cleo, known, lesson, give, act, pot, account):
    give(cleo, None, 50)
    give(bob, cleo, 300)
    act(bob, agree(bob, lesson, minutes=30), "cancel")
    assert (pot()["pending_minutes"], account(bob)["pending_minutes"]) == (0, 0)


def test_a_help_that_took_less_time_takes_no_more_than_that_from_the_pot(
    ana, bob, cleo, known, lesson, give, act, pot, balances
):
    give(cleo, None, 100)
    give(bob, cleo, 300)
    exchange = agree(bob, lesson, minutes=60)
    act(bob, exchange, "done", minutes=20)
    act(bob, exchange, "confirm")
    assert (pot()["balance_minutes"], balances(ana, bob)) == (80, [20, -300])


def test_an_account_that_never_moved_is_opened_when_it_is_needed(bob, account, lesson):
    assert account(bob)["balance_minutes"] == 0
    assert db.session.scalar(select(TimeAccount.id).where(TimeAccount.user_id == bob.id)) is None
    agree(bob, lesson, minutes=30)
    assert account(bob)["pending_minutes"] == 30
