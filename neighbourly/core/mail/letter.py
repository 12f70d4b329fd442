"""A letter: the same few words as plain text and as a small HTML page, in one layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, select_autoescape

FOOTERS = {
    "fr": "Message envoyé automatiquement par {operator}. Une question\u00a0? {contact}.",
    "en": "Sent automatically by {operator}. Questions: {contact}.",
}
_pages = Environment(loader=PackageLoader("neighbourly.core.mail", "layout"), autoescape=select_autoescape(["html"]))


@dataclass(frozen=True)
class Letter:
    """What a mail says: paragraphs, and perhaps a code to type or a page to open."""

    subject: str
    paragraphs: Sequence[str]
    code: str | None = None
    link: str | None = None
    link_text: str = ""

    def text(self, language: str, operator: str, contact: str) -> str:
        """As plain text."""
        parts = [self.paragraphs[0]]
        if self.code:
            parts.append(f"    {self.code}")
        parts += self.paragraphs[1:]
        if self.link:
            parts.append(f"{self.link_text}: {self.link}")
        return "\n\n".join([*parts, "-- \n" + FOOTERS[language].format(operator=operator, contact=contact)]) + "\n"

    def html(self, language: str, operator: str, contact: str) -> str:
        """As an HTML page without anything to load."""
        footer = FOOTERS[language].format(operator=operator, contact=contact)
        return _pages.get_template("letter.html").render(
            letter=self, language=language, operator=operator, footer=footer
        )
