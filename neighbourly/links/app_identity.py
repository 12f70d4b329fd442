"""Which apps may open the links, from the file that NEIGHBOURLY_APP_LINKS names.

The file is JSON: `{"scheme": "voisins", "android": [{"package": "org.example.voisins", "sha256_cert_fingerprints":
["AB:CD:…"], "store": "https://…"}], "ios": [{"app_id": "TEAMID.org.example.voisins", "store": "https://…"}]}`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from neighbourly.core.config import ConfigurationError


@dataclass(frozen=True)
class AppIdentity:
    """The apps of an installation: what the two well-known files say, the links' scheme, and the stores."""

    assetlinks: list[dict[str, Any]]
    apple: dict[str, Any]
    scheme: str | None
    stores: tuple[tuple[str, str], ...]


@cache
def read_identity(file: Path) -> AppIdentity:
    """Read once a process; raises `ConfigurationError` where the file says something else."""
    try:
        said = orjson.loads(file.read_bytes())
        android, ios = said.get("android", []), said.get("ios", [])
        stores = [("Android", app.get("store")) for app in android] + [("iOS", app.get("store")) for app in ios]
        return AppIdentity(
            [_android(app["package"], list(app["sha256_cert_fingerprints"])) for app in android],
            _apple([str(app["app_id"]) for app in ios]),
            said.get("scheme"),
            tuple((name, url) for name, url in stores if url),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as reason:
        raise ConfigurationError(f"NEIGHBOURLY_APP_LINKS names {file}, which does not describe apps.") from reason


def _android(package: str, fingerprints: list[str]) -> dict[str, Any]:
    target = {"namespace": "android_app", "package_name": package, "sha256_cert_fingerprints": fingerprints}
    return {"relation": ["delegate_permission/common.handle_all_urls"], "target": target}


def _apple(app_ids: list[str]) -> dict[str, Any]:
    components = [{"/": path} for path in ("/l/*", "/i/*", "/x/*")]
    return {"applinks": {"details": [{"appIDs": app_ids, "components": components}]}}
