"""Kind and category: as said, else as the title is understood."""

from __future__ import annotations

import pytest

from neighbourly.core.errors import InvalidInput
from neighbourly.listings.filing import Filed, file

BOTH = ("kind", "category")


@pytest.mark.parametrize(
    ("title", "kind", "category", "unsaid", "filed"),
    [
        ("Une perceuse", None, None, BOTH, Filed("item", "power-drills", BOTH)),
        ("Une perceuse", "item", None, ("category",), Filed("item", "power-drills", ("category",))),
        ("Une perceuse", "skill", None, ("category",), Filed("skill", None)),
        ("Une perceuse", None, "saws", ("kind",), Filed("item", "saws")),
        ("Une perceuse", "item", "saws", (), Filed("item", "saws")),
        ("Une perceuse", None, None, (), Filed(None, None)),
        ("Une perceuse", None, None, ("category",), Filed(None, None)),
        ("Xyzzy blurb", None, None, BOTH, Filed(None, None)),
        ("Xyzzy blurb", "time", None, ("category",), Filed("time", None)),
    ],
)
def test_what_is_said_goes_before_what_is_guessed(title, kind, category, unsaid, filed):
    assert file(title, kind=kind, category=category, unsaid=unsaid) == filed


@pytest.mark.parametrize(
    ("kind", "category", "code"),
    [("skill", "power-drills", "category_of_another_kind"), (None, "dragons", "unknown_category")],
)
def test_what_is_said_must_agree_and_exist(kind, category, code):
    with pytest.raises(InvalidInput) as refused:
        file("Une perceuse", kind=kind, category=category, unsaid=())
    assert [(each.pointer, each.code) for each in refused.value.faults] == [("/category", code)]
