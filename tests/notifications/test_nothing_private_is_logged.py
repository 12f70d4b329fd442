"""SEC-22: a whole story, from asking to leaving, of which no log tells more than ids."""

from __future__ import annotations

import logging

import pytest

from neighbourly.accounts import passwords
from neighbourly.core import cells, logs
from neighbourly.notifications.jobs import deliver
from tests import databases
from tests.fakes import fcm as fake
from tests.people import PASSWORD, sign_in

CANARY = "canary"
LAT, LON = 43.60446813579, 1.44337824681
HOME = cells.snap(LAT, LON)


@pytest.fixture
def logged(caplog, capfd):
    """`logged()`: all that was said to any logger at the chattiest level, and by the database server."""
    caplog.set_level(logging.DEBUG)
    logs.configure("debug")

    def said() -> str:
        printed = capfd.readouterr()
        records = [str(vars(record)) + str(record.exc_info) for record in caplog.records]
        server = [
            log.read_text(errors="replace") for each in databases._started for log in each.data_dir.rglob("*.log")
        ]
        return " ".join([printed.out, printed.err, *records, *server]).lower()

    yield said
    logs.configure("info")


def tell_a_story(app, asker, helper, fcm, run_jobs) -> set[str]:
    """Ana asks, Bob is told and answers, Firebase fails in its ways, Ana leaves; the secrets on the way."""
    ana, bob = sign_in(app, asker), sign_in(app, helper)
    again = {"Idempotency-Key": f"{CANARY}-key"}
    for client, name in ((ana, "ana"), (bob, "bob")):
        body = {"fcm_token": f"{CANARY}-{name}-phone", "platform": "android"}
        assert client.put(f"/v1/me/devices/{CANARY}-{name}", json=body).status_code == 201
    assert ana.put("/v1/me/home", json={"lat": LAT, "lon": LON}).status_code == 200
    bob.post("/v1/listings", json={"title": "Perceuse Canary", "direction": "offer", "description": CANARY})
    need = ana.post("/v1/listings", json={"title": "Une perceuse, 7 rue du Canary"}, headers=again).json["id"]
    fcm.script(fake.INVALID_ARGUMENT, fake.SENDER_ID_MISMATCH, fake.RESET, fake.UNREGISTERED)
    run_jobs()
    deliver()
    answer = {"answer": "yes", "message": f"Sonnez chez {CANARY}, 06 12 34 56 78."}
    assert bob.post(f"/v1/listings/{need}/answers", json=answer).status_code == 201
    run_jobs()
    bob.get("/v1/listings", query_string={"q": CANARY, "near": HOME})
    bob.post("/v1/listings", json={"title": 3, CANARY: CANARY})
    ana.get(f"/l/{need}")
    ana.get(f"/i/{CANARY}")
    feed = lend_a_little(ana, bob, need)
    run_jobs()
    assert ana.delete("/v1/me", json={"password": PASSWORD}).status_code == 204
    return {ana.token, bob.token, "06 12 34", str(LAT), str(LON), feed}


def lend_a_little(ana, bob, need) -> str:
    """From the yes to thanks, with words at every step, and a private calendar; its token."""
    (chosen,) = ana.get(f"/v1/listings/{need}/answers").json["items"]
    loan = ana.post("/v1/exchanges", json={"answer_id": chosen["id"], "message": CANARY}).json
    path = f"/v1/exchanges/{loan['id']}"
    place = {"text": f"Au {CANARY}", "point": {"lat": LAT, "lon": LON}}
    calls = [
        bob.put(f"{path}/meeting", json=place),
        bob.post(f"/v1/conversations/{loan['conversation_id']}/messages", json={"body": CANARY}),
        bob.post(f"{path}/hand_over", json={"condition": CANARY}),
        ana.post(f"{path}/dispute", json={"reason": CANARY}),
        ana.post(f"{path}/return", json={}),
        bob.post(f"{path}/return", json={}),
        ana.post(f"{path}/thanks", json={"text": CANARY}),
        ana.post(f"{path}/concern", json={"text": CANARY}),
        ana.post("/v1/timebank/transfers", json={"to_user_id": loan["giver"]["id"], "minutes": 5, "memo": CANARY}),
        ana.get(f"{path}/calendar.ics"),
    ]
    assert all(each.status_code < 300 for each in calls), [each.json for each in calls]
    feed = ana.post("/v1/me/calendar").json["url"].rsplit("/", 1)[1]
    assert ana.get(f"/c/{feed}").status_code == 200
    return feed.lower()


def test_a_whole_story_leaves_nothing_in_any_log(app, new_user, fcm, run_jobs, logged):
    """SEC-22: no token, address, place, name or text of anybody's; but that it happened is there."""
    ana = new_user("Ana Canary", email=f"{CANARY}-ana@example.org", password_hash=passwords.hashed(PASSWORD))
    bob = new_user("Bob Canary", email=f"{CANARY}-bob@example.org", home=HOME)
    secrets = tell_a_story(app, ana, bob, fcm, run_jobs) | {CANARY, PASSWORD, HOME, cells.coarsen(HOME, cells.TOWN)}
    said = logged()
    assert "account erased" in said
    assert [secret for secret in secrets if secret.lower() in said] == []
