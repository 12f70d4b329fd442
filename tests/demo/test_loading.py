"""The demo is loaded by the product's own use cases, once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from neighbourly.accounts import passwords
from neighbourly.accounts.models import User
from neighbourly.accounts.selectors import find_user_by_email
from neighbourly.core.db import db
from neighbourly.demo import lending, loading, neighbourhood, selectors
from neighbourly.demo.accounts import PASSWORD, sign_in_lines
from neighbourly.devices.models import Device
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.matching.models import Ask, Asked
from neighbourly.notifications.models import Delivery, Notification
from neighbourly.places.selectors import get_home
from neighbourly.preferences.selectors import get_preferences
from tests import databases
from tests.databases import count_of


@pytest.fixture(scope="module")
def demo(module_app):
    """What was loaded, once for all that look at it."""
    made = loading.load_demo()
    db.session.commit()
    return made


@pytest.fixture
def app(module_app, demo):
    with databases.apart(module_app):
        yield module_app


@pytest.fixture
def loaded(app, demo):
    return demo


def test_all_of_it_is_there(loaded):
    demo = neighbourhood.load()
    assert (loaded.neighbours, loaded.listings, loaded.open_requests) == (42, 120, 3)
    assert count_of(User) == count_of(Device) == len(demo.neighbours)
    assert loaded.territories == len(demo.boundaries["features"])
    assert len(selectors.list_accounts()) == 42


def test_neighbours_have_lent_and_helped_before_and_some_of_it_goes_on(loaded, as_):
    lea = as_(find_user_by_email(neighbourhood.HEROINE))
    states = [each["state"] for each in lea.get("/v1/exchanges").json["items"]]
    assert sorted(states) == ["handed_over", "proposed", "returned"]
    helper = find_user_by_email(neighbourhood.HELPER)
    assert len(lea.get(f"/v1/neighbours/{helper.id}").json["thanks"]) == 1
    assert {each["state"] for each in lea.get("/v1/start").json["to_do"]} == {"proposed"}
    assert loaded.exchanges == count_of(Exchange) == len(lending.read())


def test_nobodys_phone_rings_for_what_is_long_past(loaded):
    assert count_of(Delivery) == 0
    read = select(Notification.type).where(Notification.read_at.is_not(None))
    assert "exchange_proposed" in set(db.session.scalars(read))


def test_a_second_time_changes_nothing(loaded):
    assert selectors.is_there()
    assert loading.load_demo() is None
    assert count_of(User) == 42


def test_everyone_signs_in_with_the_password_that_is_told(loaded):
    helper = find_user_by_email(neighbourhood.HELPER)
    assert helper is not None
    assert passwords.matches(helper.password_hash, PASSWORD)
    passwords.refuse_common(PASSWORD)
    lines = list(sign_in_lines("http://localhost"))
    assert PASSWORD in lines[0]
    assert lines[1].split()[0] == neighbourhood.HEROINE


def test_homes_are_where_the_content_says_as_finely_as_the_place_allows(loaded):
    for neighbour in neighbourhood.load().neighbours:
        user = find_user_by_email(neighbour.email)
        assert user is not None
        assert get_home(user.id).cell == neighbour.cell, neighbour.email


def test_a_demo_started_at_night_shows_its_pushes_too(loaded):
    """Only who chose quiet hours has them."""
    heroine = find_user_by_email(neighbourhood.HEROINE)
    jeanne = find_user_by_email("jeanne@demo.neighbourly.example")
    assert heroine is not None
    assert jeanne is not None
    assert get_preferences(heroine.id).quiet_hours is None
    assert get_preferences(jeanne.id).quiet_hours is not None


def test_the_open_requests_are_published_and_asked_about(loaded, run_jobs):
    run_jobs()
    opened = db.session.scalars(select(Listing).where(Listing.direction == "request", Listing.status == "published"))
    for request in opened.all():
        ask = db.session.get(Ask, request.id)
        assert ask is not None
        assert ask.wave == 1, request.title
        asked = db.session.scalars(select(Asked).where(Asked.listing_id == request.id)).all()
        assert len(asked) >= 3, request.title
    assert count_of(Delivery) == count_of(Asked)


def test_listings_are_not_all_of_one_moment(loaded):
    days = set(db.session.scalars(select(func.date(Listing.created_at))))
    assert len(days) > 20
