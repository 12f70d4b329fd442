"""LOC-02: of a point or an address nothing but the cell stays anywhere.

Canaries are sent by every way in, in calls that succeed and in calls that fail, and searched for afterwards in a dump
of all tables (the queue of jobs is one), in all that was logged, in the database server's log and in the answers.
"""

import logging
import traceback

import pytest
from sqlalchemy import text

from neighbourly.core.cells import centre
from neighbourly.core.db import db
from neighbourly.places import service
from tests import databases
from tests.fakes import geocoder as fake
from tests.fakes.geocoder import Place

LAT, LON = 43.60446813579, 1.44337824681
STREET_NAME = "Impasse du Canari Pourpre"
ADDRESS = f"7 {STREET_NAME}, Toulouse"
CANARIES = ("0446813", "4433782", "anari", "ourpre", "0446772", "4433711")
PLACE = Place(STREET_NAME, "31000", "Toulouse", 43.60446772468, 1.44337113579, housenumber="7")


@pytest.fixture
def known(geocoder):
    """The geocoder knows the canary's address."""
    geocoder.places.append(PLACE)
    yield geocoder
    geocoder.places.remove(PLACE)


@pytest.fixture
def logged(caplog, capfd):
    """Everything that was said to a logger, at any level, and all that was printed."""
    caplog.set_level(logging.DEBUG)

    def said():
        printed = capfd.readouterr()
        records = [str(record.__dict__) for record in caplog.records]
        causes = ["".join(traceback.format_exception(*record.exc_info)) for record in caplog.records if record.exc_info]
        return " ".join([printed.out, printed.err, *records, *causes])

    return said


def dump():
    """Every row of every table, as text."""
    names = db.session.scalars(text("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"))
    ours = [name for name in names if not name.startswith(("pg_catalog.", "information_schema."))]
    rows = [row for name in ours for row in db.session.scalars(text(f"SELECT whole::text FROM {name} AS whole"))]
    assert "homes" in " ".join(ours)
    assert "procrastinate_jobs" in " ".join(ours)
    return " ".join(rows)


def server_log():
    """What the database server wrote, where it is ours."""
    return " ".join(
        path.read_text(errors="replace") for cluster in databases._started for path in cluster.data_dir.rglob("*.log")
    )


def found(*places):
    return [canary for canary in CANARIES for place in places if canary in place]


SUCCEED = [
    ("PUT", "/v1/me/home", {"lat": LAT, "lon": LON}),
    ("PUT", "/v1/me/home", {"address": ADDRESS}),
    ("POST", "/v1/cells", {"lat": LAT, "lon": LON}),
]
FAIL = [
    ("PUT", "/v1/me/home", {"lat": LAT, "lon": LON, "address": ADDRESS}),
    ("PUT", "/v1/me/home", {"lat": LAT, "lon": f"{LON}"[:6] + "x", "precision": "exact"}),
    ("PUT", "/v1/me/home", {"lat": LAT * 10, "lon": LON}),
    ("PUT", "/v1/me/home", {"lat": f"{LAT} N", "lon": f"{LON} E"}),
    ("PUT", "/v1/me/home", {"lat": LAT, "lon": LON, "house": 7}),
    ("PUT", "/v1/me/home", {"lat": LAT, "lon": LON, "neighbourhood_id": "01a20575-ef7d-7ef1-9df4-06d0a2a55c02"}),
    ("PUT", "/v1/me/home", {"cell": f"{LAT}"}),
    ("PUT", "/v1/me/home", {"address": ADDRESS * 20}),
    ("PUT", "/v1/me/home", {"address": [ADDRESS]}),
    ("PUT", "/v1/me/home", {"address": f"{ADDRESS} étage 99"}),
    ("POST", "/v1/cells", {"lat": LAT * 10, "lon": LON}),
    ("POST", "/v1/cells", {"lat": [LAT], "lon": LON}),
    ("POST", "/v1/geocode", {"q": ADDRESS * 20}),
    ("POST", "/v1/geocode", {"q": {"street": ADDRESS}}),
]


def test_after_calls_that_succeed(as_, new_user, city, known, logged):
    """LOC-02"""
    dora = as_(new_user("Dora D."))
    for method, path, body in SUCCEED:
        response = dora.open(path, method=method, json=body, headers={"Idempotency-Key": path})
        assert response.status_code == 200, response.json
        assert not found(response.text, str(response.headers))
        assert not found(dump(), logged(), server_log())
    hits = dora.post("/v1/geocode", json={"q": ADDRESS}, headers={"Idempotency-Key": "again"}).json["items"]
    assert [hit["label"] for hit in hits] == [PLACE.label], "the words come back to who asked, with a cell's centre"
    assert hits[0]["centre"] == centre(hits[0]["cell"])._asdict()
    assert not found(dump(), logged(), server_log())


@pytest.mark.parametrize(("method", "path", "body"), FAIL)
@pytest.mark.parametrize("signed_in", [True, False])
def test_after_calls_that_fail(as_, client, bob, own, known, logged, method, path, body, signed_in):
    """LOC-02"""
    response = (as_(bob) if signed_in else client).open(path, method=method, json=body)
    assert 400 <= response.status_code < 500
    assert not found(response.text, str(response.headers))
    assert not found(dump(), logged(), server_log())


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (f'{{"lat": {LAT}, "lon": {LON}', "application/json", 400),
        (f"[{LAT}, {LON}]", "application/json", 400),
        (f"lat={LAT}&lon={LON}", "application/x-www-form-urlencoded", 415),
    ],
)
@pytest.mark.parametrize("path", ["/v1/me/home", "/v1/cells"])
def test_after_calls_that_cannot_be_read(as_, bob, own, logged, raw, kind, status, path):
    """LOC-02"""
    method = "PUT" if path.endswith("home") else "POST"
    response = as_(bob).open(path, method=method, data=raw, headers={"Content-Type": kind})
    assert response.status_code == status
    assert not found(response.text, str(response.headers), dump(), logged(), server_log())


@pytest.mark.parametrize("reply", [fake.ERROR, fake.BUSY, fake.RESET, fake.GARBAGE, fake.REFUSED])
@pytest.mark.parametrize(("method", "path", "field"), [("PUT", "/v1/me/home", "address"), ("POST", "/v1/geocode", "q")])
def test_after_the_geocoder_failed(as_, bob, own, geocoder, logged, reply, method, path, field):
    """LOC-02, SEC-22"""
    geocoder.script(reply)
    response = as_(bob).open(path, method=method, json={field: ADDRESS})
    assert response.status_code in (200, 422, 503)
    assert not found(response.text, str(response.headers), dump(), logged(), server_log())


@pytest.mark.parametrize("broken", ["snap", "kept_cell", "hold_still", "mercator"])
def test_after_a_fault_of_ours(as_, new_user, city, known, logged, monkeypatch, broken):
    """LOC-02, SEC-21: whatever an exception says, the log names places in the code only."""

    def fail(*args, **kwargs):
        raise RuntimeError(f"no cell for {LAT}, {LON}, {ADDRESS}")

    monkeypatch.setattr(service, broken, fail)
    response = as_(new_user("Dora D.")).put("/v1/me/home", json={"lat": LAT, "lon": LON})
    assert (response.status_code, response.json["code"]) == (500, "internal_error")
    assert not found(response.text, str(response.headers), dump(), logged(), server_log())


def test_after_the_database_refused(as_, new_user, city, known, logged, monkeypatch):
    """LOC-02, SEC-21: also when the row itself is refused, and quoted by the server."""
    monkeypatch.setattr(service, "precision_of", lambda cell: "exact")
    response = as_(new_user("Dora D.")).put("/v1/me/home", json={"address": ADDRESS})
    assert response.status_code == 409
    assert not found(response.text, str(response.headers), dump(), logged(), server_log())


def test_the_search_would_find_a_canary(app, logged):
    """A test of the tests."""
    db.session.execute(text("CREATE TABLE public.leak (place text)"))
    db.session.execute(text("INSERT INTO public.leak VALUES (:place)"), {"place": str(LAT)})
    logging.getLogger("api").warning("moved", extra={"address": ADDRESS})
    assert found(dump()) == ["0446813"]
    assert found(logged()) == ["anari", "ourpre"]
