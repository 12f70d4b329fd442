"""Text made comparable (the same letters whatever the accents, the same stem whatever the ending), and lengths said."""

from neighbourly.core.language.folding import fold, words
from neighbourly.core.language.lengths import NBSP, length
from neighbourly.core.language.stemming import LANGUAGES, is_stop_word, stem, stems

__all__ = ["LANGUAGES", "NBSP", "fold", "is_stop_word", "length", "stem", "stems", "words"]
