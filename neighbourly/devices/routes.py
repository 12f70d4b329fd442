"""HTTP for devices."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from neighbourly.accounts.selectors import Actor
from neighbourly.core.api.auth import MEMBER
from neighbourly.core.api.blueprint import Blueprint, Documented
from neighbourly.core.api.dispatch import Created
from neighbourly.core.api.limits import DEVICES
from neighbourly.devices import schemas, service

bp = Blueprint("devices", __name__, url_prefix="/v1/me/devices", description="Where pushes go.")
INSTALLATION = "/<app_made:installation_id>"


@bp.get("", auth=MEMBER, returns=schemas.DevicesSchema)
def list_devices(actor: Actor) -> dict[str, Any]:
    """Where one's pushes go, and which phone is silent, since when and why."""
    return {"items": service.list_devices(actor=actor)}


@bp.put(
    INSTALLATION,
    auth=MEMBER,
    body=schemas.DeviceRegistrationSchema,
    returns=schemas.DeviceSchema,
    status=201,
    limits=(DEVICES,),
    docs=Documented(
        example={"fcm_token": "dGhpcyBpcyBhIHRva2Vu:APA91bH", "platform": "android"}, also={200: "Refreshed."}
    ),
)
def register_device(actor: Actor, installation_id: str, body: dict[str, Any]) -> Created:
    """Have pushes sent to this phone, or refresh its token."""
    device, new = service.register_device(actor=actor, installation_id=installation_id, **body)
    return Created(device, f"/v1/me/devices/{quote(installation_id)}", new)


@bp.delete(INSTALLATION, auth=MEMBER, status=204, limits=(DEVICES,))
def delete_device(actor: Actor, installation_id: str) -> None:
    """Have no more pushes sent to this phone."""
    service.delete_device(actor=actor, installation_id=installation_id)
