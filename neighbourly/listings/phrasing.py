"""How a title asks, which tells the kind of help it means: a thing to borrow, something to learn, an hour's hand."""

from collections.abc import Mapping
from dataclasses import dataclass

from neighbourly.core.language import fold
from neighbourly.listings.categories import KINDS, Kind


@dataclass(frozen=True)
class Tone:
    """How much a title's phrasing speaks for a kind: a `bonus` of its own, and a `factor` on all its evidence."""

    bonus: float = 0.0
    factor: float = 1.0


@dataclass(frozen=True)
class _Phrasing:
    tones: Mapping[Kind, Tone]
    phrases: tuple[str, ...]
    """Folded; "^" stands for the beginning of the title."""


_LENDING = _Phrasing(
    {"item": Tone(0.5), "skill": Tone(factor=0.3), "time": Tone(factor=0.3)},
    (
        "preter", "prete", "emprunter", "emprunt", "pret d un", "pret d une", "a donner", "donne", "borrow",
        "borrowing", "lend", "lending", "give away", "giving away", "to give",
    ),
)  # fmt: skip
_NAMING_A_THING = _Phrasing(
    {"item": Tone(0.1, 1.3)},
    (
        "besoin d un", "besoin d une", "besoin de la", "cherche un", "cherche une", "recherche un", "recherche une",
        "qui aurait un", "qui aurait une", "qui a un", "qui a une", "quelqu un a un", "quelqu un a une",
        "quelqu un aurait", "i need a", "i need an", "looking for a", "looking for an", "anyone have", "anybody have",
        "anyone got", "anybody got", "someone have", "who has a", "who has an", "lot de", "set of",
    ),
)  # fmt: skip
_LEARNING = _Phrasing(
    {"item": Tone(factor=0.3), "skill": Tone(0.5, 1.7), "time": Tone(factor=0.5)},
    (
        "apprendre", "apprends", "apprenez", "apprentissage", "cours", "lecon", "lecons", "initiation", "initier",
        "expliquer", "explique", "conseil", "conseils", "comment", "me montrer", "progresser", "debuter la",
        "debuter le", "debuter l", "debuter en", "formation", "former", "coaching", "coach", "soutien", "stage de",
        "learn", "learning", "teach", "teaching", "teacher", "lesson", "lessons", "class", "classes", "tutor",
        "tutoring", "advice", "how to", "how do", "explain", "show me", "introduction to", "beginner", "beginners",
    ),
)  # fmt: skip
_BROKEN = _Phrasing(
    {"item": Tone(factor=0.4), "skill": Tone(0.4, 1.4), "time": Tone(factor=0.7)},
    (
        "en panne", "marche plus", "fonctionne plus", "demarre plus", "demarre pas", "s allume plus", "ferme plus",
        "ne charge plus", "arrive pas", "arrive plus", "casse", "cassee", "abime", "abimee", "reparer", "reparation",
        "broken", "not working", "doesn t work", "does not work", "stopped working", "won t start", "will not start",
        "won t turn on", "can t manage", "fix", "repair a", "repair an", "repair my", "mend",
    ),
)  # fmt: skip
# Who begins with "mon téléphone" has one: it is not what they want to borrow.
_ONES_OWN = _Phrasing(
    {"item": Tone(factor=0.5)},
    ("^ mon", "^ ma", "^ mes", "^ notre", "^ nos", "^ my", "^ our"),
)
_A_HAND = _Phrasing(
    {"item": Tone(factor=0.5), "time": Tone(0.35, 1.2)},
    (
        "aide", "aider", "coup de main", "quelqu un pour", "une personne pour", "des bras", "besoin de bras",
        "qui peut", "qui pourrait", "benevole", "benevoles", "volontaire", "volontaires", "accompagner",
        "accompagnement", "accompagnateur", "ensemble", "can someone", "could someone", "can anyone", "could anyone",
        "someone to", "somebody to", "anyone to", "person to", "people to", "help", "helping", "helper", "a hand",
        "extra hands", "volunteer", "volunteers", "who can", "who could", "go with me", "come with me", "accompany",
    ),
)  # fmt: skip
_PHRASINGS = (_LENDING, _NAMING_A_THING, _LEARNING, _BROKEN, _ONES_OWN, _A_HAND)


def phrased_as(title: str) -> dict[Kind, Tone]:
    """Give for each kind how the phrasing speaks for or against it; "qui pourrait me prêter" is lending alone."""
    text = f" ^ {fold(title)} "
    heard = [phrasing for phrasing in _PHRASINGS if any(f" {phrase} " in text for phrase in phrasing.phrases)]
    if _LENDING in heard:
        heard = [_LENDING]
    return {kind: _together([one.tones.get(kind, Tone()) for one in heard]) for kind in KINDS}


def _together(tones: list[Tone]) -> Tone:
    bonus, factor = max((tone.bonus for tone in tones), default=0.0), 1.0
    for tone in tones:
        factor *= tone.factor
    return Tone(bonus, factor)
