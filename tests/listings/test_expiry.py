"""How long listings last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from neighbourly.listings.expiry import Span, later_end, offer, request

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def day(number):
    return NOW + timedelta(days=number)


@pytest.mark.parametrize(
    ("needed_from", "needed_until", "span"),
    [
        (None, None, Span(None, day(7), day(7), None)),
        (None, day(30), Span(None, day(30), day(30), None)),
        (day(20), None, Span(day(20), day(27), day(27), None)),
        (day(-2), None, Span(day(-2), day(7), day(7), None)),
        (day(-9), day(-1), Span(None, day(7), day(7), None)),
        (None, day(2), Span(None, day(2), day(2), NOW)),
        (None, day(3), Span(None, day(3), day(3), NOW)),
        (None, day(3.1), Span(None, day(3.1), day(3.1), None)),
    ],
)
def test_a_request_lasts_until_it_is_no_longer_needed(needed_from, needed_until, span):
    assert request(needed_from=needed_from, needed_until=needed_until, now=NOW) == span


def test_an_offer_lasts_ninety_days_or_for_ever():
    assert offer(no_expiry=False, now=NOW) == Span(None, None, day(90), None)
    assert offer(no_expiry=True, now=NOW) == Span(None, None, None, None)


@pytest.mark.parametrize(("needed_until", "end"), [(None, day(7)), (day(2), day(7)), (day(40), day(40))])
def test_a_renewed_request_never_ends_sooner(needed_until, end):
    assert later_end(needed_until, NOW) == end
