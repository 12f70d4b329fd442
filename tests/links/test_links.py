"""The pages behind links."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from markupsafe import escape

from neighbourly.app import create_app
from neighbourly.core.config import ConfigurationError
from neighbourly.core.errors import Problem
from neighbourly.core.ids import new_id
from neighbourly.links.app_identity import read_identity
from tests.factories.listings import offer

APPS = {
    "scheme": "voisins",
    "android": [
        {"package": "org.example.voisins", "sha256_cert_fingerprints": ["AB:CD"], "store": "https://a.example"}
    ],
    "ios": [{"app_id": "TEAM.org.example.voisins", "store": "https://i.example"}],
}


@pytest.fixture
def with_apps(make_settings, tmp_path):
    """A client of an installation that has apps."""
    file = tmp_path / "apps.json"
    file.write_text(json.dumps(APPS))
    return create_app(make_settings(app_links=str(file))).test_client()


def test_a_listing_page_tells_nothing_not_even_whether_there_is_one(client, ana):
    """SEC-03: the page of a listing and that of none differ in nothing but the id that was asked for."""
    hers = offer(ana, title="Secateur de ma grand-mere")
    shown, none = (client.get(f"/l/{each}") for each in (hers.id, new_id()))
    assert shown.status_code == none.status_code == 200
    assert shown.data == none.data
    assert b"grand-mere" not in shown.data


def test_an_invitation_page_shows_the_code_to_type(client):
    page = client.get("/i/K7Q2M9XA4B", headers={"Accept-Language": "en"})
    assert "K7Q2M9XA4B" in page.text
    assert "Your neighbours invite you" in page.text


def test_a_code_cannot_bring_markup_along(client):
    page = client.get("/i/<script>alert(1)<%2Fscript>"[:40])
    assert "<script" not in page.text


def test_with_apps_the_page_opens_them_and_names_the_stores(with_apps):
    thing = new_id()
    page = with_apps.get(f"/x/{thing}").text
    assert f'href="voisins://x/{thing}"' in page
    assert "https://a.example" in page
    assert "https://i.example" in page


def test_phones_learn_which_app_may_open_links(with_apps, client):
    android = with_apps.get("/.well-known/assetlinks.json").json
    assert android[0]["target"]["package_name"] == "org.example.voisins"
    apple = with_apps.get("/.well-known/apple-app-site-association").json
    assert apple["applinks"]["details"][0]["appIDs"] == ["TEAM.org.example.voisins"]
    assert client.get("/.well-known/assetlinks.json").status_code == 404


def test_a_page_loads_nothing_from_elsewhere_and_runs_no_script(client):
    page = client.get("/i/K7Q2M9XA4B")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "<script" not in page.text
    assert "src=" not in page.text


@pytest.mark.parametrize("said", ["[]", "{", '{"android": [{}]}', '{"ios": 3}'])
def test_a_wrong_file_of_apps_is_one_sentence(tmp_path, said):
    file = tmp_path / "apps.json"
    file.write_text(said)
    with pytest.raises(ConfigurationError, match="does not describe apps"):
        read_identity(file)


def problems(of=Problem):
    """Every kind of refusal there is."""
    for kind in of.__subclasses__():
        yield kind
        yield from problems(kind)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_type_of_every_problem_leads_to_a_page(client, language):
    """REL-03: `type` is an address that a developer can open."""
    for kind in problems():
        page = client.get(f"/problems/{kind.code()}", headers={"Accept-Language": language})
        assert page.status_code == 200
        assert escape(kind.title[language]) in page.text
        assert f"<code>{kind.code()}</code>" in page.text
        assert f'<html lang="{language}">' in page.text


def test_the_type_of_a_real_refusal_is_that_address(client):
    refused = client.get("/v1/me")
    assert "Connexion nécessaire" in client.get(refused.json["type"]).text
    one_field = client.post("/v1/cells", json={"cell": "x"}).json["type"]
    assert client.get(one_field).status_code == 200


def test_the_name_of_a_single_fields_fault_has_the_page_of_all_422s(client):
    page = client.get("/problems/cell_too_fine")
    assert "<dd>422</dd>" in page.text
    assert "cell_too_fine" in page.text


@pytest.mark.parametrize("code", ["<b>", "A", "not found", "..", "x" * 81, "é"])
def test_what_cannot_be_a_code_is_not_found(client, code):
    assert client.get(f"/problems/{code}").status_code == 404


def test_all_codes_are_on_one_page(client):
    page = client.get("/problems", headers={"Accept-Language": "en"})
    assert all(f'href="/problems/{kind.code()}"' in page.text for kind in problems())
    assert "<script" not in page.text


@pytest.mark.parametrize("path", ["/l/0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6", "/i/K7Q2M9XA4B", "/problems"])
def test_pages_speak_the_language_of_the_reader(client, path):
    french, english = (client.get(path, headers={"Accept-Language": each}) for each in ("fr", "en"))
    assert french.data != english.data
    assert "Accept-Language" in english.headers["Vary"]


def test_french_pages_have_french_spaces(client):
    paths = ["/l/0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6", "/i/K7Q2M9XA4B", "/problems"]
    paths += [f"/problems/{kind.code()}" for kind in problems()]
    for path in paths:
        text = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", client.get(path).text, flags=re.DOTALL))
        assert re.findall(r"[^\u00a0\u202f\s][:;!?»]|«[^\u00a0\u202f]", text) == [], path
