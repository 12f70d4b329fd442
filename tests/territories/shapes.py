"""Made-up neighbourhoods: squares near Toulouse, and GeoJSON around them."""

from __future__ import annotations

from typing import Any

from neighbourly.territories import geojson
from neighbourly.territories.geojson import Fields, Outline

WEST, SOUTH = 1.40, 43.60


def ring(west: float = WEST, south: float = SOUTH, size: float = 0.03) -> list[list[float]]:
    """A closed square of that many degrees."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def square(west: float = WEST, south: float = SOUTH, size: float = 0.03) -> dict[str, Any]:
    """A Polygon of one square."""
    return {"type": "Polygon", "coordinates": [ring(west, south, size)]}


def feature(code: object = "a", geometry: object = None, **properties: Any) -> dict[str, Any]:
    """A feature with a code, a name and, if given, households."""
    named = {"code": code, "name": f"Quartier {code}"} | properties
    return {"type": "Feature", "properties": named, "geometry": square() if geometry is None else geometry}


def collection(*features: object, **members: Any) -> dict[str, Any]:
    """A FeatureCollection."""
    return {"type": "FeatureCollection", "features": list(features)} | members


def outlines(*features: object) -> list[Outline]:
    """What a file with these features is read as."""
    return geojson.parse(collection(*features), Fields())
