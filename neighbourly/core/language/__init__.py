"""Text made comparable (the same letters whatever the accents, the same stem whatever the ending), and lengths said."""

from neighbourly.core.language.folding import fold, words
from neighbourly.core.language.lengths import NBSP, duration, length
from neighbourly.core.language.stemming import LANGUAGES, is_stop_word, stem, stems
from neighbourly.core.language.telling import idea_of, subject_of, telling_words, words_among

__all__ = [
    "LANGUAGES",
    "NBSP",
    "duration",
    "fold",
    "idea_of",
    "is_stop_word",
    "length",
    "stem",
    "stems",
    "subject_of",
    "telling_words",
    "words",
    "words_among",
]
