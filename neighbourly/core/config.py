"""Settings from the environment (`NEIGHBOURLY_…`), checked once at start; a wrong one is one clear sentence."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Config, current_app

GEOCODERS = ("ban", "nominatim", "photon")
ENVIRONMENTS = ("development", "testing", "production")
KNOWN = frozenset(
    {
        *("ENV", "DATA_DIR", "DATABASE_URL", "SECRET_KEY", "PUBLIC_URL", "OPERATOR", "CONTACT", "EMERGENCY"),
        *("MAIL_FROM", "SMTP_URL", "APP_LINKS", "MIN_APP_VERSION", "LOG_LEVEL"),
        *("FIREBASE_CREDENTIALS", "FIREBASE_PROJECT", "FCM_URL", "GEOCODER", "GEOCODER_URL"),
        *("LIMITS", "LIMITS_URL", "TRUSTED_PROXIES", "WEB_PROCESSES"),
        *(f"LIMIT_{name}" for name in ("ADDRESS", "SIGN_IN", "SIGN_UP", "RESEND", "REFRESH", "RESET", "GEOCODE")),
        "MEANING",
        "STORAGE_URL",  # photos; taken from installations that set it already, read once there are photos
    }
)

SILENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""How long a database of another machine may be silent (libpq's parameters, s and ms); a socket knows no such thing."""


class ConfigurationError(Exception):
    """A setting is missing or wrong; the text is the sentence to show."""


@dataclass(frozen=True)
class Settings:
    """Everything that an installation can choose. Paths are absolute; URLs have no trailing slash."""

    env: str
    data_dir: Path
    database_url: str | None
    secret_key: str
    firebase_credentials: Path | None
    firebase_project: str | None
    fcm_url: str | None
    public_url: str
    operator: str
    contact: str
    emergency: str
    mail_from: str
    app_links: Path | None
    smtp_url: str | None
    geocoder: str
    geocoder_url: str | None
    limits_url: str
    limits: bool
    rates: Mapping[str, str]
    """By the name of a limit the rate that the operator chose for one address: `400 per hour`."""
    meaning: bool
    trusted_proxies: int
    min_app_version: str | None
    log_level: str

    @property
    def mail_folder(self) -> Path:
        """Where mails lie that no server takes."""
        return self.data_dir / "mail"

    @property
    def push_file(self) -> Path:
        """Where pushes lie that Firebase does not take."""
        return self.data_dir / "push.jsonl"

    @property
    def meaning_folder(self) -> Path:
        """Where vectors lie that take seconds to make anew."""
        return self.data_dir / "meaning"

    @property
    def clock_file(self) -> Path:
        """How far `demo tick` has moved the product's clock."""
        return self.data_dir / "clock"

    @property
    def production(self) -> bool:
        """Whether unsafe defaults are refused."""
        return self.env == "production"

    @property
    def development(self) -> bool:
        """Whether `/dev` and `demo tick` exist."""
        return self.env == "development"

    @classmethod
    def from_environment(cls) -> Settings:
        """Read and check the environment; `ConfigurationError` names the first setting that is wrong."""
        given = Config(os.getcwd())
        given.from_prefixed_env("NEIGHBOURLY", loads=str)
        values = {name: str(value).strip() for name, value in given.items() if str(value).strip()}
        _refuse_unknown(values)
        env = _choice(values, "ENV", ENVIRONMENTS, "development")
        if env == "production":
            _refuse_missing(values)
        data_dir = Path(values.get("DATA_DIR", "var")).absolute()
        chosen = cls(
            env=env,
            data_dir=data_dir,
            database_url=_database_url(values),
            secret_key=values.get("SECRET_KEY") or _own_secret(data_dir),
            firebase_credentials=_file(values, "FIREBASE_CREDENTIALS"),
            firebase_project=values.get("FIREBASE_PROJECT"),
            fcm_url=_url(values, "FCM_URL", ("http", "https")),
            public_url=_url(values, "PUBLIC_URL", ("http", "https")) or "http://127.0.0.1:8000",
            operator=values.get("OPERATOR", "neighbourly"),
            contact=values.get("CONTACT", "hello@neighbourly.example"),
            emergency=values.get("EMERGENCY", "112"),
            mail_from=values.get("MAIL_FROM", "neighbourly <hello@neighbourly.example>"),
            app_links=_file(values, "APP_LINKS"),
            smtp_url=_url(values, "SMTP_URL", ("smtp", "smtps")),
            geocoder=_choice(values, "GEOCODER", GEOCODERS, "ban"),
            geocoder_url=_url(values, "GEOCODER_URL", ("http", "https")),
            limits_url=_limits_url(values),
            limits=_choice(values, "LIMITS", ("on", "off"), "on") == "on",
            rates=_rates(values),
            meaning=_choice(values, "MEANING", ("on", "off"), "on") == "on",
            trusted_proxies=_whole(values, "TRUSTED_PROXIES", 0, 10, 0),
            min_app_version=values.get("MIN_APP_VERSION"),
            log_level=_choice(values, "LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
        )
        if chosen.production:
            _refuse_unsafe(chosen)
        return chosen


def settings() -> Settings:
    """The settings of the running app."""
    current: Settings = current_app.extensions["neighbourly.settings"]
    return current


def _refuse_unknown(values: dict[str, str]) -> None:
    for name in sorted(values):
        if name not in KNOWN and not name.startswith("TEST_"):
            raise ConfigurationError(f"NEIGHBOURLY_{name} is not a setting; docs/operations.md lists them all.")


def _refuse_missing(values: dict[str, str]) -> None:
    for name in ("SECRET_KEY", "PUBLIC_URL", "OPERATOR", "CONTACT", "MAIL_FROM"):
        if name not in values:
            raise ConfigurationError(f"NEIGHBOURLY_{name} must be set in production.")


def _refuse_unsafe(chosen: Settings) -> None:
    """Settings are compared as they are used, not as they are written: `OFF` is off."""
    if len(chosen.secret_key) < 32:
        raise ConfigurationError("NEIGHBOURLY_SECRET_KEY must have at least 32 characters in production.")
    if not chosen.limits:
        raise ConfigurationError("NEIGHBOURLY_LIMITS=off is for benchmarks and is refused in production.")
    if urlsplit(chosen.public_url).scheme != "https":
        raise ConfigurationError("NEIGHBOURLY_PUBLIC_URL must begin with https:// in production.")
    if os.environ.get("FIREBASE_AUTH_EMULATOR_HOST"):
        raise ConfigurationError(
            "FIREBASE_AUTH_EMULATOR_HOST is set: Firebase would accept unsigned tokens, so production does not start."
        )


def _choice(values: dict[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = values.get(name, default).lower()
    if value not in choices:
        raise ConfigurationError(f"NEIGHBOURLY_{name} is {value!r}, but must be one of {', '.join(choices)}.")
    return value


def _whole(values: dict[str, str], name: str, least: int, most: int, default: int) -> int:
    text = values.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ConfigurationError(f"NEIGHBOURLY_{name} is {text!r}, but must be a whole number from {least} to {most}.")
    return int(text)


def _url(values: dict[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    text = values.get(name)
    if text is None:
        return None
    if urlsplit(text).scheme not in schemes or not urlsplit(text).hostname:
        wanted = " or ".join(f"{scheme}://host" for scheme in schemes)
        raise ConfigurationError(f"NEIGHBOURLY_{name} must look like {wanted}.")
    return _with_small_scheme(text).rstrip("/")


def _with_small_scheme(url: str) -> str:
    """`HTTPS://` is `https://`, to whoever looks at how it begins."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme.lower()}{separator}{rest}"


def _file(values: dict[str, str], name: str) -> Path | None:
    text = values.get(name)
    if text is None:
        return None
    if not Path(text).is_file():
        raise ConfigurationError(f"NEIGHBOURLY_{name} names {text}, but there is no such file.")
    return Path(text).absolute()


def _database_url(values: dict[str, str]) -> str | None:
    text = values.get("DATABASE_URL")
    if text is None:
        return None
    scheme, found, rest = text.partition("://")
    if not found or scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ConfigurationError("NEIGHBOURLY_DATABASE_URL must begin with postgresql://.")
    return f"postgresql+psycopg://{rest}"


def _limits_url(values: dict[str, str]) -> str:
    url = _with_small_scheme(values.get("LIMITS_URL", "memory://"))
    if urlsplit(url).scheme not in ("memory", "redis", "rediss"):
        raise ConfigurationError("NEIGHBOURLY_LIMITS_URL must begin with memory:// or redis://.")
    processes = _whole(values, "WEB_PROCESSES", 1, 64, 1)
    if url.startswith("memory://") and processes > 1:
        raise ConfigurationError(
            "NEIGHBOURLY_LIMITS_URL is memory://, which several web processes cannot share; name a redis:// one."
        )
    return url


def _rates(values: dict[str, str]) -> Mapping[str, str]:
    chosen = {name: values[name] for name in values if name.startswith("LIMIT_")}
    for name, rate in chosen.items():
        if not re.fullmatch(r"[1-9]\d{0,6} per (\d{1,3} )?(second|minute|hour|day)s?", rate):
            raise ConfigurationError(
                f"NEIGHBOURLY_{name} is {rate!r}, but must be like '400 per hour' or '300 per 5 minutes'."
            )
    return {name.removeprefix("LIMIT_").lower(): rate for name, rate in chosen.items()}


def _own_secret(data_dir: Path) -> str:
    """The key made once in the data folder; two first starts at one moment agree on one."""
    file = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            made = data_dir / f"secret_key.{os.getpid()}"
            made.touch(mode=0o600)
            made.write_text(secrets.token_urlsafe(48))
            with suppress(FileExistsError):
                os.link(made, file)
            made.unlink()
        return file.read_text().strip()
    except OSError as reason:
        raise ConfigurationError(f"The data folder {data_dir} cannot be used: {reason.strerror}.") from reason
