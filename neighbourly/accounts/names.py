"""What is said of a person where not all of the name is."""

from __future__ import annotations


def first_word(display_name: str) -> str:
    """All that a notification says of a person (FCM-05), and a listing that is seen only because it is held."""
    return (display_name.split() or [""])[0]
