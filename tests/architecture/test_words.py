"""What people read: every text in French and in English, and French as it is printed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import neighbourly

SOURCES = Path(neighbourly.__file__).parent
NBSP = "\u00a0"
MISPRINTS = {
    "a sign that needs a no-break space before it": re.compile(rf"(?<![{NBSP}\d(])[;!?»](?!\w)|[^{NBSP}\d/]:(?=\s|$)"),
    "a quotation that needs a no-break space": re.compile(rf"«(?!{NBSP})"),
    "another apostrophe or space than everywhere else": re.compile("[\u2019\u202f]"),
}


def texts(node: ast.AST) -> Iterator[str]:
    """The texts of an expression, each whole; what is filled in stands as `{}`."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(map(part_of, node.values))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not isinstance(node, ast.Name | ast.Subscript):
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def part_of(node: ast.AST) -> str:
    if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.Name) and node.value.id == "NBSP":
        return NBSP
    return str(node.value) if isinstance(node, ast.Constant) else "{}"


def pairs() -> Iterator[tuple[str, set[str], ast.AST]]:
    """Wherever words are given by language: the place, the languages, and the French."""
    for file in sorted(set(SOURCES.rglob("*.py")) - {SOURCES / "demo" / "wording.py"}):  # that is how people type
        for node in ast.walk(ast.parse(file.read_text())):
            given: dict[str, ast.AST] = {}
            if isinstance(node, ast.Dict):
                keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
                given = {str(key): value for key, value in zip(keys, node.values, strict=True)}
            elif isinstance(node, ast.Call):
                given = {str(each.arg): each.value for each in node.keywords}
            if "fr" in given:
                yield f"{file.relative_to(SOURCES)}:{getattr(node, 'lineno', 0)}", set(given), given["fr"]


PAIRS = list(pairs())


def test_there_are_words_to_look_at():
    assert len(PAIRS) > 100


@pytest.mark.parametrize(("place", "languages", "french"), PAIRS, ids=[place for place, _, _ in PAIRS])
def test_every_text_is_there_in_both_languages_and_french_is_printed_as_it_should_be(place, languages, french):
    assert "en" in languages
    found = [(text, wrong) for text in texts(french) for wrong, sign in MISPRINTS.items() if sign.search(text)]
    assert found == []
