"""What every test may use: the app on a real PostgreSQL, neighbours of Toulouse, signed-in clients."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.app import create_app
from neighbourly.bookings import jobs as bookings
from neighbourly.core import clock
from neighbourly.core.config import Settings
from neighbourly.core.db import db
from neighbourly.core.jobs import queue as jobs_queue
from neighbourly.core.language.encoding import Encoder
from neighbourly.core.language.encoding.sentences import SentenceEncoder
from neighbourly.exchanges import jobs as exchanges
from neighbourly.listings import reading
from neighbourly.preferences import jobs as preferences
from neighbourly.territories.models import Territory
from tests import databases, draws, people
from tests.data import DATA

os.environ["TZ"] = "Pacific/Chatham"  # nothing may rely on the machine's own zone
time.tzset()
hypothesis.settings.load_profile(draws.FIXED)


def pytest_configure(config: pytest.Config) -> None:
    """One database server for the whole run, started by the process that starts the others."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        databases.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was started."""
    if not hasattr(config, "workerinput"):
        databases.stop()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything is installed, a skipped test is a failed run: it would hide what was not looked at."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """By which seed the tests were put in order, and their dice thrown: `-q` hides the line that says so first."""
    seed = getattr(config.option, "randomly_seed", None)
    profile = hypothesis.settings.get_current_profile_name()
    terminalreporter.write_line(f"drawn with --randomly-seed={seed} --hypothesis-profile={profile}")


@pytest.fixture(scope="session")
def database_url(worker_id: str) -> Iterator[str]:
    """A database of this test process's own, as the migrations make it."""
    with databases.fresh(f"test_{worker_id}") as url:
        yield url


@pytest.fixture(scope="session")
def data_dir() -> Iterator[Path]:
    """The data folder of the app under test."""
    folder = Path(tempfile.mkdtemp(prefix="neighbourly-data-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def make_settings(database_url: str, data_dir: Path) -> Callable[..., Settings]:
    """Settings of a test app; keyword arguments are settings by their environment's name, in lower case."""

    def make(**values: str) -> Settings:
        given = {"env": "testing", "data_dir": str(data_dir), "database_url": database_url}
        return databases.settings_from(given | {"limits": "off"} | values)

    return make


@pytest.fixture(scope="session")
def whole_app(make_settings: Callable[..., Settings]) -> Flask:
    """The app, without a context."""
    made = create_app(make_settings())
    made.test_client_class = people.FreshClient
    return made


@pytest.fixture
def app(whole_app: Flask) -> Iterator[Flask]:
    """The app in a transaction that is undone after the test."""
    with databases.undone(whole_app):
        jobs_queue.bind(whole_app)
        yield whole_app


@pytest.fixture(scope="module")
def module_app(whole_app: Flask) -> Iterator[Flask]:
    """The app in a transaction that is undone after the module: for what takes long to make and serves many tests.

    Each of them then works within `databases.apart`.
    """
    with databases.undone(whole_app):
        jobs_queue.bind(whole_app)
        yield whole_app


@pytest.fixture
def real_app(make_settings: Callable[..., Settings], worker_id: str) -> Iterator[Flask]:
    """An app on a database of its own: its commits are commits, its threads have connections of their own."""
    with (
        databases.fresh(f"real_{worker_id}") as url,
        databases.closed_after(create_app(make_settings(database_url=url))) as made,
    ):
        yield made


@pytest.fixture
def committing_app(real_app: Flask, whole_app: Flask) -> Iterator[Flask]:
    """For races: the real app within its context, with jobs that run in it; afterwards they run in the usual one."""
    real_app.test_client_class = people.FreshClient
    with real_app.app_context():
        jobs_queue.bind(real_app)
        yield real_app
    jobs_queue.bind(whole_app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Someone who isn't signed in."""
    return app.test_client()


@pytest.fixture
def as_(app: Flask) -> Callable[[User], people.Client]:
    """`as_(bob).get(…)`: a client signed in as that person."""
    return lambda user: people.sign_in(app, user)


@pytest.fixture
def new_user(app: Flask) -> Callable[..., User]:
    """`new_user("Dora D.", home=cell)`: a verified neighbour."""
    return people.make


@pytest.fixture
def ana(new_user: Callable[..., User]) -> User:
    """Ana lives in the middle of Toulouse."""
    return new_user("Ana A.", home=people.ANA_CELL)


@pytest.fixture
def bob(new_user: Callable[..., User]) -> User:
    """Bob lives some 300 m from Ana."""
    return new_user("Bob B.", home=people.BOB_CELL)


@pytest.fixture
def cleo(new_user: Callable[..., User]) -> User:
    """Cleo lives some 1.2 km from Ana."""
    return new_user("Cleo C.", home=people.CLEO_CELL)


@pytest.fixture
def stranger(new_user: Callable[..., User]) -> User:
    """Someone of another town."""
    return new_user("Sam S.", home=people.FAR_CELL)


@pytest.fixture
def own(app: Flask) -> Territory:
    """The installation's own territory."""
    return db.session.scalars(select(Territory).where(Territory.is_own)).one()


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], list[str]]:
    """Run all waiting jobs, and those that they defer, until none is left; their names."""
    return databases.run_jobs


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real encoder, loaded once."""
    return SentenceEncoder()


@pytest.fixture(scope="module")
def module_meaning(encoder: Encoder, request: pytest.FixtureRequest) -> Iterator[Encoder]:
    """Texts are understood, and titles guessed by what they mean, as long as the module lasts."""
    with read_by(encoder, request.config.cache.mkdir("meaning")):
        yield encoder


@pytest.fixture
def meaning(app: Flask, encoder: Encoder, request: pytest.FixtureRequest) -> Iterator[Encoder]:
    """Texts are understood, and titles guessed by what they mean, as long as the test lasts."""
    with read_by(encoder, request.config.cache.mkdir("meaning")):
        yield encoder


@contextmanager
def read_by(encoder: Encoder, folder: Path) -> Iterator[None]:
    """What takes the reader seconds to make is kept in that folder."""
    reading.choose(lambda: encoder, folder)
    reading.get_reader()
    yield
    reading.choose(None, folder)


@pytest.fixture
def later(app: Flask, tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    """`later(days=1)`: that much later, what time brings is done, and all jobs have run; their names."""
    clock.follow(tmp_path / "clock")

    def move(**by: float) -> list[str]:
        db.session.commit()
        clock.advance(timedelta(**by))
        with app.app_context():
            preferences.end_absences()
            exchanges.look()
            bookings.end_turns()
        return databases.run_jobs()

    yield move
    clock.follow(None)


@pytest.fixture
def statements(app: Flask) -> Callable[[], contextmanager[list[str]]]:
    """`with statements() as seen:` collects the SQL statements sent meanwhile."""

    return databases.statements


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real neighbourhoods and a real catalogue."""
    return DATA


@pytest.fixture(scope="session")
def toulouse(shared_data: Path) -> Path:
    """The 60 quartiers of Toulouse with their households."""
    return shared_data / "toulouse_quartiers.geojson"
