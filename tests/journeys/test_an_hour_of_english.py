"""An hour of English, given and paid in minutes: an hour is an hour."""

from __future__ import annotations

from tests.factories.exchanges import day
from tests.journeys.lending import Street


def test_an_hour_given_is_an_hour_received(street: Street, ana, bob, cleo):
    """LED-01, LED-08: the minutes move once, from who received to who gave, when the one who pays confirms."""
    street.give_phone(ana, "ana"), street.give_phone(bob, "bob")
    hours = [{"weekday": weekday, "from": "08:00", "to": "20:00"} for weekday in range(7)]
    lesson = street.post(ana, "/listings", title="Cours d'anglais", direction="offer", kind="skill", availability=hours)
    slot = street.get(bob, f"/listings/{lesson['id']}/calendar")["free"][1]
    help = street.post(bob, "/exchanges", listing_id=lesson["id"], starts_at=slot["starts_at"], minutes=60)
    assert (help["state"], help["minutes"], help["awaiting"]) == ("proposed", 60, "giver")
    accepted = street.tap(ana, help, "accept")
    assert accepted["warning"] is None
    assert balances(street, ana, bob) == [(0, 0), (0, 60)]
    street.later(days=2)
    street.rang()
    street.tap(ana, help, "done", minutes=75)
    assert street.rang() == [("bob", "help_to_confirm")]
    assert street.tap(bob, help, "confirm")["state"] == "confirmed"
    assert street.rang() == [("ana", "exchange_confirmed")]
    assert balances(street, ana, bob) == [(75, 0), (-75, 0)]
    ana_passes_some_of_it_on(street, ana, bob, cleo)


def balances(street, *users) -> list[tuple[int, int]]:
    accounts = [street.get(user, "/me/timebank") for user in users]
    return [(each["balance_minutes"], each["pending_minutes"]) for each in accounts]


def ana_passes_some_of_it_on(street, ana, bob, cleo):
    street.post(ana, "/timebank/transfers", to_user_id=str(cleo.id), minutes=15, memo="Pour le thé !")
    assert balances(street, ana, bob, cleo) == [(60, 0), (-75, 0), (15, 0)]
    (gift, help) = street.get(ana, "/me/timebank/entries")["items"]
    assert (gift["kind"], gift["minutes"], help["kind"], help["minutes"]) == ("gift", -15, "help", 75)
    month = day(0).strftime("%Y-%m")
    statement = street.get(ana, "/me/timebank/statement", month=month)
    assert (statement["in_minutes"], statement["out_minutes"], statement["closing_minutes"]) == (75, 15, 60)
