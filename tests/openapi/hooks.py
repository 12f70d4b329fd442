"""What JSON Schema cannot say of our data, for schemathesis: moments to come, real cells, what fits a listing.

A hook makes valid-looking data sensible; it never touches a case that is meant to be refused, and drops no finding.
"""

from __future__ import annotations

import itertools
import os
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import h3
import schemathesis
from schemathesis.generation.hypothesis.examples import generate_one

from neighbourly.accounts.display_names import find_fault, tidy
from neighbourly.accounts.email_address import canonical_address
from neighbourly.core.language.graphemes import count_graphemes, count_visible_graphemes
from neighbourly.listings.consistency import OF_ITEMS, OF_OFFERS, OF_REQUESTS
from tests.openapi.prepared import CELL, PASSWORD, PREPARED

ADDRESS = "12 rue de la République, Toulouse"
TIMES = (("needed_from", "needed_until"), ("available_from", "available_until"), ("starts_at", "ends_at"))
A_YEAR = timedelta(days=365)

_keys = itertools.count()
_pages: dict[str, dict[str, Any]] = {}
_listings: dict[str, dict[str, Any]] = {}


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Remember how each list goes on, and what kinds of listings there are."""
    if response.status_code not in (200, 201) or "application/json" not in response.headers["content-type"][0]:
        return
    body = response.json()
    if case.method == "GET" and body.get("next"):
        _pages[case.operation.label] = {**(case.query or {}), "cursor": body["next"]}
    for listing in (body, *body.get("items", ())):
        if "direction" in listing and "id" in listing:
            _listings[listing["id"]] = listing


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """Lengths are those of what is seen, and what is not seen is refused (TXT-03): a pattern can say neither."""
    if not isinstance(case.body, dict):
        return True
    if not _is_meant_to_be_taken(case):
        return all(len(text) == count_graphemes(text) for text in _texts(case.body))
    return all(
        unicodedata.is_normalized("NFC", text) and len(text) == count_visible_graphemes(text) + text.count(" ")
        for text in _texts(case.body)
    )


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """A key is new for each act, as apps make them: an old one with another body is refused."""
    if _is_meant_to_be_taken(case) and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"fuzz-{os.getpid()}-{next(_keys)}"


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Make valid-looking data sensible."""
    if _is_meant_to_be_taken(case):
        if case.query:
            case.query = _sensible_query(case.operation.label, dict(case.query))
        if isinstance(case.body, dict):
            case.body = _sensible_body(case, dict(case.body))
    return case


def _is_meant_to_be_taken(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def _texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [text for inner in part.values() for text in _texts(inner)]
    if isinstance(part, list):
        return [text for inner in part for text in _texts(inner)]
    return [part] if isinstance(part, str) else []


def _sensible_query(label: str, query: dict[str, Any]) -> dict[str, Any]:
    """A cursor comes from a page, for the same question; few numbers name a cell."""
    if "cursor" in query and label in _pages:
        return _pages[label]
    query.pop("cursor", None)
    query |= _sensible_times(query, "available_from", "available_until") | _sensible_times(query, "from", "until")
    return query | _sensible_cell(query, "near")


def _sensible_cell(data: dict[str, Any], field: str) -> dict[str, str]:
    cell = data.get(field)
    if not isinstance(cell, str) or h3.is_valid_cell(cell):
        return {}
    return {field: h3.cell_to_parent(CELL, int(cell[1]))}


def _sensible_body(case: Any, body: dict[str, Any]) -> dict[str, Any]:
    body |= _sensible_cell(body, "cell")
    if "address" in body or case.operation.label == "POST /v1/geocode":
        body["address" if "address" in body else "q"] = ADDRESS
    body.pop("invite", None)  # it must be one that was made
    if body.get("away_until"):
        body["away_until"] = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    body.pop("neighbourhood_id", None)  # it must be one of those around the cell
    if case.operation.label == "POST /v1/listings/{listing_id}/answers":
        body.pop("listing_id", None)  # it must be one's own offer
        body.pop("minutes", None)  # the need is for a thing
    if case.operation.label == "POST /v1/exchanges":
        for name in ("minutes", "as_gift", "offer_id", "answer_version"):  # it is a thing, by its listing
            body.pop(name, None)
    if case.operation.label.endswith(("/accept", "/counter")):
        body.pop("minutes", None)
    if find_fault(tidy(body.get("display_name") or "Sam")):
        body["display_name"] = "Sam S."  # nothing but a name, in one alphabet
    if "email" in body:
        body["email"] = _reachable(body["email"])
    if "time_zone" in body:
        body["time_zone"] = "Pacific/Chatham"
    if len(set(body.get("password") or "1234")) < 4:
        body["password"] = PASSWORD  # one sign again and again is among the commonest passwords
    for begins, ends in TIMES:
        body |= _sensible_times(body, begins, ends)
    if case.operation.label.endswith("/counter"):
        body = _sensible_times({"starts_at": "2000-01-01T00:00:00Z", "ends_at": "2000-01-01T00:00:00Z"}, *TIMES[-1])
    if case.operation.label.endswith("/extend"):
        body["ends_at"] = (datetime.now(UTC) + timedelta(days=100)).isoformat()
    for closed in body.get("unavailable") or ():
        closed |= {"from": "2026-12-24", "until": "2027-01-02"}
    if case.operation.label == "PATCH /v1/listings/{listing_id}":
        body = _fitting(body, _listings.get(str(case.path_parameters["listing_id"]), {}))
    return body


def _reachable(address: str) -> str:
    """Not below a domain that is reserved, such as `.test`: to join, mail must reach one."""
    try:
        return canonical_address(address, reachable=True)
    except ValueError:
        return "lea@example.org"


def _sensible_times(body: dict[str, Any], begins: str, ends: str) -> dict[str, str]:
    """Both to come, within a year, the second after the first."""
    now = datetime.now(UTC)
    said = {name: datetime.fromisoformat(body[name]) for name in (begins, ends) if body.get(name)}
    moments = [now, *said.values(), now + A_YEAR]
    if moments == sorted(set(moments)):
        return {}
    sensible = {begins: now + timedelta(days=1), ends: now + timedelta(days=2)}
    return {name: sensible[name].isoformat() for name in said}


def _fitting(body: dict[str, Any], listing: dict[str, Any]) -> dict[str, Any]:
    """What may be said of the listing as it stands, and not only of some listing."""
    match listing.get("direction"):
        case "request":
            dropped = {*OF_OFFERS}
        case "offer":
            dropped = {*OF_REQUESTS}
        case _:
            dropped = {*OF_OFFERS, *OF_REQUESTS}
    if body.get("kind") != "item":
        dropped |= {*OF_ITEMS}
    if "category" not in body:
        dropped.add("kind")
    elif body.get("kind") is None:
        dropped.add("category")
    return {name: value for name, value in body.items() if name not in dropped}


@schemathesis.hook
def before_add_examples(context: Any, examples: list[Any]) -> None:
    """Every operation once with what it needs: a listing in the right state, a code from a mail, a fresh token."""
    examples[:] = [map_case(context, example) for example in examples]
    if context.operation.label in PREPARED:
        prepared = PREPARED[context.operation.label]()
        headers = prepared.pop("headers", {})
        case = generate_one(context.operation.as_strategy(**prepared))
        case.headers.update(headers)
        examples.append(case)
