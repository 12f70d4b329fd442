"""The words of steps and of typed replies, in the reader's language; pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from neighbourly.core.errors import Words
from neighbourly.core.language import duration

QUICK: Mapping[str, Words] = {
    "on_my_way": {"fr": "J'arrive.", "en": "I am on my way."},
    "late_10": {"fr": "J'aurai dix minutes de retard.", "en": "I will be ten minutes late."},
    "move_it": {"fr": "Peut-on déplacer le rendez-vous\u00a0?", "en": "Can we move it?"},
}
"""Replies of one tap."""

STEPS: Mapping[str, Words] = {
    "proposed": {"fr": "{name} propose un moment.", "en": "{name} proposes a time."},
    "proposed:help": {"fr": "{name} propose un moment\u00a0: {time}.", "en": "{name} proposes a time: {time}."},
    "proposed:help_as_gift": {
        "fr": "{name} propose un moment\u00a0: {time} en cadeau.",
        "en": "{name} proposes a time: {time} as a gift.",
    },
    "countered:help": {
        "fr": "{name} propose un autre moment\u00a0: {time}.",
        "en": "{name} proposes another time: {time}.",
    },
    "countered:help_as_gift": {
        "fr": "{name} propose un autre moment\u00a0: {time} en cadeau.",
        "en": "{name} proposes another time: {time} as a gift.",
    },
    "accepted:chosen_help": {
        "fr": "{name} a retenu cette proposition\u00a0: {time}.",
        "en": "{name} chose this offer: {time}.",
    },
    "countered": {"fr": "{name} propose un autre moment.", "en": "{name} proposes another time."},
    "accepted": {"fr": "{name} est d'accord.", "en": "{name} agrees."},
    "accepted:chosen": {"fr": "{name} a retenu cette proposition.", "en": "{name} chose this offer."},
    "declined": {"fr": "{name} ne peut pas cette fois.", "en": "{name} cannot this time."},
    "ended_with_listing": {
        "fr": "L'annonce a pris fin, et cette proposition avec elle. Ce n'est pas un refus.",
        "en": "The listing has ended, and this proposal with it. It is no refusal.",
    },
    "ended_out_of_reach": {
        "fr": "L'une des deux personnes a déménagé trop loin\u00a0: la proposition prend fin.",
        "en": "One of the two has moved too far away: this proposal ends.",
    },
    "withdrawn": {"fr": "{name} a retiré sa proposition.", "en": "{name} took the proposal back."},
    "expired": {"fr": "La proposition est restée sans réponse.", "en": "The proposal was not answered."},
    "expired_away": {
        "fr": "La proposition est close\u00a0: la personne demandée n'était pas là.",
        "en": "The proposal is over: who was asked is away.",
    },
    "cancelled": {"fr": "{name} a annulé.", "en": "{name} cancelled."},
    "cancelled:absent": {
        "fr": "{name} a attendu et n'a vu personne\u00a0: c'est annulé. Un mot, si c'était autrement\u00a0?",
        "en": "{name} waited and saw nobody, so this is cancelled. A word, if it was otherwise?",
    },
    "cancelled_no_word": {
        "fr": "Sans nouvelles, l'échange est annulé. S'il a eu lieu, dites-le.",
        "en": "Without a word, this is cancelled. If it did take place, say so.",
    },
    "cancelled_moderator": {"fr": "La modération a annulé l'échange.", "en": "A moderator cancelled this."},
    "over_since_left": {
        "fr": "L'une des deux personnes a quitté le service\u00a0: c'est clos.",
        "en": "One of the two has left the service: this is over.",
    },
    "cancelled_parted": {"fr": "L'échange est annulé.", "en": "This is cancelled."},
    "handed_over": {"fr": "{name}\u00a0: l'objet est remis.", "en": "{name}: it was handed over."},
    "returned": {"fr": "{name}\u00a0: l'objet est rendu.", "en": "{name}: it was returned."},
    "returned:handed_on": {
        "fr": "{name}\u00a0: l'objet est chez une autre personne. Ce prêt est donc rendu.",
        "en": "{name}: another borrower has it, so this loan is returned.",
    },
    "done": {"fr": "{name}\u00a0: c'est fait.", "en": "{name}: it is done."},
    "confirmed": {"fr": "{name} confirme.", "en": "{name} confirms."},
    "disputed": {"fr": "{name} n'est pas d'accord.", "en": "{name} does not agree."},
    "disputed:not_back": {
        "fr": "L'objet n'est pas rendu depuis un an\u00a0: à vous deux ou à la modération de dire comment cela finit.",
        "en": "It has not come back for a year: the two of you, or a moderator, say how this ends.",
    },
    "settlement_proposed": {"fr": "{name} propose une issue.", "en": "{name} proposes how to end this."},
    "extension_requested": {"fr": "{name} aimerait garder l'objet.", "en": "{name} would like to keep it longer."},
    "extension_lapsed": {
        "fr": "La demande de prolongation est restée sans réponse.",
        "en": "The wish for more time was not answered.",
    },
    "extension_granted": {"fr": "{name} prolonge le prêt.", "en": "{name} extends the loan."},
    "extension_refused": {"fr": "{name} ne peut pas prolonger le prêt.", "en": "{name} cannot extend the loan."},
}
"""What happened to an exchange, and after a colon how, where that is said otherwise; `{name}` is who did it, `{time}`
how long a help takes."""
BY_ITSELF: Words = {"fr": "C'est fait d'office.", "en": "This happened by itself."}
SOMETHING: Words = {"fr": "L'échange a avancé.", "en": "The exchange moved on."}
FORMER: Words = {"fr": "Un ancien voisin", "en": "A former neighbour"}


def words_of(
    kind: str,
    code: str | None,
    body: str,
    name: str | None,
    language: str,
    *,
    figures: Mapping[str, Any] | None = None,
) -> str:
    """What a message says; `name` is who wrote or did it, None where time did.

    `figures` are a step's: `how` it came about, where that is said otherwise, and of a help its `minutes`.
    """
    said = figures or {}
    if kind == "quick":
        return QUICK.get(code or "", SOMETHING)[language]
    if kind == "step":
        wording = (STEPS.get(f"{code}:{said.get('how')}") or STEPS.get(code or "", SOMETHING))[language]
        if "{name}" not in wording:
            return wording
        time = duration(said.get("minutes") or 0)
        return BY_ITSELF[language] if name is None else wording.format(name=name, time=time)
    return body


def known_as(display_name: str, state: str, language: str) -> str:
    """A person's name, or that they have left."""
    return FORMER[language] if state == "erased" else display_name
