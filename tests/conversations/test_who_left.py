"""BOK-12: what somebody who left wrote stays in the other's thread, but for what tells how to reach them (LOC-09)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.accounts import jobs as accounts
from neighbourly.accounts import passwords
from neighbourly.conversations import forgetting
from neighbourly.conversations.models import Conversation, Message
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import new_id
from neighbourly.exchanges.models import Exchange
from neighbourly.thanks.models import Thanks
from tests import people
from tests.factories.exchanges import agree, bring_back
from tests.factories.listings import offer

NUMBER, ADDRESS, MAIL = "06 12 34 56 78", "12 rue des Lilas", "ana.dupont@exemple.fr"


@pytest.fixture
def leave(as_):
    """`leave(ana)`: she is erased."""

    def go(user):
        user.password_hash = passwords.hashed(people.PASSWORD)
        db.session.commit()
        assert as_(user).delete("/v1/me", json={"password": people.PASSWORD}).status_code == 204
        db.session.expire_all()

    return go


@pytest.fixture
def write(as_):
    """`write(ana, exchange, "Bonjour")`: she writes it in its thread."""

    def post(user, exchange, body):
        path = f"/v1/conversations/{exchange.conversation_id}/messages"
        assert as_(user).post(path, json={"body": body}).status_code == 201

    return post


@pytest.fixture
def read(as_):
    """`read(bob, exchange)`: what was written in its thread, oldest first."""

    def get(user, exchange):
        items = as_(user).get(f"/v1/conversations/{exchange.conversation_id}/messages").json["items"]
        return [each["body"] for each in reversed(items) if each["kind"] == "text"]

    return get


def test_how_to_reach_who_left_goes_and_the_rest_stays(as_, ana, bob, leave, write, read):
    """BOK-12: at once, in the thread, the list and the table; what the other wrote is theirs."""
    loan = bring_back(bob, offer(ana))
    write(bob, loan, "Je suis au 07 98 76 54 32.")
    write(ana, loan, f"Sonnez au {ADDRESS}, sinon {NUMBER} ou {MAIL}, merci !")
    leave(ana)
    kept = "Sonnez au […], sinon […] ou […], merci !"
    assert read(bob, loan) == ["Je suis au 07 98 76 54 32.", kept]
    [thread] = as_(bob).get("/v1/conversations").json["items"]
    assert thread["last_message"] == kept
    assert NUMBER not in str(db.session.scalars(select(Message.body)).all())


def test_to_mask_again_changes_nothing_and_what_came_late_is_masked_then(app, ana, bob, leave, write, read):
    """GDP-02: a request under way writes on while its person leaves."""
    loan = bring_back(bob, offer(ana))
    write(ana, loan, f"Au {NUMBER}.")
    leave(ana)
    late = Message(
        id=new_id(),
        conversation_id=loan.conversation_id,
        author_id=ana.id,
        kind="text",
        body=MAIL,
        created_at=clock.now(),
    )
    db.session.add(late)
    db.session.commit()
    with app.app_context():
        accounts.forget_old()
    db.session.expire_all()
    assert read(bob, loan) == ["Au […].", "[…]"]


def test_a_very_long_story_is_masked_batch_by_batch(ana, bob, leave, write, read, run_jobs, monkeypatch):
    """GDP-02: the first at once, the rest soon after, each a transaction."""
    monkeypatch.setattr(forgetting, "BATCH", 2)
    loan = bring_back(bob, offer(ana))
    for number in range(5):
        write(ana, loan, f"{number}: {NUMBER}")
    run_jobs()
    leave(ana)
    assert sum(NUMBER in each for each in read(bob, loan)) == 3
    assert run_jobs().count("conversations.mask_words") == 1
    assert read(bob, loan) == [f"{number}: […]" for number in range(5)]


def test_where_both_have_left_nothing_is_said(ana, bob, leave, write):
    """BOK-12: it stays for the other, and there is none any more; steps and ids stay."""
    loan = bring_back(bob, offer(ana))
    write(ana, loan, "Bonjour")
    write(bob, loan, "Merci")
    leave(ana)
    assert set(db.session.scalars(select(Message.body)).all()) == {"", "Bonjour", "Merci"}
    leave(bob)
    assert set(db.session.scalars(select(Message.body)).all()) == {""}
    assert db.session.scalars(select(Conversation.known_title)).all() == [""]
    assert db.session.scalars(select(Exchange.known_title)).all() == [""]


def test_thanks_stay_without_contact_data(as_, ana, bob, leave):
    """BOK-12: and where they were reported."""
    loan = bring_back(bob, offer(ana))
    path = f"/v1/exchanges/{loan.id}"
    assert as_(ana).post(f"{path}/thanks", json={"text": f"Un soin rare. {MAIL}"}).status_code == 201
    assert as_(bob).post(f"{path}/concern", json={"text": "Cela me gêne.", "about": "thanks"}).status_code == 204
    leave(ana)
    assert db.session.scalars(select(Thanks.text)).all() == ["Un soin rare. […]"]
    mod = people.make("Mona M.", role="moderator")
    assert MAIL not in as_(mod).get("/v1/concerns").text


@pytest.mark.parametrize("asked", [False, True])
def test_a_thing_with_a_number_in_its_name_keeps_its_name(as_, ana, bob, leave, asked):
    """BOK-12: in an exchange, and in the thread of a question."""
    tent = offer(ana, f"Tente deux places {NUMBER}")
    if asked:
        as_(bob).post("/v1/conversations", json={"listing_id": str(tent.id), "body": "Bonjour"})
    else:
        agree(bob, tent)
    leave(ana)
    [thread] = as_(bob).get("/v1/conversations").json["items"]
    assert thread["listing"]["title"] == "Tente deux places […]"
    assert [each["listing"]["title"] for each in as_(bob).get("/v1/exchanges").json["items"]] == (
        [] if asked else ["Tente deux places […]"]
    )
