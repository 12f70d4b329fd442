"""Outlines of neighbourhoods: a GeoJSON polygon in WGS 84 (RFC 7946), checked, and its area. What is wrong is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite, log, radians, sin, sqrt
from typing import Any

from shapely.geometry import shape
from shapely.validation import explain_validity

from neighbourly.core.cells import TOWN, Cell, snap
from neighbourly.territories.errors import Wrong

MOST_KM2 = 10_000
"""A neighbourhood is not larger than a department; what is has its coordinates wrong."""
EQUATOR_M, ECCENTRICITY = 6378137.0, sqrt(0.0066943799901413165)
"""The ellipsoid of WGS 84."""
CROSSING = "Self-intersection"
IN_FRENCH = {
    CROSSING: "le contour se croise lui-même",
    "Ring Self-intersection": "un contour passe deux fois par le même point",
    "Hole lies outside shell": "un trou sort du contour",
    "Holes are nested": "un trou est dans un autre trou",
    "Nested shells": "une partie est dans une autre",
    "Interior is disconnected": "l'intérieur est coupé en deux",
    "Duplicate Rings": "un contour est donné deux fois",
}
Position = list[float]
"""Longitude, latitude."""
Polygon = list[list[Position]]


def outline(geometry: object) -> dict[str, Any]:
    """The Polygon or MultiPolygon with two numbers a position (longitude, latitude); raises `Wrong`."""
    if not isinstance(geometry, dict) or not geometry:
        raise Wrong("empty", fr="il n'y a pas de contour", en="there is no outline")
    kind = geometry.get("type")
    if kind not in ("Polygon", "MultiPolygon"):
        raise Wrong(
            "wrong_type",
            fr=f"un Polygon ou MultiPolygon est attendu, pas {kind}",
            en=f"a Polygon or MultiPolygon is expected, not {kind}",
        )
    given = geometry.get("coordinates")
    polygons = [_polygon(each) for each in _listed([given] if kind == "Polygon" else given)]
    made = {"type": kind, "coordinates": polygons[0] if kind == "Polygon" else polygons}
    _refuse_crossing(made)
    _refuse_sprawling(polygons)
    return made


def area_km2(geometry: dict[str, Any]) -> float:
    """The outline's area on the ellipsoid of WGS 84, holes left out.

    Exact but for the edges, which are straight in the cylindrical equal-area projection (Snyder, Map Projections:
    A Working Manual, 1987, equations 10-15 and 3-12) and not geodesics: a part in a million for a town.
    """
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return sum(_polygon_km2(polygon) for polygon in polygons)


def somewhere_in(geometry: dict[str, Any]) -> Cell:
    """A cell at the outline's edge, of a town's size."""
    polygon = geometry["coordinates"] if geometry["type"] == "Polygon" else geometry["coordinates"][0]
    lon, lat = polygon[0][0]
    return snap(lat, lon, TOWN)


def _polygon(rings: object) -> Polygon:
    return [_ring(ring) for ring in _listed(rings)]


def _ring(positions: object) -> list[Position]:
    ring = [_position(each) for each in _listed(positions)]
    if ring[0] != ring[-1]:
        raise Wrong(
            "unclosed_ring",
            fr="un contour n'est pas fermé\u00a0: son dernier point n'est pas le premier",
            en="a ring is not closed: its last position is not its first",
        )
    if len(ring) < 4:
        raise Wrong("short_ring", fr="un contour a moins de quatre points", en="a ring has fewer than four positions")
    return ring


def _position(given: object) -> Position:
    if not isinstance(given, list) or len(given) < 2 or not all(_is_number(each) for each in given):
        raise Wrong(
            "wrong_position",
            fr="un point n'est pas une liste de nombres (longitude, latitude)",
            en="a position is not a list of numbers (longitude, latitude)",
        )
    lon, lat = given[:2]
    if abs(lon) <= 180 and abs(lat) <= 90:
        return [lon, lat]
    if abs(lon) <= 90 and abs(lat) <= 180:
        raise Wrong(
            "swapped",
            fr=f"le point {lon}, {lat} a sa latitude d'abord\u00a0; GeoJSON veut la longitude d'abord",
            en=f"the position {lon}, {lat} has its latitude first; GeoJSON wants the longitude first",
        )
    raise Wrong(
        "out_of_range",
        fr=f"le point {lon}, {lat} n'est pas en degrés (WGS 84)\u00a0; le fichier est-il dans une projection\u00a0?",
        en=f"the position {lon}, {lat} is not in degrees (WGS 84); is the file in a projection?",
    )


def _is_number(given: object) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and isfinite(given)


def _listed(given: object) -> list[Any]:
    if not isinstance(given, list):
        raise Wrong("wrong_nesting", fr="les coordonnées sont mal emboîtées", en="coordinates nest wrongly")
    if not given:
        raise Wrong("empty", fr="un contour est vide", en="a ring is empty")
    return given


def _refuse_crossing(geometry: dict[str, Any]) -> None:
    explained: str = explain_validity(shape(geometry))
    if explained == "Valid Geometry":
        return
    reason, _, place = explained.rstrip("]").partition("[")
    raise Wrong(
        "self_crossing" if CROSSING.lower() in reason.lower() else "invalid_polygon",
        fr=f"{IN_FRENCH.get(reason, reason)}, près de {place}",
        en=f"{reason.lower()}, near {place}",
    )


def _refuse_sprawling(polygons: Sequence[Polygon]) -> None:
    """Of two ways round the Earth a long edge does not say which it means; and a mistaken one is usually huge."""
    longitudes = [lon for polygon in polygons for lon, _ in polygon[0]]
    if max(longitudes) - min(longitudes) > 180:
        raise Wrong(
            "antimeridian",
            fr="le contour passe le 180ᵉ méridien\u00a0: coupez-le en deux parties",
            en="the outline crosses the 180th meridian: cut it into two parts",
        )
    if (area := sum(map(_polygon_km2, polygons))) > MOST_KM2:
        raise Wrong(
            "too_large",
            fr=f"le contour couvre {area:.0f} km², plus que les {MOST_KM2} km² d'un territoire",
            en=f"the outline covers {area:.0f} km², more than the {MOST_KM2} km² of a territory",
        )


def _polygon_km2(polygon: Polygon) -> float:
    shell, *holes = (_ring_km2(ring) for ring in polygon)
    return shell - sum(holes)


def _ring_km2(ring: Sequence[Position]) -> float:
    """The shoelace formula in the equal-area plane."""
    points = list(_projected(ring))
    doubled = sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(points))
    return abs(doubled) / 2e6


def _projected(ring: Sequence[Position]) -> Iterator[tuple[float, float]]:
    """Metres from the ring's first position, since large numbers would cost the shoelace its digits."""
    west, south = ring[0]
    for lon, lat in ring:
        yield EQUATOR_M * radians(lon - west), EQUATOR_M * (_height(lat) - _height(south))


def _height(lat: float) -> float:
    """Where a parallel lies in the equal-area cylinder, in equatorial radii: half of Snyder's q."""
    part = ECCENTRICITY * sin(radians(lat))
    rest = log((1 - part) / (1 + part)) / (2 * ECCENTRICITY)
    return (1 - ECCENTRICITY**2) * (part / ECCENTRICITY / (1 - part * part) - rest) / 2
