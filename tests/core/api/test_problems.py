"""REL-03, REL-04, SEC-25: every refusal is a problem, in the caller's language, with what HTTP wants beside it."""

from __future__ import annotations

import pytest

from neighbourly.core.api.blueprint import MAX_BODY, MAX_FIELDS
from neighbourly.core.api.problems import MOST_FAULTS

JSON = {"content_type": "application/json"}


def refused_404(client):
    return client.get("/v1/nothing-here")


def refused_405(client):
    return client.post("/v1/terms")


def refused_400(client):
    return client.post("/v1/auth/login", data="{", **JSON)


def refused_401(client):
    return client.get("/v1/me")


def refused_413(client):
    return client.post("/v1/auth/login", data=b" " * (MAX_BODY + 1), **JSON)


def refused_415(client):
    return client.post("/v1/auth/login", data="email=x", content_type="application/x-www-form-urlencoded")


def refused_422(client):
    return client.post("/v1/auth/login", json={})


def refused_500(client):
    return client.get("/probe/raise")


def refused_503(client):
    return client.get("/probe/wait")


REFUSALS = {
    "bad_request": (400, refused_400),
    "unauthorized": (401, refused_401),
    "not_found": (404, refused_404),
    "method_not_allowed": (405, refused_405),
    "content_too_large": (413, refused_413),
    "unsupported_media_type": (415, refused_415),
    "invalid_input": (422, refused_422),
    "internal_error": (500, refused_500),
    "busy": (503, refused_503),
}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", REFUSALS)
def test_each_refusal_is_a_problem(client, code, language):
    """REL-03: RFC 9457, with a stable `code`, in French and English."""
    status, refuse = REFUSALS[code]
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    answer = refuse(client)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert {"type", "title", "status", "detail", "code"} <= set(answer.json)
    assert (answer.json["type"], answer.json["status"]) == (f"/problems/{code}", status)
    assert answer.json["code"] == code
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_two_languages_differ(client):
    titles = {
        refused_404(client).json["title"],
        client.get("/v1/nothing-here", headers={"Accept-Language": "en"}).json["title"],
    }
    assert titles == {"Introuvable", "Not found"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("de, en;q=0.5, fr;q=0.4", "en"),
        ("de", "fr"),
        ("*", "fr"),
        ("fr-CA", "fr"),
        ("x" * 5000, "fr"),
        (";;;q=,", "fr"),
    ],
)
def test_the_callers_language_is_taken_from_the_header(client, header, language):
    headers = {} if header is None else {"Accept-Language": header}
    assert client.get("/v1/nothing-here", headers=headers).headers["Content-Language"] == language


def test_another_method_is_405_and_says_which_are_allowed(client):
    """SEC-25."""
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)("/v1/terms")
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.open("/v1/terms", method="TRACE").status_code == 405
    assert client.open("/v1/terms", method="NONSENSE").status_code == 405


def test_another_kind_of_body_is_415(client):
    """SEC-25: and a body without a kind, too."""
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/xml", None):
        assert client.post("/v1/auth/login", data="{}", content_type=kind).status_code == 415


@pytest.mark.parametrize("body", ["[]", "7", '"x"', "null", "true"])
def test_a_body_that_is_no_object_is_400(client, body):
    assert client.post("/v1/auth/login", data=body, **JSON).status_code == 400


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": "\\ud800"}', b'{"a": 1,}', b"{'a': 1}"])
def test_a_body_that_is_no_json_is_400(client, body):
    assert client.post("/v1/auth/login", data=body, **JSON).status_code == 400


def test_bad_input_says_where_and_what(client):
    body = {"email": "x", "password": "", "extra": 1, "a/b~c": 2}
    answer = client.post("/v1/auth/login", json=body, headers={"Accept-Language": "en"})
    found = {each["pointer"]: each["code"] for each in answer.json["errors"]}
    assert found["/email"] == "bad_email"
    assert found["/extra"] == "unknown_field"
    assert found["/a~1b~0c"] == "unknown_field", "a pointer by RFC 6901"
    assert all(set(each) == {"pointer", "code", "detail"} for each in answer.json["errors"])


def test_a_body_full_of_mistakes_does_not_come_back_larger(client):
    """SEC-16: many unknown fields are answered by a few, too many by none."""
    answer = client.post("/v1/auth/login", json={f"field-{number}": number for number in range(MAX_FIELDS)})
    assert (answer.status_code, len(answer.json["errors"])) == (422, MOST_FAULTS)
    answer = client.post("/v1/auth/login", json={f"field-{number}": number for number in range(MAX_FIELDS + 1)})
    assert answer.status_code == 400


def test_a_busy_database_is_503_with_retry_after(client):
    """REL-04, SEC-21."""
    answer = refused_503(client)
    assert answer.headers["Retry-After"] == "2"


def test_head_and_options_are_answered(client):
    assert client.head("/v1/terms").status_code == 200
    assert client.options("/v1/terms").status_code == 200
