"""Reading files of neighbourhoods: what is broken is named, never guessed."""

import orjson
import pytest

from neighbourly.territories import geojson
from neighbourly.territories.errors import TerritoriesBroken
from neighbourly.territories.geojson import Fields
from tests.territories.shapes import collection, feature, outlines, ring, square

BOW_TIE = [[1.40, 43.60], [1.43, 43.63], [1.43, 43.60], [1.40, 43.63], [1.40, 43.60]]
LAMBERT_93 = [[574357.0, 6279642.0], [575000.0, 6279642.0], [575000.0, 6280000.0], [574357.0, 6279642.0]]
SYDNEY_SWAPPED = [[-33.8, 151.2], [-33.8, 151.3], [-33.7, 151.3], [-33.8, 151.2]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def multi(*polygons):
    return {"type": "MultiPolygon", "coordinates": list(polygons)}


def faults_of(document):
    with pytest.raises(TerritoriesBroken) as refusal:
        geojson.parse(document, Fields())
    return refusal.value.faults


@pytest.mark.parametrize(
    ("geometry", "code", "said"),
    [
        ({}, "empty", "there is no outline"),
        (polygon(), "empty", "a ring is empty"),
        ({"type": "MultiPolygon"}, "wrong_nesting", "nest wrongly"),
        (polygon([]), "empty", "a ring is empty"),
        (multi([]), "empty", "a ring is empty"),
        ({"type": "Point", "coordinates": [1.4, 43.6]}, "wrong_type", "not Point"),
        ({"type": "LineString", "coordinates": ring()}, "wrong_type", "not LineString"),
        ({"type": "GeometryCollection", "geometries": [square()]}, "wrong_type", "not GeometryCollection"),
        (polygon(ring()[:-1]), "unclosed_ring", "its last position is not its first"),
        (polygon(ring(), ring(1.41, 43.61, 0.01)[:-1]), "unclosed_ring", "its last position is not its first"),
        (polygon([*ring()[:2], ring()[0]]), "short_ring", "fewer than four"),
        (polygon(BOW_TIE), "self_crossing", "self-intersection, near 1.415 43.615"),
        (polygon(ring(), ring(1.5, 43.7, 0.01)), "invalid_polygon", "hole lies outside shell"),
        (multi([ring()], [ring(1.41, 43.61)]), "self_crossing", "self-intersection, near"),
        (polygon(SYDNEY_SWAPPED), "swapped", "has its latitude first"),
        (polygon(LAMBERT_93), "out_of_range", "is not in degrees (WGS 84)"),
        (polygon([[1.4, "43.6"], *ring()[1:]]), "wrong_position", "not a list of numbers"),
        (polygon([[1.4, True], *ring()[1:]]), "wrong_position", "not a list of numbers"),
        (polygon([[1.4], *ring()[1:]]), "wrong_position", "not a list of numbers"),
        ({"type": "Polygon", "coordinates": ring()}, "wrong_position", "not a list of numbers"),
        ({"type": "MultiPolygon", "coordinates": [ring()]}, "wrong_position", "not a list of numbers"),
        (polygon({"lon": 1.4, "lat": 43.6}), "wrong_nesting", "nest wrongly"),
        (polygon(ring(-179, 10, 0.5), ring(1, 1, 1)), "invalid_polygon", "hole lies outside shell"),
        (multi([ring(179, 10, 0.5)], [ring(-179.5, 10, 0.5)]), "antimeridian", "180th meridian"),
        (polygon(ring(size=3)), "too_large", "more than the 10000 km² of a territory"),
    ],
)
def test_a_broken_geometry_is_named_with_its_feature(geometry, code, said):
    (fault,) = faults_of(collection(feature("ok"), feature("b", geometry, name="Compans")))
    assert (fault.code, fault.pointer) == (code, "/features/1")
    assert fault.words["en"].startswith("Feature 2 (b, Compans): ")
    assert said in fault.words["en"]
    assert fault.words["fr"].startswith("Élément 2 (b, Compans)\u00a0: ")
    assert all(words.count(".\n") == 0 and words.endswith(".") for words in fault.words.values())


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (feature(None), "missing_code"),
        (feature(" "), "missing_code"),
        (feature(1.5), "missing_code"),
        (feature(True), "missing_code"),
        (feature("a\x00"), "missing_code"),
        (feature("c" * 41), "missing_code"),
        (feature("own"), "reserved_code"),
        (feature("b", name=None), "missing_name"),
        (feature("b", name="n" * 121), "missing_name"),
        (feature("b", households="many"), "wrong_households"),
        (feature("b", households="12"), "wrong_households"),
        (feature("b", households=-1), "wrong_households"),
        (feature("b", households=1.5), "wrong_households"),
        (feature("b", households=False), "wrong_households"),
        (feature("b", households=10**9), "wrong_households"),
        (feature("a"), "duplicate_code"),
        ({"type": "Feature", "properties": None, "geometry": square()}, "missing_code"),
        (square(), "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_a_wrong_property_is_named_with_its_feature(broken, code):
    faults = faults_of(collection(feature("a"), broken))
    assert faults[0].code == code
    assert faults[0].words["en"].startswith("Feature 2")


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "wrong_type"),
        (feature(), "wrong_type"),
        ({"type": "FeatureCollection"}, "empty"),
        (collection(), "empty"),
        (collection(feature(), crs={"type": "name", "properties": {"name": "EPSG:2154"}}), "not_wgs84"),
        (collection(feature(), crs="EPSG:3857"), "not_wgs84"),
    ],
)
def test_a_file_of_another_kind_is_named(document, code):
    (fault,) = faults_of(document)
    assert (fault.code, fault.pointer) == (code, "")


def test_everything_wrong_is_said_at_once():
    broken = feature(None, polygon(BOW_TIE), households="many")
    faults = faults_of(collection(broken, feature("b"), feature("b")))
    assert [fault.code for fault in faults] == ["missing_code", "wrong_households", "self_crossing", "duplicate_code"]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_a_file_may_say_that_it_is_in_wgs_84(name):
    crs = {"type": "name", "properties": {"name": name}}
    assert geojson.parse(collection(feature(), crs=crs), Fields())


def test_a_file_names_its_fields_as_it_likes():
    document = collection(feature(None, nom=" Arènes ", iris=3155501, menages=120.0))
    (outline,) = geojson.parse(document, Fields("iris", "nom", "menages"))
    assert (outline.code, outline.name, outline.households) == ("3155501", "Arènes", 120)


def test_altitudes_are_dropped_and_holes_and_parts_stay():
    parts = multi([[[*position, 150.0] for position in ring()], ring(1.41, 43.61, 0.01)], [ring(1.45, 43.60, 0.01)])
    (outline,) = outlines(feature("a", parts))
    assert outline.boundary == multi([ring(), ring(1.41, 43.61, 0.01)], [ring(1.45, 43.60, 0.01)])
    assert outline.households is None


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "not_json"), (b"PK\x03\x04", "not_json"), (b"{", "not_json"), (None, "unreadable")]
)
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path, content, code):
    path = tmp_path / "quartiers.geojson"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TerritoriesBroken) as refusal:
        geojson.read(path, Fields())
    assert refusal.value.faults[0].code == code
    assert len(refusal.value.sentences("fr")) == 1
    assert "quartiers.geojson" in refusal.value.sentences("en")[0]


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    path = tmp_path / "quartiers.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + orjson.dumps(collection(feature())))
    assert [outline.code for outline in geojson.read(path, Fields())] == ["a"]
