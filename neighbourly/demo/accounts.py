"""How to sign in as one of the demo's neighbours; the password is no secret, so production never loads them."""

from __future__ import annotations

from collections.abc import Iterator

from neighbourly.demo import neighbourhood

PASSWORD = "bonjour-voisins"  # noqa: S105  # made known on purpose
SHOWN = 6


def sign_in_lines(url: str) -> Iterator[str]:
    """What someone who has just started the demo reads."""
    neighbours = neighbourhood.load().neighbours
    first = (neighbourhood.HEROINE, neighbourhood.HELPER)
    ordered = sorted(
        neighbours, key=lambda each: (each.email not in first, first.index(each.email) if each.email in first else 0)
    )
    width = max(len(each.email) for each in ordered[:SHOWN])
    yield f"Sign in as one of its {len(neighbours)} neighbours; everyone's password is {PASSWORD}"
    for each in ordered[:SHOWN]:
        yield f"  {each.email:<{width}}  {each.display_name}"
    yield f"All of them, their mails and their pushes: {url}/dev"
