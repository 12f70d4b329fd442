"""Whether, when, and whether still."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from neighbourly.notifications.plans import Standing, push_at, still_so
from neighbourly.preferences.models import Preferences

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
MORNING_IN_PARIS = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
QUIET = {"quiet_from": time(21), "quiet_to": time(8)}


def wishes(**fields) -> Preferences:
    usual = {"time_zone": "Europe/Paris", "push": {}, "urgent_may_wake": False, "asks_per_week": 3}
    return Preferences(**usual | fields)


@pytest.mark.parametrize(
    ("type_name", "preferences", "now", "at"),
    [
        ("request_nearby", wishes(), NIGHT, NIGHT),
        ("request_nearby", wishes(**QUIET), NOON, NOON),
        ("request_nearby", wishes(**QUIET), NIGHT, MORNING_IN_PARIS),
        ("request_nearby", wishes(**QUIET, time_zone="America/Cayenne"), NIGHT, NIGHT),
        ("request_nearby", wishes(**QUIET, urgent_may_wake=True), NIGHT, MORNING_IN_PARIS),
        ("answer_received", wishes(**QUIET), NIGHT, MORNING_IN_PARIS),
        ("answer_received", wishes(**QUIET, urgent_may_wake=True), NIGHT, NIGHT),
        ("request_nearby", wishes(push={"request_nearby": False}), NOON, None),
        ("answer_received", wishes(push={"request_nearby": False}), NOON, NOON),
        ("request_nearby", wishes(push={"request_nearby": True}), NOON, NOON),
        ("request_nearby", wishes(asks_per_week=0), NOON, None),
        ("answer_received", wishes(asks_per_week=0), NOON, NOON),
        ("request_nearby", wishes(away_until=NOON + timedelta(days=3)), NOON, None),
        ("request_nearby", wishes(away_until=NOON - timedelta(days=3)), NOON, NOON),
        ("answer_received", wishes(away_until=NOON + timedelta(days=3), urgent_may_wake=True), NOON, None),
    ],
)
def test_when_something_is_pushed(type_name, preferences, now, at):
    """FCM-09: quiet hours in the receiver's zone, but for what the receiver lets wake them."""
    assert push_at(type_name, preferences, now) == at


@pytest.mark.parametrize(
    ("variant", "at"),
    [(None, NIGHT), ("parted", NIGHT), ("owner", MORNING_IN_PARIS), ("owner_parted", MORNING_IN_PARIS)],
)
def test_what_is_late_wakes_who_has_it_and_not_who_waits_for_it(variant, at):
    """FCM-09, NOT-02."""
    assert push_at("return_overdue", wishes(**QUIET), NIGHT, variant) == at


END = datetime(2026, 11, 29, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type_name", "figures", "state", "so"),
    [
        ("request_nearby", {"distance_m": 300}, {}, True),
        ("request_nearby", {}, {"status": "paused"}, False),
        ("request_nearby", {}, {"status": "fulfilled"}, False),
        ("request_nearby", {}, {"answer": "no"}, False),
        ("request_nearby", {}, {"now": END}, False),
        ("request_nearby", {}, {"is_settled": True}, False),
        ("answer_received", {"answer": "yes"}, {"answer": "yes", "now": END}, True),
        ("answer_received", {"answer": "yes"}, {"answer": "yes"}, True),
        ("answer_received", {"answer": "yes"}, {"answer": "later"}, False),
        ("answer_received", {"answer": "yes"}, {"answer": None}, False),
        ("answer_received", {"answer": "yes"}, {"answer": "yes", "status": "fulfilled"}, False),
        ("request_closed", {}, {"status": "fulfilled"}, True),
        ("request_closed", {}, {"status": "closed"}, True),
        ("listing_expiring", {"expires_at": END.isoformat()}, {}, True),
        ("listing_expiring", {"expires_at": END.isoformat()}, {"expires_at": END + timedelta(days=7)}, False),
        ("listing_expired", {"expires_at": END.isoformat()}, {"status": "expired"}, True),
        ("listing_expired", {"expires_at": END.isoformat()}, {}, False),
        ("ask_exhausted", {}, {}, True),
        ("ask_exhausted", {}, {"status": "closed"}, False),
        ("ask_exhausted", {}, {"is_exhausted": False}, False),
        ("waiting_turn", {"when": END.isoformat()}, {"when": END}, True),
        ("waiting_turn", {"when": END.isoformat()}, {"when": END, "has_turn": False}, False),
        ("waiting_turn", {"when": END.isoformat()}, {"when": END + timedelta(days=3)}, False),
        ("waiting_turn", {"when": END.isoformat()}, {"when": END, "now": END}, False),
        ("exchange_proposed", {"when": END.isoformat()}, {"status": "proposed", "when": END}, True),
        ("exchange_proposed", {}, {"status": "proposed", "awaits_them": False}, False),
        ("exchange_proposed", {"when": END.isoformat()}, {"status": "proposed", "when": NOON}, False),
        ("exchange_proposed", {}, {"status": "accepted"}, False),
        ("exchange_countered", {}, {"status": "proposed", "awaits_them": False}, False),
        ("exchange_accepted", {}, {"status": "cancelled"}, False),
        ("hand_over_due", {"when": END.isoformat()}, {"status": "accepted", "when": END}, True),
        ("hand_over_due", {"when": END.isoformat()}, {"status": "accepted", "when": END, "now": END}, False),
        ("hand_over_due", {"variant": "took_place"}, {"status": "accepted"}, True),
        ("hand_over_due", {"variant": "took_place"}, {"status": "handed_over"}, False),
        ("return_due", {"when": END.isoformat()}, {"status": "handed_over", "when": END}, True),
        ("return_due", {"when": NOON.isoformat()}, {"status": "handed_over", "when": END}, False),
        ("return_due", {"when": END.isoformat()}, {"status": "returned", "when": END}, False),
        ("return_due", {"variant": "owner", "when": END.isoformat()}, {"status": "handed_over", "when": END}, True),
        ("return_due", {"variant": "owner"}, {"status": "handed_over", "when": END, "now": END}, False),
        ("return_due", {"variant": "parted"}, {"status": "handed_over", "when": END, "now": END}, False),
        ("return_overdue", {"when": NOON.isoformat()}, {"status": "handed_over", "when": END}, False),
        ("return_overdue", {"variant": "owner"}, {"status": "disputed", "when": END}, False),
        ("exchange_disputed", {"variant": "settling_again"}, {"status": "disputed"}, True),
        ("exchange_disputed", {"variant": "settling_again"}, {"status": "disputed", "awaits_them": False}, False),
        ("exchange_disputed", {"variant": "unsettled"}, {"status": "returned"}, False),
        ("moderation_case", {"variant": "unsettled"}, {"status": "disputed"}, True),
        ("moderation_case", {"variant": "unsettled"}, {"status": "cancelled"}, False),
        ("moderation_case", {}, {"status": None}, True),
        ("request_closed", {"variant": "past"}, {"status": "expired"}, True),
        ("request_closed", {"variant": "past"}, {"status": "published"}, False),
        ("extension_requested", {"when": END.isoformat()}, {"status": "handed_over", "when": None}, False),
        ("help_to_confirm", {}, {"status": "done"}, True),
        ("help_to_confirm", {}, {"status": "accepted"}, False),
        ("help_to_confirm", {"variant": "took_place"}, {"status": "accepted"}, True),
        ("help_to_confirm", {"variant": "took_place"}, {"status": "done"}, False),
        ("item_unavailable", {}, {"status": "accepted"}, True),
        ("item_unavailable", {}, {"status": "accepted", "is_contradicted": True}, False),
        ("item_unavailable", {}, {"status": "proposed"}, False),
        ("item_unavailable", {"variant": "taken"}, {"status": "proposed"}, True),
        ("item_unavailable", {"variant": "taken"}, {"status": "accepted"}, False),
        ("item_back", {}, {"status": "accepted", "is_contradicted": True}, False),
        ("minutes_received", {"minutes": 30}, {"status": None}, True),
    ],
)
def test_what_waited_is_held_against_how_things_stand(type_name, figures, state, so):
    standing = {"now": NOON, "status": "published", "expires_at": END} | state
    assert still_so(type_name, figures, Standing(**standing)) is so
