"""SEC-26, SEC-27: who is blocked writes wherever anything can be written, and the other reads nothing of it."""

from __future__ import annotations

import pytest

from neighbourly.thanks import service as thanks
from tests import people
from tests.factories.exchanges import agree, bring_back, day, lend
from tests.factories.listings import actor, ask, offer

CANARY = "canari"


@pytest.fixture
def between(ana, bob):
    """What is open between Ana and Bob, and what is past, when Ana blocks Bob."""
    made = {
        "lent to him": lend(bob, offer(ana)),
        "disputed": lend(bob, offer(ana, "Une échelle")),
        "lent to her": lend(ana, offer(bob, "Une tente")),
        "past": bring_back(bob, offer(ana, "Une scie")),
        "agreed": agree(bob, offer(ana, "Une remorque")),
        "help": agree(ana, offer(bob, "Cours d'anglais", kind="skill", category=None)),
    }
    thanks.thank_neighbour(actor=actor(ana), exchange_id=made["past"].id, text="Merci Bob")
    return made


@pytest.fixture
def need(ana):
    """Ana asks for something, as everybody may see but Bob."""
    return ask(ana, "Un vélo cargo")


@pytest.fixture
def blocked(as_, ana, bob, between, need):
    """Ana has blocked Bob."""
    assert as_(ana).put(f"/v1/me/blocks/{bob.id}").status_code == 204


def write_everywhere(client, ana, between, need) -> dict[str, int]:
    """Bob writes; the status of each try."""
    thing, times = between["lent to her"], {"starts_at": day(1).isoformat(), "ends_at": day(2).isoformat()}
    at = {name: f"/v1/exchanges/{exchange.id}" for name, exchange in between.items()}
    chats = [f"/v1/conversations/{exchange.conversation_id}/messages" for exchange in between.values()]
    tries = [
        ("patch", "/v1/me", {"display_name": "Canari Noir", "bio": CANARY}),
        ("patch", f"/v1/listings/{thing.listing_id}", {"title": f"Une tente {CANARY}", "description": CANARY}),
        ("patch", f"/v1/listings/{between['help'].listing_id}", {"title": f"Cours {CANARY}"}),
        ("post", "/v1/listings", {"title": f"Un {CANARY}", "direction": "offer"}),
        ("post", f"{at['lent to him']}/return", {"condition": CANARY}),
        ("post", f"{at['disputed']}/dispute", {"reason": f"Un {CANARY}."}),
        ("post", f"{at['lent to her']}/dispute", {"reason": f"Un {CANARY}."}),
        *(("post", f"{each}/thanks", {"text": CANARY}) for each in at.values()),
        *(("post", f"{each}/hand_over", {"condition": CANARY}) for each in at.values()),
        *(("put", f"{each}/meeting", {"text": CANARY}) for each in at.values()),
        *(("post", each, {"body": CANARY}) for each in chats),
        ("post", "/v1/conversations", {"listing_id": str(need.id), "body": CANARY}),
        ("post", "/v1/exchanges", {"listing_id": str(need.id), "message": CANARY, **times}),
        ("post", f"/v1/listings/{need.id}/answers", {"answer": "yes", "message": CANARY}),
        ("post", f"/v1/listings/{need.id}/answers", {"answer": "yes", "title": CANARY}),
        ("post", "/v1/timebank/transfers", {"to_user_id": str(ana.id), "minutes": 1, "memo": CANARY}),
    ]
    return {f"{path} {sorted(body)}": getattr(client, verb)(path, json=body).status_code for verb, path, body in tries}


def read_everything(app, client, ids) -> dict[str, str]:
    """All that somebody can get, by path."""
    document = app.test_client().get("/openapi.json").json
    paths = [path for path, methods in document["paths"].items() if "get" in methods]
    read = {}
    for path in paths:
        for given in ids:
            try:
                filled = path.format(**given)
            except KeyError:
                continue
            answer = client.get(filled)
            if answer.status_code == 200:
                read[filled] = answer.text
    return read


def test_no_text_that_is_written_behind_a_block_reaches_the_other(
    app, as_, ana, bob, cleo, between, need, blocked, run_jobs, later
):
    """SEC-27: walk all text fields × block; the taps among them go on, and time goes on, too."""
    got = write_everywhere(as_(bob), ana, between, need)
    taps = [f"/v1/exchanges/{between[name].id}" for name in ("lent to him", "disputed", "lent to her")]
    done = [f"{taps[0]}/return ['condition']", *(f"{each}/dispute ['reason']" for each in taps[1:])]
    assert [got[each] for each in done] == [200] * 3
    later(days=4)
    ids = [
        {
            "exchange_id": exchange.id,
            "conversation_id": exchange.conversation_id,
            "user_id": bob.id,
            "listing_id": exchange.listing_id,
        }
        for exchange in between.values()
    ]
    read = read_everything(app, as_(ana), [*ids, {"listing_id": need.id}])
    assert {path for path, text in read.items() if CANARY in text.lower()} == set()
    assert {"/v1/exchanges", "/v1/notifications", "/v1/start", "/v1/me/thanks", "/v1/me/blocks"} <= read.keys()
    assert CANARY not in as_(cleo).get(f"/v1/neighbours/{ana.id}").text.lower()


def test_moderators_read_the_reason_and_the_other_not_even_once_the_block_is_lifted(
    as_, ana, bob, between, need, blocked
):
    """SEC-27: what was not said to her then is not said to her later."""
    write_everywhere(as_(bob), ana, between, need)
    mod = people.make("Mona M.", role="moderator")
    reasons = [each["reason"] for each in as_(mod).get("/v1/disputes").json["items"]]
    assert reasons == [f"Un {CANARY}."] * 2
    as_(ana).delete(f"/v1/me/blocks/{bob.id}")
    for name in ("lent to him", "disputed"):
        seen = as_(ana).get(f"/v1/exchanges/{between[name].id}").json
        assert (seen["dispute_reason"], seen["condition_after"]) == (None, None)


def test_while_something_is_out_both_know_whom_to_return_it_to_and_what(as_, ana, bob, between, need, blocked):
    """SEC-27: as they were called when the block began; afterwards like somebody who has left (LOC-13)."""
    write_everywhere(as_(bob), ana, between, need)
    hers = between["lent to her"]
    seen = as_(ana).get(f"/v1/exchanges/{hers.id}").json
    assert (seen["giver"]["display_name"], seen["listing"]["title"]) == ("Bob B.", "Une tente")
    back = as_(ana).get(f"/v1/exchanges/{between['lent to him'].id}").json
    assert (back["receiver"]["display_name"], back["listing"]["title"]) == ("Un ancien voisin", "Perceuse à percussion")
    assert [each["display_name"] for each in as_(ana).get("/v1/me/blocks").json["items"]] == ["Bob B."]


def test_a_block_by_the_other_side_does_not_freeze_a_name_made_for_it(as_, ana, bob, between, need, blocked):
    """SEC-27: the first block counts, whoever taps it; a second one on top tells nothing new."""
    as_(bob).patch("/v1/me", json={"display_name": "Canari Noir"})
    assert as_(bob).put(f"/v1/me/blocks/{ana.id}").status_code == 204
    seen = as_(ana).get(f"/v1/exchanges/{between['lent to her'].id}").json
    assert seen["giver"]["display_name"] == "Bob B."


def test_what_was_said_before_and_what_is_said_without_a_block_is_read(as_, ana, bob, between):
    """The honest pay nothing: conditions, reasons, names and titles as before."""
    loan = f"/v1/exchanges/{between['lent to him'].id}"
    assert as_(bob).post(f"{loan}/return", json={"condition": "Propre."}).json["condition_after"] == "Propre."
    as_(bob).post(f"{loan}/dispute", json={"reason": "Il manque le chargeur."})
    as_(bob).patch("/v1/me", json={"display_name": "Robert B."})
    seen = as_(ana).get(loan).json
    assert (seen["condition_after"], seen["dispute_reason"]) == ("Propre.", "Il manque le chargeur.")
    assert seen["receiver"]["display_name"] == "Robert B."
