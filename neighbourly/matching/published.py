"""The rule as anyone may read it: the same numbers that decide, each with its words in one language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from neighbourly.matching import rule, wording
from neighbourly.matching.quota_wording import QUOTA


@dataclass(frozen=True)
class Meaning:
    """A name and what it means."""

    name: str
    meaning: str


@dataclass(frozen=True)
class WeighedMeaning(Meaning):
    """A factor with its weight in the score."""

    weight: float


@dataclass(frozen=True)
class Waves:
    """How the asking widens: numbers first, then the same in words."""

    first: int
    least: int
    most: int
    growth: int
    pause_minutes: int
    least_pause_minutes: int
    most_pause_minutes: int
    urgent_minutes: int
    enough_likely: int
    least_yeses: int
    spare_yeses: int
    meaning: str


@dataclass(frozen=True)
class Version:
    """One version of the rule."""

    version: str
    on: str
    changes: str


@dataclass(frozen=True)
class Limit(Meaning):
    """A number that decides, by its name in the rule, and what it decides."""

    value: float


@dataclass(frozen=True)
class PublishedRule:
    """All of it."""

    version: str
    language: str
    candidates: str
    factors: list[WeighedMeaning]
    gates: list[Meaning]
    numbers: list[Limit]
    order: str
    waves: Waves
    sharing: str
    changes: list[Version]


def published(language: str) -> PublishedRule:
    """Give the rule in force, in `language` ("fr" or "en"), the newest change first."""
    return PublishedRule(
        version=rule.VERSION,
        language=language,
        candidates=wording.CANDIDATES[language],
        factors=[
            WeighedMeaning(name, wording.FACTORS[name][language], weight) for name, weight in rule.WEIGHTS.items()
        ],
        gates=[Meaning(gate.value, words[language]) for gate, words in wording.GATES.items()],
        numbers=[Limit(name, words[language], value) for name, (value, words) in wording.NUMBERS.items()],
        order=wording.ORDER[language],
        waves=_waves(language),
        sharing=QUOTA[language],
        changes=[
            Version(each.version, each.on.isoformat(), each.words[language]) for each in reversed(wording.CHANGES)
        ],
    )


def _waves(language: str) -> Waves:
    return Waves(
        first=rule.FIRST_WAVE,
        least=rule.LEAST_WAVE,
        most=rule.MOST_WAVE,
        growth=rule.GROWTH,
        pause_minutes=_minutes(rule.PAUSE),
        least_pause_minutes=_minutes(rule.LEAST_PAUSE),
        most_pause_minutes=_minutes(rule.MOST_PAUSE),
        urgent_minutes=_minutes(rule.URGENT),
        enough_likely=rule.ENOUGH_LIKELY,
        least_yeses=rule.LEAST_YESES,
        spare_yeses=rule.SPARE_YESES,
        meaning=wording.WAVES[language],
    )


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
