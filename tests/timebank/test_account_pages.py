"""Looking at an account: its lines page by page, a month of it, and what remains when somebody leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from neighbourly.accounts import passwords
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.timebank import ledger
from neighbourly.timebank.models import Entry, Memo, TimeAccount, Transfer
from tests import people
from tests.databases import count_of

ENTRIES = "/v1/me/timebank/entries"
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def at(tmp_path):
    """`at(datetime(…))`: the product's clock stands there."""
    clock.follow(tmp_path / "moment")
    yield lambda moment: clock.advance(moment - clock.now())
    clock.follow(None)


def test_lines_come_newest_first_in_pages_and_no_line_twice(as_, ana, bob, give):
    """While new ones are added in between."""
    mine = as_(bob)
    for minutes in range(1, 6):
        give(bob, ana, minutes)
    page, seen = mine.get(ENTRIES + "?limit=2").json, []
    while True:
        seen += [each["minutes"] for each in page["items"]]
        if page["next"] is None:
            break
        give(bob, ana, 10)
        page = mine.get(f"{ENTRIES}?limit=2&cursor={page['next']}").json
    assert seen == [-5, -4, -3, -2, -1]


def test_lines_of_the_same_moment_are_each_shown_once(as_, ana, bob):
    """Where many moved in one transaction, say."""
    moment = clock.now()
    opened = ledger.accounts_of(users=[ana.id, bob.id])
    sides = {"from_account_id": opened[bob.id], "to_account_id": opened[ana.id]}
    for minutes in range(1, 6):
        made = Transfer(id=new_id(), kind="gift", minutes=minutes, created_at=moment, **sides)
        db.session.add(made)
        db.session.flush()
        for account_id, signed in ((opened[bob.id], -minutes), (opened[ana.id], minutes)):
            db.session.add(Entry(transfer_id=made.id, account_id=account_id, minutes=signed, created_at=moment))
    mine, seen, cursor = as_(bob), [], ""
    while cursor is not None:
        page = mine.get(f"{ENTRIES}?limit=2{cursor and '&cursor=' + cursor}").json
        seen += [each["minutes"] for each in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == [-5, -4, -3, -2, -1]


def test_nobody_sees_the_lines_of_others(as_, ana, bob, cleo, give):
    give(bob, ana, 60, memo="Entre nous")
    page = as_(cleo).get(ENTRIES)
    assert (page.json["items"], page.json["next"]) == ([], None)


def timebank_statements(seen) -> list[str]:
    return [each for each in seen if "time_accounts" in each or "entries" in each]


@pytest.mark.parametrize("path", ["/v1/me/timebank", ENTRIES])
def test_an_account_is_read_in_few_statements_however_long(as_, ana, bob, give, statements, path):
    """At most three, the caller's own included."""
    mine, counts = as_(bob), []
    for _ in range(2):
        for minutes in range(1, 8):
            give(bob, ana, minutes, memo="Merci")
        with statements() as seen:
            assert mine.get(path).status_code == 200
        counts.append(len(seen))
        assert len(timebank_statements(seen)) == 1
    assert counts[0] == counts[1] <= 3


def test_a_month_begins_and_ends_on_ones_own_wall_clock(as_, ana, bob, give, at):
    """Over the change to winter time: November begins at 23:00 UTC, October at 22:00 UTC."""
    moments = [
        (datetime(2027, 9, 30, 23, 59, tzinfo=PARIS), 1),
        (datetime(2027, 10, 1, 0, 1, tzinfo=PARIS), 2),
        (datetime(2027, 10, 31, 23, 59, tzinfo=PARIS), 4),
        (datetime(2027, 11, 1, 0, 1, tzinfo=PARIS), 8),
    ]
    for moment, minutes in moments:
        at(moment)
        assert give(bob, ana, minutes).status_code == 201
    mine = as_(bob)
    october = mine.get("/v1/me/timebank/statement?month=2027-10").json
    assert october == {
        "month": "2027-10",
        "opening_minutes": -1,
        "closing_minutes": -7,
        "in_minutes": 0,
        "out_minutes": 6,
        "by_kind": {"gift": -6},
    }
    november = mine.get("/v1/me/timebank/statement?month=2027-11").json
    assert (november["opening_minutes"], november["closing_minutes"]) == (-7, -15)


def test_another_wall_clock_is_another_month(as_, ana, bob, give, at):
    at(datetime(2027, 11, 1, 0, 1, tzinfo=PARIS))
    give(bob, ana, 8)
    mine = as_(bob)
    before = mine.get("/v1/me/timebank/statement?month=2027-10").json["out_minutes"]
    assert mine.patch("/v1/me/preferences", json={"time_zone": "America/Guadeloupe"}).status_code == 200
    after = mine.get("/v1/me/timebank/statement?month=2027-10").json["out_minutes"]
    assert (before, after) == (0, 8)


def test_a_statement_says_what_came_and_went_by_kind(as_, ana, bob, lesson, give, helped, reverse):
    helped(bob, lesson, 60)
    back = give(ana, bob, 25).json["transfer_id"]
    reverse(bob, back)
    month = clock.now().astimezone(PARIS).strftime("%Y-%m")
    told = as_(bob).get(f"/v1/me/timebank/statement?month={month}").json
    assert (told["in_minutes"], told["out_minutes"], told["closing_minutes"]) == (25, 85, -60)
    assert told["by_kind"] == {"help": -60, "gift": 25, "reversal": -25}


def test_a_december_ends_with_its_year(as_, ana, bob, give, at):
    at(datetime(2027, 12, 31, 23, 59, tzinfo=PARIS))
    give(bob, ana, 5)
    at(clock.now() + timedelta(minutes=2))
    give(bob, ana, 7)
    mine = as_(bob)
    assert mine.get("/v1/me/timebank/statement?month=2027-12").json["out_minutes"] == 5
    assert mine.get("/v1/me/timebank/statement?month=2028-01").json["out_minutes"] == 7


@pytest.mark.parametrize("month", ["", "2026-13", "2026-00", "2026-1", "1999-12", "2026-11-01", "juin"])
def test_a_month_that_is_none_is_refused(as_, bob, month):
    assert as_(bob).get(f"/v1/me/timebank/statement?month={month}").status_code == 422


@pytest.fixture
def leave(as_):
    """`leave(bob)`: he deletes his account."""

    def go(user):
        user.password_hash = passwords.hashed(people.PASSWORD)
        db.session.commit()
        assert as_(user).delete("/v1/me", json={"password": people.PASSWORD}).status_code == 204

    return go


def test_who_leaves_stays_in_the_ledger_without_a_name(ana, bob, give, leave, run_jobs, lines, balances):
    """LED-10."""
    give(bob, ana, 60, memo="De la part de Bob")
    give(ana, bob, 20, memo="Merci")
    leave(bob)
    run_jobs()
    others = {each["other"]["name"] for each in lines(ana)}
    assert (others, balances(ana)) == ({"Un ancien voisin"}, [40])
    assert {each["memo"] for each in lines(ana)} == {"Merci", ""}


def test_the_sum_outlives_who_leaves(ana, bob, give, leave, run_jobs):
    """LED-10: the rows stay, and so does the sum."""
    give(bob, ana, 60, memo="De la part de Bob")
    leave(bob)
    run_jobs()
    assert (count_of(Transfer), count_of(Entry), count_of(Memo)) == (1, 2, 0)
    assert db.session.scalar(select(func.sum(TimeAccount.balance_minutes))) == 0
    account = db.session.scalars(select(TimeAccount).where(TimeAccount.user_id == bob.id)).one()
    assert account.balance_minutes == -60


def test_nobody_gives_to_who_left_and_what_they_gave_may_still_go_back(ana, bob, give, leave, run_jobs, reverse):
    """LED-10."""
    made = give(bob, ana, 60).json["transfer_id"]
    leave(bob)
    run_jobs()
    assert give(ana, bob, 5).status_code == 404
    back = reverse(ana, made)
    assert (back.status_code, back.json["other"]["name"]) == (201, "Un ancien voisin")


def test_in_english_it_is_a_former_neighbour(new_user, bob, give, leave, run_jobs, lines):
    """LED-10."""
    emma = new_user("Emma E.", language="en")
    give(bob, emma, 60)
    leave(bob)
    run_jobs()
    assert lines(emma)[0]["other"]["name"] == "A former neighbour"
