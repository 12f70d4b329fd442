"""REL-11: a process whose answers may be wrong gives none and ends; another takes its place."""

from __future__ import annotations

import subprocess
import sys
from threading import Event

import pytest
import requests
from sqlalchemy import func, select
from sqlalchemy.exc import SAWarning

from neighbourly.accounts.models import User
from neighbourly.core import soundness
from neighbourly.core.db import Read, attempt, db
from neighbourly.core.jobs import queue as jobs_queue
from neighbourly.places.models import Home
from tests import people
from tests.running.product import ROOT, environment, free_port, until

UNJOINED = select(func.count()).select_from(User).where(Home.cell == people.ANA_CELL)


@pytest.fixture
def server(committing_app, data_dir, tmp_path):
    """granian as the unit of deploy/ runs it, its first process poisoned; its address and its log."""
    url = committing_app.extensions["neighbourly.settings"].database_url
    settings = {"env": "testing", "database_url": url, "limits": "off", "test_poison": str(tmp_path / "poison")}
    address = f"http://127.0.0.1:{(port := free_port())}"
    options = f"--interface wsgi --port {port} --blocking-threads 8 --respawn-failed-workers --log-level error"
    command = [sys.executable, "-m", "granian", *options.split(), "tests.running.poisoned:app"]
    with (tmp_path / "log").open("wb") as out:
        running = subprocess.Popen(command, cwd=ROOT, env=environment(data_dir, **settings), stdout=out, stderr=out)
        try:
            until(lambda: _asked(f"{address}/readyz")[0] == 200)
            yield address, tmp_path / "log"
        finally:
            running.terminate()
            running.wait()


def _asked(url, token=""):
    """The status, 0 for none, and the body where it is JSON."""
    try:
        answer = requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    except requests.ConnectionError:
        return 0, None
    return answer.status_code, answer.json() if "json" in answer.headers["Content-Type"] else None


def test_a_half_made_alias_leads_to_no_wrong_answer_and_to_another_process(committing_app, server):
    """Unnoticed it would say that Bob lives where Ana does."""
    address, log = server
    ana, bob = people.make("Ana A.", home=people.ANA_CELL), people.make("Bob B.", home=people.BOB_CELL)
    client, path = people.sign_in(committing_app, ana), f"/v1/neighbours/{bob.id}"
    right = client.get(path).json
    assert right["distance_m"] > 0
    assert _asked(address + path, client.token)[0] == 500
    assert until(lambda: _well(_asked(address + path, client.token))) == right
    assert log.read_text().count("cannot be relied on and ends") == 1


def _well(answer):
    status, body = answer
    return body if status == 200 else None


@pytest.fixture
def ended(monkeypatch):
    """This process as a server's, and how often it was asked to end."""
    asked = []
    monkeypatch.setattr(soundness, "_serves", Event())
    monkeypatch.setattr(soundness, "_doubted", Event())
    monkeypatch.setattr(soundness.os, "kill", lambda *process_and_signal: asked.append(process_and_signal))
    soundness.end_when_in_doubt()
    return asked


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda: db.session.scalar(UNJOINED), id="by SQLAlchemy"),
        pytest.param(lambda: Read(UNJOINED), id="by psycopg"),
    ],
)
def test_what_nothing_joins_is_an_error(app, run):
    with pytest.raises(SAWarning, match="cartesian product"):
        run()


def test_in_production_too():
    """Of a process without pytest, which makes every warning an error."""
    ask = "from tests.running.test_unsound import UNJOINED, Read; Read(UNJOINED)"
    told = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stderr.splitlines()[-1].startswith("sqlalchemy.exc.SAWarning: SELECT statement has a cartesian product")


def test_a_worker_ends_after_such_a_job(app, ended, monkeypatch):
    monkeypatch.setattr(jobs_queue.queue, "tasks", dict(jobs_queue.queue.tasks))

    @jobs_queue.job("tests.count_what_nothing_joins", queue="bulk")
    def count():
        db.session.scalar(UNJOINED)

    for _ in range(2):
        with pytest.raises(SAWarning):
            jobs_queue.queue.tasks["tests.count_what_nothing_joins"].func()
    assert len(ended) == 1


def test_what_was_tried_and_passed_over_is_noted(app, ended):
    attempt(lambda: db.session.scalar(UNJOINED))
    assert len(ended) == 1


def test_what_is_under_way_then_neither_answers_nor_commits(app, ana, as_, ended):
    client = as_(ana)
    attempt(lambda: db.session.scalar(UNJOINED))
    seen, written = client.get("/v1/me"), client.patch("/v1/me", json={"bio": "Bonjour"})
    assert (seen.status_code, written.status_code) == (503, 503)
    assert seen.headers["Retry-After"] == "5"
    assert ana.bio == ""


def test_other_faults_end_nothing(app, ended):
    attempt(lambda: db.session.execute(select(1 / func.nullif(0, 0) + func.no_such_function())))
    assert ended == []
