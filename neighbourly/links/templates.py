"""The pages' common layout: no script, nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

from neighbourly.core.config import Settings

_pages = Environment(
    loader=PackageLoader("neighbourly.links", "pages"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    lstrip_blocks=True,
)


def page_named(name: str, language: str, settings: Settings, **values: Any) -> str:
    """The page as HTML, with who runs the installation and how to write to them."""
    given = {"language": language, "operator": settings.operator, "contact": settings.contact, **values}
    return _pages.get_template(name).render(given)
