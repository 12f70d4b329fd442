"""Addresses to points, through geopy: asked within three seconds and forgotten; nothing of it reaches a log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geopy import geocoders
from geopy.adapters import URLLibAdapter
from geopy.exc import GeocoderQueryError
from geopy.location import Location

from neighbourly.core.config import Settings
from neighbourly.core.errors import Unavailable
from neighbourly.core.outside import NoAnswer, OutsideCalls

TIMEOUT_SECONDS = 3.0
MOST_AT_ONCE = 2
"""Of eight web threads: while a provider is silent, six answer everything else."""
RETRY_SECONDS = 5

# BAN moved from geopy's default (api-adresse.data.gouv.fr) to IGN's Géoplateforme; its paths stand below /geocodage.
# Source: https://adresse.data.gouv.fr/blog/lapi-adresse-de-la-base-adresse-nationale-est-transferee-a-lign
PROVIDERS: dict[str, tuple[Callable[..., Any], str]] = {
    "ban": (geocoders.BANFrance, "https://data.geopf.fr/geocodage"),
    "nominatim": (geocoders.Nominatim, "https://nominatim.openstreetmap.org"),
    "photon": (geocoders.Photon, "https://photon.komoot.io"),
}

# geopy writes URLs (with the address) and the bodies of errors to its log.
logging.getLogger("geopy").addFilter(lambda record: False)


class GeocoderUnavailable(Unavailable):
    """The service that knows addresses does not answer, or not sensibly."""

    title = {
        "fr": "La recherche d'adresses ne répond pas pour le moment",
        "en": "The address search does not answer just now",
    }


@dataclass(frozen=True)
class Found:
    """One place found: its address in words, and where it is (degrees, WGS 84)."""

    label: str
    lat: float
    lon: float


class Geocoder:
    """Looks places up with one provider of geopy's."""

    def __init__(self, provider: Any) -> None:
        self._provider = provider
        self._calls = OutsideCalls("geocoder", at_once=MOST_AT_ONCE, seconds=TIMEOUT_SECONDS)

    def search(self, query: str, limit: int = 5) -> list[Found]:
        """The places that fit the words best, at most `limit`; none for words that the provider does not take.

        Raises `GeocoderUnavailable`: at once where two others are asking, after three seconds at the latest.
        """
        try:
            found = self._calls.call(lambda: self._ask(query, limit))
        except NoAnswer:
            found = None
        if found is None:
            # Outside any handler: the provider's error, which names the address, is not carried along.
            raise GeocoderUnavailable(headers={"Retry-After": str(RETRY_SECONDS)})
        return found

    def _ask(self, query: str, limit: int) -> list[Found] | None:
        try:
            locations = self._provider.geocode(query, exactly_one=False, limit=limit, timeout=TIMEOUT_SECONDS)
            return [*_found(locations or ())][:limit]
        except GeocoderQueryError:
            return []
        except Exception:
            # Whatever went wrong, in the net or in an answer that geopy cannot read: there is no answer.
            return None


class SensibleAnswers(URLLibAdapter):  # type: ignore[misc]
    """Reads an answer without the places that are nowhere on Earth, for one of which geopy would refuse all.

    On urllib, since the libraries that geopy could use instead log the URL, with the address in it, when a try fails.
    """

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """The answer to a GET as JSON."""
        answer = super().get_json(url, timeout=timeout, headers=headers)
        if isinstance(answer, list):
            return [place for place in answer if _on_earth(place.get("lat"), place.get("lon"))]
        lon_lat = [(feature, feature["geometry"]["coordinates"]) for feature in answer["features"]]
        return {"features": [feature for feature, (lon, lat, *_) in lon_lat if _on_earth(lat, lon)]}


def asker(settings: Settings) -> str:
    """How the installation names itself to whom it asks, as providers wish."""
    return f"neighbourly ({settings.public_url}; {settings.contact})"


def geocoder_from(name: str, url: str | None, user_agent: str) -> Geocoder:
    """The geocoder of that name (`ban`, `nominatim`, `photon`), at another address if one is given (path included)."""
    make, usual = PROVIDERS[name]
    parts = urlsplit(url or usual)
    provider = make(
        scheme=parts.scheme,
        domain=parts.netloc + parts.path,
        user_agent=user_agent,
        adapter_factory=SensibleAnswers,
    )
    return Geocoder(provider)


def _found(locations: Iterable[Location]) -> Iterable[Found]:
    for location in locations:
        # geopy names the street twice in Photon's.
        label = ", ".join(dict.fromkeys(location.address.split(", ")))
        if label:
            yield Found(label, location.latitude, location.longitude)


def _on_earth(lat: Any, lon: Any) -> bool:
    """Whether a provider's coordinates (numbers, or Nominatim's text) are any; 0, 0 is what unknown ones become."""
    try:
        north, east = float(lat), float(lon)
    except (TypeError, ValueError):
        return False
    return -90 <= north <= 90 and -180 <= east <= 180 and (north, east) != (0, 0)
