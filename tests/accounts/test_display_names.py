"""What neighbours may be called, by whichever door they come in: nobody else, no office, no message (SEC-27)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.accounts.display_names import NAMELESS, find_fault, skeleton, tidy
from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.demo import neighbourhood
from tests.accounts.conftest import bearer, register

REFUSED = {
    "Modération": "reserved_name",
    "Modération neighbourly": "reserved_name",
    "M0dération": "reserved_name",
    "mo-dé-ra-tion": "reserved_name",
    "Ｍｏｄｅｒａｔｏｒ": "reserved_name",
    "La modératrice": "reserved_name",
    "Neighbourly": "reserved_name",
    "neighbour-ly": "reserved_name",
    "Admin": "reserved_name",
    "Adm1n": "reserved_name",
    "admin 2": "reserved_name",
    "Admin2": "reserved_name",
    "A d m i n": "reserved_name",
    "AdminIstration": "reserved_name",
    "Support": "reserved_name",
    "Supp0rt": "reserved_name",
    "Ancien voisin": "reserved_name",
    "Un ancien voisin": "reserved_name",
    "A former neighbour": "reserved_name",
    "Service client": "reserved_name",
    "Кarim B.": "mixed_scripts",
    "Karim В\u0435rtin": "mixed_scripts",
    "Μaria": "mixed_scripts",
    "Аdmin": "mixed_scripts",
    "—": "letter_needed",
    "...": "letter_needed",
    "1234": "letter_needed",
    "\u2014 \u2014": "letter_needed",
    "allez sur voisins-aide.com": "link_in_name",
    "evil。com": "link_in_name",
    "evil．com": "link_in_name",
    "evil․com": "link_in_name",
    "evil｡com": "link_in_name",
    "evil .com": "link_in_name",
    "evil point com": "link_in_name",
    "t.me": "link_in_name",
    "https:⁄⁄evil": "link_in_name",
    "a∕b": "link_in_name",
    "léa＠example": "link_in_name",
    "Appelez le 0612345678": "number_in_name",
    "06 12 34 56 78 Léa": "number_in_name",
    "Léa ０６１２３４": "number_in_name",
    "Léa ٠٦١٢٣": "number_in_name",
    "＜b>Bob": "markup_in_name",
}
HONEST = [
    "Léa M.",
    "J.-P. Roux",
    "J.Dupont",
    "M. L. Petit",
    "Marie-Claude de la Tour",
    "L'Établi partagé",
    "Brad Minot",
    "Modeste A.",
    "Isabelle de la Com",
    "Louis XIV",
    "Léa 2",
    "Studio 54",
    "Nguyễn Thị",
    "Оксана В.",
    "Oksana (Оксана)",
    "Γιώργος",
    "علی\u200cرضا",
    "山田太郎",
    "エミリー山田",
    "김철수",
    "नीतू",
    "Zoë <3",
    "👩🏽‍🔧",
    "Dj Méga",
]


@pytest.mark.parametrize("name", REFUSED)
def test_a_name_that_pretends_or_says_something_is_refused(name):
    """SEC-27: the kind of it is said."""
    found = find_fault(tidy(name))
    assert found is not None
    assert found.code == REFUSED[name]
    assert set(found.words) == {"fr", "en"}


@pytest.mark.parametrize("name", HONEST)
def test_the_name_of_somebody_is_taken(name):
    """SEC-27, TXT-03: in any script, with initials, a number, a heart."""
    assert find_fault(tidy(name)) is None


def test_the_names_of_the_demo_are_such():
    assert {find_fault(each.display_name) for each in neighbourhood.load().neighbours} == {None}


@pytest.mark.parametrize("name", [each for each in REFUSED if each not in ("\u2014 \u2014",)])
def test_the_doors_of_joining_and_changing_are_one(client, as_, ana, name):
    """SEC-27: `register` and `PATCH /v1/me` refuse the same, with a pointer, and change nothing."""
    for refused in (
        register(client, "lea@example.org", display_name=name),
        as_(ana).patch("/v1/me", json={"display_name": name}),
    ):
        assert refused.status_code == 422
        assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [
            ("/display_name", REFUSED[name])
        ]
    assert db.session.scalar(select(User.display_name).where(User.id == ana.id)) == ana.display_name


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Karim B.", "KARIM B", True),
        ("Karim B.", "Каrіm B.", True),
        ("Karim B.", "Karim  B", True),
        ("Léa M.", "Lea M.", True),
        ("Ilan", "llan", True),
        ("Karim", "Kаrіm", True),
        ("Bernard", "Bemard", True),
        ("Marie L.", "Marie P.", False),
        ("Marie L.", "Marie Lo.", False),
    ],
)
def test_what_looks_alike_has_one_skeleton(one, other, alike):
    """SEC-27: as at a glance on a phone (UTS 39)."""
    assert (skeleton(one) == skeleton(other)) is alike


# --- Firebase's first sign-in ---


def come(client, vouched, name, **fields):
    """Somebody signs in by Firebase for the first time."""
    vouched("token", uid="g-1", email="lea@example.org", name=name)
    return client.post("/v1/auth/firebase", json={"id_token": "token", **fields})


@pytest.mark.parametrize("said", [{}, {"adult": False}])
def test_firebases_first_sign_in_asks_for_an_adult(client, vouched, said):
    """GDP-06: as `register` does, and nothing is made before."""
    refused = come(client, vouched, "Léa M.", **said)
    assert refused.status_code == 422
    assert [(each["pointer"], each["code"]) for each in refused.json["errors"]] == [("/adult", "adults_only")]
    assert db.session.scalar(select(User.id).where(User.email == "lea@example.org")) is None


def test_both_doors_lead_to_the_same_next_steps(client, vouched, join):
    """GDP-06: the terms come next, by whichever of the two."""
    by_firebase = come(client, vouched, "Léa M.", adult=True)
    by_mail = join("bob@example.org")
    assert by_firebase.json["next_steps"] == by_mail["next_steps"]
    assert "accept_terms" in by_mail["next_steps"]


def test_who_is_known_is_asked_no_more(client, vouched):
    """GDP-06: at the first sign-in alone."""
    come(client, vouched, "Léa M.", adult=True)
    assert client.post("/v1/auth/firebase", json={"id_token": "token"}).status_code == 200


@pytest.mark.parametrize("name", ["http://evil.example/@www.x", "Modération", "Кarim B.", "—", None, "\u202e"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_name_from_firebase_that_will_not_do_becomes_a_neutral_one(client, vouched, name, language):
    """SEC-27: the person is in all the same, and is asked for a name."""
    vouched("token", uid="g-1", email="lea@example.org", name=name)
    headers = {"Accept-Language": language}
    came = client.post("/v1/auth/firebase", json={"id_token": "token", "adult": True}, headers=headers).json
    assert came["user"]["display_name"] == NAMELESS[language]
    assert "set_display_name" in came["next_steps"]
    client.patch("/v1/me", json={"display_name": "Léa M."}, headers=bearer(came))
    again = client.post("/v1/auth/firebase", json={"id_token": "token"}).json
    assert (again["user"]["display_name"], "set_display_name" in again["next_steps"]) == ("Léa M.", False)
