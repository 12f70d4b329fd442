"""Texts read for what they mean, with the real encoder."""

from __future__ import annotations

import numpy as np
import pytest

from neighbourly.listings import reading
from neighbourly.listings.categories import CATEGORIES
from neighbourly.listings.reading import text_of


@pytest.fixture
def reader(meaning):
    return reading.get_reader()


def like(reader, one: str, other: str) -> float:
    first, second = reader.read([text_of(one), text_of(other)])
    return float(first @ second)


@pytest.mark.parametrize(
    ("need", "near", "far"),
    [
        ("I need a drill", "Perforateur", "Poussette double"),
        ("percer un mur en béton", "Hammer drill", "Roman policier"),
        ("garder mon chat", "Cat sitting", "Cours de guitare"),
        ("apprendre l'espagnol", "Spanish lessons", "Tondeuse"),
        ("a lift to the hospital", "Trajets à l'hôpital", "Appareil à raclette"),
    ],
)
def test_the_same_idea_is_nearer_than_another_whatever_the_language(reader, need, near, far):
    assert like(reader, need, near) > 0.4 > like(reader, need, far)


def test_capitals_ways_of_asking_and_days_change_nothing(reader):
    assert like(reader, "PERCEUSE", "Qui me prêterait une perceuse samedi ?") == pytest.approx(1, abs=1e-3)


def test_every_text_has_a_vector_of_length_one(reader):
    texts = ["", "?", "x" * 400, "مرحبا", "\U0001f600", "Une perceuse"]
    vectors = reader.read(texts)
    assert vectors.shape == (len(texts), 512 + len(CATEGORIES))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)


def test_a_batch_reads_as_its_texts_one_by_one(reader):
    texts = ["Une perceuse", "Cours de piano", "Arroser les plantes"]
    assert np.allclose(reader.read(texts), np.vstack([reader.read([text]) for text in texts]), atol=1e-4)


def test_what_takes_seconds_is_kept_in_a_file_and_a_new_process_reads_the_same(reader, encoder, tmp_path):
    try:
        for _ in range(2):
            reading.choose(lambda: encoder, tmp_path)
            again = reading.get_reader()
            assert again.version == reader.version
            assert like(again, "perceuse", "drill") == pytest.approx(like(reader, "perceuse", "drill"), abs=0.01)
    finally:
        reading.choose(None, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_where_nothing_is_chosen_nothing_is_read():
    assert (reading.is_chosen(), reading.get_reader(), reading.find_reader()) == (False, None, None)


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("Qui aurait une perceuse pour samedi ?", "", "perceuse. "),
        ("Perforateur", "Avec ses mèches.", "Perforateur. Avec ses mèches."),
        ("Perforateur", "x" * 900, "Perforateur. " + "x" * 387),
    ],
)
def test_the_idea_and_the_first_words_below_it_are_read(title, description, text):
    assert text_of(title, description) == text
