"""Who did what is told as it was: each act, by each side, in both languages."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.exchanges import service
from neighbourly.exchanges.models import Exchange
from neighbourly.notifications.models import Notification
from neighbourly.notifications.selectors import get_notification
from tests import databases, people
from tests.factories.exchanges import agree, bring_back, day, dispute, lend, propose
from tests.factories.listings import actor, ask, offer

HELP = {"kind": "time", "category": None}


@pytest.fixture(scope="module")
def pair(module_app):
    """Ana, who has a drill and an hour, and Bob, who would like them."""
    ana, bob = people.make("Ana A.", home=people.ANA_CELL), people.make("Bob B.", home=people.BOB_CELL)
    return ana.id, bob.id


@pytest.fixture
def app(module_app, pair):
    with databases.apart(module_app):
        yield module_app


@pytest.fixture
def sides(app, pair):
    """By name; Ana gives, Bob receives."""
    return {name: db.session.get_one(User, each) for name, each in zip(("giver", "receiver"), pair, strict=True)}


def proposed(sides):
    return propose(sides["receiver"], offer(sides["giver"]))


def offered(sides):
    """Ana would meet a need of Bob's."""
    need = ask(sides["receiver"], "Déménager une armoire", **HELP)
    return propose(sides["giver"], need, minutes=60)


def agreed(sides):
    return agree(sides["receiver"], offer(sides["giver"]))


def lent(sides):
    return lend(sides["receiver"], offer(sides["giver"]))


def longer_wished(sides):
    return do(sides, lent(sides), "receiver", "extend_loan", ends_at=day(9))


def back(sides):
    return bring_back(sides["receiver"], offer(sides["giver"]))


def disputed(sides):
    return dispute(sides["receiver"], offer(sides["giver"]))


def settling(action):
    """The receiver has proposed how it ends."""
    return lambda sides: do(sides, disputed(sides), "receiver", action)


def helped(sides):
    exchange = agree(sides["receiver"], offer(sides["giver"], "Une heure", **HELP), minutes=60)
    return do(sides, exchange, "giver", "finish_help")


def help_settling(sides):
    exchange = do(sides, helped(sides), "giver", "dispute_exchange", reason="Plus long.")
    return do(sides, exchange, "receiver", "confirm_help")


def do(sides, exchange, side, action, **said):
    getattr(service, action)(actor=actor(sides[side]), exchange_id=exchange.id, **said)
    db.session.commit()
    return exchange


def latest(user, language):
    newest = select(Notification.id).where(Notification.user_id == user.id).order_by(Notification.created_at.desc())
    told = get_notification(user.id, db.session.scalars(newest.limit(1)).one(), language=language, public_url="")
    return told.title


TABLE = [
    (proposed, "receiver", None, "Bob vous propose un moment", "Bob proposes a time"),
    (offered, "giver", None, "Ana vous propose un moment", "Ana proposes a time"),
    (proposed, "giver", "counter_exchange", "Ana propose un autre moment", "Ana proposes another time"),
    (proposed, "giver", "accept_exchange", "Ana est d'accord", "Ana agrees"),
    (offered, "receiver", "accept_exchange", "Bob est d'accord", "Bob agrees"),
    (proposed, "giver", "decline_exchange", "Pas cette fois", "Not this time"),
    (offered, "receiver", "decline_exchange", "Pas cette fois", "Not this time"),
    (proposed, "receiver", "withdraw_exchange", "Bob retire sa proposition", "Bob takes the proposal back"),
    (offered, "giver", "withdraw_exchange", "Ana retire sa proposition", "Ana takes the proposal back"),
    (agreed, "giver", "cancel_exchange", "L'échange n'a pas lieu", "It will not take place"),
    (agreed, "receiver", "cancel_exchange", "L'échange n'a pas lieu", "It will not take place"),
    (agreed, "giver", "hand_over", "Ana\u00a0: l'objet est remis", "Ana: it was handed over"),
    (agreed, "receiver", "hand_over", "Bob\u00a0: l'objet est remis", "Bob: it was handed over"),
    (lent, "receiver", "return_thing", "Bob\u00a0: l'objet est rendu", "Bob: it is back"),
    (lent, "giver", "return_thing", "Ana\u00a0: l'objet est rendu", "Ana: it is back"),
    (lent, "receiver", "extend_loan", "Bob aimerait garder l'objet", "Bob would like to keep it longer"),
    (lent, "giver", "extend_loan", "Ana prolonge le prêt", "Ana extends the loan"),
    (longer_wished, "giver", "grant_extension", "Ana prolonge le prêt", "Ana extends the loan"),
    (longer_wished, "giver", "refuse_extension", "Ana ne peut pas prolonger le prêt", "Ana cannot extend the loan"),
    (back, "giver", "object_to_tap", "Ana n'est pas d'accord", "Ana does not agree"),
    (lent, "receiver", "dispute_exchange", "Bob n'est pas d'accord", "Bob does not agree"),
    (disputed, "giver", "return_thing", "Ana propose une issue", "Ana proposes how to end it"),
    (disputed, "receiver", "cancel_exchange", "Bob propose une issue", "Bob proposes how to end it"),
    (
        settling("return_thing"),
        "giver",
        "return_thing",
        "Ana est d'accord\u00a0: l'objet est rendu",
        "Ana agrees: it is back",
    ),
    (
        settling("cancel_exchange"),
        "giver",
        "cancel_exchange",
        "Ana est d'accord\u00a0: c'est annulé",
        "Ana agrees: it is cancelled",
    ),
    (settling("return_thing"), "giver", "cancel_exchange", "Ana propose une issue", "Ana proposes how to end it"),
    (helped, "receiver", "confirm_help", "Bob confirme votre aide", "Bob confirms your help"),
    (
        help_settling,
        "giver",
        "confirm_help",
        "Ana est d'accord\u00a0: l'aide est confirmée",
        "Ana agrees: the help is confirmed",
    ),
]
MORE = {
    "counter_exchange": lambda: {"starts_at": day(3), "ends_at": day(5)},
    "extend_loan": lambda: {"ends_at": day(9)},
    "dispute_exchange": lambda: {"reason": "Il manque le chargeur."},
}


@pytest.mark.parametrize(("begin", "side", "action", "french", "english"), TABLE)
def test_what_the_other_side_reads(sides, begin, side, action, french, english):
    """TXT-01: an act is told to who did not do it, by the name of who did, as what it was."""
    exchange = begin(sides)
    if action is not None:
        do(sides, exchange, side, action, **MORE.get(action, dict)())
    other = sides["giver" if side == "receiver" else "receiver"]
    assert (latest(other, "fr"), latest(other, "en")) == (french, english)


def test_who_offered_help_is_not_told_that_others_can_help(sides):
    do(sides, offered(sides), "receiver", "decline_exchange")
    newest = select(Notification).where(
        Notification.user_id == sides["giver"].id, Notification.type == "exchange_declined"
    )
    assert db.session.scalars(newest).one().data["variant"] == "offered"


def test_to_choose_is_not_to_agree(app, sides):
    """In the inbox and in the thread."""
    giver, receiver = sides["giver"], sides["receiver"]
    need = ask(receiver, "Déménager une armoire", **HELP)
    people.sign_in(app, giver).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes", "minutes": 60})
    client = people.sign_in(app, receiver)
    (answer,) = client.get(f"/v1/listings/{need.id}/answers").json["items"]
    chosen = client.post("/v1/exchanges", json={"answer_id": answer["id"], "minutes": 60}).json
    assert (latest(giver, "fr"), latest(giver, "en")) == ("Bob a retenu votre proposition", "Bob chose your offer")
    thread = people.sign_in(app, giver).get(f"/v1/conversations/{chosen['conversation_id']}/messages").json["items"]
    assert (thread[0]["code"], thread[0]["body"]) == ("accepted", "Bob B. a retenu cette proposition\u00a0: 1\u00a0h.")


@pytest.mark.parametrize(
    ("outcome", "french", "english"),
    [
        ("returned", "La modération a tranché\u00a0: l'objet est rendu", "A moderator settled it: it is back"),
        ("cancelled", "La modération a tranché\u00a0: c'est annulé", "A moderator settled it: it is cancelled"),
    ],
)
def test_both_read_that_a_moderator_settled_it(sides, outcome, french, english):
    exchange = disputed(sides)
    mod = people.make("Mona M.", role="moderator")
    service.settle_dispute(actor=actor(mod), exchange_id=exchange.id, outcome=outcome)
    db.session.commit()
    for side in sides.values():
        assert (latest(side, "fr"), latest(side, "en")) == (french, english)


def test_a_code_attests_nothing_that_was_settled(sides):
    """Without a tap to object to, what both agreed on is told as that."""
    exchange = disputed(sides)
    db.session.get_one(Exchange, exchange.id).tapped_by = None
    do(sides, exchange, "receiver", "return_thing")
    do(sides, exchange, "giver", "return_thing")
    assert latest(sides["receiver"], "en") == "Ana agrees: it is back"
