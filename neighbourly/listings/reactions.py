"""What listings make of what happens to accounts and homes."""

from __future__ import annotations

from neighbourly.accounts.events import AccountErasing, NameChosen
from neighbourly.accounts.service import rename_user
from neighbourly.core.errors import fault
from neighbourly.listings import namesakes, service
from neighbourly.places.events import HomeMoved


def move_listings_along(event: HomeMoved) -> None:
    """Listings lie where their owner lives."""
    service.follow_home(user_id=event.user_id)


def number_namesake(event: HomeMoved) -> None:
    """Who comes to live beside somebody of the same name goes by a number, until they choose another name."""
    name = namesakes.find_free_name(event.user_id)
    if name is not None:
        rename_user(user_id=event.user_id, display_name=name)


def refuse_namesake(event: NameChosen) -> None:
    """Nobody takes the name by which a neighbour is known."""
    if namesakes.has_namesake(event.user_id, event.display_name):
        raise fault(
            "/display_name",
            "name_taken_nearby",
            fr="Quelqu'un près de chez vous porte déjà un nom qui ressemble à celui-ci\u00a0: ajoutez une initiale.",
            en="Someone near you already goes by a name that looks like this one: please add an initial.",
        )


def empty_listings(event: AccountErasing) -> None:
    """Nothing of what a former neighbour wrote stays."""
    service.empty_listings_of(user_id=event.user_id)
