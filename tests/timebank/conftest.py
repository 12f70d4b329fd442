"""Minutes between neighbours: giving, looking at an account, a help from agreement to confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from neighbourly.accounts.models import User
from neighbourly.exchanges.models import Exchange
from neighbourly.listings.models import Listing
from neighbourly.territories.models import Territory
from tests import people
from tests.factories.exchanges import agree, bring_back
from tests.factories.listings import offer

Give = Callable[..., TestResponse]
Act = Callable[..., TestResponse]


@pytest.fixture
def neighbours(as_, ana: User, bob: User, cleo: User, own: Territory) -> Territory:
    """Ana, Bob and Cleo have lived in the installation's own neighbourhood for a while."""
    for user, cell in ((ana, people.ANA_CELL), (bob, people.BOB_CELL), (cleo, people.CLEO_CELL)):
        assert as_(user).put("/v1/me/home", json={"cell": cell}).status_code == 200
        people.settle(user)
    return own


@pytest.fixture
def moderator(new_user) -> User:
    """Mo moderates, and lives elsewhere."""
    mo: User = new_user("Mo M.", role="moderator")
    return mo


@pytest.fixture
def count_gifts(as_, moderator: User, neighbours: Territory) -> Callable[[str], None]:
    """`count_gifts("gift")`: a moderator sets the neighbourhood's mode."""

    def change(mode: str) -> None:
        answer = as_(moderator).patch(f"/v1/neighbourhoods/{neighbours.id}/rules", json={"timebank_mode": mode})
        assert answer.status_code == 200

    return change


@pytest.fixture
def known(ana: User, bob: User, cleo: User, neighbours: Territory) -> None:
    """Bob has lived here for a while and dealt with Ana and with Cleo."""
    for owner in (ana, cleo):
        bring_back(bob, offer(owner, "Échelle"))


@pytest.fixture
def lesson(ana: User) -> Listing:
    """Ana teaches."""
    return offer(ana, "Cours d'anglais", kind="skill", category=None)


@pytest.fixture
def give(as_) -> Give:
    """`give(bob, ana, 60)`: the answer to Bob's transfer; to the pot where nobody is named."""

    def transfer(payer: User, payee: User | None, minutes: object, **more: Any) -> TestResponse:
        to = {"to_pot": True} if payee is None else {"to_user_id": str(payee.id)}
        answer: TestResponse = as_(payer).post("/v1/timebank/transfers", json=to | {"minutes": minutes} | more)
        return answer

    return transfer


@pytest.fixture
def reverse(as_) -> Act:
    """`reverse(ana, id)`: the answer where she gives back a transfer."""

    def back(user: User, transfer_id: str) -> TestResponse:
        answer: TestResponse = as_(user).post(f"/v1/timebank/transfers/{transfer_id}/reverse")
        return answer

    return back


@pytest.fixture
def grant(as_, moderator: User, neighbours: Territory) -> Give:
    """`grant(bob, 30)`: the answer where a moderator grants minutes from the pot."""

    def post(user: User, minutes: int, by: User = moderator, **more: Any) -> TestResponse:
        body = {"to_user_id": str(user.id), "minutes": minutes} | more
        answer: TestResponse = as_(by).post(f"/v1/neighbourhoods/{neighbours.id}/pot/grants", json=body)
        return answer

    return post


@pytest.fixture
def act(as_) -> Act:
    """`act(bob, exchange, "confirm")`: the answer to this person's tap."""

    def tap(user: User, exchange: Exchange, action: str, **body: Any) -> TestResponse:
        answer: TestResponse = as_(user).post(f"/v1/exchanges/{exchange.id}/{action}", json=body)
        return answer

    return tap


@pytest.fixture
def helped(act) -> Callable[..., Exchange]:
    """`helped(bob, lesson, 60)`: Bob was helped, and confirmed it."""

    def help(receiver: User, listing: Listing, minutes: int, **said: Any) -> Exchange:
        exchange = agree(receiver, listing, minutes=minutes, **said)
        assert act(receiver, exchange, "done").status_code == 200
        assert act(receiver, exchange, "confirm").status_code == 200
        return exchange

    return help


@pytest.fixture
def account(as_) -> Callable[[User], Any]:
    """`account(bob)`: his account as he sees it."""
    return lambda user: as_(user).get("/v1/me/timebank").json


@pytest.fixture
def balances(account) -> Callable[..., list[int]]:
    """`balances(ana, bob)`: how many minutes each holds."""
    return lambda *users: [account(each)["balance_minutes"] for each in users]


@pytest.fixture
def lines(as_) -> Callable[[User], Any]:
    """`lines(bob)`: the lines of his account, newest first."""
    return lambda user: as_(user).get("/v1/me/timebank/entries").json["items"]


@pytest.fixture
def pot(as_, ana: User, neighbours: Territory) -> Callable[[], Any]:
    """`pot()`: the neighbourhood's pot as Ana sees it."""
    return lambda: as_(ana).get(f"/v1/neighbourhoods/{neighbours.id}/pot").json
