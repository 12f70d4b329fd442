"""Other words for a type that is told at several moments; which ones, its figures say (`variant`)."""

from __future__ import annotations

from collections.abc import Mapping

from neighbourly.notifications.telling import Wording

TOOK_PLACE, AGAIN, WAITS, OFFERED, TAKEN = "took_place", "again", "waits", "offered", "taken"
ATTESTED, NO_WORD = "attested", "no_word"
BOTH = "both"
GRANTED, GIVEN_BACK = "granted", "given_back"

OTHER_WORDS: Mapping[tuple[str, str], Mapping[str, Wording]] = {
    ("exchange_proposed", AGAIN): {
        "fr": Wording("On attend votre réponse\u00a0: {title}", "Oui, non, ou un autre moment\u00a0: chacune aide."),
        "en": Wording("Your answer is awaited: {title}", "Yes, no, or another time: each of them helps."),
    },
    ("exchange_cancelled", NO_WORD): {
        "fr": Wording(
            "Sans nouvelles\u00a0: {title}", "Nous le considérons annulé. S'il a eu lieu, dites-le d'un geste."
        ),
        "en": Wording("No word of it: {title}", "We take it as cancelled. If it did take place, one tap says so."),
    },
    ("exchange_handed_over", ATTESTED): {
        "fr": Wording("{name}\u00a0: l'objet est remis", "«\u00a0{title}\u00a0»\u00a0: le code en atteste."),
        "en": Wording("{name}: it was handed over", "“{title}”: the code attests it."),
    },
    ("exchange_returned", ATTESTED): {
        "fr": Wording("{name}\u00a0: l'objet est rendu", "«\u00a0{title}\u00a0»\u00a0: le code en atteste."),
        "en": Wording("{name}: it is back", "“{title}”: the code attests it."),
    },
    ("exchange_expired", OFFERED): {
        "fr": Wording("Pas de réponse", "«\u00a0{title}\u00a0»\u00a0: merci d'avoir proposé votre aide."),
        "en": Wording("No answer came", "“{title}”: thank you for having offered your help."),
    },
    ("hand_over_due", TOOK_PLACE): {
        "fr": Wording("Cela s'est-il fait\u00a0? {title}", "Un geste suffit pour le dire, ou pour annuler."),
        "en": Wording("Did it take place? {title}", "One tap says so, or cancels it."),
    },
    ("help_to_confirm", TOOK_PLACE): {
        "fr": Wording("Cela s'est-il fait\u00a0? {title}", "Un geste suffit pour le dire, ou pour annuler."),
        "en": Wording("Did it take place? {title}", "One tap says so, or cancels it."),
    },
    ("help_to_confirm", WAITS): {
        "fr": Wording("C'est fait\u00a0: {title}", "La personne aidée confirme, ou cela se fait seul après 7 jours."),
        "en": Wording("It is done: {title}", "Who was helped confirms it, or it confirms itself after 7 days."),
    },
    ("minutes_received", GRANTED): {
        "fr": Wording("Le pot commun vous offre {time}", "C'est sur votre compte, de la part de votre quartier."),
        "en": Wording("The common pot gives you {time}", "It is in your account, from your neighbourhood."),
    },
    ("minutes_received", GIVEN_BACK): {
        "fr": Wording("{name} vous rend {time}", "C'est de nouveau sur votre compte."),
        "en": Wording("{name} gives you {time} back", "It is in your account again."),
    },
    ("thanks_received", BOTH): {
        "fr": Wording("{name} aussi vous a écrit un merci", "Vous pouvez le lire, comme tout le monde."),
        "en": Wording("{name} wrote a thank you too", "You can read it now, as everyone can."),
    },
    ("item_unavailable", TAKEN): {
        "fr": Wording(
            "Pris entre-temps\u00a0: {title}", "Quelqu'un d'autre l'aura. Vous pouvez proposer un autre moment."
        ),
        "en": Wording("Taken meanwhile: {title}", "Somebody else will have it. You can propose another time."),
    },
}
"""By type and variant, then by language."""
