"""The three geocoders that neighbourly can ask (BAN, Nominatim, Photon), in one server that knows a few places.

As a program: `python -m tests.fakes.geocoder --port 9020`.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson

from tests.fakes.server import DARK, OK, RESET, HttpFake, Reply, Request, Script, json_reply, serve, slow

__all__ = [
    "BUSY", "DARK", "DROPS", "ERROR", "GARBAGE", "OK", "REFUSED", "RESET", "FakeGeocoder", "Place", "Reply",
    "json_reply", "slow",
]  # fmt: skip

ERROR = Reply(500, b"Internal Server Error", {"Content-Type": "text/plain"})
BUSY = Reply(429, b"Too Many Requests", {"Content-Type": "text/plain", "Retry-After": "5"})
REFUSED = json_reply({"code": 400, "message": "q: must contain between 3 and 200 chars"}, 400)
GARBAGE = Reply(200, b"<html>maintenance</html>", {"Content-Type": "text/html"})
DROPS = Reply(how="drops")


@dataclass(frozen=True)
class Place:
    """Something that can be found; degrees, WGS 84."""

    name: str
    postcode: str
    city: str
    lat: float
    lon: float
    housenumber: str | None = None

    @property
    def label(self) -> str:
        """As BAN writes it."""
        return " ".join(part for part in (self.housenumber, self.name, self.postcode, self.city) if part)


PLACES = (
    Place("Place du Capitole", "31000", "Toulouse", 43.604468, 1.443378),
    Place("Rue de la République", "31300", "Toulouse", 43.598713, 1.432164, housenumber="12"),
    Place("Rue de la République", "31300", "Toulouse", 43.598112, 1.430911, housenumber="48"),
    Place("Allée de Barcelone", "31000", "Toulouse", 43.606702, 1.431305, housenumber="3"),
    Place("Avenue de Lombez", "31300", "Toulouse", 43.593921, 1.413644, housenumber="101"),
    Place("Place de la Comédie", "34000", "Montpellier", 43.608473, 3.879749),
)


class FakeGeocoder(HttpFake):
    """Answers `/search` (BAN, or Nominatim where a `format` is asked for), `/reverse` (BAN) and `/api` (Photon)."""

    def __init__(self, *, places: Iterable[Place] = PLACES, port: int = 0, delay_ms: float = 0) -> None:
        super().__init__(port=port, delay_ms=delay_ms)
        self.places = list(places)
        self.requests: list[Request] = []
        self._script = Script()

    @property
    def queries(self) -> list[str]:
        """What was looked for, in order."""
        return [request.query["q"] for request in self.requests if "q" in request.query]

    def script(self, *replies: Reply) -> None:
        """What the next requests get: each answer in turn, the last one for ever; `OK` is the true answer."""
        self._script.set(*replies)

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        reply = self._script.next()
        if reply.status != 200 or reply.body:
            return reply
        path = request.path.rstrip("/")
        if path.endswith("/search") and "format" in request.query:
            payload: Any = [_nominatim(place) for place in self._found(request.query)]
        elif path.endswith("/search"):
            payload = _collection(_ban(place) for place in self._found(request.query))
        elif path.endswith("/reverse"):
            payload = _collection(_ban(place) for place in self._nearest(request.query))
        elif path.endswith("/api"):
            payload = _collection(_photon(place) for place in self._found(request.query))
        else:
            return json_reply({"message": "Not Found"}, 404)
        return replace(reply, body=orjson.dumps(payload), headers={"Content-Type": "application/json"})

    def _found(self, query: Mapping[str, str]) -> list[Place]:
        words = _fold(query["q"]).split()
        hits = [place for place in self.places if all(word in _fold(place.label) for word in words)]
        return hits[: int(query.get("limit", "5"))]

    def _nearest(self, query: Mapping[str, str]) -> list[Place]:
        lat, lon = float(query["lat"]), float(query["lon"])
        return sorted(self.places, key=lambda place: (place.lat - lat) ** 2 + (place.lon - lon) ** 2)[:1]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace(",", " ")


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "version": "draft", "features": list(features)}


def _feature(place: Place, properties: dict[str, Any]) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [place.lon, place.lat]}
    given = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "geometry": point, "properties": given}


def _ban(place: Place) -> dict[str, Any]:
    properties = {
        "label": place.label,
        "score": 0.9,
        "housenumber": place.housenumber,
        "name": " ".join(part for part in (place.housenumber, place.name) if part),
        "street": place.name if place.housenumber else None,
        "postcode": place.postcode,
        "city": place.city,
        "type": "housenumber" if place.housenumber else "street",
    }
    return _feature(place, properties)


def _photon(place: Place) -> dict[str, Any]:
    properties = {
        "name": None if place.housenumber else place.name,
        "housenumber": place.housenumber,
        "street": place.name if place.housenumber else None,
        "postcode": place.postcode,
        "city": place.city,
        "state": "Occitanie",
        "country": "France",
    }
    return _feature(place, properties)


def _nominatim(place: Place) -> dict[str, Any]:
    parts = (place.housenumber, place.name, place.city, "Occitanie", place.postcode, "France")
    return {
        "place_id": 1,
        "osm_type": "node",
        "lat": str(place.lat),
        "lon": str(place.lon),
        "display_name": ", ".join(part for part in parts if part),
        "importance": 0.4,
    }


@contextmanager
def _from_arguments(arguments: argparse.Namespace) -> Iterator[FakeGeocoder]:
    with FakeGeocoder(port=arguments.port, delay_ms=arguments.delay_ms) as geocoder:
        yield geocoder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A geocoder, played on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    serve(_from_arguments, parser)
