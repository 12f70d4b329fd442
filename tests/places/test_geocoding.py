"""Addresses found through geopy, against a real server on this machine that plays the three providers."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from neighbourly.core.errors import Unavailable
from neighbourly.places import geocoding, service
from neighbourly.places.geocoding import PROVIDERS, Found, GeocoderUnavailable, geocoder_from
from tests.fakes import geocoder as fake
from tests.fakes.geocoder import FakeGeocoder
from tests.waiting import wait_until

NAMES = ("ban", "nominatim", "photon")
SECRET = "12 rue de la République Toulouse"


@pytest.fixture
def server():
    with FakeGeocoder() as server:
        yield server


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("ban", "12 Rue de la République 31300 Toulouse"),
        ("nominatim", "12, Rue de la République, Toulouse, Occitanie, 31300, France"),
        ("photon", "12, Rue de la République, 31300, Toulouse, Occitanie, France"),
    ],
)
def test_each_provider_finds_an_address(server, name, label):
    assert geocoder_from(name, server.url, "neighbourly tests").search(SECRET) == [Found(label, 43.598713, 1.432164)]
    assert server.queries == [SECRET]
    assert server.requests[0].headers["user-agent"] == "neighbourly tests"


@pytest.mark.parametrize("name", NAMES)
def test_no_more_than_asked_for_and_perhaps_nothing(server, name):
    geocoder = geocoder_from(name, server.url, "neighbourly tests")
    assert len(geocoder.search("toulouse", limit=2)) == 2
    assert geocoder.search("nulle part") == []


def test_a_provider_may_live_below_a_path(server):
    assert geocoder_from("ban", f"{server.url}/geocodage", "tests").search("capitole")
    assert server.requests[0].path == "/geocodage/search"


def test_ban_is_asked_where_it_moved_to():
    provider = geocoder_from("ban", None, "tests")._provider
    assert provider.geocode_api == "https://data.geopf.fr/geocodage/search"
    assert all(url.startswith("https://") for _, url in PROVIDERS.values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "reply",
    [
        fake.ERROR,
        fake.BUSY,
        fake.RESET,
        fake.GARBAGE,
        fake.json_reply("no object"),
        fake.json_reply({"features": [{"type": "Feature"}]}),
        fake.json_reply({"nothing": "known"}),
        fake.json_reply([1, 2]),
        fake.Reply(200, b"\xff\xfe\x00"),
        fake.Reply(503, b"later", {"Retry-After": "5"}),
    ],
)
def test_whatever_fails_is_one_error(server, name, reply):
    """TST-06, REL-08"""
    server.script(reply)
    with pytest.raises(GeocoderUnavailable) as failure:
        geocoder_from(name, server.url, "tests").search(SECRET)
    assert isinstance(failure.value, Unavailable)
    assert failure.value.__context__ is None, "its cause names the address"


@pytest.mark.parametrize("reply", [fake.DARK, fake.slow(2000), fake.DROPS])
def test_an_answer_that_does_not_come_in_time_is_not_waited_for(server, reply, monkeypatch):
    """TST-06, REL-08"""
    monkeypatch.setattr(geocoding, "TIMEOUT_SECONDS", 0.3)
    server.script(reply)
    began = time.monotonic()
    with pytest.raises(GeocoderUnavailable):
        geocoder_from("ban", server.url, "tests").search(SECRET)
    assert 0.2 < time.monotonic() - began < 1


def test_a_dark_provider_holds_no_more_than_so_many_of_us(server, monkeypatch):
    """REL-08"""
    monkeypatch.setattr(geocoding, "TIMEOUT_SECONDS", 0.5)
    server.script(fake.DARK)
    geocoder = geocoder_from("ban", server.url, "tests")

    def fail() -> None:
        with pytest.raises(GeocoderUnavailable):
            geocoder.search(SECRET)

    before = threading.active_count()
    waiting = [threading.Thread(target=fail) for _ in range(2)]
    for each in waiting:
        each.start()
    wait_until(lambda: len(server.requests) == 2)
    began = time.monotonic()
    fail()
    assert time.monotonic() - began < 0.2
    for each in waiting:
        each.join()
    server.script(fake.OK)
    wait_until(lambda: threading.active_count() < before + 2)
    assert geocoder.search("capitole")


def test_a_fresh_process_counts_all_questions_together(app, monkeypatch):
    """REL-11: first questions at once wait at one geocoder, which bounds how many are under way."""
    together, a_second_maker = threading.Barrier(8), threading.Barrier(2)

    def make(*_):
        with suppress(threading.BrokenBarrierError):
            a_second_maker.wait(timeout=0.2)
        return object()

    def first(_thread):
        together.wait()
        with app.app_context():
            return service._geocoder()

    monkeypatch.setattr(service, "geocoder_from", make)
    service._made_geocoder.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(first, range(8)))) == 1
    service._made_geocoder.cache_clear()


def test_words_that_the_provider_does_not_take_find_nothing(server):
    server.script(fake.REFUSED)
    assert geocoder_from("ban", server.url, "tests").search("a") == []


@pytest.mark.parametrize("name", ["ban", "photon"])
def test_places_that_are_nowhere_are_left_out(server, name):
    def feature(lat, lon):
        return {"geometry": {"coordinates": [lon, lat]}, "properties": {"label": "Toulouse", "name": "Toulouse"}}

    nowhere = [feature(91, 1.4), feature(43.6, 181), feature(0, 0), feature(None, 1.4), feature("NaN", 1.4)]
    server.script(fake.json_reply({"features": [*nowhere, feature(43.6, 1.44)]}))
    assert geocoder_from(name, server.url, "tests").search("x") == [Found("Toulouse", 43.6, 1.44)]


def test_places_that_are_nowhere_are_left_out_of_nominatims_too(server):
    points = [("91", "1"), ("x", "1"), ("0", "0"), ("nan", "1"), (None, None), ("43.6", "1.44")]
    server.script(fake.json_reply([{"lat": lat, "lon": lon, "display_name": "Toulouse"} for lat, lon in points]))
    assert geocoder_from("nominatim", server.url, "tests").search("x") == [Found("Toulouse", 43.6, 1.44)]


def test_a_place_without_a_name_is_left_out(server):
    server.script(fake.json_reply({"features": [{"geometry": {"coordinates": [1.44, 43.6]}, "properties": {}}]}))
    assert geocoder_from("photon", server.url, "tests").search("x") == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("reply", [fake.OK, fake.ERROR, fake.RESET, fake.GARBAGE])
def test_neither_question_nor_answer_reaches_a_log(server, name, reply, caplog, capfd):
    """LOC-02, SEC-22"""
    server.script(reply)
    with caplog.at_level(logging.DEBUG), suppress(GeocoderUnavailable):
        geocoder_from(name, server.url, "tests").search(SECRET)
    captured = capfd.readouterr()
    said = caplog.text + captured.out + captured.err
    assert not any(trace in said for trace in ("publique", "q=", "43.59", "maintenance"))


def test_nothing_is_remembered(server):
    geocoder = geocoder_from("ban", server.url, "tests")
    assert geocoder.search(SECRET) == geocoder.search(SECRET)
    assert len(server.requests) == 2
