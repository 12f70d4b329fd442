"""NOT-02: every state that waits for somebody has a reminder and an end, or a reason why it waits for nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import CheckConstraint

from neighbourly.core.db import Base
from neighbourly.exchanges.lifecycle import SETTLEMENTS, Action, Facts, allowed_actions, is_over
from neighbourly.exchanges.timeline import ENDS, SIDES, Step, due, next_look_at, schedule
from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.exchange_reminders import REMINDERS
from neighbourly.notifications.other_words import OTHER_WORDS
from tests.waits import ELSEWHERE, NOON, SILENT, Wait, Waiting, list_all

WAITED_FOR = frozenset(Action) - {Action.WITHDRAW, Action.EXTEND, Action.OBJECT, Action.DISPUTE}
"""Those by which a state goes on; the others are a right of who waits."""
YEARS = timedelta(days=3 * 365)
ALL = [pytest.param(each, id=f"{each.kind} {each.name}") for each in list_all()]


def those_awaited(each: Waiting) -> set[str]:
    """Whose tap the state waits for, as the state table says."""
    if is_over(each.kind, each.state):
        return set()
    facts = Facts(each.kind, each.state, awaiting=each.awaiting, extension_asked=each.extend_to is not None)
    return {side for side in SIDES if WAITED_FOR & set(allowed_actions(facts, side))}


def has_end(each: Waiting) -> bool:
    """Whether time ends it, or calls for somebody who may, again and again."""
    steps = {step.step for step in schedule(each, NOON + YEARS)}
    may_settle = any(each.kind in kinds for kinds in SETTLEMENTS.values())
    return bool(steps & ENDS) or (each.state == "disputed" and may_settle and Step.CALL_MODERATORS in steps)


@pytest.mark.parametrize("each", ALL)
def test_each_state_of_each_kind_reminds_whom_it_waits_for_and_ends(each):
    """NOT-02."""
    reminders = [step for step in schedule(each, NOON) if step.step not in SILENT]
    told = {side for step in reminders for side in step.sides}
    assert told == those_awaited(each)
    assert has_end(each) is bool(told)


@pytest.mark.parametrize("each", ALL)
def test_time_never_stops_looking_before_the_end(each):
    """NOT-02: from any look on there is another one, until something ended it."""
    looks = 0
    while (at := next_look_at(each)) is not None and at < NOON + YEARS:
        looks += 1
        assert at > each.looked_at
        found = due(each, at)
        assert found, "nothing is looked at in vain"
        if {step.step for step in found} & ENDS:
            return
        if any(step.step is Step.END_WISH for step in found):
            each = replace(each, extend_to=None, awaiting=None, waits_since=at)
        each = replace(each, looked_at=at)
    assert (at is None and looks == 0) if is_over(each.kind, each.state) else at is not None


@given(minutes=st.integers(1, 60 * 24 * 400), state=st.sampled_from(("proposed", "accepted", "handed_over")))
def test_however_long_it_lasts_the_reminder_comes_before_the_moment(minutes: int, state: str):
    """NOT-02: never as it begins to wait, nor when it is too late."""
    until = NOON + timedelta(minutes=minutes)
    each = Waiting("loan", state, awaiting="giver", handed_over_at=NOON, starts_at=until, ends_at=until)
    if state == "proposed":
        each = replace(each, expires_at=until)
    first = min(step.at for step in schedule(each, NOON))
    assert NOON < first < until
    assert state == "proposed" or until - first <= timedelta(days=1)


def test_each_reminder_has_its_words():
    assert {step.value for step in Step if step not in SILENT} == set(REMINDERS)


def values_of(kinds: tuple[str, ...] = ("state", "status", "answer", "tapped_by")) -> set[tuple[str, str]]:
    """What the tables say that their columns of states may hold."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for each in table.constraints:
            said = isinstance(each, CheckConstraint) and re.fullmatch(r"(\w+) IN \((.+)\)", str(each.sqltext))
            if said and said[1] in kinds:
                found |= {(f"{table.name}.{said[1]}", value) for value in re.findall(r"'(\w+)'", said[2])}
    return found


def test_every_state_of_every_table_says_what_it_waits_for(app):
    """NOT-02: a new one fails until its reminder and its end, or why it has none, stand in `tests/waits.py`."""
    of_exchanges = {(name, value) for name, value in values_of() if name == "exchanges.state"}
    assert {value for _, value in of_exchanges} == {each.state for each in list_all()}
    named = {key for key in ELSEWHERE if key in values_of()}
    assert values_of() - of_exchanges == named
    assert {key for key in ELSEWHERE if key not in named} == {
        ("waiting.asked_at", "set"),
        ("waiting.asked_at", "not set"),
        ("thanks.shown", "not set"),
        ("pending_registrations", "any"),
        ("invitations", "any"),
    }


@pytest.mark.parametrize("key", [key for key, said in ELSEWHERE.items() if isinstance(said, Wait)])
def test_what_reminds_elsewhere_can_be_said(key):
    """NOT-02."""
    type_name, variant = ELSEWHERE[key].reminder
    assert type_name in CATALOGUE
    assert variant is None or (type_name, variant) in OTHER_WORDS
