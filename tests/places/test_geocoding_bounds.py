"""A provider that is silent, refuses, resets or dribbles holds two web threads at most, by any door (REL-12)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from neighbourly.cli.serving import THREADS
from neighbourly.core.api import limits
from neighbourly.core.outside import LEFT_BEHIND, NoAnswer, OutsideCalls
from neighbourly.places import geocoding, service
from tests import people
from tests.fakes import geocoder as fake
from tests.fakes.geocoder import FakeGeocoder
from tests.waiting import wait_until

ADDRESS = "12 rue de la République"


@pytest.fixture
def provider(monkeypatch):
    """A provider, and an app with the limits on that asks it; a question is waited for for a second at most."""
    monkeypatch.setattr(geocoding, "TIMEOUT_SECONDS", 1.0)
    service._made_geocoder.cache_clear()
    with FakeGeocoder() as server:
        yield server
        server.script(fake.OK)
    service._made_geocoder.cache_clear()


@pytest.fixture
def app(provider, real_app):
    """An app whose threads have connections of their own."""
    settings = replace(real_app.extensions["neighbourly.settings"], limits=True, geocoder_url=provider.url)
    real_app.extensions["neighbourly.settings"] = settings
    limits.init_app(real_app, settings)
    real_app.test_client_class = people.FreshClient
    with real_app.app_context():
        yield real_app


def ask(app, door: str, client=None) -> tuple[int, str | None]:
    with app.app_context():
        if door == "geocode":
            answer = app.test_client().post("/v1/geocode", json={"q": ADDRESS})
        else:
            answer = client.put("/v1/me/home", json={"address": ADDRESS})
        return answer.status_code, answer.headers.get("Retry-After")


def test_the_bound_lies_well_below_the_web_threads():
    """REL-12."""
    assert geocoding.MOST_AT_ONCE <= THREADS // 4


@pytest.mark.parametrize("how", [fake.DARK, fake.DROPS])
def test_while_two_wait_the_next_is_refused_at_once_and_others_are_answered(app, provider, how):
    """REL-12, REL-04: by either door."""
    provider.script(how)
    home = people.sign_in(app, people.make("Ana A.", home=people.ANA_CELL))
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(ask, app, "geocode"), threads.submit(ask, app, "home", home)]
        wait_until(lambda: len(provider.requests) == 2)
        assert ask(app, "geocode") == ask(app, "home", home) == (503, str(geocoding.RETRY_SECONDS))
        assert len(provider.requests) == 2, "the provider was not asked a third time"
        assert app.test_client().get("/v1/config").status_code == 200
        assert not any(each.done() for each in waiting), "all that was answered while both still waited"
    assert [each.result()[0] for each in waiting] == [503, 503]


@pytest.mark.parametrize("how", [fake.ERROR, fake.RESET, fake.GARBAGE])
def test_what_fails_at_once_holds_no_place(app, provider, how):
    """REL-12."""
    provider.script(how)
    assert [ask(app, "geocode")[0] for _ in range(6)] == [503] * 6
    provider.script(fake.OK)
    assert ask(app, "geocode")[0] == 200


def test_a_home_by_its_address_counts_as_a_question_to_the_provider(app):
    """SEC-15, SEC-16: else moving would be the way around the hourly limit."""
    home = people.sign_in(app, people.make("Ana A.", home=people.ANA_CELL))
    most = limits.GEOCODE.item.amount
    assert [ask(app, "geocode")[0] for _ in range(most - 1)] == [200] * (most - 1)
    assert ask(app, "home", home)[0] == 200
    assert [ask(app, "geocode")[0], ask(app, "home", home)[0]] == [429, 429]
    assert home.put("/v1/me/home", json={"cell": people.BOB_CELL}).status_code == 200, "a cell asks nobody"


def test_questions_that_never_end_do_not_pile_up():
    """REL-12: so many threads are left behind, and no more."""
    ends = threading.Event()
    calls = OutsideCalls("test", at_once=2, seconds=0.01)
    before = threading.active_count()
    for _ in range(3 * LEFT_BEHIND):
        with pytest.raises(NoAnswer):
            calls.call(ends.wait)
    assert threading.active_count() - before == LEFT_BEHIND + 2
    ends.set()
    wait_until(lambda: threading.active_count() == before)
    assert calls.call(lambda: "again") == "again"
