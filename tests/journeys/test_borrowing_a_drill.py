"""Borrowing a drill, from the question to thank you."""

from __future__ import annotations

from tests.factories.exchanges import day
from tests.journeys.lending import Street


def test_from_asking_to_thanks(street: Street, ana, bob):
    """REL-07, LOC-05, FCM-09, SEC-23: every step is one tap, each tells the other once, and nothing counts anybody."""
    street.give_phone(ana, "ana"), street.give_phone(bob, "bob")
    loan = bob_asks_and_ana_says_yes(street, ana, bob)
    they_arrange_to_meet(street, ana, bob, loan)
    it_goes_and_comes_back(street, ana, bob, loan)
    both_say_thank_you(street, ana, bob, loan)


def bob_asks_and_ana_says_yes(street, ana, bob):
    street.post(ana, "/listings", title="Perceuse à percussion", direction="offer")
    need = street.post(bob, "/listings", title="Je cherche une perceuse pour samedi")
    assert street.rang() == [("ana", "request_nearby")]
    window = {"available_from": day(1).isoformat(), "available_until": day(3).isoformat()}
    street.post(ana, f"/listings/{need['id']}/answers", answer="yes", **window)
    assert street.rang() == [("bob", "answer_received")]
    (answer,) = street.get(bob, f"/listings/{need['id']}/answers")["items"]
    times = {"starts_at": day(1.5).isoformat(), "ends_at": day(2.6).isoformat()}
    loan = street.post(bob, "/exchanges", answer_id=answer["id"], message="Merci, je passe samedi !", **times)
    assert (loan["state"], loan["allowed_actions"]) == ("accepted", ["cancel", "hand_over"])
    assert street.rang() == [("ana", "exchange_accepted")]
    return loan


def they_arrange_to_meet(street, ana, bob, loan):
    street.put(ana, f"/exchanges/{loan['id']}/meeting", text="Au pied de l'immeuble, sonnez chez A.")
    assert street.get(bob, f"/exchanges/{loan['id']}/meeting")["text"].startswith("Au pied")
    chat = f"/conversations/{loan['conversation_id']}/messages"
    for number in range(3):
        street.post(bob, chat, body=f"Message {number}")
    assert street.rang() == [("ana", "message_received")], "several in a row are one push"
    street.get(ana, chat)
    street.put(ana, f"/conversations/{loan['conversation_id']}/read")
    street.post(bob, chat, quick="on_my_way")
    assert street.rang() == [], "she looks at it"


def it_goes_and_comes_back(street, ana, bob, loan):
    street.later(days=1.2)
    assert street.rang() == [("ana", "hand_over_due"), ("bob", "hand_over_due")]
    street.later(days=0.3)
    street.tap(ana, loan, "hand_over", condition="Avec deux forets.")
    assert street.rang() == [("bob", "exchange_handed_over")]
    street.later(hours=20)
    assert street.rang() == [("ana", "return_due"), ("bob", "return_due")]
    (to_do,) = street.get(bob, "/start")["to_do"]
    assert (to_do["id"], to_do["state"]) == (loan["id"], "handed_over")
    back = street.tap(bob, loan, "return", condition="Propre, avec ses deux forets.")
    assert (back["state"], back["overdue"]) == ("returned", False)
    assert street.rang() == [("ana", "exchange_returned")]
    street.later(days=10)
    assert street.rang() == [], "nothing more is due"


def both_say_thank_you(street, ana, bob, loan):
    thanks = f"/exchanges/{loan['id']}/thanks"
    street.post(bob, thanks, text="Merci Ana, les étagères tiennent !")
    assert street.rang() == [("ana", "thanks_received")]
    assert street.get(bob, f"/neighbours/{ana.id}")["thanks"] == []
    street.post(ana, thanks, text="Avec plaisir.")
    face = street.get(bob, f"/neighbours/{ana.id}")
    assert [each["text"] for each in face["thanks"]] == ["Merci Ana, les étagères tiennent !"]
    assert street.thread(bob, loan)[-2:] == ["Ana A.\u00a0: l'objet est remis.", "Bob B.\u00a0: l'objet est rendu."]
