"""Lengths in words."""

import pytest

from neighbourly.core.language import duration, length


@pytest.mark.parametrize(
    ("metres", "french", "english"),
    [
        (0, "0 m", "0 m"),
        (49, "0 m", "0 m"),
        (50, "100 m", "100 m"),
        (349, "300 m", "300 m"),
        (949, "900 m", "900 m"),
        (950, "1 km", "1 km"),
        (1249, "1,2 km", "1.2 km"),
        (1250, "1,3 km", "1.3 km"),
        (50_000, "50 km", "50 km"),
    ],
)
def test_a_length_is_said_to_the_hundred_metres(metres, french, english):
    said = [length(metres, language).replace("\u00a0", " ") for language in ("fr", "en")]
    assert said == [french, english]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_number_never_parts_from_its_unit(language):
    assert " " not in length(300, language) + length(3000, language)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (1, "1 min"), (59, "59 min"), (60, "1 h"), (90, "1 h 30 min"), (600, "10 h"), (10_080, "168 h")],
)
def test_a_duration_is_said_in_hours_and_minutes(minutes, said):
    assert duration(minutes).replace("\u00a0", " ") == said
