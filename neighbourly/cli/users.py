"""`flask --app wsgi users …`: accounts and roles, given at the server's own command line."""

from __future__ import annotations

import click
import orjson
from flask.cli import AppGroup
from sqlalchemy import select

from neighbourly.accounts import passwords, service
from neighbourly.accounts.display_names import MOST, RESERVED, find_fault, tidy
from neighbourly.accounts.email_address import canonical_address
from neighbourly.accounts.models import ROLES, User
from neighbourly.accounts.selectors import find_user_by_email
from neighbourly.cli.running import within_app
from neighbourly.cli.sentences import Refused
from neighbourly.core.db import db, transaction
from neighbourly.territories.models import Territory

SHORTEST, LONGEST = 10, 128
group = AppGroup("users", help="Accounts and their roles.")
role = click.option("--role", type=click.Choice(ROLES), default="neighbour", show_default=True)
territory = click.option("--territory", metavar="CODE", help="Where a moderator's power ends; else the installation.")


@group.command("create")
@click.argument("email")
@click.option("--name", required=True, help="The display name.")
@click.option("--password", help="Without one, the person chooses theirs by “forgot password”.")
@click.option("--language", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@role
@territory
@within_app
def create(email: str, name: str, password: str | None, language: str, role: str, territory: str | None) -> None:
    """Make a verified account, and print it as JSON."""
    email = _canonical(email)
    name = tidy(name)
    _refuse_wrong(name, password, role)
    with transaction():
        _refuse_unknown(territory)
        if find_user_by_email(email) is not None:
            raise Refused(f"There already is an account for {email}.")
        user = service.create_user(email=email, display_name=name, password=password, language=language)
        if role != "neighbour" or territory is not None:
            service.promote_user(email=email, role=role, territory_code=territory)
        _print(user)


@group.command("promote")
@click.argument("email")
@role
@territory
@within_app
def promote(email: str, role: str, territory: str | None) -> None:
    """Give an account a role, and put that on record."""
    with transaction():
        _refuse_unknown(territory)
        if find_user_by_email(email) is None:
            raise Refused(f"There is no account for {email}.")
        _print(service.promote_user(email=email, role=role, territory_code=territory))


def _canonical(email: str) -> str:
    try:
        return canonical_address(email)
    except ValueError as reason:
        raise Refused(f"{email} is not an e-mail address.") from reason


def _refuse_wrong(name: str, password: str | None, role: str) -> None:
    if not 1 <= len(name) <= MOST:
        raise Refused("The name must have 1 to 60 characters.")
    found = find_fault(name)
    if found and not (found is RESERVED and role != "neighbour"):  # who moderates may be called so
        raise Refused(found.words["en"])
    if password is not None:
        if not SHORTEST <= len(password) <= LONGEST:
            raise Refused(f"The password must have {SHORTEST} to {LONGEST} characters.")
        passwords.refuse_common(password)


def _refuse_unknown(territory: str | None) -> None:
    if territory is not None and not db.session.scalar(select(Territory.id).where(Territory.code == territory)):
        raise Refused(f"There is no territory with the code {territory}.")


def _print(user: User) -> None:
    shown = {
        "id": user.id,
        "email": user.email,
        "display_name": user.display_name,
        "language": user.language,
        "role": user.role,
        "territory": user.territory_code,
    }
    click.echo(orjson.dumps(shown).decode())
