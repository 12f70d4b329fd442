"""LOC-09: contact data in a text that everybody reads is warned about as it is written, and stored as it was."""

from __future__ import annotations

import pytest

from neighbourly.core.api.blueprint import CONTRACTS
from neighbourly.core.api.openapi import document

PHONE, EMAIL, STREET = "appelez le 06 12 34 56 78", "écrivez à lea@example.org", "je suis au 12 rue des Lois"


def warned(answer) -> list[tuple[str, str]]:
    return [(each["pointer"], each["code"]) for each in answer.json.get("warnings", ())]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"description": PHONE}, [("/description", "phone_number")]),
        (
            {"description": f"{STREET}, {EMAIL}"},
            [("/description", "street_address"), ("/description", "email_address")],
        ),
        ({"title": f"Perceuse, {PHONE}"}, [("/title", "phone_number")]),
        ({"description": f"{PHONE}, {PHONE}"}, [("/description", "phone_number")]),
        ({"description": "18 V, 2 batteries"}, []),
    ],
)
def test_an_offer_with_contact_data_is_stored_and_says_so(as_, ana, written, expected):
    created = as_(ana).post("/v1/listings", json={"title": "Une perceuse", "direction": "offer"} | written)
    assert (created.status_code, warned(created)) == (201, expected)
    assert {name: created.json[name] for name in written} == written


def test_a_change_is_warned_about_by_what_it_says_anew(as_, ana):
    path = as_(ana).post("/v1/listings", json={"title": "Une perceuse", "description": PHONE}).headers["Location"]
    assert warned(as_(ana).patch(path, json={"title": "Une ponceuse"})) == []
    assert warned(as_(ana).patch(path, json={"description": EMAIL})) == [("/description", "email_address")]
    assert warned(as_(ana).get(path)) == []


def test_what_one_says_of_oneself_is_public_too(as_, ana):
    answer = as_(ana).patch("/v1/me", json={"bio": STREET}, headers={"Accept-Language": "en"})
    assert warned(answer) == [("/bio", "street_address")]
    assert answer.json["warnings"][0]["detail"].startswith("Everybody will read this address.")


def test_every_write_of_a_public_text_answers_with_its_warnings(app):
    """A public text without them would be warned about in vain."""
    documented = document(app)
    by_operation = {
        operation["operationId"]: operation
        for methods in documented["paths"].values()
        for operation in methods.values()
        if isinstance(operation, dict) and "operationId" in operation
    }
    writes = [(endpoint, contract) for (_, endpoint), contract in CONTRACTS.items() if contract.public_texts]
    assert len(writes) >= 4
    for endpoint, contract in writes:
        answer = by_operation[endpoint.rpartition(".")[2]]["responses"][str(contract.status)]
        name = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert "warnings" in documented["components"]["schemas"][name]["properties"], endpoint
