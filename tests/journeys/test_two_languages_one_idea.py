"""The demo's French and English neighbours find each other by what they mean, and read why."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.demo.loading import load_demo
from neighbourly.listings.models import Listing
from tests import databases


@pytest.fixture(scope="module")
def demo(module_app, module_meaning):
    """The demo's neighbourhood, all of whose listings have been read."""
    load_demo()
    db.session.commit()
    databases.run_jobs()


@pytest.fixture
def app(module_app, demo):
    with databases.apart(module_app):
        yield module_app


@pytest.fixture
def somebody(app):
    """`somebody("lea")`: one of the demo's neighbours."""
    return lambda name: db.session.scalars(select(User).where(User.email.startswith(f"{name}@"))).one()


def asks(as_, who, title, run_jobs):
    need = as_(who).post("/v1/listings", json={"title": title, "status": "draft"}).json["id"]
    run_jobs()
    return as_(who).get(f"/v1/listings/{need}/matches?limit=5", headers={"Accept-Language": who.language}).json


@pytest.mark.parametrize(
    ("who", "title", "found"),
    [
        ("lea", "Je dois percer un mur en béton", "Cordless drill with masonry bits"),
        ("emma", "Learn to play the guitar", "Débuter la guitare"),
        ("emma", "Somebody to walk my dog", "Promener un chien le matin"),
        ("hugo", "Sonoriser une fête", "PA speakers and mixing desk"),
        ("lea", "Parler anglais", "English conversation over tea"),
        ("sanjay", "My bike has a flat tyre", "Réparer une crevaison ou régler des freins"),
    ],
)
def test_a_need_in_one_language_finds_the_offer_in_the_other(somebody, as_, run_jobs, who, title, found):
    matches = asks(as_, somebody(who), title, run_jobs)
    assert found in [each["listing"]["title"] for each in matches["items"]]
    assert matches["meaning"] == "ready"
    (match,) = (each for each in matches["items"] if each["listing"]["title"] == found)
    assert match["score"] == sum(each["contribution"] for each in match["factors"])
    assert match["factors"][0]["value"] > 0.3


def test_an_english_offer_is_told_to_whoever_asked_in_french(somebody, as_, run_jobs):
    lea, emma = somebody("lea"), somebody("emma")
    as_(lea).post("/v1/listings", json={"title": "Une machine à coudre pour des rideaux"})
    run_jobs()
    said = {"title": "Sewing machine", "direction": "offer", "description": "For curtains and hems."}
    offer = as_(emma).post("/v1/listings", json=said).json["id"]
    run_jobs()
    inbox = as_(lea).get("/v1/notifications", headers={"Accept-Language": "fr"}).json["items"]
    (told,) = (each for each in inbox if each["type"] == "match_found")
    assert told["data"]["listing_id"] == offer
    assert told["title"].replace("\u00a0", " ") == "Emma propose : Sewing machine"


def test_everything_of_the_demo_has_been_read(somebody):
    waiting = select(Listing.title).where(Listing.kind.is_(None))
    assert db.session.scalars(waiting).all() == []
