"""Waiting for a copy: the next in line is asked, and has a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from neighbourly.accounts import passwords
from neighbourly.core import clock
from neighbourly.core.db import db
from tests import people
from tests.factories.exchanges import agree, day, lend, propose
from tests.factories.listings import ask, offer


@pytest.fixture
def drill(ana):
    """One drill."""
    return offer(ana)


@pytest.fixture
def wait(as_):
    """`wait(bob, drill)`: Bob gets in line."""
    return lambda user, listing, **body: as_(user).put(f"/v1/listings/{listing.id}/waiting", json=body)


def turns(as_, user) -> int:
    return [each["type"] for each in as_(user).get("/v1/notifications").json["items"]].count("waiting_turn")


def test_the_next_in_line_is_asked_when_it_comes_back(as_, bob, cleo, ana, new_user, drill, wait):
    dora = new_user("Dora D.", home=None)
    loan = lend(bob, drill)
    for each in (cleo, dora):
        assert wait(each, drill).status_code == 200
    as_(bob).post(f"/v1/exchanges/{loan.id}/return", json={})
    assert (turns(as_, cleo), turns(as_, dora)) == (1, 0)
    (mine,) = as_(cleo).get("/v1/me/waiting").json["items"]
    assert (mine["title"], mine["asked_at"] is not None) == (drill.title, True)


def test_after_a_day_without_a_word_it_is_the_next_ones_turn(as_, bob, cleo, new_user, drill, wait, later):
    dora = new_user("Dora D.")
    loan = agree(bob, drill)
    wait(cleo, drill), wait(dora, drill)
    as_(bob).post(f"/v1/exchanges/{loan.id}/cancel", json={})
    later(hours=23)
    assert turns(as_, dora) == 0
    later(hours=2)
    assert turns(as_, dora) == 1
    assert as_(cleo).get("/v1/me/waiting").json["items"] == []


def test_a_turn_is_reminded_of_once_before_it_ends_and_not_who_has_asked_meanwhile(
    as_, bob, cleo, new_user, drill, wait, later
):
    """NOT-02."""
    dora = new_user("Dora D.")
    loan = agree(bob, drill)
    wait(cleo, drill), wait(dora, drill)
    as_(bob).post(f"/v1/exchanges/{loan.id}/cancel", json={})
    later(hours=17)
    assert turns(as_, cleo) == 1
    for _ in range(3):
        later(hours=1.5)
        assert turns(as_, cleo) == 2
    newest = as_(cleo).get("/v1/notifications", headers={"Accept-Language": "en"}).json["items"][0]
    assert newest["title"] == "Your turn ends: Perceuse à percussion"
    later(hours=3)
    assert (turns(as_, cleo), turns(as_, dora)) == (2, 1)
    propose(dora, drill)
    later(hours=20)
    assert turns(as_, dora) == 1


def test_a_turn_that_ends_in_the_morning_is_reminded_of_in_the_evening_before(as_, bob, cleo, drill, wait, later):
    """NOT-02: her night is quiet until an hour before its end."""
    now = clock.now()
    night = {"from": f"{now + timedelta(hours=12):%H:%M}", "to": f"{now + timedelta(hours=23, minutes=30):%H:%M}"}
    as_(cleo).patch("/v1/me/preferences", json={"quiet_hours": night, "time_zone": "Etc/UTC"})
    loan = agree(bob, drill)
    wait(cleo, drill)
    as_(bob).post(f"/v1/exchanges/{loan.id}/cancel", json={})
    later(hours=10.8)
    assert turns(as_, cleo) == 1
    later(hours=0.4)
    assert turns(as_, cleo) == 2


def test_who_has_got_it_waits_no_longer(as_, ana, cleo, drill, wait):
    wait(cleo, drill)
    agree(cleo, drill)
    assert as_(cleo).get("/v1/me/waiting").json["items"] == []


def test_who_leaves_the_line_passes_the_turn_on(as_, bob, cleo, new_user, drill, wait):
    dora = new_user("Dora D.")
    loan = agree(bob, drill)
    wait(cleo, drill), wait(dora, drill)
    as_(bob).post(f"/v1/exchanges/{loan.id}/cancel", json={})
    assert as_(cleo).delete(f"/v1/listings/{drill.id}/waiting").status_code == 204
    assert turns(as_, dora) == 1


def test_nobody_who_blocked_or_was_blocked_gets_a_turn(as_, ana, bob, cleo, drill, wait):
    loan = lend(bob, drill)
    wait(cleo, drill)
    as_(ana).put(f"/v1/me/blocks/{cleo.id}")
    as_(bob).post(f"/v1/exchanges/{loan.id}/return", json={})
    assert turns(as_, cleo) == 0
    assert as_(cleo).get("/v1/me/waiting").json["items"] == []


def test_one_waits_for_what_others_offer_once(as_, ana, bob, drill, wait):
    need = ask(ana)
    assert wait(bob, need).status_code == 404
    assert wait(ana, drill).json["code"] == "own_thing"
    first, again = wait(bob, drill), wait(bob, drill, starts_at="2027-01-01T00:00:00Z")
    assert first.json["created_at"] == again.json["created_at"]
    assert len(as_(bob).get("/v1/me/waiting").json["items"]) == 1


def test_nobody_is_told_that_it_is_free_while_it_is_not(as_, ana, bob, cleo, drill, wait):
    """BOK-08: mended, but out."""
    lend(bob, drill)
    as_(ana).post(f"/v1/listings/{drill.id}/broken", json={})
    wait(cleo, drill)
    as_(ana).post(f"/v1/listings/{drill.id}/mended", json={})
    assert turns(as_, cleo) == 0


def test_when_who_came_next_cancels_and_it_is_still_out_nobody_is_asked(
    as_, ana, bob, cleo, drill, wait, later, new_user
):
    """BOK-07: what is late is not free."""
    dora = new_user("Dora D.")
    late = lend(bob, drill, begins=0.01, days=2)
    coming = agree(cleo, drill, begins=2.5, days=2)
    wait(dora, drill)
    later(days=2.2)
    as_(cleo).post(f"/v1/exchanges/{coming.id}/cancel", json={})
    assert turns(as_, dora) == 0
    as_(bob).post(f"/v1/exchanges/{late.id}/return", json={})
    assert turns(as_, dora) == 1


def test_the_turn_goes_to_the_first_for_whose_time_it_is_free(as_, ana, bob, cleo, drill, wait, new_user):
    """BOK-08."""
    dora = new_user("Dora D.")
    agree(bob, drill, begins=10, days=5)
    loan = agree(bob, drill, begins=3, days=3)
    wait(cleo, drill, starts_at=day(11).isoformat(), ends_at=day(12).isoformat())
    wait(dora, drill, starts_at=day(4).isoformat(), ends_at=day(5).isoformat())
    as_(bob).post(f"/v1/exchanges/{loan.id}/cancel", json={})
    assert (turns(as_, cleo), turns(as_, dora)) == (0, 1)


@pytest.mark.parametrize("change", ["one more copy", "shown again"])
def test_one_more_copy_or_an_offer_shown_again_is_a_turn_too(as_, ana, bob, cleo, drill, wait, change):
    loan = lend(bob, drill)
    wait(cleo, drill)
    path = f"/v1/listings/{drill.id}"
    if change == "one more copy":
        as_(ana).patch(path, json={"quantity": 2})
    else:
        as_(ana).post(f"{path}/pause", json={})
        as_(bob).post(f"/v1/exchanges/{loan.id}/return", json={})
        assert turns(as_, cleo) == 0
        as_(ana).post(f"{path}/resume", json={})
    assert turns(as_, cleo) == 1


def test_a_pause_after_the_loan_keeps_nobody_from_being_asked(as_, ana, bob, cleo, wait):
    tent = offer(ana, "Une tente", pause_minutes=120)
    loan = lend(bob, tent)
    wait(cleo, tent)
    as_(bob).post(f"/v1/exchanges/{loan.id}/return", json={})
    assert turns(as_, cleo) == 1


def test_mending_is_a_turn_too(as_, ana, bob, drill, wait):
    as_(ana).post(f"/v1/listings/{drill.id}/broken", json={})
    wait(bob, drill)
    as_(ana).post(f"/v1/listings/{drill.id}/mended", json={})
    assert turns(as_, bob) == 1
    assert propose(bob, drill).state == "proposed"


def test_when_whose_turn_it_is_has_got_one_copy_the_next_is_asked_for_the_other(as_, ana, bob, cleo, wait, new_user):
    chairs, dora, emil = offer(ana, "Une chaise haute", quantity=2), new_user("Dora D."), new_user("Emil E.")
    loans = {each: lend(each, chairs, begins=0.01) for each in (bob, emil)}
    wait(cleo, chairs), wait(dora, chairs)
    for each, loan in loans.items():
        as_(each).post(f"/v1/exchanges/{loan.id}/return", json={})
    assert (turns(as_, cleo), turns(as_, dora)) == (1, 0)
    agree(cleo, chairs, begins=0.01)
    assert turns(as_, dora) == 1


def test_when_whose_turn_it_is_has_got_the_last_copy_nobody_is_asked(as_, bob, cleo, drill, wait, new_user):
    dora = new_user("Dora D.")
    loan = lend(bob, drill, begins=0.01)
    wait(cleo, drill), wait(dora, drill)
    as_(bob).post(f"/v1/exchanges/{loan.id}/return", json={})
    agree(cleo, drill, begins=0.0001)
    assert (turns(as_, cleo), turns(as_, dora)) == (1, 0)


def test_when_whose_turn_it_is_erases_their_account_the_next_is_asked(as_, bob, cleo, drill, wait, new_user):
    dora = new_user("Dora D.")
    loan = lend(bob, drill, begins=0.01)
    wait(cleo, drill), wait(dora, drill)
    as_(bob).post(f"/v1/exchanges/{loan.id}/return", json={})
    cleo.password_hash = passwords.hashed(people.PASSWORD)
    db.session.commit()
    assert as_(cleo).delete("/v1/me", json={"password": people.PASSWORD}).status_code == 204
    assert turns(as_, dora) == 1


def test_who_waits_for_what_is_free_already_is_asked_at_once(as_, bob, cleo, drill, wait):
    """Nothing stays silent: and the next in line while that turn lasts waits for theirs."""
    waiting = wait(cleo, drill)
    assert (waiting.json["asked_at"] is not None, turns(as_, cleo)) == (True, 1)
    assert (wait(bob, drill).json["asked_at"], turns(as_, bob)) == (None, 0)
    assert wait(cleo, drill).status_code == 200
    assert turns(as_, cleo) == 1
