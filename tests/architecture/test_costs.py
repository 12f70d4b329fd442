"""SEC-16: of each route it is known, and written down, what one account can cost by it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from neighbourly.core.api import limits
from neighbourly.core.api.blueprint import CONTRACTS
from neighbourly.core.api.limits import Limit
from tests.benchmarks.costs import PAGE, calls_an_hour

ROW = re.compile(r"^\| `(\w+) ([\w.]+)` \| ([\d.]+) \| (\d+) \| ([\d,]+) \| (\d+) \|$", re.MULTILINE)
BEARABLE_SECONDS = 1_800
"""Half of one core: what an account can take of the machine at most by one route, and everyone else goes on."""


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, str], tuple[float, int, int]]:
    """By route: milliseconds, statements, calls an hour."""
    return {
        (method, endpoint): (float(ms), int(statements), int(calls.replace(",", "")))
        for method, endpoint, ms, statements, calls, _seconds in ROW.findall(Path(PAGE).read_text())
    }


def test_each_route_has_a_row(app, table):
    """SEC-16: a new route is measured before it is there."""
    assert set(CONTRACTS) - set(table) == set()
    assert set(table) - set(CONTRACTS) == set()


def test_the_calls_of_each_row_are_those_of_its_limits(app, table):
    """SEC-16: who changes a limit measures anew, or changes the row."""
    assert {key: calls for key, (_ms, _statements, calls) in table.items()} == {
        key: calls_an_hour(contract) for key, contract in CONTRACTS.items()
    }


def test_no_account_takes_more_than_half_a_core_by_any_route(table):
    """SEC-16: as it was measured."""
    dear = {key: ms * calls / 1000 for key, (ms, _statements, calls) in table.items()}
    assert {key: seconds for key, seconds in dear.items() if seconds > BEARABLE_SECONDS} == {}


def test_each_limit_is_declared_once():
    """Two of one name would count each other's calls, and of one declared twice the last would hold unseen."""
    source = Path(limits.__file__).read_text()
    names = re.findall(r"^(\w+) = Limit\(\"(\w+)\"", source, re.MULTILINE)
    assert len({constant for constant, _ in names}) == len({name for _, name in names}) == len(names)
    declared = [value for value in vars(limits).values() if isinstance(value, Limit)]
    assert len(declared) == len(names)


@pytest.mark.parametrize(
    ("method", "endpoint", "limit"),
    [
        ("GET", "bookings.get_calendar", limits.CALENDAR),
        ("GET", "matching.list_matches", limits.MATCHES),
        ("GET", "search.list_listings", limits.SEARCH),
        ("POST", "places.geocode", limits.GEOCODE),
        ("POST", "listings.create_listing", limits.CREATE),
        ("PUT", "devices.register_device", limits.DEVICES),
        ("GET", "calendar_feed.read_feed", limits.FEEDS),
        ("GET", "start.get_start", limits.START),
        ("GET", "notifications.list_notifications", limits.LISTS),
        ("GET", "listings.list_my_listings", limits.LISTS),
        ("GET", "exchanges.list_exchanges", limits.LISTS),
    ],
)
def test_each_dear_route_has_a_limit_of_its_own(app, method, endpoint, limit):
    """SEC-15, SEC-16."""
    assert limit in CONTRACTS[(method, endpoint)].limits
