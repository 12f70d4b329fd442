"""The rules of the house that can be read off the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "neighbourly"
SOURCES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
EMPTY_NAMES = {"utils", "helpers", "common", "misc", "manager"}
PURE = (
    "bookings/availability.py",
    "conversations/wording.py",
    "exchanges/calendars.py",
    "exchanges/codes.py",
    "exchanges/expecting.py",
    "exchanges/lifecycle.py",
    "exchanges/timeline.py",
    "neighbours/activity.py",
    "timebank/rule.py",
    "core/cells/grid.py",
    "core/cells/precision.py",
    "core/language/lengths.py",
    "core/language/stemming.py",
    "listings/expiry.py",
    "listings/guessing.py",
    "listings/lifecycle.py",
    "listings/phrasing.py",
    "listings/vocabulary.py",
    "matching/people.py",
    "matching/published.py",
    "matching/rule.py",
    "matching/scoring.py",
    "matching/waves.py",
    "notifications/catalogue.py",
    "notifications/plans.py",
    "places/precision.py",
    "preferences/density.py",
    "preferences/quiet.py",
    "search/bands.py",
    "territories/allotment.py",
    "territories/geometry.py",
)


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _imports(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Import):
            yield from (name.name for name in each.names)
        elif isinstance(each, ast.ImportFrom):
            yield each.module or ""


def test_files_stay_small():
    assert [path for path in SOURCES if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_functions_stay_small():
    long = [
        f"{path}:{each.lineno} {each.name}"
        for path in SOURCES
        for each in _functions(path)
        if (each.end_lineno or 0) - each.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_only_the_database_module_commits():
    """One commit a request: nothing else in the package calls `commit()` of a session or a connection."""
    found = [path for path in SOURCES if re.search(r"\b(session|connection)\.commit\(", path.read_text())]
    assert found == [PACKAGE / "core/db.py"]


def test_no_function_imports_the_project():
    inside = [
        f"{path}: {function.name}"
        for path in SOURCES
        for function in _functions(path)
        if any(name.startswith("neighbourly") for name in _imports(function))
    ]
    assert inside == []


def test_each_module_says_what_it_is_and_nothing_is_left_over():
    assert [path for path in SOURCES if not ast.get_docstring(_tree(path))] == []
    leftover = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    assert [path for path in SOURCES if leftover.search(path.read_text())] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in SOURCES if path.stem in EMPTY_NAMES] == []


def test_only_cells_know_h3():
    users = {path for path in SOURCES if any(name.split(".")[0] == "h3" for name in _imports(_tree(path)))}
    assert users
    assert {path.parent for path in users} == {PACKAGE / "core/cells"}


def test_pure_modules_know_neither_the_database_nor_flask():
    for name in PURE:
        known = {imported.split(".")[0] for imported in _imports(_tree(PACKAGE / name))}
        assert known.isdisjoint({"flask", "sqlalchemy", "psycopg"}), name
        assert "neighbourly.core.db" not in set(_imports(_tree(PACKAGE / name))), name
