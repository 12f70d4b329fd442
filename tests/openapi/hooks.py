"""What JSON Schema cannot say of our data, for schemathesis: moments to come, real cells, codes out of mails.

A hook makes valid-looking data sensible; it never touches a case that is meant to be refused, and drops no finding.
"""

from __future__ import annotations

import itertools
import os
import time
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import h3
import requests
import schemathesis
from schemathesis.generation.hypothesis.examples import generate_one

URL = os.environ["NEIGHBOURLY_URL"]
DEMO = "demo.neighbourly.example"
PASSWORD = "trois chats sous le pont"
CELL = "89396026937ffff"
ADDRESS = "12 rue de la République, Toulouse"
TIMES = (("needed_from", "needed_until"), ("available_from", "available_until"), ("starts_at", "ends_at"))
A_YEAR = timedelta(days=365)

_pages: dict[str, dict[str, Any]] = {}
_listings: dict[str, dict[str, Any]] = {}
_numbers = itertools.count()


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
    """Text is composed (NFC) and names are printable: lengths are those of what is left."""
    if not _is_meant_to_be_taken(case) or not isinstance(case.body, dict):
        return True
    name = case.body.get("display_name") or ""
    return name.isprintable() and all(unicodedata.is_normalized("NFC", text) for text in _texts(case.body))


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
    body.pop("neighbourhood_id", None)  # it must be one of those around the cell
    if case.operation.label == "POST /v1/listings/{listing_id}/answers":
        body.pop("listing_id", None)  # it must be one's own offer
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
    of_offers = {"no_expiry", "availability", "unavailable", "pause_minutes"}
    of_requests = {"needed_from", "needed_until", "helpers_needed"}
    match listing.get("direction"):
        case "request":
            dropped = of_offers
        case "offer":
            dropped = of_requests
        case _:
            dropped = of_offers | of_requests
    if body.get("kind") != "item":
        dropped |= {"terms", "max_loan_days", "pause_minutes"}
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


def _registered() -> dict[str, Any]:
    """Somebody who has not typed the code of the mail yet."""
    email = f"somebody-{os.getpid()}-{next(_numbers)}@example.org"
    _post("/v1/auth/register", email=email, password=PASSWORD, display_name="Sam S.", adult=True)
    return {"email": email, "code": _code_mailed_to(email)}


def _member() -> dict[str, Any]:
    """Somebody new, signed in."""
    return _post("/v1/auth/email/verify", **_registered())


def _leaving() -> dict[str, Any]:
    """Somebody else than Léa, whom the rest still needs."""
    headers = {"Authorization": f"Bearer {_member()['access_token']}"}
    return {"body": {"password": PASSWORD}, "headers": headers}


def _search() -> dict[str, Any]:
    """Somebody new's: Léa may look for so many things that there is no room for another."""
    token = _member()["access_token"]
    search = _post("/v1/me/searches", token, q="un vélo cargo")
    return {"path_parameters": {"search_id": search["id"]}, "headers": {"Authorization": f"Bearer {token}"}}


def _to_reset() -> dict[str, Any]:
    email = _member()["user"]["email"]
    known = _code_mailed_to(email)
    _post("/v1/auth/password/forgot", email=email)
    return {"email": email, "code": _code_mailed_to(email, but=known), "password": PASSWORD}


def _listing(*actions: str, by: str = "lea", **said: Any) -> str:
    """The id of a listing of one of the demo's people, after these actions."""
    token = _token(by)
    made = _post("/v1/listings", token, **{"title": "Une perceuse", **said})
    for action in actions:
        _post(f"/v1/listings/{made['id']}/{action}", token)
    return str(made["id"])


def _at_listing(*actions: str, **said: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"path_parameters": {"listing_id": _listing(*actions, **said)}}


def _answer() -> dict[str, Any]:
    answer = {"answer": "yes", "listing_id": _listing(direction="offer")}
    return {"path_parameters": {"listing_id": _listing(by="karim")}, "body": answer}


def _exchange(*actions: str, **said: Any) -> str:
    """The id of an exchange that somebody new proposed to Léa, after these actions of hers."""
    listing = _listing(**{"direction": "offer", "kind": "item", "category": "power-drills", **said})
    now = datetime.now(UTC)
    times = {"starts_at": (now + timedelta(days=1)).isoformat(), "ends_at": (now + timedelta(days=2)).isoformat()}
    made = _post("/v1/exchanges", _member()["access_token"], listing_id=listing, **times)
    for action in actions:
        _post(f"/v1/exchanges/{made['id']}/{action}", _token("lea"))
    return str(made["id"])


def _at_exchange(*actions: str, **said: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"path_parameters": {"exchange_id": _exchange(*actions, **said)}}


def _at_help(*actions: str) -> Callable[[], dict[str, Any]]:
    return _at_exchange(*actions, kind="skill", category=None)


def _with_meeting() -> dict[str, Any]:
    exchange = _exchange("accept")
    path, token = f"{URL}/v1/exchanges/{exchange}/meeting", _token("lea")
    headers = {"Authorization": f"Bearer {token}"}
    requests.put(path, json={"text": "Au parc"}, headers=headers, timeout=20).raise_for_status()
    return {"path_parameters": {"exchange_id": exchange}}


def _conversation() -> dict[str, Any]:
    thread = _post("/v1/conversations", _token("lea"), listing_id=_listing(by="karim"), body="Bonjour !")
    return {"path_parameters": {"conversation_id": thread["id"]}}


def _to_propose() -> dict[str, Any]:
    now = datetime.now(UTC)
    times = {"starts_at": (now + timedelta(days=1)).isoformat(), "ends_at": (now + timedelta(days=2)).isoformat()}
    return {"body": {"listing_id": _listing(by="karim", direction="offer", kind="item", category="tools"), **times}}


def _to_give() -> dict[str, Any]:
    return {"body": {"to_user_id": _member()["user"]["id"], "minutes": 1}}


def _neighbourhood() -> dict[str, Any]:
    around = requests.get(URL + "/v1/neighbourhoods", {"near": CELL}, timeout=20).json()
    return {"path_parameters": {"neighbourhood_id": around["items"][0]["id"]}}


def _somebody() -> dict[str, Any]:
    return {"path_parameters": {"user_id": _member()["user"]["id"]}}


PREPARED: dict[str, Callable[[], dict[str, Any]]] = {
    "POST /v1/auth/email/verify": lambda: {"body": _registered()},
    "POST /v1/auth/login": lambda: {"body": {"email": _member()["user"]["email"], "password": PASSWORD}},
    "POST /v1/auth/refresh": lambda: {"body": {"refresh_token": _member()["refresh_token"]}},
    "POST /v1/auth/password/reset": lambda: {"body": _to_reset()},
    "DELETE /v1/me": _leaving,
    "DELETE /v1/me/searches/{search_id}": _search,
    "GET /v1/listings/{listing_id}": _at_listing(),
    "PATCH /v1/listings/{listing_id}": _at_listing(),
    "DELETE /v1/listings/{listing_id}": _at_listing(),
    "POST /v1/listings/{listing_id}/publish": _at_listing(status="draft"),
    "POST /v1/listings/{listing_id}/pause": _at_listing(),
    "POST /v1/listings/{listing_id}/resume": _at_listing("pause"),
    "POST /v1/listings/{listing_id}/close": _at_listing(),
    "POST /v1/listings/{listing_id}/renew": _at_listing(),
    "POST /v1/listings/{listing_id}/fulfil": _at_listing(),
    "GET /v1/listings/{listing_id}/matches": _at_listing(),
    "GET /v1/listings/{listing_id}/answers": _at_listing(),
    "POST /v1/listings/{listing_id}/answers": _answer,
    "GET /v1/neighbourhoods/{neighbourhood_id}": _neighbourhood,
    "GET /v1/neighbourhoods/{neighbourhood_id}/rules": _neighbourhood,
    "GET /v1/listings/{listing_id}/calendar": _at_listing(direction="offer"),
    "POST /v1/listings/{listing_id}/broken": _at_listing(direction="offer", kind="item", category="tools"),
    "POST /v1/listings/{listing_id}/mended": _at_listing(direction="offer", kind="item", category="tools"),
    "PUT /v1/listings/{listing_id}/waiting": _at_listing(by="karim", direction="offer", kind="item", category="tools"),
    "POST /v1/exchanges": _to_propose,
    "GET /v1/exchanges/{exchange_id}": _at_exchange(),
    "POST /v1/exchanges/{exchange_id}/accept": _at_exchange(),
    "POST /v1/exchanges/{exchange_id}/decline": _at_exchange(),
    "POST /v1/exchanges/{exchange_id}/counter": _at_exchange(),
    "POST /v1/exchanges/{exchange_id}/cancel": _at_exchange("accept"),
    "POST /v1/exchanges/{exchange_id}/hand_over": _at_exchange("accept"),
    "POST /v1/exchanges/{exchange_id}/return": _at_exchange("accept", "hand_over"),
    "POST /v1/exchanges/{exchange_id}/extend": _at_exchange("accept", "hand_over"),
    "POST /v1/exchanges/{exchange_id}/dispute": _at_exchange("accept", "hand_over"),
    "POST /v1/exchanges/{exchange_id}/done": _at_help("accept"),
    "GET /v1/exchanges/{exchange_id}/code": _at_exchange("accept"),
    "GET /v1/exchanges/{exchange_id}/calendar.ics": _at_exchange(),
    "GET /v1/exchanges/{exchange_id}/meeting": _with_meeting,
    "PUT /v1/exchanges/{exchange_id}/meeting": _with_meeting,
    "DELETE /v1/exchanges/{exchange_id}/meeting": _with_meeting,
    "POST /v1/exchanges/{exchange_id}/thanks": _at_exchange("accept", "hand_over", "return"),
    "GET /v1/exchanges/{exchange_id}/thanks": _at_exchange("accept", "hand_over", "return"),
    "POST /v1/exchanges/{exchange_id}/concern": _at_exchange(),
    "GET /v1/conversations/{conversation_id}": _conversation,
    "GET /v1/conversations/{conversation_id}/messages": _conversation,
    "POST /v1/conversations/{conversation_id}/messages": _conversation,
    "PUT /v1/conversations/{conversation_id}/read": _conversation,
    "POST /v1/timebank/transfers": _to_give,
    "GET /v1/neighbours/{user_id}": _somebody,
    "PUT /v1/me/blocks/{user_id}": _somebody,
    "DELETE /v1/me/blocks/{user_id}": _somebody,
}


def _token(name: str) -> str:
    return str(_post("/v1/auth/login", email=f"{name}@{DEMO}", password="bonjour-voisins")["access_token"])


def _post(path: str, token: str = "", **body: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.post(URL + path, json=body, headers=headers, timeout=20)
    answer.raise_for_status()
    return dict(answer.json())


def _code_mailed_to(email: str, but: str | None = None) -> str:
    """The newest code of the development page's mails to this address."""
    for _ in range(100):
        for mail in requests.get(URL + "/dev/mails", timeout=20).json()["items"]:
            if mail["to"] == email and mail["code"] not in (None, but):
                return str(mail["code"])
        time.sleep(0.1)
    raise TimeoutError(f"no code came for {email}")
