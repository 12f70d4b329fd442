"""SEC-27: every free text has its readers named. A new text field without a row here turns this red."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Text:
    """Who reads what is written there, what of it passes a block between writer and reader, and the test of that."""

    readers: str
    behind_a_block: str
    shown_by: str


WALK = "journeys/test_words_behind_a_block.py::test_no_text_that_is_written_behind_a_block_reaches_the_other"
KEPT_BACK = (
    "journeys/test_words_behind_a_block.py::"
    "test_moderators_read_the_reason_and_the_other_not_even_once_the_block_is_lifted"
)
CONCERNS = "thanks/test_thanking.py::test_a_concern_reaches_moderators_and_nobody_else"
CALLERS = "architecture/test_authorisation.py::test_each_caller_gets_what_it_may"

PROOF = Text("nobody: it is compared, and never shown", "no reader", CALLERS)
SELF = Text("who wrote it", "no other reader", CALLERS)
COMPUTED = Text("all, as what it is: an hour, a cell, a version", "no words fit in", CALLERS)
NAME = Text("every member", "as it was when the block began, while something is out; else none", WALK)
LISTING = Text("every member near", "hidden; in exchanges the title as it was proposed, without contact data", WALK)
THE_OTHER = Text("the other side", "refused", WALK)
TEXTS: Mapping[str, Text] = {
    "DELETE /v1/me code": PROOF,
    "DELETE /v1/me id_token": PROOF,
    "DELETE /v1/me password": PROOF,
    "PATCH /v1/listings/{listing_id} availability[].from": COMPUTED,
    "PATCH /v1/listings/{listing_id} availability[].to": COMPUTED,
    "PATCH /v1/listings/{listing_id} description": LISTING,
    "PATCH /v1/listings/{listing_id} title": LISTING,
    "PATCH /v1/me bio": Text("every member", "hidden with the face", WALK),
    "PATCH /v1/me code": PROOF,
    "PATCH /v1/me current_password": PROOF,
    "PATCH /v1/me display_name": NAME,
    "PATCH /v1/me id_token": PROOF,
    "PATCH /v1/me password": PROOF,
    "PATCH /v1/me/preferences quiet_hours.from": COMPUTED,
    "PATCH /v1/me/preferences quiet_hours.to": COMPUTED,
    "PATCH /v1/me/preferences time_zone": COMPUTED,
    "POST /v1/auth/email/resend registration": PROOF,
    "POST /v1/auth/email/verify code": PROOF,
    "POST /v1/auth/email/verify installation_id": SELF,
    "POST /v1/auth/email/verify registration": PROOF,
    "POST /v1/auth/firebase id_token": PROOF,
    "POST /v1/auth/firebase installation_id": SELF,
    "POST /v1/auth/login code": PROOF,
    "POST /v1/auth/login installation_id": SELF,
    "POST /v1/auth/login password": PROOF,
    "POST /v1/auth/logout refresh_token": PROOF,
    "POST /v1/auth/password/reset code": PROOF,
    "POST /v1/auth/password/reset installation_id": SELF,
    "POST /v1/auth/password/reset password": PROOF,
    "POST /v1/auth/refresh installation_id": SELF,
    "POST /v1/auth/refresh refresh_token": PROOF,
    "POST /v1/auth/register display_name": NAME,
    "POST /v1/auth/register invite": PROOF,
    "POST /v1/auth/register password": PROOF,
    "POST /v1/conversations body": THE_OTHER,
    "POST /v1/conversations/{conversation_id}/messages body": THE_OTHER,
    "POST /v1/exchanges answer_version": PROOF,
    "POST /v1/exchanges message": THE_OTHER,
    "POST /v1/exchanges/{exchange_id}/concern text": Text("moderators", "passes, to moderators alone", CONCERNS),
    "POST /v1/exchanges/{exchange_id}/dispute reason": Text(
        "the other side and moderators", "kept for moderators alone", KEPT_BACK
    ),
    "POST /v1/exchanges/{exchange_id}/hand_over code": PROOF,
    "POST /v1/exchanges/{exchange_id}/hand_over condition": THE_OTHER,
    "POST /v1/exchanges/{exchange_id}/return code": PROOF,
    "POST /v1/exchanges/{exchange_id}/return condition": Text("the other side", "not kept", KEPT_BACK),
    "POST /v1/exchanges/{exchange_id}/thanks text": Text(
        "who is thanked, and every member if they show it",
        "refused; what was written before is hidden from everyone",
        "thanks/test_thanking.py::test_while_a_block_stands_nobody_reads_it",
    ),
    "POST /v1/geocode q": Text("the geocoder", "no other reader", CALLERS),
    "POST /v1/listings availability[].from": COMPUTED,
    "POST /v1/listings availability[].to": COMPUTED,
    "POST /v1/listings description": LISTING,
    "POST /v1/listings title": LISTING,
    "POST /v1/listings/{listing_id}/answers message": THE_OTHER,
    "POST /v1/listings/{listing_id}/answers title": THE_OTHER,
    "POST /v1/me/proof code": PROOF,
    "POST /v1/me/proof id_token": PROOF,
    "POST /v1/me/proof password": PROOF,
    "POST /v1/me/searches q": SELF,
    "POST /v1/neighbourhoods/{neighbourhood_id}/pot/grants memo": Text(
        "who is granted minutes, and moderators", "passes: it is an act of who governs, on record", CALLERS
    ),
    "POST /v1/timebank/transfers memo": THE_OTHER,
    "PUT /v1/exchanges/{exchange_id}/meeting text": Text(
        "the other side while it is under way", "refused, and what was written before is deleted", WALK
    ),
    "PUT /v1/me/devices/{installation_id} app_version": SELF,
    "PUT /v1/me/devices/{installation_id} fcm_token": PROOF,
    "PUT /v1/me/firebase id_token": PROOF,
    "PUT /v1/me/home address": Text("the geocoder; it is kept nowhere", "no other reader", CALLERS),
    "PUT /v1/me/home cell": COMPUTED,
    "PUT /v1/me/terms version": COMPUTED,
}


def written(app: Any) -> Iterator[str]:
    """Each text of a body that is no choice, date, id or the like: `METHOD path field`."""
    document = app.test_client().get("/openapi.json").json

    def resolve(schema: Any) -> Any:
        name = schema.get("$ref", "").rpartition("/")[2]
        return document["components"]["schemas"][name] if name else schema

    def texts(schema: Any, path: str) -> Iterator[str]:
        schema = resolve(schema)
        for each in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
            yield from texts(each, path)
        for name, part in schema.get("properties", {}).items():
            yield from texts(part, f"{path}.{name}" if path else name)
        if "items" in schema:
            yield from texts(schema["items"], f"{path}[]")
        kinds = schema.get("type", ())
        if "string" in ([kinds] if isinstance(kinds, str) else kinds) and not {"enum", "format"} & schema.keys():
            yield path

    for path, methods in document["paths"].items():
        for method in methods.keys() & {"post", "put", "patch", "delete"}:
            operation = methods[method]
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if body is not None:
                yield from (f"{method.upper()} {path} {name}" for name in dict.fromkeys(texts(body, "")))


def test_every_free_text_has_its_readers_named(app):
    """SEC-27: and no row outlives its field."""
    found = set(written(app))
    assert found - TEXTS.keys() == set()
    assert TEXTS.keys() - found == set()


@pytest.mark.parametrize("shown_by", sorted({each.shown_by for each in TEXTS.values()}))
def test_what_is_said_of_a_text_is_shown_by_a_test(shown_by):
    file, _, name = shown_by.partition("::")
    assert f"def {name}(" in (ROOT / file).read_text()
