"""What fold, words and stems make of French and English text."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neighbourly.core.language import fold, is_stop_word, stem, stems, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Échelle", "echelle"),
        ("L'Œuvre d'art", "l oeuvre d art"),
        ("l’échelle – 7 m", "l echelle 7 m"),
        ("Porte-vélos", "porte velos"),
        ("ÇA & là", "ca la"),
        ("ex æquo", "ex aequo"),
        ("STRASSE Straße", "strasse strasse"),
        ("snake_case", "snake case"),
        ("e\u0301te\u0301", "ete"),
        ("ﬁl", "fil"),
        ("한국어", "한국어"),
        ("  \n\t ", ""),
        ("", ""),
    ],
)
def test_text_is_folded_to_plain_words(text, folded):
    assert fold(text) == folded


def test_words_keep_their_order_and_their_repetitions():
    assert words("Bêche, râteau ; bêche n°2") == ["beche", "rateau", "beche", "n", "2"]


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("perceuse", "Perceuses"),
        ("un vélo", "des vélos"),
        ("ski", "skis"),
        ("jeu de société", "jeux"),
        ("un cheveu", "les cheveux"),
        ("réparer", "réparations"),
        ("déménager", "déménagement"),
        ("drill", "drilling"),
        ("gardening", "my garden"),
        ("a shelf", "shelves"),
        ("knife", "sharpen knives"),
    ],
)
def test_what_differs_by_its_ending_shares_a_stem(one, other):
    assert stems(one) & stems(other)


@pytest.mark.parametrize(
    ("one", "other"), [("perceuse", "poussette"), ("marteau", "maison"), ("chien", "chaise"), ("saw", "sew")]
)
def test_what_differs_by_its_sense_shares_none(one, other):
    assert not stems(one) & stems(other)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("J'ai besoin d'une perceuse", "perceuse"),
        ("je cherche une perceuse", "perceuse"),
        ("Bonjour, qui aurait une perceuse à me prêter, svp ? Merci d'avance !", "perceuse"),
        ("I need a drill", "drill"),
        ("Looking for a drill", "drill"),
        ("could anyone please lend me a drill, thanks", "drill"),
        ("2 perceuses", "perceuse"),
    ],
)
def test_the_way_of_asking_leaves_no_stem(asked, meant):
    assert stems(asked) == stems(meant)


@pytest.mark.parametrize("word", ["car", "four", "main", "pain", "chat", "tour", "drill"])
def test_a_thing_in_either_language_is_no_stop_word(word):
    assert not is_stop_word(word)


@pytest.mark.parametrize("word", ["l", "de", "the", "24", "besoin", "borrow", ""])
def test_what_names_no_subject_is_a_stop_word(word):
    assert is_stop_word(word)


def test_a_text_of_stop_words_has_no_stems():
    assert stems("Qui aurait ça pour moi ?") == frozenset()


def test_stems_hold_both_languages():
    assert stems("jardinage") == {stem("jardinage", "fr"), stem("jardinage", "en")}


def test_an_endless_word_is_cut():
    assert stem("x" * 4000, "fr") == stem("x" * 40, "fr")


def test_threads_do_not_disturb_one_another():
    listed = [f"{beginning}{number}ement" for beginning in ("part", "log", "change") for number in range(400)]
    expected = [stem.__wrapped__(word, "fr") for word in listed]
    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda word: stem(word, "fr"), listed)) == expected
