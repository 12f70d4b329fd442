"""The tree of categories over HTTP."""

from __future__ import annotations

import pytest

from neighbourly.listings import categories


@pytest.mark.parametrize(("language", "name"), [("fr", "Outils et bricolage"), ("en", "Tools and DIY")])
def test_the_tree_is_named_in_the_callers_language(client, language, name):
    answer = client.get("/v1/categories", headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
    tools = next(node for node in answer.json["items"] if node["id"] == "tools")
    assert (tools["name"], tools["kind"]) == (name, "item")
    assert answer.json["items"] == categories.tree(language)
    assert "Accept-Language" in answer.headers["Vary"]


def test_an_unchanged_tree_is_not_sent_again(client):
    """REL-05: If-None-Match gives 304."""
    tag = client.get("/v1/categories").headers["ETag"]
    again = client.get("/v1/categories", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
