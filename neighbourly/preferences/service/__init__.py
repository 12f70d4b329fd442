"""What people choose to be asked, how far it reaches, and what they look for."""

from neighbourly.preferences.service.absences import end_absence, list_returned
from neighbourly.preferences.service.choosing import (
    drop_interest,
    forget_person,
    lower_asks,
    make_preferences,
    update_preferences,
)
from neighbourly.preferences.service.figures import list_towns, recount_interests
from neighbourly.preferences.service.reaching import follow_home, renew_radii
from neighbourly.preferences.service.searching import (
    delete_search,
    forget_outdated_meanings,
    save_search,
    understand_search,
    understand_searches,
)

__all__ = [
    "delete_search",
    "drop_interest",
    "end_absence",
    "follow_home",
    "forget_outdated_meanings",
    "forget_person",
    "list_returned",
    "list_towns",
    "lower_asks",
    "make_preferences",
    "recount_interests",
    "renew_radii",
    "save_search",
    "understand_search",
    "understand_searches",
    "update_preferences",
]
