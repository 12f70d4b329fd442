"""What an operation needs before it can go well: a listing in the right state, a code out of a mail, somebody new.

Each preparation gives what a case is made of: `path_parameters`, `body` and, where somebody else than Léa calls,
`headers`.
"""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

URL = os.environ["NEIGHBOURLY_URL"]
DEMO = "demo.neighbourly.example"
DEMO_PASSWORD = "bonjour-voisins"
MODERATOR = os.environ["TEST_MODERATOR"]
PASSWORD = "trois chats sous le pont"
CELL = "89396026937ffff"

_numbers = itertools.count()


def _registered() -> dict[str, Any]:
    """Somebody who has not typed the code of the mail yet."""
    email = f"somebody-{os.getpid()}-{next(_numbers)}@example.org"
    registered = _post("/v1/auth/register", email=email, password=PASSWORD, display_name="Sam S.", adult=True)
    return {"email": email, "code": _code_mailed_to(email), **registered}


def _member() -> dict[str, Any]:
    """Somebody new, signed in."""
    return _post("/v1/auth/email/verify", **_registered())


def _leaving() -> dict[str, Any]:
    """Somebody else than Léa, whom the rest still needs."""
    return {"body": {"password": PASSWORD}, "headers": _by(_member()["access_token"])}


def _session() -> dict[str, Any]:
    """Somebody new ends the session of their other phone."""
    member = _member()
    _signed_in(member["user"]["email"], PASSWORD)
    sessions = _get("/v1/me/sessions", member["access_token"])["items"]
    other = next(each["id"] for each in sessions if not each["current"])
    return {"path_parameters": {"session_id": other}, "headers": _by(member["access_token"])}


def _told() -> dict[str, Any]:
    """Something that Léa was told."""
    told = _get("/v1/notifications", _token("lea"))["items"]
    return {"path_parameters": {"notification_id": told[0]["id"]}}


def _search() -> dict[str, Any]:
    """Somebody new's: Léa may look for so many things that there is no room for another."""
    token = _member()["access_token"]
    search = _post("/v1/me/searches", token, q="un vélo cargo")
    return {"path_parameters": {"search_id": search["id"]}, "headers": _by(token)}


def _to_reset() -> dict[str, Any]:
    email = _member()["user"]["email"]
    known = _code_mailed_to(email)
    _post("/v1/auth/password/forgot", email=email)
    return {"email": email, "code": _code_mailed_to(email, but=known), "password": PASSWORD}


def _listing(*actions: str, by: str = "lea", **said: Any) -> str:
    """The id of a listing of one of the demo's people, who is not away, after these actions."""
    token = _token(by)
    back = {"away_until": None}
    requests.patch(f"{URL}/v1/me/preferences", json=back, headers=_by(token), timeout=20).raise_for_status()
    made = _post("/v1/listings", token, **{"title": "Une perceuse", **said})
    for action in actions:
        _post(f"/v1/listings/{made['id']}/{action}", token)
    return str(made["id"])


def _at_listing(*actions: str, **said: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"path_parameters": {"listing_id": _listing(*actions, **said)}}


def _answer() -> dict[str, Any]:
    answer = {"answer": "yes", "listing_id": _listing(direction="offer")}
    return {"path_parameters": {"listing_id": _listing(by="karim")}, "body": answer}


def _exchange(*actions: str, by: str | None = None, **said: Any) -> str:
    """The id of an exchange that somebody new, or with this token, proposed to Léa, after these actions of hers."""
    listing = _listing(**{"direction": "offer", "kind": "item", "category": "power-drills", **said})
    minutes = {"minutes": 60} if said.get("kind") in ("skill", "time") else {}
    made = _post("/v1/exchanges", by or _member()["access_token"], listing_id=listing, **_tomorrow(), **minutes)
    for action in actions:
        _post(f"/v1/exchanges/{made['id']}/{action}", _token("lea"))
    return str(made["id"])


def _at_exchange(*actions: str, **said: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {"path_parameters": {"exchange_id": _exchange(*actions, **said)}}


def _at_help(*actions: str) -> Callable[[], dict[str, Any]]:
    return _at_exchange(*actions, kind="skill", category=None)


def _with_meeting() -> dict[str, Any]:
    exchange = _exchange("accept")
    path = f"{URL}/v1/exchanges/{exchange}/meeting"
    requests.put(path, json={"text": "Au parc"}, headers=_by(_token("lea")), timeout=20).raise_for_status()
    return {"path_parameters": {"exchange_id": exchange}}


def _with_thanks() -> dict[str, Any]:
    """Somebody new has brought back what Léa lent, and thanked her."""
    receiver = _member()["access_token"]
    exchange = _exchange("accept", "hand_over", "return", by=receiver)
    _post(f"/v1/exchanges/{exchange}/thanks", receiver, text="Merci Léa !")
    return {"path_parameters": {"exchange_id": exchange}}


def _of_receiver(*actions: str, **said: Any) -> Callable[[], dict[str, Any]]:
    """Somebody new acts on what they proposed to Léa, after these actions of hers."""

    def prepare() -> dict[str, Any]:
        receiver = _member()["access_token"]
        exchange = _exchange(*actions, by=receiver, **said)
        return {"path_parameters": {"exchange_id": exchange}, "headers": _by(receiver)}

    return prepare


def _with_extension_asked() -> dict[str, Any]:
    """Somebody new would like to keep Léa's drill a day longer."""
    borrower = _member()["access_token"]
    exchange = _exchange("accept", "hand_over", by=borrower)
    _post(f"/v1/exchanges/{exchange}/extend", borrower, ends_at=_in_days(3))
    return {"path_parameters": {"exchange_id": exchange}}


def _to_settle() -> dict[str, Any]:
    exchange = _exchange("accept", "hand_over")
    _post(f"/v1/exchanges/{exchange}/dispute", _token("lea"), reason="Il manque une mèche.")
    return {
        "path_parameters": {"exchange_id": exchange},
        "body": {"outcome": "returned"},
        "headers": _by(_moderator_token()),
    }


def _feed() -> dict[str, Any]:
    """A private calendar feed that somebody new just made."""
    url = _post("/v1/me/calendar", _member()["access_token"])["url"]
    return {"path_parameters": {"token": url.rpartition("/")[2].removesuffix(".ics")}}


def _conversation() -> dict[str, Any]:
    """Somebody new asks Léa, whose own questions of a day would not do for all."""
    thread = _post("/v1/conversations", _member()["access_token"], listing_id=_listing(), body="Bonjour !")
    return {"path_parameters": {"conversation_id": thread["id"]}}


def _to_ask_about() -> dict[str, Any]:
    return {"body": {"listing_id": _listing(by="karim", direction="offer"), "body": "Bonjour !"}}


def _to_propose() -> dict[str, Any]:
    listing = _listing(by="karim", direction="offer", kind="item", category="tools")
    return {"body": {"listing_id": listing, **_tomorrow()}}


def _to_give() -> dict[str, Any]:
    return {"body": {"to_user_id": _member()["user"]["id"], "minutes": 1}}


def _to_give_back() -> dict[str, Any]:
    """Léa received a minute from somebody new."""
    lea = _get("/v1/me", _token("lea"))["id"]
    made = _post("/v1/timebank/transfers", _member()["access_token"], to_user_id=lea, minutes=1)
    return {"path_parameters": {"transfer_id": made["transfer_id"]}}


def _neighbourhood() -> dict[str, Any]:
    return {"path_parameters": {"neighbourhood_id": _get("/v1/neighbourhoods", near=CELL)["items"][0]["id"]}}


def _leas_neighbourhood() -> dict[str, Any]:
    return {"path_parameters": {"neighbourhood_id": _get("/v1/start", _token("lea"))["neighbourhood"]["id"]}}


def _to_read_the_pot() -> dict[str, Any]:
    """By who governs, since Léa, who moves about in these tests, lives nowhere for a month."""
    return {**_leas_neighbourhood(), "headers": _by(_moderator_token())}


def _to_govern() -> dict[str, Any]:
    return {**_leas_neighbourhood(), "body": {"things_at_once": 5}, "headers": _by(_moderator_token())}


def _to_grant() -> dict[str, Any]:
    """A minute from the pot, which Léa put there, for somebody new."""
    _post("/v1/timebank/transfers", _token("lea"), to_pot=True, minutes=1)
    granted = {"to_user_id": _member()["user"]["id"], "minutes": 1}
    return {**_leas_neighbourhood(), "body": granted, "headers": _by(_moderator_token())}


def _somebody() -> dict[str, Any]:
    return {"path_parameters": {"user_id": _member()["user"]["id"]}}


PREPARED: dict[str, Callable[[], dict[str, Any]]] = {
    "POST /v1/auth/email/verify": lambda: {"body": _registered()},
    "POST /v1/auth/login": lambda: {"body": {"email": _member()["user"]["email"], "password": PASSWORD}},
    "POST /v1/auth/refresh": lambda: {"body": {"refresh_token": _member()["refresh_token"]}},
    "POST /v1/auth/password/reset": lambda: {"body": _to_reset()},
    "DELETE /v1/me": _leaving,
    "POST /v1/me/proof": _leaving,
    "DELETE /v1/me/searches/{search_id}": _search,
    "DELETE /v1/me/sessions/{session_id}": _session,
    "PUT /v1/notifications/{notification_id}/read": _told,
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
    "PATCH /v1/neighbourhoods/{neighbourhood_id}/rules": _to_govern,
    "GET /v1/neighbourhoods/{neighbourhood_id}/pot": _to_read_the_pot,
    "POST /v1/neighbourhoods/{neighbourhood_id}/pot/grants": _to_grant,
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
    "POST /v1/exchanges/{exchange_id}/grant": _with_extension_asked,
    "POST /v1/exchanges/{exchange_id}/refuse": _with_extension_asked,
    "POST /v1/exchanges/{exchange_id}/settle": _to_settle,
    "POST /v1/exchanges/{exchange_id}/done": _at_help("accept"),
    "POST /v1/exchanges/{exchange_id}/confirm": _of_receiver("accept", "done", kind="skill", category=None),
    "POST /v1/exchanges/{exchange_id}/withdraw": _of_receiver(),
    "POST /v1/exchanges/{exchange_id}/object": _of_receiver("accept", "hand_over"),
    "GET /v1/exchanges/{exchange_id}/code": _at_exchange("accept"),
    "GET /v1/exchanges/{exchange_id}/calendar.ics": _at_exchange(),
    "GET /v1/exchanges/{exchange_id}/meeting": _with_meeting,
    "PUT /v1/exchanges/{exchange_id}/meeting": _with_meeting,
    "DELETE /v1/exchanges/{exchange_id}/meeting": _with_meeting,
    "POST /v1/exchanges/{exchange_id}/thanks": _at_exchange("accept", "hand_over", "return"),
    "GET /v1/exchanges/{exchange_id}/thanks": _at_exchange("accept", "hand_over", "return"),
    "PUT /v1/exchanges/{exchange_id}/thanks/shown": _with_thanks,
    "DELETE /v1/exchanges/{exchange_id}/thanks": _with_thanks,
    "POST /v1/exchanges/{exchange_id}/concern": _with_thanks,
    "GET /c/{token}": _feed,
    "POST /v1/conversations": _to_ask_about,
    "GET /v1/conversations/{conversation_id}": _conversation,
    "GET /v1/conversations/{conversation_id}/messages": _conversation,
    "POST /v1/conversations/{conversation_id}/messages": _conversation,
    "PUT /v1/conversations/{conversation_id}/read": _conversation,
    "POST /v1/timebank/transfers": _to_give,
    "POST /v1/timebank/transfers/{transfer_id}/reverse": _to_give_back,
    "GET /v1/neighbours/{user_id}": _somebody,
    "PUT /v1/me/blocks/{user_id}": _somebody,
    "DELETE /v1/me/blocks/{user_id}": _somebody,
}


def _tomorrow() -> dict[str, str]:
    return {"starts_at": _in_days(1), "ends_at": _in_days(2)}


def _in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def _token(name: str) -> str:
    return _signed_in(f"{name}@{DEMO}", DEMO_PASSWORD)


def _moderator_token() -> str:
    return _signed_in(MODERATOR, PASSWORD)


def _signed_in(email: str, password: str) -> str:
    return str(_post("/v1/auth/login", email=email, password=password)["access_token"])


def _by(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _get(path: str, token: str = "", **query: Any) -> dict[str, Any]:
    answer = requests.get(URL + path, query, headers=_by(token), timeout=20)
    answer.raise_for_status()
    return dict(answer.json())


def _post(path: str, token: str = "", **body: Any) -> dict[str, Any]:
    answer = requests.post(URL + path, json=body, headers=_by(token), timeout=20)
    answer.raise_for_status()
    return dict(answer.json())


def _code_mailed_to(email: str, but: str | None = None) -> str:
    """The newest code of the development page's mails to this address."""
    for _ in range(100):
        for mail in _get("/dev/mails")["items"]:
            if mail["to"] == email and mail["code"] not in (None, but):
                return str(mail["code"])
        time.sleep(0.1)
    raise TimeoutError(f"no code came for {email}")
