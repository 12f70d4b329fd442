"""REL-01, REL-02: the same request twice is one effect, whatever happens in between."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
import time_machine
from sqlalchemy import select
from werkzeug.serving import make_server

from neighbourly.core import clock
from neighbourly.core.api.idempotency import StoredAnswer
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from tests import people
from tests.core.api.conftest import count_scratch
from tests.databases import count_of
from tests.waiting import wait_until

KEY = {"Idempotency-Key": "4f2b"}


def create(client, number=1, key="4f2b", path="/probe/scratch", **more):
    return client.post(path, json={"number": number} | more, headers={"Idempotency-Key": key})


def stored() -> int:
    return count_of(StoredAnswer)


def test_a_replay_gives_the_stored_answer_again(as_, ana):
    """REL-01: status, body and headers, and says that it is a replay."""
    first, again = create(as_(ana)), create(as_(ana))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    for name in ("Location", "ETag", "Content-Type", "Cache-Control"):
        assert first.headers[name] == again.headers[name]
    assert count_scratch() == 1


def test_the_same_content_written_otherwise_is_the_same(as_, ana):
    """REL-01: the fingerprint is of the parsed fields."""
    mine = as_(ana)
    create(mine, note=" Bonjour ")
    raw = b'{ "note":"Bonjour",\n "number":1 }'
    again = mine.post("/probe/scratch", data=raw, content_type="application/json", headers=KEY)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_another_body_under_the_same_key_is_refused(as_, ana):
    """REL-01: 422 `idempotency_key_reused`."""
    create(as_(ana))
    refused = create(as_(ana), number=2)
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_key_reused")
    assert count_scratch() == 1


def test_a_key_belongs_to_its_caller_and_its_route(as_, ana, bob):
    """REL-01: somebody else's same key is another key, and so is the same on another path."""
    create(as_(ana))
    assert "Idempotency-Replayed" not in create(as_(bob), number=2).headers
    elsewhere = as_(ana).post("/v1/listings", json={"title": "Une perceuse"}, headers=KEY)
    assert elsewhere.status_code == 201
    assert stored() == 3


def test_after_a_day_the_key_is_new(as_, ana):
    """REL-01: 24 hours."""
    create(as_(ana))
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1)):
        late = create(as_(ana), number=2)
    assert late.status_code == 201
    assert "Idempotency-Replayed" not in late.headers


def test_a_refusal_is_not_remembered(as_, ana):
    """REL-02: correct the body, and the same key works."""
    mine = as_(ana)
    assert create(mine, number="many").status_code == 422
    assert mine.post("/probe/scratch", data="{", content_type="application/json", headers=KEY).status_code == 400
    assert stored() == 0
    assert create(mine).status_code == 201


def test_a_conflict_is_not_remembered(as_, ana, new_user):
    """REL-02: 409 before, 201 once what stood in the way is gone."""
    dora = new_user("Dora D.")
    call = {"json": {"title": "Une perceuse"}, "headers": KEY}
    assert as_(dora).post("/v1/listings", **call).json["code"] == "home_missing"
    assert as_(dora).put("/v1/me/home", json={"cell": "871f90015ffffff"}).status_code == 200
    assert as_(dora).post("/v1/listings", **call).status_code == 201


def test_not_signed_in_is_not_remembered(client, as_, ana):
    """REL-02: 401 first, then the same key with a token."""
    assert create(client).status_code == 401
    assert create(as_(ana)).status_code == 201


def test_an_answer_with_a_secret_is_never_stored(as_, ana):
    """REL-01: tokens, codes and keys."""
    assert as_(ana).post("/v1/invitations", headers=KEY).status_code == 201
    assert stored() == 0


@pytest.mark.parametrize(
    ("key", "status"), [("", 422), ("x" * 200, 201), ("x" * 201, 422), ("a\tb", 422), ("é", 201), ("a b", 201)]
)
def test_a_key_is_short_and_readable(as_, ana, key, status):
    """SEC-16."""
    assert create(as_(ana), key=key).status_code == status


def test_without_a_key_twice_is_two(as_, ana):
    for number in (1, 2):
        as_(ana).post("/probe/scratch", json={"number": number})
    assert (count_scratch(), stored()) == (2, 0)


def test_fifty_at_once_are_one_effect(real_app, member):
    """REL-01: threads with connections of their own; who comes while the first is under way is told so."""
    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda _: create(member()), range(50)))
    assert {each.status_code for each in answers} <= {201, 409, 503}
    assert {each.json["code"] for each in answers if each.status_code == 409} <= {"still_running"}
    assert len({each.json["id"] for each in answers if each.status_code == 201}) == 1
    with real_app.app_context():
        assert (count_scratch(), stored()) == (1, 1)
    assert create(member()).headers["Idempotency-Replayed"] == "true"


def test_while_the_first_is_under_way_the_second_is_told(member, gate):
    """REL-01: 409 `still_running`, with when to try again."""
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(lambda: create(member(), path="/probe/slow"))
        assert gate.entered.wait(10)
        second = create(member(), path="/probe/slow")
        gate.opened.set()
        assert first.result().status_code == 201
    assert (second.status_code, second.json["code"]) == (409, "still_running")
    assert second.headers["Retry-After"] == "1"
    assert create(member(), path="/probe/slow").data == first.result().data


def test_a_server_killed_between_commit_and_answer(real_app, member, data_dir):
    """REL-01: kill -9 after the commit; the retry at the next server gets the answer that was lost."""
    lea = member()
    assert lea.put("/v1/me/home", json={"cell": str(people.ANA_CELL)}).status_code == 200
    environment = {
        "NEIGHBOURLY_ENV": "testing",
        "NEIGHBOURLY_DATA_DIR": str(data_dir),
        "NEIGHBOURLY_DATABASE_URL": real_app.config["SQLALCHEMY_DATABASE_URI"].render_as_string(hide_password=False),
    }
    program = [sys.executable, "-m", "tests.core.api.dying_server"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, env=os.environ | environment) as server:
        port = int(server.stdout.readline())
        headers = {"Authorization": f"Bearer {lea.token}", "Content-Type": "application/json", **KEY}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("POST", "/v1/listings", orjson.dumps({"title": "Une perceuse"}), headers)
        with pytest.raises(http.client.RemoteDisconnected):
            connection.getresponse()
        connection.close()
        assert server.wait(10) == -signal.SIGKILL
    retry = lea.post("/v1/listings", json={"title": "Une perceuse"}, headers=KEY)
    assert (retry.status_code, retry.headers["Idempotency-Replayed"]) == (201, "true")
    with real_app.app_context():
        assert db.session.scalars(select(Listing.id)).all() == [UUID(retry.json["id"])]


def test_a_phone_that_hung_up_gets_the_answer_at_its_retry(real_app, member):
    """REL-01: the commit is made, the answer goes nowhere."""
    server = make_server("127.0.0.1", 0, real_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        _send_and_hang_up(server.server_port, member().token)
        wait_until(lambda: _count(real_app) == 1)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert create(member()).headers["Idempotency-Replayed"] == "true"
    assert _count(real_app) == 1


def _send_and_hang_up(port: int, token: str) -> None:
    head = f"POST /probe/scratch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: 4f2b\r\n"
    body = b'{"number": 1}'
    with socket.create_connection(("127.0.0.1", port)) as raw:
        length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        raw.sendall((head + length).encode() + body)


def _count(app) -> int:
    with app.app_context():
        return count_scratch()
