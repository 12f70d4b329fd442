"""Who may look behind the scenes of a development installation: whoever sits at its machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str | None) -> bool:
    """Whether only this machine reaches an address; of names, `localhost` alone can be told to be so."""
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost"


def may_look_inside(caller_address: str | None, host: str) -> bool:
    """Only someone here, who named us as here; `host` is the request's `Host`.

    The second keeps out pages of other sites, whose owner can have a name of theirs resolve to this machine.
    """
    return is_loopback(caller_address) and is_loopback(_without_port(host))


def _without_port(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
