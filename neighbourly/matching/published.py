"""The rule as anyone may read it: the same numbers that decide, each with its words in one language."""

from __future__ import annotations

from dataclasses import dataclass

from neighbourly.matching import rule


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
    growth: int
    pause_minutes: int
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
class PublishedRule:
    """All of it."""

    version: str
    language: str
    candidates: str
    factors: list[WeighedMeaning]
    gates: list[Meaning]
    order: str
    waves: Waves
    changes: list[Version]


def published(language: str) -> PublishedRule:
    """Give the rule in force, in `language` ("fr" or "en"), the newest change first."""
    return PublishedRule(
        version=rule.VERSION,
        language=language,
        candidates=rule.CANDIDATES[language],
        factors=[WeighedMeaning(name, rule.FACTORS[name][language], weight) for name, weight in rule.WEIGHTS.items()],
        gates=[Meaning(gate.value, words[language]) for gate, words in rule.GATES.items()],
        order=rule.ORDER[language],
        waves=Waves(
            first=rule.FIRST_WAVE,
            growth=rule.GROWTH,
            pause_minutes=int(rule.PAUSE.total_seconds() // 60),
            least_yeses=rule.LEAST_YESES,
            spare_yeses=rule.SPARE_YESES,
            meaning=rule.WAVES[language],
        ),
        changes=[Version(each.version, each.on.isoformat(), each.words[language]) for each in reversed(rule.CHANGES)],
    )
