"""The words, and how each type is pushed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from neighbourly.accounts.names import first_word
from neighbourly.notifications.catalogue import CATALOGUE, Subject, Wording, words
from neighbourly.notifications.other_words import OTHER_WORDS
from neighbourly.preferences.types import NOTIFICATION_TYPES

ALL = sorted(CATALOGUE)
LANGUAGES = ("fr", "en")
SEEN = Subject("Bob", "Une perceuse", {"distance_m": 300, "answer": "yes"})
HIDDEN = Subject(None, None, {})


def test_every_type_is_one_that_phones_know():
    assert set(CATALOGUE) <= set(NOTIFICATION_TYPES)


def test_at_most_four_collapse_keys_are_in_use():
    """FCM-06: Firebase keeps no more for a phone that is out of reach."""
    keys = {telling.collapse_key for telling in CATALOGUE.values()}
    assert len(keys) <= 4
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,32}", key) for key in keys)


@pytest.mark.parametrize("name", ALL)
def test_every_type_has_a_time_to_live_and_a_priority(name):
    """FCM-06: a push outlives one night of quiet hours, and no four weeks."""
    assert timedelta(hours=12) <= CATALOGUE[name].ttl <= timedelta(weeks=4)
    assert CATALOGUE[name].priority in ("high", "normal")
    assert CATALOGUE[name].still_while


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("subject", [SEEN, HIDDEN])
def test_every_type_can_be_said_in_both_languages(name, language, subject):
    said = words(name, subject, language)
    assert said.title
    assert said.body
    assert "{" not in said.title + said.body
    assert len(said.title) <= 60


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("subject", [SEEN, HIDDEN])
def test_french_is_set_as_french_is(name, subject):
    text = " ".join(vars(words(name, subject, "fr")).values())
    assert not re.search("[\u2019\u202f]", text), "one apostrophe and one no-break space, as everywhere else"
    assert not re.search("[^\u00a0][?!;]|[^\u00a0][:»]|«[^\u00a0]", text)


@pytest.mark.parametrize(("name", "variant"), sorted(OTHER_WORDS))
def test_other_moments_of_a_type_have_words_of_their_own(name, variant):
    subject = Subject("Bob", "Une perceuse", {"variant": variant})
    for language in LANGUAGES:
        said = words(name, subject, language)
        assert said != words(name, SEEN, language)
        assert "{" not in said.title + said.body
        assert len(said.title) <= 60
    test_french_is_set_as_french_is(name, subject)
    hidden, wording = Subject(None, None, {"variant": variant}), OTHER_WORDS[name, variant]["fr"]
    hides = wording.names_someone or wording.names_something
    assert (words(name, hidden, "fr") == CATALOGUE[name].neutral["fr"]) is hides


def test_what_a_neighbour_reads_when_asked():
    assert words("request_nearby", SEEN, "fr") == Wording(
        "Bob demande\u00a0: Une perceuse", "C'est à environ 300\u00a0m de chez vous. Vous pourriez aider\u00a0?"
    )
    assert words("request_nearby", SEEN, "en") == Wording(
        "Bob asks: Une perceuse", "It is about 300\u00a0m from you. Could you help?"
    )


@pytest.mark.parametrize(
    ("metres", "french", "english"),
    [
        (0, "100\u00a0m", "100\u00a0m"),
        (149, "100\u00a0m", "100\u00a0m"),
        (151, "200\u00a0m", "200\u00a0m"),
        (949, "900\u00a0m", "900\u00a0m"),
        (951, "1\u00a0km", "1\u00a0km"),
        (1234, "1,2\u00a0km", "1.2\u00a0km"),
        (20000, "20\u00a0km", "20\u00a0km"),
    ],
)
def test_distances_are_said_in_hundreds_of_metres(metres, french, english):
    subject = Subject("Bob", "Une perceuse", {"distance_m": metres})
    assert f"environ {french} de" in words("request_nearby", subject, "fr").body
    assert f"about {english} from" in words("request_nearby", subject, "en").body


def test_without_a_distance_it_is_simply_near():
    said = words("request_nearby", Subject("Bob", "Une perceuse", {}), "fr")
    assert said.body.startswith("C'est près de chez vous.")


@pytest.mark.parametrize(
    ("answer", "title"), [("yes", "Bob peut vous aider"), ("later", "Bob pourra vous aider plus tard")]
)
def test_a_yes_and_a_later_are_told_apart(answer, title):
    assert words("answer_received", Subject("Bob", "Une perceuse", {"answer": answer}), "fr").title == title


@pytest.mark.parametrize("hidden", [Subject("Bob", None, {}), Subject(None, "Une perceuse", {})])
def test_what_may_not_be_seen_is_not_said(hidden):
    said = words("request_nearby", hidden, "fr")
    assert said == Wording("Une demande près de chez vous", "Cela n'est plus visible.")


def test_braces_in_a_title_stay_braces():
    assert words("request_nearby", Subject("Bob", "{name} {0}", {}), "en").title == "Bob asks: {name} {0}"


@pytest.mark.parametrize(
    ("display_name", "said"), [("Bob B.", "Bob"), (" Marie Curie", "Marie"), ("Zoé", "Zoé"), ("", ""), ("—", "—")]
)
def test_of_a_person_only_the_first_word_is_said(display_name, said):
    """FCM-05: no family name reaches a lock screen."""
    assert first_word(display_name) == said
