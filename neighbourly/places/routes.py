"""Home, and the ways to a cell."""

from __future__ import annotations

from typing import Any

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER, PUBLIC
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.limits import GEOCODE, WRITE
from neighbourly.core.api.schema import PointSchema
from neighbourly.places import service
from neighbourly.places.schemas import AddressesSchema, GeocodeSchema, HomePutSchema, HomeSchema, PlaceSchema
from neighbourly.places.selectors import OwnHome, Place

bp = Blueprint("places", __name__, url_prefix="/v1", description="Home as a cell, and addresses found.")


@bp.get("/me/home", auth=MEMBER, returns=HomeSchema)
def get_home(actor: Actor) -> OwnHome:
    """Where I live, as it is kept."""
    return service.get_home(actor=actor)


@bp.put(
    "/me/home",
    auth=MEMBER,
    body=HomePutSchema,
    returns=HomeSchema,
    limits=(WRITE,),
    docs=Documented(example={"lat": 43.6045, "lon": 1.444, "precision": "district"}),
)
def put_home(actor: Actor, body: dict[str, Any]) -> OwnHome:
    """Say where I live; only a cell is kept."""
    return service.put_home(actor=actor, **body)


@bp.delete("/me/home", auth=MEMBER, status=204, limits=(WRITE,))
def delete_home(actor: Actor) -> None:
    """Have my home forgotten."""
    service.delete_home(actor=actor)


@bp.post("/cells", auth=PUBLIC, body=PointSchema, returns=PlaceSchema, secret=True)
def snap_point(body: dict[str, Any]) -> Place:
    """The cell of a point; nothing of it is kept."""
    return service.snap_point(**body)


@bp.post("/geocode", auth=PUBLIC, body=GeocodeSchema, returns=AddressesSchema, limits=(GEOCODE,), secret=True)
def geocode(body: dict[str, Any]) -> dict[str, Any]:
    """The cells of an address; nothing of it is kept."""
    return {"items": service.geocode(**body)}
