"""Lines of log: JSON, without tokens and without the values of an error."""

from __future__ import annotations

import logging
from io import StringIO

import orjson
import pytest
import structlog

from neighbourly.core import logs

SECRET = "hidden-in-the-error"


@pytest.fixture
def lines(app, monkeypatch):
    """What is logged meanwhile, parsed."""
    root = logging.getLogger()
    (handler,) = [each for each in root.handlers if type(each.formatter).__module__ == logs.__name__]
    written = StringIO()
    monkeypatch.setattr(handler, "stream", written)
    return lambda: [orjson.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_says_what_where_and_when(lines):
    structlog.get_logger("push").warning("not delivered", attempt=2)
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"], line["attempt"]) == ("not delivered", "warning", "push", 2)
    assert line["timestamp"].endswith("Z")


def test_the_token_in_a_path_is_masked(lines):
    """SEC-22"""
    structlog.get_logger("api").error("failed", path="/c/abcdef123456/confirm")
    assert lines()[0]["path"] == "/c/…/confirm"


def test_an_error_is_told_by_its_kind_and_its_places(lines):
    """SEC-22: its text could quote a row."""
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("some.library").exception("unforeseen")
    (line,) = lines()
    assert line["exception"] == "ValueError"
    assert line["trace"][-1].startswith(__name__)
    assert SECRET not in orjson.dumps(line).decode()
