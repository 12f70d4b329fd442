"""What schemas refuse, in which words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError, fields, validate

from neighbourly.core.api.schema import PointSchema, Schema, Text, Time, faults_of


class LetterSchema(Schema):
    """One of each."""

    title = Text(3, 10, required=True)
    at = Time()
    number = fields.Integer(validate=validate.Range(1, 9))
    least = fields.Integer(validate=validate.Range(min=1))
    kind = fields.String(validate=validate.OneOf(["a", "b"]))
    tags = fields.List(Text(1, 5), validate=validate.Length(max=2))
    name = fields.String(validate=validate.Length(min=2))
    place = fields.Nested(PointSchema)


def faults(**data: object) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        LetterSchema().load({"title": "Bonjour"} | data)
    return [(each.pointer, each.code) for each in faults_of(refused.value.messages)]


@pytest.mark.parametrize(
    ("data", "pointer", "code"),
    [
        ({"title": None}, "/title", "not_null"),
        ({"title": "ab"}, "/title", "bad_length"),
        ({"title": "  ab  "}, "/title", "bad_length"),
        ({"title": "x" * 11}, "/title", "bad_length"),
        ({"title": 7}, "/title", "wrong_type"),
        ({"title": "abc\x00"}, "/title", "control_character"),
        ({"title": "abc\x1b"}, "/title", "control_character"),
        ({"title": "abc\u202e"}, "/title", "control_character"),
        ({"title": "abc\u2066"}, "/title", "control_character"),
        ({"title": "abc\U000e0041"}, "/title", "control_character"),
        ({"title": "\u200b\u200b\u200b"}, "/title", "bad_length"),
        ({"title": "\u2800" * 3}, "/title", "bad_length"),
        ({"title": "👨‍👩‍👧‍👦" * 2}, "/title", "bad_length"),
        ({"title": "👨‍👩‍👧‍👦" * 11}, "/title", "bad_length"),
        ({"at": "2026-11-22T10:00:00"}, "/at", "wrong_type"),
        ({"at": "yesterday"}, "/at", "wrong_type"),
        ({"at": 7}, "/at", "wrong_type"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "/at", "wrong_type"),
        ({"number": 10}, "/number", "out_of_range"),
        ({"least": 0}, "/least", "out_of_range"),
        ({"number": "x"}, "/number", "wrong_type"),
        ({"kind": "c"}, "/kind", "not_a_choice"),
        ({"tags": ["a", "b", "c"]}, "/tags", "too_long"),
        ({"tags": ["a", "too long"]}, "/tags/1", "bad_length"),
        ({"tags": "a"}, "/tags", "wrong_type"),
        ({"name": "x"}, "/name", "too_short"),
        ({"place": {"lat": 91, "lon": 0}}, "/place/lat", "out_of_range"),
        ({"place": {"lat": 1}}, "/place/lon", "required"),
        ({"place": 7}, "/place", "wrong_type"),
        ({"more": 1}, "/more", "unknown_field"),
        ({"~/": 1}, "/~0~1", "unknown_field"),
    ],
)
def test_each_mistake_has_its_place_and_code(data, pointer, code):
    assert faults(**data) == [(pointer, code)]


def test_french_words_name_the_bounds():
    with pytest.raises(ValidationError) as refused:
        LetterSchema().load({"title": "ab", "number": 10, "name": "x", "tags": ["a", "b", "c"]})
    french = {each.pointer: each.words["fr"] for each in faults_of(refused.value.messages)}
    assert french == {
        "/title": "La longueur doit être entre 3 et 10.",
        "/number": "De 1 à 9.",
        "/name": "C'est trop court\u00a0: 2 au moins.",
        "/tags": "C'est trop long\u00a0: 2 au plus.",
    }


def test_text_is_trimmed_and_composed():
    assert LetterSchema().load({"title": "  e\u0301te\u0301\n "})["title"] == "été"


@pytest.mark.parametrize("nothing", ["\u2800\u2800", "\u034f", "\u200e \u061c", "\u180e", "\u2066\u2069", "\ufe0f"])
def test_what_shows_nothing_is_no_text(nothing):
    """TXT-03: an empty one where that may be, too short where it may not."""
    assert Text(0, 10).deserialize(nothing) == ""
    assert faults(title=nothing * 3) == [("/title", "bad_length")]


def test_text_is_as_long_as_it_looks():
    """TXT-03: ten families are ten signs, not seventy."""
    assert LetterSchema().load({"title": "👨‍👩‍👧‍👦" * 10})["title"] == "👨‍👩‍👧‍👦" * 10


def test_times_come_in_with_any_zone_and_go_out_with_z():
    loaded = LetterSchema().load({"title": "Bonjour", "at": "2026-11-22T12:30:00+02:00"})
    assert loaded["at"] == datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    assert LetterSchema().dump(loaded)["at"] == "2026-11-22T10:30:00Z"
