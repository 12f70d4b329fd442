"""Reading what the development page shows of people."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from neighbourly.accounts.models import User
from neighbourly.core.db import db
from neighbourly.demo import neighbourhood
from neighbourly.devices.models import Device


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to sign in as."""

    email: str
    display_name: str


def is_there() -> bool:
    """Whether the demo neighbourhood was loaded into this database."""
    return db.session.scalar(select(User.id).where(User.email == neighbourhood.HEROINE)) is not None


def list_accounts() -> list[DemoAccount]:
    """The demo's neighbours that are in this database, by name."""
    domain = neighbourhood.HEROINE.partition("@")[2]
    statement = select(User.email, User.display_name).where(User.email.endswith(f"@{domain}"))
    rows = db.session.execute(statement.order_by(User.display_name, User.id))
    return [DemoAccount(email or "", name) for email, name in rows]


def owners_of_installations() -> dict[str, str]:
    """Whose phone each installation is, by display name."""
    statement = select(Device.installation_id, User.display_name).join(User, User.id == Device.user_id)
    return dict(iter(db.session.execute(statement.order_by(Device.seen_at))))
