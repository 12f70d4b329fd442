"""The words, and how each type is pushed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from neighbourly.accounts.names import first_word
from neighbourly.conversations.wording import STEPS
from neighbourly.notifications.catalogue import CATALOGUE, Subject, Wording, words
from neighbourly.notifications.other_words import OTHER_WORDS
from neighbourly.preferences.types import NOTIFICATION_TYPES

ALL = sorted(CATALOGUE)
LANGUAGES = ("fr", "en")
WHEN = "2026-12-05T17:00:00+00:00"
SEEN = Subject("Bob", "Une perceuse", {"distance_m": 300, "answer": "yes", "when": WHEN})
RELATIVE = {
    "fr": r"demain|aujourd'hui|hier|ce soir|ce matin|tantôt|tout à l'heure|tout de suite|bientôt|maintenant"
    r"|prochaine?s?|dans \d+|il y a \d+|sous \d+|d'ici|pour l'instant|pour le moment"
    r"|jours?|heures?|semaines?|minutes?|\d+.h",
    "en": r"tomorrow|today|yesterday|tonight|this evening|this morning|soon|now|next|ago|in \d+|within|for now"
    r"|days?|hours?|weeks?|minutes?|\d+.h",
}
"""What says when by the moment of writing, and lengths, which would be reckoned from it."""
HIDDEN = Subject(None, None, {})


def test_every_type_is_one_that_phones_know():
    assert set(CATALOGUE) <= set(NOTIFICATION_TYPES)


def test_four_channels_are_enough_to_choose_from():
    """FCM-06: an app makes each on the phone beforehand."""
    assert {telling.channel for telling in CATALOGUE.values()} == {"asks", "replies", "listings", "exchanges"}


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
    assert not re.search(r"[^\u00a0][?!;»]|[^\u00a0\d]:|«[^\u00a0]", text)


@pytest.mark.parametrize(("name", "variant"), sorted(OTHER_WORDS))
def test_other_moments_of_a_type_have_words_of_their_own(name, variant):
    subject = Subject("Bob", "Une perceuse", {"variant": variant, "when": WHEN})
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


def texts(language):
    """All that stays in an inbox or a thread, with where it stands."""
    for name, telling in CATALOGUE.items():
        yield from ((name, telling.wording[language]), (f"{name} (neutral)", telling.neutral[language]))
    yield from ((" ".join(key), wording[language]) for key, wording in OTHER_WORDS.items())
    yield from ((f"step {code}", Wording(said[language], "")) for code, said in STEPS.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_that_stays_says_when_by_the_day_of_its_writing(language):
    """BOK-09: "demain" stays "demain" for ever."""
    relative = re.compile(rf"\b(?:{RELATIVE[language]})\b", re.IGNORECASE)
    found = {where: relative.findall(f"{said.title} {said.body}") for where, said in texts(language)}
    assert {where: words for where, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("zone", "others", "french", "english"),
    [
        ("Europe/Paris", None, "samedi 5 décembre à 18:00", "Saturday 5 December at 18:00"),
        ("Europe/Paris", "Europe/Brussels", "samedi 5 décembre à 18:00", "Saturday 5 December at 18:00"),
        (
            "Europe/Lisbon",
            "Europe/Paris",
            "samedi 5 décembre à 17:00 (heure locale\u00a0: Lisbonne)",
            "Saturday 5 December at 17:00 (Lisbon time)",
        ),
        (
            "Asia/Tokyo",
            "Europe/Paris",
            "dimanche 6 décembre à 02:00 (heure locale\u00a0: Tokyo)",
            "Sunday 6 December at 02:00 (Tokyo time)",
        ),
    ],
)
def test_times_are_said_on_the_readers_clock_and_whose_it_is_where_the_two_differ(zone, others, french, english):
    """TXT-02."""
    subject = Subject("Bob", "Une perceuse", {"when": WHEN}, zone, others)
    assert words("return_due", subject, "fr").body.startswith(f"C'est pour le {french}.")
    assert words("return_due", subject, "en").body.startswith(f"It is due on {english}.")


def test_the_first_of_a_month_is_said_as_it_is_in_french():
    subject = Subject("Bob", "Une perceuse", {"when": "2026-12-01T17:00:00+00:00"})
    assert "mardi 1er décembre à 18:00" in words("return_due", subject, "fr").body


def test_what_names_a_time_is_said_without_where_none_was_written():
    assert words("return_due", Subject("Bob", "Une perceuse", {}), "fr").title == "Un objet à rendre"
