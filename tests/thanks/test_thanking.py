"""Thanks in words, shown by the word of the person they are about; concerns for moderators alone."""

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


NOTHING = {"mine": None, "mine_shown": False, "theirs": None, "theirs_shown": False, "waiting": False}


def test_only_the_person_it_is_about_reads_it_until_they_thank_back(as_, ana, bob, cleo, back, thank):
    """SEC-26: thanking back is agreeing; who thanked first has not read what comes back."""
    assert thank(bob, back, "Merci Ana").json == NOTHING | {"mine": "Merci Ana"}
    seen = as_(ana).get(f"/v1/exchanges/{back.id}/thanks").json
    assert seen == NOTHING | {"theirs": "Merci Ana", "waiting": True}
    assert public_thanks(as_, cleo, ana) == []
    both = {"mine": "De rien", "mine_shown": False, "theirs": "Merci Ana", "theirs_shown": True, "waiting": False}
    assert thank(ana, back, "De rien").json == both
    assert (public_thanks(as_, cleo, ana), public_thanks(as_, cleo, bob)) == (["Merci Ana"], [])


def test_who_is_thanked_hears_how_it_is_shown(as_, ana, bob, back, thank):
    """SEC-26: by a tap, also where it is the second of two."""
    english = {"Accept-Language": "en"}
    thank(bob, back, "Merci Ana"), thank(ana, back, "De rien")
    for user, other in ((ana, "Bob"), (bob, "Ana")):
        told = as_(user).get("/v1/notifications", headers=english).json["items"][0]
        assert (told["type"], told["title"]) == ("thanks_received", f"{other} wrote a thank you")
        assert told["body"] == "Read it, and choose whether your page shows it."


def test_time_alone_shows_nothing(as_, ana, bob, cleo, back, thank, later):
    """SEC-26: not after 14 days, nor ever."""
    thank(bob, back, "Merci Ana")
    for days in (15, 400):
        later(days=days)
        assert public_thanks(as_, cleo, ana) == []


@pytest.fixture
def show(as_):
    """`show(ana, exchange, False)`: the answer."""
    return lambda user, exchange, shown=True: as_(user).put(
        f"/v1/exchanges/{exchange.id}/thanks/shown", json={"shown": shown}
    )


def test_a_tap_shows_it_and_a_tap_takes_it_off_at_any_time(as_, ana, bob, cleo, back, thank, show, later):
    """SEC-26."""
    thank(bob, back, "Merci Ana")
    assert show(ana, back).json == NOTHING | {"theirs": "Merci Ana", "theirs_shown": True}
    assert public_thanks(as_, cleo, ana) == ["Merci Ana"]
    assert as_(bob).get(f"/v1/exchanges/{back.id}/thanks").json["mine_shown"] is True
    later(days=700)
    assert show(ana, back, False).status_code == 200
    assert public_thanks(as_, cleo, ana) == []
    thank(ana, back, "De rien")
    assert public_thanks(as_, cleo, ana) == [], "a no is not undone by politeness"


def test_nobody_shows_what_is_said_of_another(ana, bob, cleo, back, thank, show):
    """SEC-26: not who wrote it, nor anyone else."""
    thank(bob, back, "Merci Ana")
    assert [show(user, back).status_code for user in (bob, cleo)] == [404, 404]


@pytest.mark.parametrize("first", ["ana", "bob"])
def test_an_address_is_shown_by_a_tap_alone(request, as_, ana, bob, cleo, back, thank, show, first):
    """SEC-26, LOC-09: its author is warned, and thanking back is no consent to it, whoever wrote it."""
    writer, other = (ana, bob) if first == "ana" else (bob, ana)
    words = "Merci, elle habite au 12 rue des Lois"
    assert [each["code"] for each in thank(writer, back, words).json["warnings"]] == ["street_address"]
    thank(other, back, "De rien")
    assert public_thanks(as_, cleo, other) == []
    show(other, back)
    assert public_thanks(as_, cleo, other) == [words]


@pytest.mark.parametrize("words", ["06 12 34 56 78, appelez-la", "Une voleuse."])
def test_what_comes_back_to_who_thanked_first_waits_for_their_word(as_, ana, bob, cleo, back, thank, words):
    """SEC-26: what was not there to be read was not agreed to."""
    thank(ana, back, "Merci Bob")
    thank(bob, back, words)
    assert public_thanks(as_, cleo, ana) == []
    assert as_(ana).get(f"/v1/exchanges/{back.id}/thanks").json["waiting"] is True
    assert as_(ana).get("/v1/notifications").json["items"][0]["title"] == "Bob vous a écrit un merci"


def test_who_wrote_takes_it_back_and_no_other_words_inherit_the_consent(as_, ana, bob, cleo, back, thank, show):
    """SEC-26: nice words, shown, then others in their place."""
    thank(bob, back, "Merci Ana"), thank(ana, back, "De rien")
    path = f"/v1/exchanges/{back.id}/thanks"
    assert [as_(bob).delete(path).status_code for _ in range(2)] == [204, 204]
    assert public_thanks(as_, cleo, ana) == []
    assert as_(ana).get(path).json == NOTHING | {"mine": "De rien"}
    assert show(ana, back).status_code == 404
    assert thank(bob, back, "insulte").status_code == 201
    assert public_thanks(as_, cleo, ana) == []
    assert as_(ana).get(path).json["waiting"] is True


def test_everyone_lists_what_is_said_of_them(as_, ana, bob, cleo, thank, show, statements):
    """SEC-26: shown, waiting or taken off, newest first, in pages and in three statements at most."""
    exchanges = [
        bring_back(user, offer(ana, f"Chose {number}", kind="item", category=None))
        for number, user in enumerate((bob, cleo, bob))
    ]
    for exchange, user in zip(exchanges, (bob, cleo, bob), strict=True):
        thank(user, exchange, f"Merci pour {exchange.id}")
    show(ana, exchanges[0]), show(ana, exchanges[1], False)
    client = as_(ana)
    with statements() as seen:
        first = client.get("/v1/me/thanks?limit=2").json
    rest = client.get(f"/v1/me/thanks?limit=2&cursor={first['next']}").json["items"]
    said = [(each["exchange_id"], each["shown"], each["waiting"]) for each in first["items"] + rest]
    words = [(False, True), (False, False), (True, False)]
    assert said == [(str(each.id), *word) for each, word in zip(reversed(exchanges), words, strict=True)]
    assert set(rest[0]) == {"text", "author", "kind", "month", "exchange_id", "shown", "waiting"}
    assert (as_(bob).get("/v1/me/thanks").json["items"], len(seen) <= 3) == ([], True)


@pytest.mark.parametrize("blocker", ["ana", "bob", "cleo"])
def test_while_a_block_stands_nobody_reads_it(request, as_, ana, bob, cleo, back, thank, show, blocker):
    """SEC-26: between the two, to third parties neither; and between author and reader."""
    thank(bob, back, "Merci Ana"), thank(ana, back, "De rien")
    other = ana if blocker == "bob" else bob
    as_(request.getfixturevalue(blocker)).put(f"/v1/me/blocks/{other.id}")
    assert public_thanks(as_, cleo, ana) == []
    if blocker == "cleo":
        return
    dora = people.make("Dora D.", home=people.CLEO_CELL)
    assert (public_thanks(as_, dora, ana), public_thanks(as_, dora, bob)) == ([], [])
    for side, own in ((ana, "De rien"), (bob, "Merci Ana")):
        seen = as_(side).get(f"/v1/exchanges/{back.id}/thanks").json
        assert (seen["mine"], seen["theirs"], seen["waiting"]) == (own, None, False)
        assert as_(side).get("/v1/me/thanks").json["items"] == []
        assert show(side, back).status_code == 404
        assert show(side, back, False).json["theirs"] is None


@pytest.mark.parametrize("blocker", ["ana", "bob"])
def test_behind_a_block_nobody_writes_thanks(request, as_, ana, bob, back, thank, blocker):
    """SEC-26, SEC-27: words are no tap; and nobody is told."""
    as_(request.getfixturevalue(blocker)).put(f"/v1/me/blocks/{(bob if blocker == 'ana' else ana).id}")
    refused = thank(bob, back, "Je sais où tu habites")
    assert (refused.status_code, refused.json["code"]) == (409, "nothing_to_thank_for")
    assert "thanks_received" not in as_(ana).get("/v1/notifications").text


def test_thanks_can_be_reported_as_they_stood(as_, ana, bob, cleo, back, thank):
    """SEC-26: moderators read what was said, its author is not told, and the page shows it no longer."""
    mod = people.make("Mona M.", role="moderator")
    thank(bob, back, "Merci, belle insulte"), thank(ana, back, "De rien")
    said = {"text": "C'est une insulte.", "about": "thanks"}
    assert as_(ana).post(f"/v1/exchanges/{back.id}/concern", json=said).status_code == 204
    assert public_thanks(as_, cleo, ana) == []
    as_(bob).delete(f"/v1/exchanges/{back.id}/thanks")
    as_(ana).post(f"/v1/exchanges/{back.id}/concern", json={"text": "Vraiment."})
    (read,) = as_(mod).get("/v1/concerns").json["items"]
    assert (read["text"], read["quoted"]) == ("Vraiment.", "Merci, belle insulte")
    assert as_(ana).post(f"/v1/exchanges/{back.id}/concern", json=said).status_code == 404


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


def test_words_written_anew_are_shown_by_a_tap_alone(as_, ana, bob, cleo, back, thank, show):
    """SEC-26: while she writes back to kind words, others may have taken their place: she agreed to what she read."""
    thank(bob, back, "Merci Ana")
    assert as_(bob).delete(f"/v1/exchanges/{back.id}/thanks").status_code == 204
    thank(bob, back, "Ana est une voleuse")
    thank(ana, back, "De rien")
    seen = as_(ana).get(f"/v1/exchanges/{back.id}/thanks").json
    assert (seen["theirs"], seen["theirs_shown"]) == ("Ana est une voleuse", False)
    assert public_thanks(as_, cleo, ana) == []
    assert show(ana, back).json["theirs_shown"] is True
