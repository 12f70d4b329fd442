"""The first screen."""

from __future__ import annotations

from neighbourly.answers.models import Answer
from neighbourly.core.db import db
from tests.factories.exchanges import lend, propose
from tests.factories.listings import ask, offer

MOST_STATEMENTS = 8
MOST_BYTES = 30 * 1024


def test_the_home_screen_is_one_call(as_, ana, bob):
    ask(ana, title="Je cherche une perceuse")
    offer(bob, title="Perceuse à percussion")
    screen = as_(ana).get("/v1/start").json
    assert screen["me"]["display_name"] == "Ana A."
    assert [each["title"] for each in screen["mine"]] == ["Je cherche une perceuse"]
    assert [each["title"] for each in screen["near"]["offers"]] == ["Perceuse à percussion"]
    assert screen["near"]["requests"] == screen["asked"] == screen["to_do"] == []
    assert {"accept_terms", "choose_interests"} <= set(screen["next_steps"])


def test_whoever_lives_nowhere_is_asked_for_a_home_first(as_, new_user):
    screen = as_(new_user("Dora D.")).get("/v1/start").json
    assert "set_home" in screen["next_steps"]
    assert screen["near"] == {"requests": [], "offers": []}
    assert screen["neighbourhood"] is None


def test_what_is_asked_of_me_shows_until_i_answer(as_, ana, bob, run_jobs):
    offer(bob, title="Perceuse à percussion")
    need = ask(ana, title="Je cherche une perceuse")
    run_jobs()
    assert [each["listing"]["id"] for each in as_(bob).get("/v1/start").json["asked"]] == [str(need.id)]
    db.session.add(Answer(listing_id=need.id, user_id=bob.id, answer="later"))
    db.session.commit()
    assert as_(bob).get("/v1/start").json["asked"] == []


def test_it_stays_within_its_statements_and_its_size(as_, ana, new_user, statements, run_jobs):
    """At most 8 statements and 30 KB, however much there is."""
    for number in range(12):
        neighbour = new_user(f"N{number} N.", home=ana_cell(ana), email=f"n{number}@example.org")
        offer(neighbour, title=f"Perceuse {number}", description="é" * 1000)
        ask(neighbour, title=f"Cherche échelle {number}", description="é" * 1000)
    for number in range(6):
        offer(ana, title=f"Échelle {number}", description="é" * 1000)
    client = as_(ana)
    with statements() as seen:
        answer = client.get("/v1/start")
    assert len(seen) <= MOST_STATEMENTS, seen
    assert len(answer.data) <= MOST_BYTES
    assert [len(answer.json[part]) for part in ("mine",)] == [5]
    assert (len(answer.json["near"]["requests"]), len(answer.json["near"]["offers"])) == (5, 10)


def ana_cell(user):
    """The cell of someone's listings, which is that of their home."""
    return offer(user, title="Une chose").cell


def test_it_has_an_etag_that_holds_until_something_changes(as_, ana, bob):
    """REL-05: 304 while nothing changed."""
    client = as_(ana)
    tag = client.get("/v1/start").headers["ETag"]
    assert client.get("/v1/start", headers={"If-None-Match": tag}).status_code == 304
    offer(bob, title="Une tente")
    assert client.get("/v1/start", headers={"If-None-Match": tag}).status_code == 200


def test_my_drafts_and_what_i_paused_are_mine_too_and_what_is_over_is_not(as_, ana):
    offer(ana, title="Une scie", status="draft")
    paused, closed = offer(ana, title="Une tente"), offer(ana, title="Un vélo")
    client = as_(ana)
    client.post(f"/v1/listings/{paused.id}/pause")
    client.post(f"/v1/listings/{closed.id}/close")
    mine = client.get("/v1/start").json["mine"]
    assert {each["title"]: each["status"] for each in mine} == {"Une scie": "draft", "Une tente": "paused"}


def test_no_number_of_proposals_hides_what_is_due(as_, ana, bob, cleo):
    """BOK-12: what was agreed stands before what is only proposed."""
    due = lend(ana, offer(bob, "Une tente"), begins=0.1, days=0.5)
    for number in range(6):
        propose(cleo, offer(ana, f"Scie {number}", kind="item"), begins=0.1 + number / 10, days=0.05)
    to_do = as_(ana).get("/v1/start").json["to_do"]
    assert (to_do[0]["id"], len(to_do)) == (str(due.id), 5)


def test_it_counts_what_i_have_not_read(as_, ana, bob, run_jobs):
    offer(bob, title="Perceuse à percussion")
    ask(ana, title="Je cherche une perceuse")
    run_jobs()
    client = as_(bob)
    assert client.get("/v1/start").json["unread"] == 1
    client.put("/v1/notifications/read", json={})
    assert client.get("/v1/start").json["unread"] == 0


def test_the_longest_texts_stay_within_the_size(as_, ana, new_user):
    """At most 30 KB, with titles, descriptions and a bio as long as they may be."""
    neighbour = new_user("Élodie", home=ana_cell(ana))
    for _ in range(11):
        offer(neighbour, title="é" * 80, description="déjà " * 800)
        ask(neighbour, title="é" * 80, description="déjà " * 800)
        offer(ana, title="é" * 80, description="déjà " * 800)
    client = as_(ana)
    client.patch("/v1/me", json={"bio": "é" * 1000, "display_name": "É" * 60})
    assert len(client.get("/v1/start").data) <= MOST_BYTES


CONFIG = {
    *("version", "features", "min_app_version", "languages", "limits", "terms_version"),
    *("operator", "contact", "emergency", "vapid_public_key"),
}


def test_the_configuration_is_for_anyone(client):
    config = client.get("/v1/config").json
    assert set(config) == CONFIG
    assert config["languages"] == ["fr", "en"]
    assert config["vapid_public_key"] is None
    assert {"accounts", "listings", "matching", "notifications"} <= set(config["features"])
    assert "push" not in config["features"], "there are no Firebase credentials here"


def test_the_ceilings_are_those_that_hold(as_, ana, client):
    """SEC-16: an app may believe them."""
    limits = client.get("/v1/config").json["limits"]
    longest = "x" * limits["title_characters"]
    assert as_(ana).post("/v1/listings", json={"title": longest}).status_code == 201
    assert as_(ana).post("/v1/listings", json={"title": longest + "x"}).status_code == 422
    assert as_(ana).patch("/v1/me", json={"bio": "x" * limits["bio_characters"]}).status_code == 200
    assert as_(ana).get(f"/v1/me/listings?limit={limits['page_items']}").status_code == 200
    assert as_(ana).get(f"/v1/me/listings?limit={limits['page_items'] + 1}").status_code == 422
