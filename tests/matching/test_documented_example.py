"""What docs/matching.md says is what the code does: its example, its weights and its numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from neighbourly.core.language import idea_of, stems, telling_words
from neighbourly.listings import reading
from neighbourly.listings.guessing import guess
from neighbourly.listings.reading import text_of
from neighbourly.matching import rule
from neighbourly.matching.people import turn_of
from neighbourly.matching.rule import WEIGHTS
from neighbourly.matching.scoring import Fit, explain, score
from tests.matching.test_people import person

PAGE = (Path(__file__).parents[2] / "docs" / "matching.md").read_text(encoding="utf-8")
TEXT = " ".join(PAGE.replace("**", "").split())
NEED, OFFER = re.findall(r'\*\*"(.*?)"\*\*', PAGE)
PERSONS = ("Karim", "Inès")
CATEGORY = "power-drills"
KNOWN_BY = {
    "like": "how like the two texts are, from -1 to 1",
    "words": "words of the need's title in the offer",
    "distance_m": "how far away",
    "free": "share of the time needed in which it is free",
    "age_days": "days since the offer was touched",
    "asked": "asks within 30 days",
}


def cells(line: str) -> list[str]:
    return [cell.strip().replace("**", "") for cell in line.strip("|").split("|")]


def row(first: str) -> list[str]:
    """The other cells of the one row of the page that begins so."""
    (found,) = [read[1:] for line in PAGE.splitlines() if line.startswith("|") and (read := cells(line))[0] == first]
    return found


def documented(name: str) -> Fit:
    """The inputs of somebody's score, as the page gives them."""
    given = {key: float(row(label)[PERSONS.index(name)].split()[0]) for key, label in KNOWN_BY.items()}
    assert given["words"] == 0
    return Fit(
        distance_m=int(given["distance_m"]),
        radius_m=1000,
        wanted=CATEGORY,
        found=CATEGORY,
        by="offer",
        words=(),
        of=len(telling_words(NEED)),
        like=given["like"],
        idea=idea_of(NEED),
        free=given["free"],
        age_days=int(given["age_days"]),
        turn=turn_of(person(asked_this_month=int(given["asked"]))),
    )


@pytest.mark.parametrize("factor", explain(documented("Karim")), ids=lambda factor: factor.name)
def test_each_line_of_the_example_is_what_the_code_reckons_and_says(factor):
    why = factor.why["en"].replace("\u00a0", " ")
    figures = [f"{factor.value:.3f}", f"{factor.weight:.2f}", f"{factor.contribution:.3f}"]
    assert row(factor.name) == [why, *figures]


def test_the_lines_add_up_to_the_score():
    *_, weights, total = row("sum")
    assert weights == f"{sum(WEIGHTS.values()):.2f}"
    assert total == f"{score(documented('Karim')):.3f}"
    assert float(total) == pytest.approx(sum(float(row(factor)[-1]) for factor in WEIGHTS))


def test_who_lives_nearer_and_was_asked_often_comes_after():
    nearer = documented("Inès")
    *_, turn = explain(nearer)
    assert f"comes to {score(nearer):.3f}: {turn.why['en']}, as she was asked three times" in TEXT
    assert score(replace(nearer, turn=1.0)) > score(documented("Karim")) > score(nearer) + rule.SCORE_STEP


def test_the_two_texts_of_the_example_are_as_like_as_it_says(meaning):
    reader = reading.get_reader()
    need, offer = reader.read([text_of(NEED), text_of(OFFER)])
    assert float(need @ offer) == pytest.approx(documented("Karim").like, abs=0.006)
    assert {guess(title, reader.likeness(title)).category for title in (NEED, OFFER)} == {CATEGORY}
    words = telling_words(NEED)
    assert row(KNOWN_BY["words"])[0] == f"{sum(bool(stems(word) & stems(OFFER)) for word in words)} of {len(words)}"


def minutes(span: timedelta) -> int:
    return span // timedelta(minutes=1)


@pytest.mark.parametrize(
    "quoted",
    [
        f"the whole rule, version {rule.VERSION}:",
        f"less like than {rule.ASKING_LIKENESS:.2f} ({rule.APART_LIKENESS:.2f} where both categories are known)",
        f"within the last {rule.DAY // timedelta(hours=1)} hours, or in the last {rule.WEEK.days} days",
        f"less than {rule.MONTH.days} days ago",
        f"as like as {rule.FULL_LIKENESS:.2f} say the same",
        f"{rule.SAME_CATEGORY:.0f} for the same, {rule.SAME_FAMILY} within one family",
        f"with every {rule.HALVED_EVERY_M:,} m",
        f"full for {rule.FRESH.days} days, nothing left after {rule.STALE.days}",
        f"not asked within {rule.MONTH.days} days",
        f"at least {rule.HELPED_OFTEN} more than they gave",
        f"Scores that are equal to {rule.SCORE_STEP}",
        f"{rule.FIRST_WAVE} neighbours first, then every {minutes(rule.PAUSE)} minutes twice as many",
        f"until {rule.LEAST_YESES} have said yes (or {rule.SPARE_YESES} more than the helpers needed)",
        f"asked {rule.ENOUGH_ASKED} times within {rule.MONTH.days} days",
        f"has {rule.LEAST_WAVE} to {rule.MOST_WAVE}, and",
        f"the pause is {minutes(rule.LEAST_PAUSE)} to {minutes(rule.MOST_PAUSE)} minutes",
        f"within {minutes(rule.URGENT) // 60} hours",
        f"Where {rule.ENOUGH_LIKELY} people are really likely",
        f"{rule.UNKEPT} different neighbours said within {rule.MONTH.days} days that they waited in vain",
        f"first {rule.FIRST_NEEDS} needs of a week each begin with at least {rule.FIRST_ASKS} asks",
        f"at least {rule.ASKS_PER_WEEK} asks go out for one person, one for every {rule.AROUND_SHARE} who live within",
        f"at most {rule.MOST_ASKS_PER_WEEK}; and {rule.ASKS_PER_PARTNER} more for each different neighbour",
        f"(up to {rule.MOST_PARTNERS}) with whom",
        f"one thing alone has {rule.SINGLE_NEED_ASKS}, which is four whole waves",
        f"Beyond that {rule.ASKS_A_DAY} more go out a day",
        f"{rule.NEEDS_AT_ONCE} needs of one person are asked around at the same time",
        f"within {rule.NEAR_M // 1000} km, or the circle that holds 50 neighbours",
        f"{rule.RADIUS_GROWTH} times as far after each different neighbour",
        f"had {rule.HEAVY_ASKS} asks within 7 days, or {rule.HEAVY_NEEDS} needs that took {rule.HEAVY_NEEDS_ASKS},",
        f"Of one person's yeses of 7 days {rule.OPEN_YESES} may wait",
    ],
)
def test_the_page_quotes_the_numbers_that_decide(quoted):
    assert quoted in TEXT


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (0, "1 for who was not asked within 30 days"),
        (1, "0.5 for who was once or twice"),
        (2, "0.5 for who was once or twice"),
        (3, "0 beyond"),
    ],
)
def test_everyones_turn_is_told_as_it_is_taken(asked, said):
    assert said in TEXT
    assert f"{turn_of(person(asked_this_month=asked)):g}" == said.split()[0]
