"""Every type of notification in one table: its words, and how, how long and how urgently it is pushed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from neighbourly.core.errors import Words
from neighbourly.core.language import duration, length
from neighbourly.core.language.moments import moment
from neighbourly.notifications.exchange_types import ANY_STATE, EXCHANGE_TYPES
from neighbourly.notifications.other_words import OTHER_WORDS
from neighbourly.notifications.telling import ASKS, EXCHANGES, LISTINGS, REPLIES, Telling, Wording


def _unseen(french: str, english: str) -> dict[str, Wording]:
    return {
        "fr": Wording(french, "Cela n'est plus visible."),
        "en": Wording(english, "This can no longer be seen."),
    }


CATALOGUE: Mapping[str, Telling] = {
    "request_nearby": Telling(
        wording={
            "fr": Wording("{name} demande\u00a0: {title}", "C'est {near}. Vous pourriez aider\u00a0?"),
            "en": Wording("{name} asks: {title}", "It is {near}. Could you help?"),
        },
        neutral=_unseen("Une demande près de chez vous", "A request near you"),
        channel=ASKS,
        ttl=timedelta(days=1),
        priority="high",
        still_while=frozenset({"published"}),
    ),
    "request_closed": Telling(
        wording={
            "fr": Wording("Plus besoin\u00a0: {title}", "Merci d'avoir répondu à {name}\u00a0!"),
            "en": Wording("No longer needed: {title}", "Thank you for answering {name}!"),
        },
        neutral={
            "fr": Wording("Une demande est close", "Vous aviez répondu, merci\u00a0! On n'a plus besoin d'aide."),
            "en": Wording("A request has ended", "Thank you for having answered! Help is no longer needed."),
        },
        channel=ASKS,
        ttl=timedelta(days=1),
        priority="normal",
        still_while=frozenset({"closed", "fulfilled"}),
        had_a_part=True,
    ),
    "answer_received": Telling(
        wording={
            "fr": Wording("{name} {help}", "Pour votre demande «\u00a0{title}\u00a0»."),
            "en": Wording("{name} {help}", "About your request “{title}”."),
        },
        neutral=_unseen("Une réponse à votre demande", "An answer to your request"),
        channel=REPLIES,
        ttl=timedelta(days=3),
        priority="high",
        still_while=frozenset({"published", "paused"}),
        urgent=True,
    ),
    "ask_exhausted": Telling(
        wording={
            "fr": Wording(
                "Votre demande reste affichée",
                "«\u00a0{title}\u00a0»\u00a0: plus personne à qui demander près de chez vous. "
                "Vous pouvez chercher plus loin, inviter ou imprimer.",
            ),
            "en": Wording(
                "Your request stays up",
                "“{title}”: there is nobody left to ask near you. You can look farther, invite or print.",
            ),
        },
        neutral=_unseen("Une de vos demandes", "One of your requests"),
        channel=REPLIES,
        ttl=timedelta(days=3),
        priority="normal",
        still_while=frozenset({"published"}),
    ),
    "match_found": Telling(
        wording={
            "fr": Wording("{name} propose\u00a0: {title}", "Cela pourrait répondre à ce que vous cherchez."),
            "en": Wording("{name} offers: {title}", "It could be what you are looking for."),
        },
        neutral=_unseen("Une offre près de chez vous", "An offer near you"),
        channel=LISTINGS,
        ttl=timedelta(days=3),
        priority="normal",
        still_while=frozenset({"published"}),
    ),
    "listing_expiring": Telling(
        wording={
            "fr": Wording(
                "Se termine\u00a0: {title}", "C'est pour le {when}. Toujours d'actualité\u00a0? Prolongez d'un geste."
            ),
            "en": Wording("Ending: {title}", "It ends on {when}. Is it still current? One tap renews it."),
        },
        neutral=_unseen("Une de vos annonces se termine", "One of your listings ends"),
        channel=LISTINGS,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"published", "paused"}),
    ),
    "listing_expired": Telling(
        wording={
            "fr": Wording("Annonce terminée\u00a0: {title}", "Un geste suffit pour remettre l'annonce en ligne."),
            "en": Wording("Ended: {title}", "One tap puts it back up."),
        },
        neutral=_unseen("Une de vos annonces est terminée", "One of your listings has ended"),
        channel=LISTINGS,
        ttl=timedelta(days=7),
        priority="normal",
        still_while=frozenset({"expired"}),
    ),
    "minutes_received": Telling(
        wording={
            "fr": Wording("{name} vous offre {time}", "C'est sur votre compte, pour quand un coup de main aiderait."),
            "en": Wording("{name} gives you {time}", "It is in your account, for when you could do with a hand."),
        },
        neutral={
            "fr": Wording("On vous offre du temps", "C'est sur votre compte."),
            "en": Wording("Time was given to you", "It is in your account."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=3),
        priority="normal",
        still_while=frozenset({None}),
        had_a_part=True,
    ),
    "absence_over": Telling(
        wording={
            "fr": Wording("Pendant votre absence\u00a0: {count} nouvelles", "Elles vous attendent dans l'application."),
            "en": Wording("While you were away: {count} things wait", "You find them in the app."),
        },
        neutral={
            "fr": Wording("Pendant votre absence", "Des nouvelles vous attendent."),
            "en": Wording("While you were away", "Some things wait for you."),
        },
        channel=REPLIES,
        ttl=timedelta(days=7),
        priority="normal",
        still_while=frozenset({None}),
        had_a_part=True,
    ),
    "waiting_over": Telling(
        wording={
            "fr": Wording("Plus proposé\u00a0: {title}", "Vous attendiez cet objet\u00a0: il n'est plus à emprunter."),
            "en": Wording("No longer offered: {title}", "You waited for this: it cannot be had any more."),
        },
        neutral={
            "fr": Wording("Un objet n'est plus proposé", "Vous l'attendiez\u00a0: il n'est plus à emprunter."),
            "en": Wording("A thing is no longer offered", "You waited for it: it cannot be had any more."),
        },
        channel=LISTINGS,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=ANY_STATE,
        had_a_part=True,
    ),
    **EXCHANGE_TYPES,
}

PLACELESS = frozenset({"minutes_received", "moderation_case", "absence_over"})
"""About nothing that has a page of its own: a tap leads to the app itself."""
HELP: Mapping[str, Words] = {
    "yes": {"fr": "peut vous aider", "en": "can help you"},
    "later": {"fr": "pourra vous aider plus tard", "en": "can help you later"},
}
PRICES: Mapping[str, Words] = {
    "paid": {"fr": "{} de votre compte", "en": "{} from your account"},
    "earned": {"fr": "{} pour vous", "en": "{} for you"},
    "gift": {"fr": "{} en cadeau", "en": "{} as a gift"},
    "uncounted": {"fr": "{}", "en": "{}"},
}
"""What a help costs or gives the one who is told; nothing is counted where the neighbourhood keeps no balances."""
NEAR: Words = {"fr": "près de chez vous", "en": "near you"}
AWAY: Words = {"fr": "à environ {} de chez vous", "en": "about {} from you"}


@dataclass(frozen=True)
class Subject:
    """What a notification is about, as far as its receiver may see it at this moment."""

    name: str | None
    """The first word of a person's display name: all that is said of a person (FCM-05)."""
    title: str | None
    """The listing's, which is public."""
    figures: Mapping[str, Any]
    """What was stored with it: `distance_m`, `answer`, `minutes`, `price`, `variant`, `count`; `when`, `expires_at`."""
    zone: str = "Europe/Paris"
    """The receiver's, in which times are said."""
    others_zone: str | None = None
    """The other side's, where there is one: a time says whose clock it is on where theirs shows another."""

    @property
    def when(self) -> datetime | None:
        """The moment that the words are about, if they are about one."""
        said = self.figures.get("when") or self.figures.get("expires_at")
        return None if said is None else datetime.fromisoformat(said)


def words(type_name: str, subject: Subject, language: str) -> Wording:
    """What is said of it in that language; a neutral text where a part of it may not be seen."""
    telling = CATALOGUE[type_name]
    variant = OTHER_WORDS.get((type_name, subject.figures.get("variant", "")), telling.wording)
    wording = variant[language]
    if _lacks(wording, subject):
        return telling.neutral[language]
    fillings = {
        "name": subject.name,
        "title": subject.title,
        "near": _near(subject.figures.get("distance_m"), language),
        "help": HELP[subject.figures.get("answer", "yes")][language],
        "price": PRICES[subject.figures.get("price", "uncounted")][language].format(
            duration(subject.figures.get("minutes", 0))
        ),
        "time": duration(subject.figures.get("minutes", 0)),
        "when": subject.when and moment(subject.when, language, subject.zone, others=subject.others_zone),
        "count": subject.figures.get("count", 0),
        "agreed": duration(subject.figures.get("agreed_minutes") or 0),
    }
    return Wording(wording.title.format_map(fillings), wording.body.format_map(fillings))


def _lacks(wording: Wording, subject: Subject) -> bool:
    """Whether a part of what would be said may not be seen, or was never written."""
    nothing = wording.names_something and subject.title is None
    nobody = wording.names_someone and subject.name is None
    return nothing or nobody or (wording.names_a_time and subject.when is None)


def _near(distance_m: int | None, language: str) -> str:
    """Never less than one hundred metres: cells are no finer."""
    return NEAR[language] if distance_m is None else AWAY[language].format(length(max(100, distance_m), language))


def link(public_url: str, listing_id: object, exchange_id: object = None) -> str | None:
    """Where a tap leads: the exchange's small page, else the listing's, which open the app; None: the app itself."""
    if exchange_id:
        return f"{public_url}/x/{exchange_id}"
    return f"{public_url}/l/{listing_id}" if listing_id else None
