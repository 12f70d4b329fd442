"""What can go wrong with asking."""

from __future__ import annotations

from neighbourly.core.errors import Conflict


class TooManyOpenAnswers(Conflict):
    """Somebody's yeses of this week that still wait are as many as may wait at the same time."""

    title = {
        "fr": "Plusieurs voisins ont votre oui et n'ont pas encore choisi\u00a0: attendez-en un, ou reprenez un oui",
        "en": "Several neighbours have your yes and have not chosen yet: wait for one, or take a yes back",
    }


class AskedForAnOffer(Conflict):
    """These needs come to someone because of an offer of theirs; no interest could be dropped."""

    title = {
        "fr": "On vous demande cela pour une de vos offres\u00a0: mettez-la en pause, ou réglez le nombre de demandes",
        "en": "You are asked for this because of an offer of yours: pause it, or lower how often you are asked",
    }
