"""Other words for a type that is told at several moments; which ones, its figures say (`variant`)."""

from __future__ import annotations

from collections.abc import Mapping

from neighbourly.notifications.telling import Wording

TOOK_PLACE, AGAIN, WAITS, OFFERED, TAKEN = "took_place", "again", "waits", "offered", "taken"
ATTESTED, NO_WORD, LEFT = "attested", "no_word", "left"
HANDED_ON, LATE, MORE = "handed_on", "late", "more"
FOUND, PAST = "found", "past"
GRANTED, GIVEN_BACK = "granted", "given_back"
HELP, HELP_AGAIN, HELP_CHOSEN, UNSEEN = "help", "help_again", "help_chosen", "unseen"
PENDING = "pending"
CHOSEN, WITHDRAWN, LONGER, REFUSED = "chosen", "withdrawn", "longer", "refused"
SETTLING, SETTLED, MODERATED = "settling", "settled", "moderated"
SETTLING_AGAIN, UNSETTLED, ENTRUSTED, NOT_BACK = "settling_again", "unsettled", "entrusted", "not_back"
OWNER, OWNER_PARTED, PARTED = "owner", "owner_parted", "parted"
LAPSED, UNCHOSEN = "lapsed", "unchosen"
ONE, ABSENT = "one", "absent"
GONE, NEED, FAR = "gone", "need", "far"

OTHER_WORDS: Mapping[tuple[str, str], Mapping[str, Wording]] = {
    ("exchange_proposed", AGAIN): {
        "fr": Wording("On attend votre réponse\u00a0: {title}", "Oui, non, ou un autre moment\u00a0: chacune aide."),
        "en": Wording("Your answer is awaited: {title}", "Yes, no, or another time: each of them helps."),
    },
    ("exchange_proposed", HELP): {
        "fr": Wording(
            "{name} vous propose un moment",
            "«\u00a0{title}\u00a0», le {when}, {price}\u00a0: dites oui, non, ou un autre moment.",
        ),
        "en": Wording("{name} proposes a time", "“{title}”, on {when}, {price}: say yes, no, or another time."),
    },
    ("exchange_proposed", HELP_AGAIN): {
        "fr": Wording(
            "On attend votre réponse\u00a0: {title}", "{price}\u00a0: oui, non, ou un autre moment, chacune aide."
        ),
        "en": Wording("Your answer is awaited: {title}", "{price}: yes, no, or another time, each of them helps."),
    },
    ("exchange_countered", HELP): {
        "fr": Wording(
            "{name} propose un autre moment",
            "«\u00a0{title}\u00a0», le {when}, {price}\u00a0: cela vous convient-il\u00a0?",
        ),
        "en": Wording("{name} proposes another time", "“{title}”, on {when}, {price}: does that suit you?"),
    },
    ("exchange_accepted", HELP): {
        "fr": Wording("{name} est d'accord", "«\u00a0{title}\u00a0», {price}\u00a0: c'est convenu pour le {when}."),
        "en": Wording("{name} agrees", "“{title}”, {price}: it is agreed for {when}."),
    },
    ("exchange_accepted", HELP_CHOSEN): {
        "fr": Wording(
            "{name} a retenu votre proposition",
            "«\u00a0{title}\u00a0», {price}\u00a0: c'est convenu pour le {when}.",
        ),
        "en": Wording("{name} chose your offer", "“{title}”, {price}: it is agreed for {when}."),
    },
    ("help_to_confirm", UNSEEN): {
        "fr": Wording(
            "Confirmez-vous {time}\u00a0? {title}", "Rien ne compte sans votre geste\u00a0: {time}, ou moins."
        ),
        "en": Wording("Was it {time}? {title}", "Nothing counts without your tap: {time}, or less."),
    },
    ("request_closed", PAST): {
        "fr": Wording("C'est passé\u00a0: {title}", "La demande de {name} est terminée. Merci d'avoir répondu\u00a0!"),
        "en": Wording("It has passed: {title}", "The request of {name} has ended. Thank you for answering!"),
    },
    ("request_closed", FOUND): {
        "fr": Wording(
            "C'est trouvé\u00a0: {title}", "Quelqu'un d'autre aide {name} cette fois. Merci d'avoir répondu\u00a0!"
        ),
        "en": Wording("Found: {title}", "Somebody else helps {name} this time. Thank you for answering!"),
    },
    ("exchange_cancelled", NO_WORD): {
        "fr": Wording(
            "Sans nouvelles\u00a0: {title}", "Nous le considérons annulé. S'il a eu lieu, dites-le d'un geste."
        ),
        "en": Wording("No word of it: {title}", "We take it as cancelled. If it did take place, one tap says so."),
    },
    ("exchange_cancelled", LEFT): {
        "fr": Wording(
            "C'est clos\u00a0: {title}", "L'autre personne a quitté le service. La modération peut vous aider."
        ),
        "en": Wording("This is over: {title}", "The other person has left the service. A moderator can help you."),
    },
    ("exchange_returned", LEFT): {
        "fr": Wording("C'est clos\u00a0: {title}", "L'autre personne a quitté le service\u00a0: c'est rendu."),
        "en": Wording("This is over: {title}", "The other person has left the service: it is back."),
    },
    ("moderation_case", LEFT): {
        "fr": Wording("Un départ, un objet prêté", "Quelqu'un quitte le service alors qu'un prêt n'est pas rendu."),
        "en": Wording("Somebody leaves, a thing is out", "A neighbour leaves the service before a loan is back."),
    },
    ("exchange_handed_over", ATTESTED): {
        "fr": Wording("{name}\u00a0: l'objet est remis", "«\u00a0{title}\u00a0»\u00a0: le code en atteste."),
        "en": Wording("{name}: it was handed over", "“{title}”: the code attests it."),
    },
    ("exchange_returned", ATTESTED): {
        "fr": Wording("{name}\u00a0: l'objet est rendu", "«\u00a0{title}\u00a0»\u00a0: le code en atteste."),
        "en": Wording("{name}: it is back", "“{title}”: the code attests it."),
    },
    ("exchange_returned", HANDED_ON): {
        "fr": Wording(
            "{name}\u00a0: l'objet est chez une autre personne",
            "«\u00a0{title}\u00a0»\u00a0: votre prêt est donc rendu. Si vous l'avez encore, dites-le avant le {when}.",
        ),
        "en": Wording(
            "{name}: another borrower has it",
            "“{title}”: so your loan is returned. If you still have it, say so before {when}.",
        ),
    },
    ("exchange_handed_over", LATE): {
        "fr": Wording(
            "{name}\u00a0: l'objet est remis, plus tard que prévu",
            "«\u00a0{title}\u00a0»\u00a0: le prêt finit désormais le {when}. Si ce n'est pas le cas, dites-le.",
        ),
        "en": Wording(
            "{name}: it was handed over, later than planned",
            "“{title}”: the loan ends on {when} instead. If that is not so, say so.",
        ),
    },
    ("help_to_confirm", MORE): {
        "fr": Wording(
            "Confirmez-vous {time}\u00a0? {title}",
            "Convenu\u00a0: {agreed}. Confirmez {time}, ou moins. Sans réponse, {agreed} comptent le {when}.",
        ),
        "en": Wording(
            "Was it {time}? {title}",
            "Agreed: {agreed}. Confirm {time}, or less. Without a word, {agreed} count on {when}.",
        ),
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
        "fr": Wording("C'est fait\u00a0: {title}", "La personne aidée confirme, ou cela se fait seul le {when}."),
        "en": Wording("It is done: {title}", "Who was helped confirms it, or it confirms itself on {when}."),
    },
    ("minutes_received", GRANTED): {
        "fr": Wording("Le pot commun vous offre {time}", "C'est sur votre compte, de la part de votre quartier."),
        "en": Wording("The common pot gives you {time}", "It is in your account, from your neighbourhood."),
    },
    ("minutes_received", GIVEN_BACK): {
        "fr": Wording("{name} vous rend {time}", "C'est de nouveau sur votre compte."),
        "en": Wording("{name} gives you {time} back", "It is in your account again."),
    },
    ("exchange_accepted", CHOSEN): {
        "fr": Wording(
            "{name} a retenu votre proposition", "«\u00a0{title}\u00a0»\u00a0: c'est convenu pour le {when}."
        ),
        "en": Wording("{name} chose your offer", "“{title}”: it is agreed for {when}."),
    },
    ("exchange_declined", OFFERED): {
        "fr": Wording("Pas cette fois", "«\u00a0{title}\u00a0»\u00a0: merci d'avoir proposé votre aide."),
        "en": Wording("Not this time", "“{title}”: thank you for having offered your help."),
    },
    ("exchange_cancelled", WITHDRAWN): {
        "fr": Wording("{name} retire sa proposition", "«\u00a0{title}\u00a0»\u00a0: il n'y a plus rien à répondre."),
        "en": Wording("{name} takes the proposal back", "“{title}”: there is nothing left to answer."),
    },
    ("exchange_disputed", SETTLING): {
        "fr": Wording(
            "{name} propose une issue", "«\u00a0{title}\u00a0»\u00a0: la même réponse de votre part y met fin."
        ),
        "en": Wording("{name} proposes how to end it", "“{title}”: the same answer of yours ends it."),
    },
    ("exchange_disputed", SETTLING_AGAIN): {
        "fr": Wording(
            "Une issue vous est proposée\u00a0: {title}", "La même réponse de votre part met fin au désaccord."
        ),
        "en": Wording("An end is proposed: {title}", "The same answer of yours ends the disagreement."),
    },
    ("exchange_disputed", UNSETTLED): {
        "fr": Wording(
            "Toujours en désaccord\u00a0: {title}",
            "La même réponse des deux côtés y met fin. Sinon, la modération en décidera.",
        ),
        "en": Wording("Still not agreed: {title}", "The same answer of both ends it. Else a moderator decides."),
    },
    ("exchange_disputed", ENTRUSTED): {
        "fr": Wording(
            "La modération est prévenue\u00a0: {title}", "La même réponse des deux côtés met encore fin au désaccord."
        ),
        "en": Wording("The moderators were told: {title}", "The same answer of both still ends the disagreement."),
    },
    ("exchange_disputed", NOT_BACK): {
        "fr": Wording(
            "Toujours pas rendu\u00a0: {title}", "C'est devenu un désaccord\u00a0: dites tous deux comment il finit."
        ),
        "en": Wording("Never came back: {title}", "It has become a disagreement: both of you say how it ends."),
    },
    ("moderation_case", UNSETTLED): {
        "fr": Wording("Un désaccord attend", "Deux voisins ne s'accordent pas sur la fin d'un échange."),
        "en": Wording("A disagreement waits", "Two neighbours do not agree on how an exchange ends."),
    },
    ("return_due", OWNER): {
        "fr": Wording("Retour prévu\u00a0: {title}", "C'est pour le {when}. Un geste dira que c'est rendu."),
        "en": Wording("It comes back: {title}", "It is due on {when}. One tap will say that it is back."),
    },
    ("return_due", OWNER_PARTED): {
        "fr": Wording("Retour prévu\u00a0: {title}", "C'est pour le {when}. Un geste dira que c'est rendu."),
        "en": Wording("It comes back: {title}", "It is due on {when}. One tap will say that it is back."),
    },
    ("return_due", PARTED): {
        "fr": Wording("À rendre\u00a0: {title}", "C'est pour le {when}. Merci d'y penser."),
        "en": Wording("To bring back: {title}", "It is due on {when}. Thank you for thinking of it."),
    },
    ("return_overdue", OWNER): {
        "fr": Wording(
            "Pas encore rendu\u00a0: {title}",
            "C'était pour le {when}. Vous pouvez prolonger, écrire, dire que c'est rendu, ou ouvrir un désaccord.",
        ),
        "en": Wording(
            "Not back yet: {title}",
            "It was due on {when}. You can extend it, write, say that it is back, or dispute it.",
        ),
    },
    ("return_overdue", OWNER_PARTED): {
        "fr": Wording(
            "Pas encore rendu\u00a0: {title}",
            "C'était pour le {when}. Vous pouvez dire que c'est rendu, ou ouvrir un désaccord.",
        ),
        "en": Wording("Not back yet: {title}", "It was due on {when}. You can say that it is back, or dispute it."),
    },
    ("return_overdue", PARTED): {
        "fr": Wording("On attend\u00a0: {title}", "C'était pour le {when}. Rendu\u00a0? Un geste suffit pour le dire."),
        "en": Wording("Still out: {title}", "It was due on {when}. Is it back? One tap says so."),
    },
    ("waiting_turn", AGAIN): {
        "fr": Wording("Votre tour se termine\u00a0: {title}", "Vous pouvez encore le demander jusqu'au {when}."),
        "en": Wording("Your turn ends: {title}", "You can still ask for it until {when}."),
    },
    ("answer_received", UNCHOSEN): {
        "fr": Wording(
            "On attend votre choix\u00a0: {title}", "Quelqu'un a dit oui\u00a0: choisissez, ou fermez la demande."
        ),
        "en": Wording("Your choice is awaited: {title}", "Somebody said yes: choose, or close the request."),
    },
    ("extension_requested", AGAIN): {
        "fr": Wording(
            "On attend votre réponse\u00a0: {title}",
            "On aimerait garder l'objet jusqu'au {when}\u00a0: oui, ou non\u00a0?",
        ),
        "en": Wording("Your answer is awaited: {title}", "They would like to keep it until {when}: yes, or no?"),
    },
    ("extension_answered", LAPSED): {
        "fr": Wording("Pas de réponse\u00a0: {title}", "La prolongation n'a pas été accordée. C'était pour le {when}."),
        "en": Wording("No answer came: {title}", "It was not extended. It was due on {when}."),
    },
    ("exchange_returned", SETTLED): {
        "fr": Wording(
            "{name} est d'accord\u00a0: l'objet est rendu", "«\u00a0{title}\u00a0»\u00a0: le désaccord est réglé."
        ),
        "en": Wording("{name} agrees: it is back", "“{title}”: the disagreement is settled."),
    },
    ("exchange_returned", MODERATED): {
        "fr": Wording(
            "La modération a tranché\u00a0: l'objet est rendu", "«\u00a0{title}\u00a0»\u00a0: le désaccord est réglé."
        ),
        "en": Wording("A moderator settled it: it is back", "“{title}”: the disagreement is settled."),
    },
    ("exchange_confirmed", SETTLED): {
        "fr": Wording(
            "{name} est d'accord\u00a0: l'aide est confirmée", "«\u00a0{title}\u00a0»\u00a0: le désaccord est réglé."
        ),
        "en": Wording("{name} agrees: the help is confirmed", "“{title}”: the disagreement is settled."),
    },
    ("exchange_confirmed", MODERATED): {
        "fr": Wording(
            "La modération a tranché\u00a0: aide confirmée", "«\u00a0{title}\u00a0»\u00a0: le désaccord est réglé."
        ),
        "en": Wording("A moderator settled it: help confirmed", "“{title}”: the disagreement is settled."),
    },
    ("exchange_cancelled", SETTLED): {
        "fr": Wording(
            "{name} est d'accord\u00a0: c'est annulé", "«\u00a0{title}\u00a0»\u00a0: le désaccord est réglé."
        ),
        "en": Wording("{name} agrees: it is cancelled", "“{title}”: the disagreement is settled."),
    },
    ("exchange_cancelled", MODERATED): {
        "fr": Wording(
            "La modération a tranché\u00a0: c'est annulé", "«\u00a0{title}\u00a0»\u00a0: le désaccord est réglé."
        ),
        "en": Wording("A moderator settled it: it is cancelled", "“{title}”: the disagreement is settled."),
    },
    ("extension_answered", LONGER): {
        "fr": Wording("{name} prolonge le prêt", "«\u00a0{title}\u00a0»\u00a0: jusqu'au {when}."),
        "en": Wording("{name} extends the loan", "“{title}”: until {when}."),
    },
    ("extension_answered", REFUSED): {
        "fr": Wording("{name} ne peut pas prolonger le prêt", "«\u00a0{title}\u00a0»\u00a0: à rendre le {when}."),
        "en": Wording("{name} cannot extend the loan", "“{title}”: it is due on {when}."),
    },
    ("exchange_declined", GONE): {
        "fr": Wording(
            "Plus proposé\u00a0: {title}", "L'annonce a pris fin\u00a0: ce n'est pas un refus. D'autres peuvent aider."
        ),
        "en": Wording("No longer offered: {title}", "The listing has ended: it is no refusal. Others can help."),
    },
    ("exchange_declined", NEED): {
        "fr": Wording("Ce n'est plus nécessaire\u00a0: {title}", "Merci d'avoir proposé\u00a0: la demande a pris fin."),
        "en": Wording("No longer needed: {title}", "Thank you for proposing: the request has ended."),
    },
    ("exchange_declined", FAR): {
        "fr": Wording("Trop loin\u00a0: {title}", "L'un de vous deux a déménagé\u00a0: la proposition prend fin."),
        "en": Wording("Too far away: {title}", "One of you has moved, so this proposal ends."),
    },
    ("listing_edited", PENDING): {
        "fr": Wording(
            "{name} a modifié son annonce",
            "«\u00a0{title}\u00a0»\u00a0: la proposition qui attend date d'avant. Relisez-la.",
        ),
        "en": Wording(
            "{name} edited the listing", "“{title}”: the proposal that waits was made before. Read it again."
        ),
    },
    ("exchange_expired", ABSENT): {
        "fr": Wording(
            "Personne n'était là", "«\u00a0{title}\u00a0»\u00a0: absence. Vous pouvez proposer un autre moment."
        ),
        "en": Wording("Nobody was there", "“{title}”: they are away. You can propose another time."),
    },
    ("absence_over", ONE): {
        "fr": Wording("Pendant votre absence\u00a0: une nouvelle", "Elle vous attend dans l'application."),
        "en": Wording("While you were away: one thing waits", "You find it in the app."),
    },
    ("item_unavailable", TAKEN): {
        "fr": Wording(
            "Pris entre-temps\u00a0: {title}", "Quelqu'un d'autre l'aura. Vous pouvez proposer un autre moment."
        ),
        "en": Wording("Taken meanwhile: {title}", "Somebody else will have it. You can propose another time."),
    },
}
"""By type and variant, then by language."""

STILL_WHILE: Mapping[tuple[str, str], frozenset[str | None]] = {
    ("help_to_confirm", TOOK_PLACE): frozenset({"accepted"}),
    ("listing_edited", PENDING): frozenset({"proposed"}),
    ("item_unavailable", TAKEN): frozenset({"proposed"}),
    ("moderation_case", UNSETTLED): frozenset({"disputed"}),
    ("request_closed", PAST): frozenset({"expired"}),
    ("request_closed", FOUND): frozenset({"published", "paused", "closed", "fulfilled"}),
}
"""Where a variant is so in other states than its type."""
