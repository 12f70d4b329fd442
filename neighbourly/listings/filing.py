"""Under which kind and category a listing is filed: as its owner says, or else as its title is understood."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from neighbourly.core.errors import InvalidInput, fault
from neighbourly.listings import categories
from neighbourly.listings.guessing import guess
from neighbourly.listings.reading import Likeness


@dataclass(frozen=True)
class Filed:
    """A kind, a category, and which of the two were guessed; what stays None is asked by words alone."""

    kind: str | None
    category: str | None
    guessed: tuple[str, ...] = ()


def file(
    title: str,
    *,
    kind: str | None,
    category: str | None,
    unsaid: Collection[str],
    likeness: Likeness | None = None,
) -> Filed:
    """File by what was said (None: nothing), guessing only what is named in `unsaid`, by `likeness` where it is known.

    What is said goes before what is guessed, and two things said must agree: a category brings its kind.
    Raises the 422s `unknown_category` and `category_of_another_kind`.
    """
    if category is not None:
        return Filed(_kind_with(category, kind), category)
    if not unsaid:
        return Filed(kind, None)
    likely = guess(title, likeness)
    guessed = []
    if kind is None and "kind" in unsaid and likely.kind is not None:
        kind = likely.kind
        guessed.append("kind")
    if "category" in unsaid and likely.category is not None and kind == likely.kind:
        category = likely.category
        guessed.append("category")
    return Filed(kind, category, tuple(guessed))


def _kind_with(category: str, kind: str | None) -> str:
    known = categories.get(category)
    if known is None:
        raise unknown_category()
    if kind is not None and kind != known.kind:
        raise fault(
            "/category",
            "category_of_another_kind",
            fr="Cette catégorie n'est pas de ce genre.",
            en="This category is of another kind.",
        )
    return known.kind


def unknown_category() -> InvalidInput:
    """The refusal of a category that is not in the tree."""
    return fault("/category", "unknown_category", fr="Cette catégorie n'existe pas.", en="There is no such category.")
