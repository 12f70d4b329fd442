"""Settings from the environment: what is preset, and what stops a start with a sentence."""

from __future__ import annotations

import pytest

from neighbourly.core.config import ConfigurationError, Settings

PRODUCTION = {
    "ENV": "production",
    "SECRET_KEY": "k" * 32,
    "PUBLIC_URL": "https://voisins.example",
    "OPERATOR": "A town",
    "CONTACT": "town@voisins.example",
    "MAIL_FROM": "A town <town@voisins.example>",
}


@pytest.fixture
def read(monkeypatch, tmp_path):
    """`read(GEOCODER="ban")`: the settings of an environment that holds just these."""

    def settings(**values: str) -> Settings:
        for name, value in ({"DATA_DIR": str(tmp_path / "var")} | values).items():
            monkeypatch.setenv(f"NEIGHBOURLY_{name}", value)
        return Settings.from_environment()

    return settings


def test_nothing_has_to_be_set_to_begin(read, tmp_path):
    chosen = read()
    assert (chosen.env, chosen.development, chosen.production) == ("development", True, False)
    assert (chosen.database_url, chosen.smtp_url, chosen.firebase_credentials) == (None, None, None)
    assert chosen.clock_file == tmp_path / "var/clock"
    assert {chosen.mail_folder.parent, chosen.push_file.parent} == {chosen.data_dir}


def test_the_key_is_made_once_and_for_its_owner_alone(read, tmp_path):
    """It signs everything, so it is long, kept, and nobody else's to read."""
    assert read().secret_key == read().secret_key
    assert len(read().secret_key) >= 48
    assert (tmp_path / "var/secret_key").stat().st_mode & 0o077 == 0


def test_an_empty_setting_counts_as_none(read):
    assert read(SMTP_URL=" ", GEOCODER="").geocoder == "ban"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_database_url_may_be_spelt_as_servers_give_it(read, scheme):
    assert read(DATABASE_URL=f"{scheme}://me@db/town").database_url == "postgresql+psycopg://me@db/town"


@pytest.mark.parametrize("written", ["OFF", "Off", " off "])
def test_a_choice_may_be_written_in_capitals(read, written):
    assert (read(LIMITS=written).limits, read(MEANING=written).meaning) == (False, False)


def test_a_scheme_may_be_written_in_capitals(read):
    chosen = read(**PRODUCTION | {"PUBLIC_URL": "HTTPS://voisins.example/", "LIMITS_URL": "MEMORY://"})
    assert (chosen.public_url, chosen.limits_url) == ("https://voisins.example", "memory://")


def test_production_starts_once_all_that_must_be_chosen_is(read):
    assert read(**PRODUCTION).production


@pytest.mark.parametrize("missing", sorted(PRODUCTION.keys() - {"ENV"}))
def test_production_names_what_is_missing(read, missing):
    with pytest.raises(ConfigurationError, match=missing):
        read(**{name: value for name, value in PRODUCTION.items() if name != missing})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"SECRET_KEY": "short"}, "at least 32 characters"),
        ({"PUBLIC_URL": "http://voisins.example"}, "must begin with https://"),
        ({"LIMITS": "off"}, "refused in production"),
        ({"LIMITS": "OFF"}, "refused in production"),
        ({"LIMITS": " Off "}, "refused in production"),
        ({"ENV": "PRODUCTION", "LIMITS": "oFF"}, "refused in production"),
        ({"PUBLIC_URL": "HTTP://voisins.example"}, "must begin with https://"),
    ],
)
def test_production_refuses_what_is_not_safe(read, values, said):
    with pytest.raises(ConfigurationError, match=said):
        read(**PRODUCTION | values)


def test_production_never_trusts_the_emulator(read, monkeypatch):
    """It takes tokens that nobody signed."""
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
    with pytest.raises(ConfigurationError, match="unsigned tokens"):
        read(**PRODUCTION)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ENVIRONMENT": "x"}, "NEIGHBOURLY_ENVIRONMENT is not a setting"),
        ({"ENV": "staging"}, "must be one of"),
        ({"GEOCODER": "map"}, "must be one of"),
        ({"GEOCODER_URL": "somewhere"}, "must look like"),
        ({"SMTP_URL": "https://mail"}, "must look like"),
        ({"DATABASE_URL": "mysql://db/town"}, "must begin with postgresql://"),
        ({"LIMITS_URL": "file:///x"}, "must begin with memory:// or redis://"),
        ({"LIMITS_URL": "Memory://", "WEB_PROCESSES": "2"}, "which several web processes cannot share"),
        ({"TRUSTED_PROXIES": "-1"}, "from 0 to 10"),
        ({"WEB_PROCESSES": "many"}, "from 1 to 64"),
        ({"WEB_PROCESSES": "2"}, "several web processes cannot share"),
        ({"FIREBASE_CREDENTIALS": "/nowhere.json"}, "there is no such file"),
    ],
)
def test_a_setting_that_cannot_be_is_named_in_one_sentence(read, values, said):
    with pytest.raises(ConfigurationError, match=said) as caught:
        read(**values)
    assert str(caught.value).endswith(".")


def test_several_web_processes_count_rates_together(read):
    url = "redis://127.0.0.1:6379"
    assert read(WEB_PROCESSES="2", LIMITS_URL=url).limits_url == url
