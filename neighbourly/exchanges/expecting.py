"""How soon an answer usually comes: coarse, from five answers on, and never a score; pure."""

from __future__ import annotations

from dataclasses import dataclass

from neighbourly.core.errors import Words

ENOUGH_ANSWERS = 5
STEPS: tuple[tuple[int, str, Words], ...] = (
    (60, "within_1_h", {"fr": "répond d'habitude dans l'heure", "en": "answers usually within the hour"}),
    (180, "within_3_h", {"fr": "répond d'habitude sous 3 h", "en": "answers usually within 3 h"}),
    (720, "within_12_h", {"fr": "répond d'habitude sous 12 h", "en": "answers usually within 12 h"}),
    (1440, "within_1_day", {"fr": "répond d'habitude dans la journée", "en": "answers usually within a day"}),
    (2880, "within_2_days", {"fr": "répond d'habitude sous 2 jours", "en": "answers usually within 2 days"}),
    (4320, "within_3_days", {"fr": "répond d'habitude sous 3 jours", "en": "answers usually within 3 days"}),
)
"""Up to how many minutes of the median, the code, the words of a person."""
AROUND: Words = {"fr": "dans le quartier, on {}", "en": "in this neighbourhood one {}"}


@dataclass(frozen=True)
class Expectation:
    """When to expect an answer; `about` is `person` or `neighbourhood`."""

    code: str
    about: str
    text: str


def expectation(
    *,
    own_median: int | None,
    own_answers: int | None,
    agrees: bool | None,
    median_around: int | None,
    answers_around: int | None,
    language: str,
) -> Expectation | None:
    """The person's own figure where they agree to show it, else the neighbourhood's; None where there are too few."""
    if agrees and own_median is not None and (own_answers or 0) >= ENOUGH_ANSWERS:
        code, words = _step(own_median)
        return Expectation(code, "person", words[language])
    if median_around is not None and (answers_around or 0) >= ENOUGH_ANSWERS:
        code, words = _step(median_around)
        return Expectation(code, "neighbourhood", AROUND[language].format(words[language]))
    return None


def _step(median_minutes: int) -> tuple[str, Words]:
    return next(((code, words) for most, code, words in STEPS if median_minutes <= most), STEPS[-1][1:])
