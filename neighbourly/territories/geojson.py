"""Reading a file of neighbourhoods: GeoJSON to outlines, or every fault as one sentence that names its feature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from neighbourly.core.errors import Fault
from neighbourly.territories.errors import TerritoriesBroken, Wrong
from neighbourly.territories.geometry import area_km2, outline

RESERVED_CODE = "own"
"""The installation's own territory, which has no outline."""
MOST_CODE, MOST_NAME = 40, 120


@dataclass(frozen=True)
class Outline:
    """A neighbourhood as a file gives it; `boundary` is a Polygon or MultiPolygon in WGS 84."""

    code: str
    name: str
    households: int | None
    boundary: dict[str, Any]
    area_km2: float


@dataclass(frozen=True)
class Fields:
    """Under which names a file keeps what we need of each feature."""

    code: str = "code"
    name: str = "name"
    households: str = "households"


def read(path: Path, fields: Fields) -> list[Outline]:
    """The outlines of a file; raises `TerritoriesBroken`."""
    try:
        document = orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError as reason:
        wrong = Wrong("unreadable", fr=f"{path} n'est pas lisible.", en=f"{path} cannot be read.")
        raise _broken(wrong) from reason
    except orjson.JSONDecodeError as reason:
        raise _broken(Wrong("not_json", fr=f"{path} n'est pas du JSON.", en=f"{path} is not JSON.")) from reason
    return parse(document, fields)


def parse(document: object, fields: Fields) -> list[Outline]:
    """The outlines of a FeatureCollection, in its order; raises `TerritoriesBroken` with all that is wrong in it."""
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise _broken(
            Wrong(
                "wrong_type",
                fr="Une FeatureCollection GeoJSON est attendue.",
                en="A GeoJSON FeatureCollection is expected.",
            )
        )
    if (system := _other_system(document)) is not None:
        raise _broken(
            Wrong(
                "not_wgs84",
                fr=f"Le fichier est dans le système {system}\u00a0; convertissez-le en WGS 84.",
                en=f"The file is in the system {system}; convert it to WGS 84.",
            )
        )
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise _broken(Wrong("empty", fr="Le fichier n'a aucun élément.", en="The file has no feature."))
    return _outlines(features, fields)


def _outlines(features: list[Any], fields: Fields) -> list[Outline]:
    outlines: dict[str, Outline] = {}
    faults: list[Fault] = []
    for number, feature in enumerate(features):
        made, wrongs = _outline(feature, fields)
        if made is not None and made.code in outlines:
            wrongs.append(
                Wrong("duplicate_code", fr="ce code est déjà pris plus haut", en="this code was given before")
            )
        faults += [_fault(number, feature, fields, wrong) for wrong in wrongs]
        if made is not None:
            outlines.setdefault(made.code, made)
    if faults:
        raise TerritoriesBroken(faults=faults)
    return list(outlines.values())


def _outline(feature: object, fields: Fields) -> tuple[Outline | None, list[Wrong]]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return None, [Wrong("wrong_type", fr="ce n'est pas une Feature", en="this is not a Feature")]
    properties = feature.get("properties")
    given = properties if isinstance(properties, dict) else {}
    code, name = _text(given.get(fields.code)), _text(given.get(fields.name))
    wrongs = [*_wrong_properties(code, name, given.get(fields.households), fields)]
    try:
        boundary = outline(feature.get("geometry"))
    except Wrong as reason:
        return None, [*wrongs, reason]
    if wrongs:
        return None, wrongs
    households = given.get(fields.households)
    counted = None if households is None else int(households)
    return Outline(code, name, counted, boundary, area_km2(boundary)), []


def _wrong_properties(code: str, name: str, households: object, fields: Fields) -> Iterator[Wrong]:
    if not code or len(code) > MOST_CODE:
        yield Wrong(
            "missing_code",
            fr=f"le champ «\u00a0{fields.code}\u00a0» doit avoir de 1 à {MOST_CODE} caractères lisibles",
            en=f"its field “{fields.code}” must have 1 to {MOST_CODE} readable characters",
        )
    if code == RESERVED_CODE:
        yield Wrong(
            "reserved_code",
            fr=f"le code «\u00a0{RESERVED_CODE}\u00a0» est celui du territoire de l'installation",
            en=f"the code “{RESERVED_CODE}” is that of the installation's own territory",
        )
    if not name or len(name) > MOST_NAME:
        yield Wrong(
            "missing_name",
            fr=f"le champ «\u00a0{fields.name}\u00a0» doit avoir de 1 à {MOST_NAME} caractères lisibles",
            en=f"its field “{fields.name}” must have 1 to {MOST_NAME} readable characters",
        )
    if households is not None and not _is_count(households):
        yield Wrong(
            "wrong_households",
            fr=f"le champ «\u00a0{fields.households}\u00a0» doit être un nombre entier, zéro ou plus",
            en=f"its field “{fields.households}” must be a whole number, zero or more",
        )


def _text(value: object) -> str:
    """Text, or a whole number as text; empty for anything else, and for text that cannot be read."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) and value.isprintable() else ""


def _is_count(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < 10**9 and float(value).is_integer()


def _other_system(document: dict[str, Any]) -> str | None:
    """The name of a coordinate system that is not WGS 84, in the `crs` member that GeoJSON had before RFC 7946."""
    crs = document.get("crs")
    if crs is None:
        return None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name") if isinstance(properties, dict) else crs)
    return None if name.upper().endswith(("CRS84", ":4326")) else name


def _fault(number: int, feature: object, fields: Fields, wrong: Wrong) -> Fault:
    """One sentence about one feature: where it stands in the file, its code and name as far as it has them."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    given = properties if isinstance(properties, dict) else {}
    names = ", ".join(filter(None, (_text(given.get(fields.code)), _text(given.get(fields.name)))))
    label = f"{number + 1} ({names})" if names else f"{number + 1}"
    words = {"fr": f"Élément {label}\u00a0: {wrong.fr}.", "en": f"Feature {label}: {wrong.en}."}
    return Fault(f"/features/{number}", wrong.code, words)


def _broken(wrong: Wrong) -> TerritoriesBroken:
    return TerritoriesBroken(faults=[Fault("", wrong.code, {"fr": wrong.fr, "en": wrong.en})])
