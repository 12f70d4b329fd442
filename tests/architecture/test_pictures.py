"""The pictures of the states say what the tables say."""

from __future__ import annotations

from tests.pictures import DOCUMENT, document


def test_the_page_of_the_states_is_drawn_from_the_tables():
    assert DOCUMENT.read_text() == document(), "run: .venv/bin/python -m tests.pictures"
