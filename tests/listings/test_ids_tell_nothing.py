"""LOC-13, LOC-08: what is told of a person or a listing tells no moment, and no id follows from others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid1, uuid3, uuid4, uuid5

import pytest
from sqlalchemy import update

from neighbourly.accounts.models import User
from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.core.ids import derive_id, new_id
from neighbourly.listings.models import Listing
from neighbourly.listings.service.private import offer_privately, private_offer_id
from tests import people
from tests.factories.exchanges import day
from tests.factories.listings import ask, offer

SECRET = "a secret of thirty-two signs or so"
COMPUTED = {
    "version 1": uuid1(),
    "version 3": uuid3(UUID(int=7), "somebody"),
    "version 5": uuid5(UUID(int=7), "somebody"),
    "nil": UUID(int=0),
    "max": UUID(int=(1 << 128) - 1),
}
BODIES = {
    "listing": ("/v1/listings", {"title": "Une tente"}),
    "exchange": ("/v1/exchanges", {"listing_id": "{offer}", "starts_at": "{soon}", "ends_at": "{later}"}),
    "conversation": ("/v1/conversations", {"listing_id": "{offer}", "body": "Bonjour"}),
    "transfer": ("/v1/timebank/transfers", {"to_user_id": "{ana}", "minutes": 1}),
    "search": ("/v1/me/searches", {"q": "accordéon"}),
}


@pytest.fixture
def create(as_, ana, bob):
    """`create("listing", id)`: Bob creates one of these under an id of his own."""
    soon = clock.now() + timedelta(days=2)
    names = {
        "offer": offer(ana).id,
        "ana": ana.id,
        "soon": soon.isoformat(),
        "later": (soon + timedelta(days=1)).isoformat(),
    }

    def post(what, id):
        path, body = BODIES[what]
        said = {key: value.format(**names) if isinstance(value, str) else value for key, value in body.items()}
        return as_(bob).post(path, json={"id": str(id)} | said)

    return post


def test_the_id_of_a_person_is_random(new_user):
    """LOC-13: it tells no millisecond of joining."""
    before = clock.now()
    made = [new_user(f"N {number}", email=f"n{number}@example.org") for number in range(5)]
    assert {user.id.version for user in made} == {4}
    told = [datetime.fromtimestamp((user.id.int >> 80) / 1000 % 253402300799, UTC) for user in made]
    assert not any(abs(moment - before) < timedelta(days=1) for moment in told)


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("id", COMPUTED.values(), ids=COMPUTED)
def test_an_id_that_could_be_computed_is_refused(create, what, id):
    """LOC-13: whether it is taken is not told."""
    refused = create(what, id)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/id")
    assert refused.json["errors"][0]["code"] == "bad_id"


@pytest.mark.parametrize("what", BODIES)
@pytest.mark.parametrize("make", [new_id, uuid4])
def test_a_phone_goes_on_making_ids(create, what, make):
    """REL-07: the honest path, on and off the net."""
    made = make()
    first, again = create(what, made), create(what, made)
    assert (first.status_code, again.status_code) == (201, 200)
    assert "id" not in first.json or first.json["id"] == again.json["id"]


@pytest.fixture
def chosen(as_, ana, bob):
    """`chosen(need)`: Ana says yes to Bob's need and he chooses her; the private offer that it makes."""

    def choose(need):
        said = as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"}).json
        times = {"starts_at": str(day(1)), "ends_at": str(day(2))}
        made = as_(bob).post("/v1/exchanges", json={"answer_id": said["id"], **times})
        assert made.status_code == 201
        return db.session.get_one(Listing, UUID(made.json["listing"]["id"]))

    return choose


def test_a_private_offer_is_found_by_nobody_who_knows_need_and_person(as_, ana, bob, cleo, chosen):
    """LOC-13: from the ids of both, which everybody reads."""
    need = ask(bob)
    hidden = chosen(need)
    assert hidden.private
    assert hidden.id == private_offer_id(need.id, ana.id)
    assert hidden.id not in {uuid5(need.id, str(ana.id)), uuid5(ana.id, str(need.id)), derive_id("", need.id, ana.id)}
    guesses = [{"id": str(uuid5(need.id, str(who.id))), "title": "Une tente"} for who in (ana, bob)]
    taken, free = (as_(cleo).post("/v1/listings", json=guess) for guess in guesses)
    assert (taken.status_code, taken.json["errors"]) == (free.status_code, free.json["errors"])


def test_an_offer_made_before_ids_were_derived_is_found_again(ana, bob):
    need = ask(bob)
    former = offer_privately(owner_id=ana.id, request=need)
    db.session.flush()
    db.session.execute(update(Listing).where(Listing.id == former.id).values(id=uuid5(need.id, str(ana.id))))
    db.session.expunge_all()
    assert offer_privately(owner_id=ana.id, request=need).id == uuid5(need.id, str(ana.id))


def test_ids_are_derived_with_the_secret():
    one, other = uuid4(), uuid4()
    assert derive_id(SECRET, "kind", one, other) == derive_id(SECRET, "kind", one, other)
    assert len({derive_id(*each) for each in ((SECRET, "a", one), (SECRET, "b", one), ("x" * 32, "a", one))}) == 3
    assert derive_id(SECRET, one).version == 4


def test_strangers_are_told_the_day_and_owners_the_moment(as_, ana, bob):
    """LOC-08, LOC-13: of a listing alone, in lists, and after its owner moved."""
    drill = offer(bob)
    path = f"/v1/listings/{drill.id}"
    tag = as_(ana).get(path).headers["ETag"]
    assert as_(bob).patch(path, json={"radius_m": 700}).status_code == 200
    assert as_(ana).get(path).headers["ETag"] == tag, "what only its owner sees moves nothing for others"
    people.move(bob, people.CLEO_CELL)
    seen, listed, own = as_(ana).get(path).json, as_(ana).get("/v1/listings").json["items"][0], as_(bob).get(path).json
    for told in (seen["created_at"], seen["updated_at"], listed["created_at"]):
        assert told == f"{clock.now():%Y-%m-%d}T00:00:00Z"
    moment = datetime.fromisoformat(own["updated_at"])
    assert abs(clock.now() - moment) < timedelta(minutes=1)
    assert own["created_at"] != seen["created_at"]


def test_nobody_else_sees_when_a_person_was_active(as_, ana, bob):
    """LOC-08: golden fields with a moment in a face."""
    face = as_(ana).get(f"/v1/neighbours/{bob.id}").json
    assert face["member_since"] == f"{db.session.get_one(User, bob.id).created_at:%Y-%m}"
    assert not {"updated_at", "created_at", "last_seen_on", "since"} & face.keys()
