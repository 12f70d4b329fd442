"""SEC-15: how often one may try, by address and by account, and that nobody can lock somebody else out."""

from __future__ import annotations

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import update

from neighbourly.accounts import passwords, service
from neighbourly.accounts.models import Invitation
from neighbourly.app import create_app
from neighbourly.core.api import limits
from neighbourly.core.db import db
from neighbourly.core.jobs import queue as jobs_queue
from tests import databases
from tests.accounts.conftest import log_in, register
from tests.people import PASSWORD, Client, FreshClient

pytestmark = pytest.mark.usefixtures("quick_hashes")
LEA = "lea@example.org"
FEW = {
    "limit_sign_in": "30 per 5 minutes",
    "limit_sign_up": "12 per hour",
    "limit_refresh": "60 per 5 minutes",
    "limit_reset": "12 per hour",
}
"""What an operator may set, so that a test is soon at the end of it."""
TWELVE, SIXTY, THIRTY = 12, 60, 30


@pytest.fixture
def strict(make_settings):
    """`strict(trusted_proxies="1")`: an app with the limits on, its counters new."""

    def made(**values: str) -> Flask:
        app = stack.enter_context(databases.closed_after(create_app(make_settings(limits="on", **values))))
        app.test_client_class = FreshClient
        return app

    with ExitStack() as stack:
        yield made


@pytest.fixture
def limited(strict):
    """Such an app with few calls for an address, in a transaction that is undone."""
    made = strict(**FEW)
    with databases.undone(made):
        yield made


def lea_joins() -> None:
    """Léa has an account."""
    service.create_user(email=LEA, display_name="Léa", password=PASSWORD, language="fr")
    db.session.commit()


def from_(address: str) -> dict:
    """As if the call came from there."""
    return {"REMOTE_ADDR": address}


def until_refused(call, most: int = 200) -> tuple[int, object]:
    """How many calls were let through, and the first that was not."""
    for passed in range(most):
        answer = call()
        if answer.status_code == 429:
            return passed, answer
    raise AssertionError("never refused")


CALLS = {
    "sign-in": (lambda client: log_in(client, "a@example.org"), limits.SIGN_IN_TO, 10),
    "sign-up": (lambda client: register(client, "a@example.org"), limits.SIGN_UP, TWELVE),
    "refresh": (lambda client: client.post("/v1/auth/refresh", json={"refresh_token": "x"}), limits.REFRESH, SIXTY),
    "forgot": (lambda client: client.post("/v1/auth/password/forgot", json={"email": LEA}), limits.RESET, TWELVE),
}


@pytest.mark.parametrize("way", CALLS)
def test_one_call_too_many_is_429_and_says_when_to_come_back(limited, way):
    """SEC-15, REL-04."""
    call, limit, most = CALLS[way]
    client = limited.test_client()
    passed, refused = until_refused(lambda: call(client))
    assert passed == most
    assert refused.json["code"] == "too_many_requests"
    assert refused.mimetype == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= limit.item.get_expiry()
    assert f'"{limit.name}";r=0;t={refused.headers["Retry-After"]}' in refused.headers["RateLimit"]
    assert f'"{limit.name}";q={most};w={limit.item.get_expiry()}' in refused.headers["RateLimit-Policy"]


def test_each_answer_tells_what_is_left(limited):
    answers = [log_in(limited.test_client(), "a@example.org") for _ in range(2)]
    left = [dict(re.findall(r'"(\w+)";r=(\d+)', each.headers["RateLimit"])) for each in answers]
    assert [int(left[0][name]) - int(left[1][name]) for name in ("address", "sign_in", "sign_in_to")] == [1, 1, 1]


def test_a_member_is_counted_by_account_wherever_they_call_from(limited):
    """SEC-15: by account."""
    ana, bob = (
        service.create_user(email=None, display_name=name, password=None, language="fr") for name in ("Ana", "Bob")
    )
    hers, his = (
        Client(limited, service.open_session(user=each, installation_id=None, label="").access_token)
        for each in (ana, bob)
    )
    db.session.commit()
    addresses = iter(range(1, 250))

    def invite(client):
        return client.post("/v1/invitations", environ_base=from_(f"198.51.100.{next(addresses)}"))

    assert until_refused(lambda: invite(hers))[0] == limits.WRITE.item.amount
    assert invite(his).status_code == 201


def test_an_attacker_cannot_lock_a_victim_out(limited):
    """SEC-15: wrong passwords from one address, as many as it gets, stop nobody who signs in from another."""
    lea_joins()
    client = limited.test_client()
    attack = from_("203.0.113.7")
    body = {"email": LEA, "password": "not the password"}
    until_refused(lambda: client.post("/v1/auth/login", json=body, environ_base=attack))
    right = body | {"password": PASSWORD}
    assert client.post("/v1/auth/login", json=right, environ_base=attack).status_code == 429
    assert client.post("/v1/auth/login", json=right, environ_base=from_("198.51.100.4")).status_code == 200


def test_one_mailbox_after_another_is_stopped_by_address(limited):
    """SEC-15: a list of leaked passwords, each tried once."""
    client, number = limited.test_client(), iter(range(1000))
    passed, _ = until_refused(lambda: log_in(client, f"member-{next(number)}@example.org"))
    assert passed == THIRTY


def test_another_spelling_of_a_mailbox_is_the_same(limited):
    """SEC-15: capitals give no new tries."""
    client, spelling = limited.test_client(), iter([LEA.upper(), "Lea@Example.org", *[LEA] * 20])
    assert until_refused(lambda: log_in(client, next(spelling)))[0] == limits.SIGN_IN_TO.item.amount


def test_a_forged_header_changes_nothing(limited):
    """SEC-15: without a proxy of ours, `X-Forwarded-For` is only text."""
    client, number = limited.test_client(), iter(range(1, 250))

    def forged():
        headers = {"X-Forwarded-For": f"198.51.100.{next(number)}"}
        return client.post("/v1/auth/refresh", json={"refresh_token": "x"}, headers=headers)

    assert until_refused(forged)[0] == SIXTY


def test_behind_one_proxy_its_word_counts_and_the_callers_does_not(strict):
    """SEC-15: the last entry is the proxy's own; what stands before it the caller may have made up."""
    behind = strict(trusted_proxies="1", **FEW)
    with databases.undone(behind):
        client, number = behind.test_client(), iter(range(1, 250))

        def call(real: str):
            headers = {"X-Forwarded-For": f"192.0.2.{next(number)}, {real}"}
            return client.post("/v1/auth/refresh", json={"refresh_token": "x"}, headers=headers)

        assert until_refused(lambda: call("198.51.100.4"))[0] == SIXTY
        assert call("198.51.100.5").status_code == 401


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("somewhere", "elsewhere", False),
    ],
)
def test_what_counts_as_one_address(app, first, second, same):
    """SEC-15: a home has a whole IPv6 network; IPv4 neighbours have nothing to do with each other."""
    counted = []
    for each in (first, second):
        with app.test_request_context(environ_base=from_(each)):
            counted.append(limits.address())
    assert (counted[0] == counted[1]) is same


def test_a_site_of_ipv6_has_not_the_share_of_all_its_networks(limited):
    """SEC-15: a /48 holds 65,536 networks; eight times the share of one is all it has, its neighbour has its own."""
    client, number = limited.test_client(), iter(range(1, 5000))

    def call():
        place = from_(f"2001:db8:7:{next(number):x}::1")
        return client.post("/v1/auth/login", json={"email": LEA, "password": "x"}, environ_base=place)

    most = limits.SIGN_IN_TO.item.amount * limits.NETWORKS_OF_A_SITE
    passed, refused = until_refused(call)
    assert passed == most
    assert int(refused.headers["Retry-After"]) >= 1
    elsewhere = client.post("/v1/auth/login", json={"email": LEA, "password": "x"}, environ_base=from_("2001:db8:8::1"))
    assert elsewhere.status_code == 401


def test_a_refusal_says_until_when_in_words(limited):
    """SEC-15: the same moment as `Retry-After`, on the clock on the wall."""
    client = limited.test_client()
    _, refused = until_refused(lambda: register(client, "a@example.org"))
    until = datetime.now(UTC) + timedelta(seconds=int(refused.headers["Retry-After"]))
    hour = f"{until.astimezone(ZoneInfo('Europe/Paris')):%H:%M}"
    assert refused.json["detail"].startswith("Réessayez ")
    assert hour in refused.json["detail"]
    english = client.post("/v1/auth/register", json={}, headers={"Accept-Language": "en"})
    assert english.status_code == 422, "what is no registration is not counted as one"


def invited_by(user, app) -> str:
    """The code of an invitation of theirs."""
    token = service.open_session(user=user, installation_id=None, label="").access_token
    db.session.commit()
    code: str = Client(app, token).post("/v1/invitations").json["code"]
    return code


def test_an_invitation_with_uses_left_carries_people_through(limited):
    """SEC-15: a hall full of people behind one address; one that never was, is spent or over carries nobody."""
    ana = service.create_user(email=None, display_name="Ana", password=None, language="fr")
    code, client, number = invited_by(ana, limited), limited.test_client(), iter(range(1000))

    def join(**said):
        return register(client, f"guest-{next(number)}@example.org", **said)

    until_refused(join)
    assert [join(invite=code).status_code for _ in range(limits.INVITED.item.amount)] == [202] * 60
    assert join(invite=code).status_code == 429, "each use may be tried three times"
    assert join(invite="NEVERMADE1").status_code == 429
    db.session.execute(update(Invitation).values(uses_left=0))
    db.session.commit()
    assert join(invite=code).status_code == 429


def test_a_hall_of_forty_joins_from_one_address(strict, mailboxes, monkeypatch):
    """SEC-15: the evening of an association, with the limits as they come: code, another code, home, refresh."""
    hall = strict()
    with databases.undone(hall):
        jobs_queue.bind(hall)
        client = hall.test_client()
        for number in range(40):
            email = f"guest-{number}@example.org"
            made = register(client, email, display_name=f"Guest {chr(65 + number % 26)}{'e' * (number // 26)}")
            assert made.status_code == 202
            again = client.post("/v1/auth/email/resend", json={"email": email, **made.json})
            assert again.status_code == 202
            body = {"email": email, "code": mailboxes.code(email), **made.json}
            signed_in = client.post("/v1/auth/email/verify", json=body)
            assert signed_in.status_code == 200
            token = {"refresh_token": signed_in.json["refresh_token"]}
            assert client.post("/v1/auth/refresh", json=token).status_code == 200
            assert client.post("/v1/geocode", json={"q": "12 rue des Arts"}).status_code != 429
            assert client.get("/v1/config").status_code == 200


def test_calendar_services_read_the_feeds_of_thousands_from_one_address(strict):
    """SEC-15: feeds count by token, and not as any other call of their address."""
    busy = strict(limit_address="5 per minute")
    with databases.undone(busy):
        client, number = busy.test_client(), iter(range(1000))
        assert {client.get(f"/c/{next(number):032d}").status_code for _ in range(50)} == {404}
        assert until_refused(lambda: client.get("/v1/config"))[0] == 5
        assert until_refused(lambda: client.get(f"/c/{'x' * 32}"))[0] == limits.FEEDS.item.amount


def test_without_its_counters_the_service_goes_on(strict, caplog):
    """SEC-21: a store of counters that is down stops nobody, and is said in the log; the process counts by itself."""
    alone = strict(limits_url="redis://127.0.0.1:1")
    with databases.undone(alone):
        assert alone.test_client().get("/v1/terms").status_code == 200
    assert "limits counted in memory" in caplog.text


def test_the_store_of_counters_learns_no_mailbox(limited):
    """SEC-22: what is counted by mailbox is kept under a digest."""
    log_in(limited.test_client(), LEA)
    counters = vars(limited.extensions["neighbourly.limiter"].storage)
    assert "sign_in_to" in str(counters)
    assert "lea@" not in str(counters).lower()


def test_too_many_sign_ins_at_once_are_asked_to_wait(client, monkeypatch):
    """REL-04: 503 with `Retry-After`."""
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    monkeypatch.setattr(passwords, "_places", passwords.BoundedSemaphore(1))
    with passwords._place():
        busy = log_in(client, LEA)
    assert (busy.status_code, busy.json["code"]) == (503, "too_many_sign_ins")
    assert busy.headers["Retry-After"] == "5"
