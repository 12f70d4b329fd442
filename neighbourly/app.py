"""The composition root: settings, database, door, features, reactions."""

from __future__ import annotations

import pkgutil
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

import neighbourly
from neighbourly.accounts import next_steps, ways_in
from neighbourly.accounts import routes as accounts
from neighbourly.accounts.authenticator import authenticate
from neighbourly.accounts.selectors import has_uses_left
from neighbourly.answers import routes as answers
from neighbourly.bookings import routes as bookings
from neighbourly.conversations import routes as conversations
from neighbourly.core import clock, db, events, logs
from neighbourly.core.api import blueprint, bodies, health, limits, openapi, problems
from neighbourly.core.api.cookies import NoCookies
from neighbourly.core.api.json import OrjsonProvider
from neighbourly.core.config import Settings
from neighbourly.core.language.encoding.sentences import SentenceEncoder, is_installed
from neighbourly.core.postgres import Cluster
from neighbourly.demo import routes as demo
from neighbourly.devices import routes as devices
from neighbourly.exchanges import routes as exchanges
from neighbourly.exchanges.service.feeds import has_feed
from neighbourly.links import routes as links
from neighbourly.links.app_identity import read_identity
from neighbourly.listings import reading
from neighbourly.listings import routes as listings
from neighbourly.matching import routes as matching
from neighbourly.neighbours import routes as neighbours
from neighbourly.notifications import routes as notifications
from neighbourly.places import routes as places
from neighbourly.places.next_steps import set_home
from neighbourly.preferences import routes as preferences
from neighbourly.preferences.next_steps import choose_interests
from neighbourly.reactions import REACTIONS
from neighbourly.search import routes as search
from neighbourly.start import routes as start
from neighbourly.territories import routes as territories
from neighbourly.thanks import routes as thanks
from neighbourly.timebank import routes as timebank

VERSION = "0.1.0"
MIGRATIONS = Path(__file__).parent.parent / "migrations"
BLUEPRINTS = (
    openapi.bp,
    health.bp,
    accounts.bp,
    devices.bp,
    places.bp,
    listings.bp,
    search.bp,
    preferences.bp,
    answers.bp,
    matching.bp,
    bookings.bp,
    conversations.bp,
    timebank.bp,
    territories.bp,
    exchanges.bp,
    exchanges.feed_bp,
    thanks.bp,
    neighbours.bp,
    notifications.bp,
    start.bp,
    links.bp,
)
NEXT_STEPS = (
    next_steps.set_password,
    next_steps.accept_terms,
    next_steps.set_display_name,
    set_home,
    choose_interests,
)


def create_app(settings: Settings | None = None, *, dev_page: bool = False) -> Flask:
    """The whole application, bound to its database but not yet connected to it.

    `dev_page` adds `/dev` to a development installation, and to no other.
    Raises `ConfigurationError` for a setting that is wrong.
    """
    settings = settings or Settings.from_environment()
    app = Flask("neighbourly", static_folder=None)
    app.json = OrjsonProvider(app)
    app.session_interface = NoCookies()
    app.extensions["neighbourly.settings"] = settings
    app.extensions["neighbourly.version"] = VERSION
    app.extensions["neighbourly.authenticator"] = authenticate
    app.extensions["neighbourly.invitations"] = has_uses_left
    app.config["SECRET_KEY"] = settings.secret_key
    app.config["TESTING"] = settings.env == "testing"
    app.config["PROPAGATE_EXCEPTIONS"] = False
    logs.configure(settings.log_level)
    clock.follow(settings.clock_file if settings.development else None)
    db.init_app(app, settings.database_url or Cluster(settings.data_dir).url)
    Migrate(app, db.db, directory=str(MIGRATIONS), compare_type=True)
    events.wire(REACTIONS)
    load_jobs()
    db.complete_mappings()
    if settings.app_links:
        read_identity(settings.app_links)
    next_steps.wire(NEXT_STEPS)
    ways_in.wire(has_feed)
    reading.choose(SentenceEncoder if settings.meaning and is_installed() else None, settings.meaning_folder)
    _open_the_door(app, settings, BLUEPRINTS + ((demo.bp,) if dev_page and settings.development else ()))
    return app


def load_jobs() -> None:
    """Make every feature's jobs and timetables known; found by their file, since one forgotten would wait for ever."""
    import_module("neighbourly.core.jobs.runner")
    for feature in pkgutil.iter_modules(neighbourly.__path__, "neighbourly."):
        jobs = f"{feature.name}.jobs"
        if feature.ispkg and feature.name != "neighbourly.core" and find_spec(jobs):
            import_module(jobs)


def _open_the_door(app: Flask, settings: Settings, blueprints: Sequence[blueprint.Blueprint]) -> None:
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    bodies.init_app(app)
    limits.init_app(app, settings)
    blueprint.init_app(app)
    problems.init_app(app)
    health.init_app(app)
    api = openapi.init_app(app, VERSION)
    for each in blueprints:
        api.register_blueprint(each)
