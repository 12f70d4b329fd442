"""The types of notification about exchanges, messages and waiting lists: kind in tone, and no one's words in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from neighbourly.exchanges.models import STATES
from neighbourly.listings.models import STATUSES
from neighbourly.notifications.telling import EXCHANGES, LISTINGS, REPLIES, Telling, Wording

ANY_STATE: frozenset[str | None] = frozenset({*STATUSES, *STATES})

EXCHANGE_TYPES: Mapping[str, Telling] = {
    "exchange_proposed": Telling(
        wording={
            "fr": Wording(
                "{name} vous propose un moment",
                "«\u00a0{title}\u00a0», le {when}\u00a0: dites oui, non, ou un autre moment.",
            ),
            "en": Wording("{name} proposes a time", "“{title}”, on {when}: say yes, no, or another time."),
        },
        neutral={
            "fr": Wording("On vous propose un moment", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("Somebody proposes a time", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="high",
        still_while=frozenset({"proposed"}),
        had_a_part=True,
    ),
    "exchange_countered": Telling(
        wording={
            "fr": Wording(
                "{name} propose un autre moment", "«\u00a0{title}\u00a0», le {when}\u00a0: cela vous convient-il\u00a0?"
            ),
            "en": Wording("{name} proposes another time", "“{title}”, on {when}: does that suit you?"),
        },
        neutral={
            "fr": Wording("On vous propose un autre moment", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("Somebody proposes another time", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="high",
        still_while=frozenset({"proposed"}),
        had_a_part=True,
    ),
    "exchange_accepted": Telling(
        wording={
            "fr": Wording("{name} est d'accord", "«\u00a0{title}\u00a0»\u00a0: c'est convenu pour le {when}."),
            "en": Wording("{name} agrees", "“{title}”: it is agreed for {when}."),
        },
        neutral={
            "fr": Wording("Un échange est convenu", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("An exchange is agreed", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=3),
        priority="high",
        still_while=frozenset({"accepted"}),
        had_a_part=True,
    ),
    "exchange_declined": Telling(
        wording={
            "fr": Wording("Pas cette fois", "«\u00a0{title}\u00a0»\u00a0: d'autres voisins peuvent aider."),
            "en": Wording("Not this time", "“{title}”: other neighbours can help."),
        },
        neutral={
            "fr": Wording("Pas cette fois", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("Not this time", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"declined"}),
        had_a_part=True,
    ),
    "exchange_expired": Telling(
        wording={
            "fr": Wording("Pas de réponse", "«\u00a0{title}\u00a0»\u00a0: voici ce qui s'en approche."),
            "en": Wording("No answer came", "“{title}”: here is what comes close."),
        },
        neutral={
            "fr": Wording("Une proposition sans réponse", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("A proposal without an answer", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"expired"}),
        had_a_part=True,
    ),
    "exchange_cancelled": Telling(
        wording={
            "fr": Wording("L'échange n'a pas lieu", "«\u00a0{title}\u00a0» est annulé."),
            "en": Wording("It will not take place", "“{title}” is cancelled."),
        },
        neutral={
            "fr": Wording("Un échange est annulé", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("An exchange is cancelled", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="high",
        still_while=frozenset({"cancelled", "withdrawn"}),
        had_a_part=True,
    ),
    "exchange_handed_over": Telling(
        wording={
            "fr": Wording(
                "{name}\u00a0: l'objet est remis",
                "«\u00a0{title}\u00a0». Si ce n'est pas le cas, dites-le avant le {when}.",
            ),
            "en": Wording("{name}: it was handed over", "“{title}”. If it was not, say so before {when}."),
        },
        neutral={
            "fr": Wording("Un objet est remis", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("A thing was handed over", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"handed_over"}),
        had_a_part=True,
    ),
    "exchange_returned": Telling(
        wording={
            "fr": Wording(
                "{name}\u00a0: l'objet est rendu",
                "«\u00a0{title}\u00a0». Si ce n'est pas le cas, dites-le avant le {when}.",
            ),
            "en": Wording("{name}: it is back", "“{title}”. If it is not, say so before {when}."),
        },
        neutral={
            "fr": Wording("Un objet est rendu", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("A thing is back", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"returned"}),
        had_a_part=True,
    ),
    "exchange_confirmed": Telling(
        wording={
            "fr": Wording("{name} confirme votre aide", "«\u00a0{title}\u00a0»\u00a0: merci\u00a0!"),
            "en": Wording("{name} confirms your help", "“{title}”: thank you!"),
        },
        neutral={
            "fr": Wording("Une aide est confirmée", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("A help is confirmed", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"confirmed"}),
        had_a_part=True,
    ),
    "exchange_disputed": Telling(
        wording={
            "fr": Wording(
                "{name} n'est pas d'accord", "«\u00a0{title}\u00a0»\u00a0: parlez-en, ou demandez à la modération."
            ),
            "en": Wording("{name} does not agree", "“{title}”: talk it over, or ask a moderator."),
        },
        neutral={
            "fr": Wording("Il y a un désaccord", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("There is a disagreement", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="high",
        still_while=frozenset({"disputed"}),
        had_a_part=True,
    ),
    "extension_requested": Telling(
        wording={
            "fr": Wording(
                "{name} aimerait garder l'objet", "«\u00a0{title}\u00a0»\u00a0: jusqu'au {when}, si vous voulez bien."
            ),
            "en": Wording("{name} would like to keep it longer", "“{title}”: until {when}, if you agree."),
        },
        neutral={
            "fr": Wording("On aimerait garder un objet", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("Somebody would like more time", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="high",
        still_while=frozenset({"handed_over"}),
        had_a_part=True,
    ),
    "extension_answered": Telling(
        wording={
            "fr": Wording("{name} a répondu", "«\u00a0{title}\u00a0»\u00a0: voyez jusqu'à quand."),
            "en": Wording("{name} answered", "“{title}”: see until when."),
        },
        neutral={
            "fr": Wording("Une réponse à votre demande", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("An answer to your wish", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"handed_over"}),
        had_a_part=True,
    ),
    "hand_over_due": Telling(
        wording={
            "fr": Wording(
                "Rendez-vous\u00a0: {title}", "C'est le {when}. Tout est prêt\u00a0? Le détail est dans l'application."
            ),
            "en": Wording("Appointment: {title}", "It is on {when}. Is all ready? The app has the details."),
        },
        neutral={
            "fr": Wording("Un rendez-vous", "Tout est prêt\u00a0? Le détail est dans l'application."),
            "en": Wording("An appointment", "Is all ready? The app has the details."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"accepted"}),
        had_a_part=True,
    ),
    "return_due": Telling(
        wording={
            "fr": Wording(
                "À rendre\u00a0: {title}", "C'est pour le {when}. Merci d'y penser, ou demandez à prolonger."
            ),
            "en": Wording(
                "To bring back: {title}", "It is due on {when}. Thank you for thinking of it, or ask for more time."
            ),
        },
        neutral={
            "fr": Wording("Un objet à rendre", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("A thing to bring back", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"handed_over"}),
        had_a_part=True,
    ),
    "return_overdue": Telling(
        wording={
            "fr": Wording(
                "On attend\u00a0: {title}",
                "C'était pour le {when}. Merci de rapporter l'objet, ou demandez à prolonger\u00a0: un mot suffit.",
            ),
            "en": Wording(
                "Still out: {title}",
                "It was due on {when}. Please bring it back, or ask for more time: a short word will do.",
            ),
        },
        neutral={
            "fr": Wording("Un objet est attendu", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("A thing is awaited", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"handed_over"}),
        had_a_part=True,
    ),
    "help_to_confirm": Telling(
        wording={
            "fr": Wording("Est-ce fait\u00a0? {title}", "Un geste confirme l'aide."),
            "en": Wording("Is it done? {title}", "One tap confirms the help."),
        },
        neutral={
            "fr": Wording("Une aide à confirmer", "Un geste confirme l'aide."),
            "en": Wording("A help to confirm", "One tap confirms the help."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"done"}),
        had_a_part=True,
    ),
    "item_unavailable": Telling(
        wording={
            "fr": Wording(
                "Indisponible\u00a0: {title}",
                "Votre réservation est peut-être touchée\u00a0: voyez avec le propriétaire.",
            ),
            "en": Wording("Not available: {title}", "Your booking may be affected: please talk to the owner."),
        },
        neutral={
            "fr": Wording(
                "Un objet réservé est indisponible",
                "Votre réservation est peut-être touchée\u00a0: voyez avec le propriétaire.",
            ),
            "en": Wording("A booked thing is not available", "Your booking may be affected: please talk to the owner."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="high",
        still_while=frozenset({"accepted"}),
        had_a_part=True,
    ),
    "item_back": Telling(
        wording={
            "fr": Wording("De nouveau disponible\u00a0: {title}", "Votre réservation tient."),
            "en": Wording("Available again: {title}", "Your booking stands."),
        },
        neutral={
            "fr": Wording("Un objet est de nouveau disponible", "Votre réservation tient."),
            "en": Wording("A thing is available again", "Your booking stands."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"accepted"}),
        had_a_part=True,
    ),
    "listing_edited": Telling(
        wording={
            "fr": Wording(
                "{name} a modifié son annonce", "«\u00a0{title}\u00a0»\u00a0: ce qui est convenu tient. Relisez-la."
            ),
            "en": Wording("{name} edited what you agreed on", "“{title}”: what is agreed stands. Read it again."),
        },
        neutral={
            "fr": Wording("Une annonce est modifiée", "Ouvrez l'application pour en savoir plus."),
            "en": Wording("A listing was edited", "Open the app to see more."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=2),
        priority="normal",
        still_while=frozenset({"accepted", "handed_over", "done", "disputed"}),
        had_a_part=True,
    ),
    "thanks_received": Telling(
        wording={
            "fr": Wording("{name} vous a écrit un merci", "Lisez-le, et choisissez si votre page le montre."),
            "en": Wording("{name} wrote a thank you", "Read it, and choose whether your page shows it."),
        },
        neutral={
            "fr": Wording("Un merci vous attend", "Lisez-le, et choisissez si votre page le montre."),
            "en": Wording("A thank you waits for you", "Read it, and choose whether your page shows it."),
        },
        channel=EXCHANGES,
        ttl=timedelta(days=7),
        priority="normal",
        still_while=frozenset({"returned", "confirmed", "handed_over"}),
        had_a_part=True,
    ),
    "waiting_turn": Telling(
        wording={
            "fr": Wording("C'est votre tour\u00a0: {title}", "C'est libre. Vous pouvez le demander jusqu'au {when}."),
            "en": Wording("It is your turn: {title}", "It is free. You can ask for it until {when}."),
        },
        neutral={
            "fr": Wording("C'est votre tour", "Un objet que vous attendiez est libre."),
            "en": Wording("It is your turn", "Something that you waited for is free."),
        },
        channel=LISTINGS,
        ttl=timedelta(days=1),
        priority="high",
        still_while=frozenset({"published"}),
    ),
    "moderation_case": Telling(
        wording={
            "fr": Wording("On vous confie quelque chose", "Un voisin préfère le dire à la modération."),
            "en": Wording("Something is entrusted to you", "A neighbour would rather tell the moderators."),
        },
        neutral={
            "fr": Wording("On vous confie quelque chose", "Un voisin préfère le dire à la modération."),
            "en": Wording("Something is entrusted to you", "A neighbour would rather tell the moderators."),
        },
        channel=REPLIES,
        ttl=timedelta(days=3),
        priority="normal",
        still_while=frozenset({None}),
        had_a_part=True,
    ),
    "message_received": Telling(
        wording={
            "fr": Wording("{name} vous a écrit", "À propos de «\u00a0{title}\u00a0»."),
            "en": Wording("{name} wrote to you", "About “{title}”."),
        },
        neutral={
            "fr": Wording("Un nouveau message", "Il vous attend dans l'application."),
            "en": Wording("A new message", "It waits for you in the app."),
        },
        channel=REPLIES,
        ttl=timedelta(days=3),
        priority="high",
        still_while=ANY_STATE,
        had_a_part=True,
    ),
}
"""Of an exchange, `still_while` names its states: a push that waits is dropped once it is in another."""
