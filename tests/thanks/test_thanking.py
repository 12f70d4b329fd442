"""Thanks in words, seen once both wrote or after 14 days; concerns for moderators alone."""

from __future__ import annotations

import pytest

from neighbourly.accounts import passwords
from neighbourly.core.db import db
from tests import people
from tests.factories.exchanges import agree, bring_back, lend
from tests.factories.listings import offer


@pytest.fixture
def back(ana, bob):
    """Bob brought Ana's drill back."""
    return bring_back(bob, offer(ana))


@pytest.fixture
def thank(as_):
    """`thank(bob, exchange, "Merci")`: the answer."""
    return lambda user, exchange, text="Merci !": as_(user).post(
        f"/v1/exchanges/{exchange.id}/thanks", json={"text": text}
    )


def public_thanks(as_, viewer, about):
    return [each["text"] for each in as_(viewer).get(f"/v1/neighbours/{about.id}").json["thanks"]]


def test_nobody_sees_it_before_both_wrote(as_, ana, bob, cleo, back, thank):
    assert thank(bob, back, "Merci Ana").json == {"mine": "Merci Ana", "theirs": None, "waiting": False}
    assert as_(ana).get(f"/v1/exchanges/{back.id}/thanks").json == {"mine": None, "theirs": None, "waiting": True}
    assert public_thanks(as_, cleo, ana) == []
    assert thank(ana, back, "De rien").json == {"mine": "De rien", "theirs": "Merci Ana", "waiting": False}
    assert (public_thanks(as_, cleo, ana), public_thanks(as_, cleo, bob)) == (["Merci Ana"], ["De rien"])


def test_who_wrote_first_hears_that_both_can_be_read(as_, ana, bob, back, thank):
    """And is not told to write what they have written."""
    english = {"Accept-Language": "en"}
    newest = lambda user: as_(user).get("/v1/notifications", headers=english).json["items"][0]  # noqa: E731
    thank(bob, back, "Merci Ana")
    assert (newest(ana)["type"], newest(ana)["body"]) == ("thanks_received", "Write yours to read theirs.")
    thank(ana, back, "De rien")
    told = newest(bob)
    assert (told["type"], told["title"]) == ("thanks_received", "Ana wrote a thank you too")
    assert told["body"] == "You can read it, as everyone can."


def test_after_14_days_it_is_seen_all_the_same(as_, ana, bob, cleo, back, thank, later):
    thank(bob, back, "Merci Ana")
    later(days=13)
    assert public_thanks(as_, cleo, ana) == []
    later(days=2)
    assert public_thanks(as_, cleo, ana) == ["Merci Ana"]
    assert thank(ana, back, "De rien").status_code == 201


def test_before_the_end_there_is_nothing_to_thank_for(ana, bob, thank, act_done):
    thing, lesson = offer(ana), offer(ana, "Cours d'anglais", kind="skill", category=None)
    help = agree(bob, lesson)
    for exchange in (agree(bob, thing), lend(bob, offer(ana, "Une tente")), help):
        assert thank(bob, exchange).json["code"] == "nothing_to_thank_for"
    act_done(help)
    assert thank(bob, help).status_code == 201


@pytest.fixture
def act_done(as_, ana, bob):
    """`act_done(help)`: done and confirmed."""

    def finish(help):
        as_(ana).post(f"/v1/exchanges/{help.id}/done", json={})
        as_(bob).post(f"/v1/exchanges/{help.id}/confirm", json={})

    return finish


def test_a_gift_is_thanked_for_once_it_is_handed_over(as_, ana, bob, thank):
    gift = agree(bob, offer(ana, "Un lit", terms="give"), ends_at=None)
    as_(ana).post(f"/v1/exchanges/{gift.id}/hand_over", json={})
    assert thank(bob, gift).status_code == 201


def test_once_said_it_stands(bob, back, thank):
    """REL-07: the same words again are the same."""
    assert [thank(bob, back, text).status_code for text in ("Merci", "Merci")] == [201, 200]
    refused = thank(bob, back, "Autre chose")
    assert (refused.status_code, refused.json["code"]) == (409, "already_thanked")


def test_the_blocked_can_still_answer(as_, ana, bob, back, thank):
    thank(bob, back, "Merci Ana")
    as_(bob).put(f"/v1/me/blocks/{ana.id}")
    assert thank(ana, back, "De rien").json["theirs"] == "Merci Ana"


def test_thanks_of_somebody_blocked_are_not_shown(as_, ana, bob, cleo, back, thank):
    thank(bob, back, "Merci Ana"), thank(ana, back)
    as_(cleo).put(f"/v1/me/blocks/{bob.id}")
    assert public_thanks(as_, cleo, ana) == []


def test_only_the_two_sides_thank_and_read(as_, cleo, back, thank):
    assert thank(cleo, back).status_code == 404
    assert as_(cleo).get(f"/v1/exchanges/{back.id}/thanks").status_code == 404


def test_the_other_is_told_once_and_not_what(as_, ana, bob, back, thank):
    thank(bob, back, "CANARI"), thank(bob, back, "CANARI")
    inbox = as_(ana).get("/v1/notifications")
    assert [each["type"] for each in inbox.json["items"]].count("thanks_received") == 1
    assert "CANARI" not in inbox.text


def test_a_concern_reaches_moderators_and_nobody_else(as_, ana, bob, back):
    here = people.make("Mona M.", role="moderator")
    elsewhere = people.make("Else W.", role="moderator", territory_code="elsewhere")
    for text in ("Il m'a fait peur.", "Il m'a fait très peur."):
        assert as_(bob).post(f"/v1/exchanges/{back.id}/concern", json={"text": text}).status_code == 204
    (read,) = as_(here).get("/v1/concerns").json["items"]
    assert (read["text"], read["author"]["id"]) == ("Il m'a fait très peur.", str(bob.id))
    assert as_(elsewhere).get("/v1/concerns").json["items"] == []
    assert as_(bob).get("/v1/concerns").status_code == 403
    told = {user: as_(user).get("/v1/notifications").text for user in (here, ana, elsewhere)}
    assert ["moderation_case" in told[user] for user in (here, ana, elsewhere)] == [True, False, False]
    assert "peur" not in "".join(told.values())


def test_a_moderator_never_reads_what_was_said_of_themselves(as_, ana, bob, back):
    ana.role = "moderator"
    db.session.commit()
    as_(bob).post(f"/v1/exchanges/{back.id}/concern", json={"text": "Il m'a fait peur."})
    assert as_(ana).get("/v1/concerns").json["items"] == []


def test_who_leaves_takes_along_what_was_said_of_them_and_leaves_what_they_said(as_, ana, bob, cleo, back, thank):
    thank(bob, back, "Merci Ana"), thank(ana, back, "De rien")
    as_(bob).post(f"/v1/exchanges/{back.id}/concern", json={"text": "CANARI"})
    bob.password_hash = passwords.hashed(people.PASSWORD)
    db.session.commit()
    assert as_(bob).delete("/v1/me", json={"password": people.PASSWORD}).status_code == 204
    (said,) = as_(cleo).get(f"/v1/neighbours/{ana.id}").json["thanks"]
    assert (said["text"], said["author"]["display_name"]) == ("Merci Ana", "Un ancien voisin")
    counts = db.session.execute(db.text("SELECT (SELECT count(*) FROM concerns), (SELECT count(*) FROM thanks)")).one()
    assert tuple(counts) == (0, 1)
