"""Areas of outlines."""

import orjson
import pytest
from geographiclib.geodesic import Geodesic

from neighbourly.territories.geometry import area_km2, outline
from tests.territories.shapes import ring, square


def geodesic_km2(positions):
    polygon = Geodesic.WGS84.Polygon()
    for lon, lat in positions[:-1]:
        polygon.AddPoint(lat, lon)
    return abs(polygon.Compute()[2]) / 1e6


@pytest.mark.parametrize(("west", "south"), [(1.4, 43.6), (-2.0, 48.6), (55.5, -21.0), (-52.0, 4.0), (25.0, 70.0)])
def test_an_area_is_that_on_the_ellipsoid(west, south):
    assert area_km2(square(west, south)) == pytest.approx(geodesic_km2(ring(west, south)), rel=1e-5)


def test_real_neighbourhoods_have_their_real_area(toulouse):
    features = orjson.loads(toulouse.read_bytes())["features"]
    outlines = [outline(feature["geometry"]) for feature in features]
    for each in outlines[:3]:
        assert area_km2(each) == pytest.approx(geodesic_km2(each["coordinates"][0]), rel=1e-6)
    assert sum(map(area_km2, outlines)) == pytest.approx(118, abs=0.5)  # the city's, by its own figures


def test_holes_are_left_out_and_parts_added():
    whole, hole, far = ring(), ring(1.41, 43.61, 0.01), ring(1.5, 43.6, 0.01)
    given = {"type": "MultiPolygon", "coordinates": [[whole, hole], [far]]}
    assert area_km2(outline(given)) == pytest.approx(
        geodesic_km2(whole) - geodesic_km2(hole) + geodesic_km2(far), rel=1e-5
    )


def test_the_way_round_a_ring_makes_no_difference():
    assert area_km2(square()) == pytest.approx(area_km2({"type": "Polygon", "coordinates": [ring()[::-1]]}))
