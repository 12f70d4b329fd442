"""Titles and descriptions by the hundred thousand, out of the everyday words of the categories."""

from __future__ import annotations

from random import Random

from neighbourly.listings.categories import CATEGORIES, Category

LEAVES = tuple(category for category in CATEGORIES.values() if category.parent is not None)
LONGEST_TITLE = 80

TITLES: dict[tuple[str, str, str], tuple[str, ...]] = {
    ("fr", "offer", "item"): (
        "{Word}",
        "{Word} à prêter",
        "{Word}, bon état",
        "{Word}, presque jamais servi",
        "{Word} avec ses accessoires",
        "{Word} pour le week-end",
        "{Word} et {other}",
        "{Word} de mon grand-père",
    ),
    ("fr", "request", "item"): (
        "Cherche {word}",
        "Besoin de {word} samedi",
        "{Word} pour deux jours ?",
        "Qui aurait {word} ?",
        "{Word} ou {other}, pour un déménagement",
    ),
    ("fr", "offer", "skill"): (
        "{Word} : je montre volontiers",
        "{Word}, débutants bienvenus",
        "Je m'y connais : {word}",
        "{Word} et {other}, le soir",
        "{Word} à domicile",
    ),
    ("fr", "request", "skill"): (
        "Apprendre : {word}",
        "Un conseil pour {word}",
        "Qui s'y connaît ? {Word}",
        "{Word}, une heure suffirait",
    ),
    ("fr", "offer", "time"): (
        "{Word}, le mercredi après-midi",
        "{Word} : j'ai du temps",
        "Je peux aider : {word}",
        "{Word} ou {other}, près de chez moi",
    ),
    ("fr", "request", "time"): (
        "{Word} : il me faudrait un coup de main",
        "{Word}, jeudi matin",
        "Une paire de bras pour {word}",
        "{Word} pendant une semaine",
    ),
    ("en", "offer", "item"): ("{Word}", "{Word} to lend", "{Word}, good as new", "{Word} and {other}"),
    ("en", "request", "item"): ("Looking for {word}", "{Word} for the weekend?", "Does anyone have {word}?"),
    ("en", "offer", "skill"): ("{Word}: happy to show you", "{Word} for beginners", "I can help with {word}"),
    ("en", "request", "skill"): ("Learning: {word}", "Some advice on {word}", "{Word}, an hour would do"),
    ("en", "offer", "time"): ("{Word}, most evenings", "I have time: {word}", "{Word} or {other}, nearby"),
    ("en", "request", "time"): ("{Word}: a hand, please", "{Word} on Thursday morning", "{Word} for a week"),
}
SENTENCES = {
    "fr": (
        "Merci de rapporter propre et sec.",
        "Le mode d'emploi est dans la boîte.",
        "Je suis là le soir après dix-huit heures, et le samedi toute la journée.",
        "Premier étage sans ascenseur, mais je descends volontiers.",
        "Idéal avec {other}, que je prête aussi.",
        "Nos enfants ont grandi, autant que cela serve.",
        "Un peu lourd : venez à deux, ou avec une remorque.",
        "Je n'en ai besoin que deux fois par an.",
        "Possible aussi pour {word} chez vous, à pied depuis le marché.",
        "Prévenez la veille, c'est plus simple.",
        "Révisé au printemps, tout fonctionne.",
        "On peut en parler autour d'un café.",
        "Pas de fumeurs dans la maison, un chat très curieux.",
        "C'est pour une fête d'anniversaire, dimanche en huit.",
        "Je ne sais pas m'en servir, alors une petite explication me rendrait service.",
        "Rien de pressé, d'ici la fin du mois.",
        "Je peux rendre un service en retour : {other}, jardin, courses.",
        "Trouvé au grenier, nettoyé, graissé.",
        "Attention à la sangle, elle est un peu courte.",
        "Avec {word}, on gagne un temps fou.",
    ),
    "en": (
        "Please bring it back clean and dry.",
        "The manual is in the box.",
        "I am home after six and all day on Saturday.",
        "Goes well with {other}, which I lend too.",
        "Our children have outgrown it.",
        "A little heavy: come with a friend.",
        "Tell me the day before, if you can.",
        "No hurry, any time this month.",
        "Happy to talk about {word} over a coffee.",
        "Serviced this spring; everything works.",
    ),
}


def title_of(chance: Random, category: Category, direction: str, language: str) -> str:
    """Something that someone might write above an offer or a request of that category."""
    patterns = TITLES[language, direction, category.kind]
    word, other = _words(chance, category, language)
    title = chance.choice(patterns).format(word=word, Word=word[0].upper() + word[1:], other=other)
    return title if len(title) <= LONGEST_TITLE else title[:LONGEST_TITLE].rsplit(" ", 1)[0]


def description_of(chance: Random, category: Category, language: str) -> str:
    """None to three sentences below it."""
    word, other = _words(chance, category, language)
    sentences = chance.choices(SENTENCES[language], k=chance.randrange(4))
    return " ".join(dict.fromkeys(sentences)).format(word=word, other=other)


def _words(chance: Random, category: Category, language: str) -> tuple[str, str]:
    words = category.words[language]
    return chance.choice(words), chance.choice(words)
