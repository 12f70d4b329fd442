"""Words in French and English, with or without accents."""

from __future__ import annotations

import pytest

from tests.factories.listings import offer

THINGS = {
    "Vélo d'enfant à prêter": "Un vélo rouge, très peu utilisé.",
    "Échelle télescopique": "Pour les gouttières.",
    "Cordless drill": "Lent with its bits and a charger.",
    "Perceuse à percussion": "Avec des forets, échange possible contre une ponceuse.",
    "Cours d'anglais": "Conversation autour d'un thé.",
}


@pytest.fixture
def things(bob):
    return {title: offer(bob, title, description=description) for title, description in THINGS.items()}


def titles(client, q, **more):
    query = {"q": q, **more}
    return [item["title"] for item in client.get("/v1/listings", query_string=query).json["items"]]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("vélo", {"Vélo d'enfant à prêter"}),
        ("velo", {"Vélo d'enfant à prêter"}),
        ("VÉLOS", {"Vélo d'enfant à prêter"}),
        ("echelles", {"Échelle télescopique"}),
        ("gouttiere", {"Échelle télescopique"}),
        ("drill", {"Cordless drill"}),
        ("drills", {"Cordless drill"}),
        ("charging", {"Cordless drill"}),
        ("perceuses", {"Perceuse à percussion"}),
        ("foret perceuse", {"Perceuse à percussion"}),
        ("perceuse or drill", {"Perceuse à percussion", "Cordless drill"}),
        ('"velo rouge"', {"Vélo d'enfant à prêter"}),
        ('"rouge velo"', set()),
        ("anglais", {"Cours d'anglais"}),
        ("anglais -conversation", set()),
        ("tondeuse", set()),
        ("!!!", set()),
        ("'; DROP TABLE listings; --", set()),
        ("((((", set()),
        ("a" * 200, set()),
    ],
)
def test_words_are_found_in_both_languages_without_their_accents(things, as_, ana, q, found):
    assert set(titles(as_(ana), q)) == found


@pytest.mark.parametrize("q", ["", "   "])
def test_no_words_filter_nothing(things, as_, ana, q):
    assert len(titles(as_(ana), q)) == len(THINGS)


def test_by_relevance_a_title_goes_before_a_description(as_, ana, bob, cleo):
    offer(bob, "Ponceuse", description="Ou perceuse.")
    offer(cleo, "Perceuse", description="Rien d'autre.")
    assert titles(as_(ana), "perceuse", sort="relevance") == ["Perceuse", "Ponceuse"]
    assert titles(as_(ana), "perceuse", sort="distance") == ["Ponceuse", "Perceuse"]


def test_relevance_has_pages_too(as_, ana, bob, cleo):
    """REL-06: a total order by rank, distance, age and id."""
    for number in range(4):
        offer(bob, f"Perceuse {number}")
        offer(cleo, f"Scie {number}", description="perceuse " * number)
    client, found, cursor = as_(ana), [], None
    while True:
        query = {"q": "perceuse", "sort": "relevance", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/listings", query_string=query).json
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    whole = client.get("/v1/listings?q=perceuse&sort=relevance").json["items"]
    assert found == [item["id"] for item in whole]
    assert len(found) == 7


def test_without_words_relevance_is_distance(things, as_, ana):
    client = as_(ana)
    assert client.get("/v1/listings?sort=relevance").json == client.get("/v1/listings?sort=distance").json


# By meaning


def test_what_means_the_same_comes_after_what_the_words_find(meaning, as_, ana, bob, cleo, run_jobs):
    for who, title, more in (
        (cleo, "Perceuse", {}),
        (bob, "Drill driver", {"description": "Cordless, with bits."}),
        (bob, "Poussette double", {}),
    ):
        offer(who, title, **more)
    run_jobs()
    for sort in ("distance", "relevance", "recent"):
        page = as_(ana).get("/v1/listings", query_string={"q": "perceuse", "sort": sort}).json
        assert ([each["title"] for each in page["items"]], page["next"]) == (["Perceuse", "Drill driver"], None)
    found = as_(ana).get("/v1/listings", query_string={"q": "perceuse", "kind": "skill"}).json
    assert found["items"] == []


def test_where_words_find_enough_nothing_else_is_shown(meaning, as_, ana, bob, run_jobs):
    offer(bob, "Drill driver")
    for number in range(6):
        offer(bob, f"Perceuse {number}")
    run_jobs()
    first = as_(ana).get("/v1/listings", query_string={"q": "perceuse", "limit": 4}).json
    rest = as_(ana).get("/v1/listings", query_string={"q": "perceuse", "limit": 4, "cursor": first["next"]}).json
    titles = [each["title"] for each in first["items"] + rest["items"]]
    assert sorted(titles) == [f"Perceuse {number}" for number in range(6)]
    assert rest["next"] is None


def test_meaning_widens_no_radius_and_takes_no_further_statement(meaning, as_, ana, cleo, run_jobs, statements):
    offer(cleo, "Drill driver")
    run_jobs()
    asker = as_(ana)
    with statements() as seen:
        far = asker.get("/v1/listings", query_string={"q": "perceuse", "radius_m": 5000}).json
    near = asker.get("/v1/listings", query_string={"q": "perceuse", "radius_m": 500}).json
    assert ([each["title"] for each in far["items"]], near["items"]) == (["Drill driver"], [])
    assert len(seen) <= 3, seen


def test_a_long_query_is_looked_for_by_its_words_alone(meaning, as_, ana, cleo, run_jobs):
    offer(cleo, "Drill driver")
    run_jobs()
    assert as_(ana).get("/v1/listings", query_string={"q": "perceuse " * 20}).json["items"] == []
