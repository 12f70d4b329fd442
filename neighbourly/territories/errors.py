"""What can be wrong with a file of territories."""

from __future__ import annotations

from neighbourly.core.errors import Unprocessable


class Wrong(ValueError):
    """One thing that is wrong in a file: a stable code, and why in French and English."""

    def __init__(self, code: str, *, fr: str, en: str) -> None:
        super().__init__(en)
        self.code, self.fr, self.en = code, fr, en


class TerritoriesBroken(Unprocessable):
    """A file of territories of which nothing was imported; each fault is one sentence about one feature."""

    title = {"fr": "Ces territoires ne peuvent pas être importés", "en": "These territories cannot be imported"}

    def sentences(self, language: str) -> list[str]:
        """Everything that is wrong, in `fr` or `en`."""
        return [fault.words[language] for fault in self.faults]
