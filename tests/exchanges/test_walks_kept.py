"""TST-03: walks that once led where the model did not, shrunk, and walked again each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.exchanges.test_state_machine import Neighbourhood, apps

NINE_DAYS, FOUR_DAYS, A_DAY = 24 * 9, 24 * 4, 24


@pytest.fixture
def walk(whole_app: Flask) -> Iterator[Neighbourhood]:
    """Three neighbours and three offers, before the first step."""
    apps[:] = [whole_app]
    machine = Neighbourhood()
    machine.settle()
    yield machine
    machine.teardown()


def declared_without_having_been_out(walk: Neighbourhood) -> None:
    """What was never handed over was never taken."""
    deal = walk.propose(name="bob", thing="drill", begins=0, days=1)
    walk.accept(deal)
    walk.pass_time(NINE_DAYS)
    walk.bring_back(deal, "bob")
    other = walk.propose(name="cleo", thing="drill", begins=0, days=1)
    walk.accept(other)


def the_next_one_cancels(walk: Neighbourhood) -> None:
    """What is late stays taken whoever cancels."""
    late = walk.propose(name="bob", thing="drill", begins=0, days=1)
    coming = walk.propose(name="cleo", thing="drill", begins=2, days=1)
    walk.accept(late), walk.accept(coming)
    walk.hand_over(late, "ana")
    walk.pass_time(A_DAY), walk.pass_time(12)
    walk.cancel(coming, "cleo")
    walk.propose(name="cleo", thing="drill", begins=3, days=1)
    walk.bring_back(late, "bob")


def handed_over_after_its_time(walk: Neighbourhood) -> None:
    """It ends anew, and nobody is promised it before that (BOK-11)."""
    deal = walk.propose(name="bob", thing="tent", begins=0, days=1)
    walk.accept(deal)
    walk.pass_time(FOUR_DAYS)
    walk.hand_over(deal, "ana")
    walk.propose(name="cleo", thing="tent", begins=0, days=2)
    walk.accept(walk.propose(name="cleo", thing="tent", begins=1, days=2))


def disputed_long_after_and_lent_meanwhile(walk: Neighbourhood) -> None:
    """The end of an old dispute takes no time from who has it now."""
    first = walk.propose(name="bob", thing="drill", begins=0, days=1)
    walk.accept(first)
    walk.hand_over(first, "bob"), walk.pass_time(1), walk.bring_back(first, "bob")
    second = walk.propose(name="cleo", thing="drill", begins=0, days=4)
    walk.accept(second), walk.hand_over(second, "cleo")
    walk.dispute(first, "ana")
    walk.pass_time(A_DAY)
    walk.bring_back(first, "ana"), walk.bring_back(first, "bob")


def handed_on_while_it_is_out(walk: Neighbourhood) -> None:
    """The next one has it, so the last one has not (BOK-09)."""
    late = walk.propose(name="bob", thing="drill", begins=0, days=1)
    coming = walk.propose(name="cleo", thing="drill", begins=2, days=1)
    walk.accept(late), walk.accept(coming)
    walk.hand_over(late, "ana")
    walk.pass_time(FOUR_DAYS)
    walk.hand_over(coming, "cleo")
    walk.hand_over(coming, "ana")
    walk.dispute(late, "bob")


def out_beyond_the_turn_of_who_never_came(walk: Neighbourhood) -> None:
    """What is out stays so, although the time of the next one has passed (BOK-09)."""
    late = walk.propose(name="bob", thing="drill", begins=0, days=1)
    coming = walk.propose(name="cleo", thing="drill", begins=2, days=1)
    walk.accept(late), walk.accept(coming)
    walk.hand_over(late, "ana")
    walk.pass_time(FOUR_DAYS)
    walk.propose(name="cleo", thing="drill", begins=1, days=1)


def a_help_declared_after_no_word(walk: Neighbourhood) -> None:
    """LED-08: what had no word holds no minutes, and is paid once it is confirmed all the same."""
    deal = walk.propose(name="bob", thing="lesson", begins=0, days=1)
    walk.accept(deal)
    walk.pass_time(NINE_DAYS)
    walk.finish(deal, "ana", minutes=60)
    walk.confirm(deal, "bob")
    walk.give(giver="ana", taker="cleo", minutes=60)


@pytest.mark.parametrize(
    "story",
    [
        declared_without_having_been_out,
        the_next_one_cancels,
        handed_over_after_its_time,
        disputed_long_after_and_lent_meanwhile,
        handed_on_while_it_is_out,
        out_beyond_the_turn_of_who_never_came,
        a_help_declared_after_no_word,
    ],
)
def test_what_once_went_astray_ends_as_the_model_foresaw(walk: Neighbourhood, story: Callable[[Neighbourhood], None]):
    """TST-03, BOK-01, BOK-07, BOK-09."""
    story(walk)
    walk.states_are_those_of_the_model()
    walk.no_two_have_the_same_thing()
    walk.one_copy_is_with_one_person()
    walk.minutes_add_up()
