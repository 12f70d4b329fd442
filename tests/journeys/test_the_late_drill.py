"""The drill that came back late: kind words, no punishment, and the next one is not left in the dark."""

from __future__ import annotations

from tests.factories.exchanges import day
from tests.factories.listings import offer
from tests.journeys.lending import Street


def test_a_late_return_is_everybodys_business_and_nobodys_shame(street: Street, ana, bob, cleo):
    """BOK-07, FCM-09, NOT-02: reminders to both, to who has it also at night; the next borrower is told once."""
    drill = offer(ana)
    street.give_phone(ana, "ana"), street.give_phone(bob, "bob"), street.give_phone(cleo, "cleo")
    late = lend(street, ana, bob, drill, begins=0.02, ends=2)
    coming = agreed(street, ana, cleo, drill, begins=4, ends=6)
    quiet_round_the_clock(street, bob)
    street.rang()
    rung = [rings(street, hours=24) for _ in range(24)]
    for phone in ("ana", "bob"):
        assert [day for day, heard in enumerate(rung, 1) if (phone, "return_overdue") in heard] == [3, 5, 9, 16, 23]
    assert what_is_said(street, ana) == "Not back yet: Perceuse à percussion"
    assert what_is_said(street, bob) == "Still out: Perceuse à percussion"
    assert street.get(ana, "/start")["to_do"][0]["overdue"] is street.get(bob, "/start")["to_do"][0]["overdue"] is True
    told = [each["type"] for each in street.get(cleo, "/notifications")["items"]]
    assert told.count("item_unavailable") == 1
    assert street.get(bob, f"/exchanges/{late['id']}")["overdue"] is True
    street.tap(bob, late, "return")
    street.tap(ana, coming, "hand_over")
    assert street.get(cleo, f"/exchanges/{coming['id']}")["state"] == "handed_over"
    nothing_was_held_against_bob(street, ana, bob)


def lend(street, ana, who, drill, begins, ends):
    loan = agreed(street, ana, who, drill, begins, ends)
    return street.tap(ana, loan, "hand_over")


def agreed(street, ana, who, drill, begins, ends):
    times = {"starts_at": day(begins).isoformat(), "ends_at": day(ends).isoformat()}
    wish = street.post(who, "/exchanges", listing_id=str(drill.id), **times)
    return street.tap(ana, wish, "accept")


def quiet_round_the_clock(street, bob):
    """From one minute past now to now."""
    quiet = {"from": f"{day(1 / 1440):%H:%M}", "to": f"{day(0):%H:%M}"}
    answer = street.as_(bob).patch("/v1/me/preferences", json={"quiet_hours": quiet, "time_zone": "Etc/UTC"})
    assert answer.status_code == 200


def rings(street, **by) -> list[tuple[str, str]]:
    street.later(**by)
    return street.rang()


def what_is_said(street, user) -> str:
    inbox = street.as_(user).get("/v1/notifications", headers={"Accept-Language": "en"}).json["items"]
    return next(each["title"] for each in inbox if each["type"] == "return_overdue")


def nothing_was_held_against_bob(street, ana, bob):
    face = street.get(ana, f"/neighbours/{bob.id}")
    assert set(face) == {
        "id",
        "display_name",
        "bio",
        "photo",
        "neighbourhood",
        "distance_m",
        "member_since",
        "active",
        "paused",
        "thanks",
        "vouched_by",
    }
    assert agreed(street, ana, bob, offer(ana, "Une échelle"), 1, 2)["state"] == "accepted"
