"""Moments as people say them, on the wall clock of who reads: never relative, for a text may be read much later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location

PATTERNS: Mapping[str, str] = {"fr": "EEEE {day} MMMM 'à' HH:mm", "en": "EEEE d MMMM 'at' HH:mm"}
WITH_ZONE: Mapping[str, str] = {"fr": "{moment} (heure locale\u00a0: {city})", "en": "{moment} ({city} time)"}


def moment(at: datetime, language: str, zone: str, *, others: str | None = None) -> str:
    """`samedi 5 décembre à 18:00`, `Saturday 5 December at 18:00`, on the clock of an IANA zone.

    Where the zone of somebody else whom it concerns shows another time then, it says whose clock it is.
    """
    here = at.astimezone(ZoneInfo(zone))
    pattern = PATTERNS[language].format(day="d'er'" if here.day == 1 else "d")
    said = format_datetime(here, pattern, tzinfo=ZoneInfo(zone), locale=language)
    if others is None or at.astimezone(ZoneInfo(others)).utcoffset() == here.utcoffset():
        return said
    city = get_timezone_location(ZoneInfo(zone), locale=language, return_city=True)
    return WITH_ZONE[language].format(moment=said, city=city)
