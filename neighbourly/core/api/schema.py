"""The base of every schema: unknown fields refused, every text with a ceiling, times in UTC with Z."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

import marshmallow
from marshmallow import ValidationError, fields, pre_load, validate

from neighbourly.core import cells
from neighbourly.core.errors import Fault, Words
from neighbourly.core.language import graphemes

MESSAGES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), code, french)
    for pattern, code, french in (
        ("Missing data for required field", "required", "Ce champ est nécessaire."),
        ("Unknown field", "unknown_field", "Ce champ n'existe pas ici."),
        ("Field may not be null", "not_null", "Ce champ ne peut pas être vide."),
        ("Must be one of", "not_a_choice", "Cette valeur n'est pas dans la liste."),
        ("Must be equal to", "not_a_choice", "Cette valeur n'est pas acceptée."),
        (r"Must be greater than or equal to (\S+) and less than or equal to (\S+)\.", "out_of_range", "De {0} à {1}."),
        ("Must be (greater|less)", "out_of_range", "Cette valeur est hors des limites."),
        (r"Shorter than minimum length (\d+)", "too_short", "C'est trop court\u00a0: {0} au moins."),
        (r"Longer than maximum length (\d+)", "too_long", "C'est trop long\u00a0: {0} au plus."),
        (r"Length must be between (\d+) and (\d+)", "bad_length", "La longueur doit être entre {0} et {1}."),
        ("Length must be", "bad_length", "La longueur ne convient pas."),
        ("Not a valid", "wrong_type", "Cette valeur n'a pas la bonne forme."),
        ("Invalid input type", "wrong_type", "Cette valeur n'a pas la bonne forme."),
    )
)
"""How marshmallow's sentences begin, the code that each stands for, and the French."""


GENERAL_FAULTS = frozenset({code for _, code, _ in MESSAGES} | {"invalid", "control_character"})
"""Codes that say what shape is wrong, of whatever field."""


UNKNOWN: tuple[str, Words] = (
    "unknown_field",
    {"fr": "Ce champ n'existe pas ici.", "en": "There is no such field here."},
)
NOT_YET: tuple[str, Words] = (
    "not_yet_supported",
    {
        "fr": "Ce n'est pas encore possible\u00a0: rien n'a changé.",
        "en": "This is not offered yet: nothing has changed.",
    },
)
"""What becomes of what is said where nothing would hear it, as a code and its words."""


CONTROL = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
"""Control characters but tab and line ends, as part of a pattern's class."""
MISLEADING = CONTROL + r"\u115f\u1160\u202a-\u202e\u206a-\u206f\u3164\uffa0\ufff9-\uffff"
"""The same with fillers and direction overrides (TXT-03); those above U+FFFF no pattern reads alike everywhere."""
BLANK = (
    r"\t\n\r \u00a0\u00ad\u034f\u061c\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028\u2029\u202f\u205f-\u2069"
    r"\u2800\u3000\ufe00-\ufe0f\ufeff"
)
"""What leaves no ink; spelled out, since `\\s` differs from language to language."""
MOST_CODE_POINTS = 12
"""Code points that a grapheme of a short text may have on the average: as many as the longest emoji has."""


class Refused(ValidationError):
    """A validation error with a stable code and words in both languages."""

    def __init__(self, code: str, *, fr: str, en: str, field_name: str = "_schema") -> None:
        super().__init__([Coded(code, {"fr": fr, "en": en})], field_name=field_name)


class Coded(str):
    """A message of marshmallow's that knows its code and its words."""

    def __new__(cls, code: str, words: dict[str, str]) -> Coded:
        """The English words are the text."""
        made = super().__new__(cls, words["en"])
        made.code, made.words = code, words
        return made

    code: str
    words: dict[str, str]


class Schema(marshmallow.Schema):
    """Unknown fields are refused, never bound (SEC-05)."""

    among_fields: ClassVar[Mapping[str, Any]] = {}
    """What JSON Schema says of several fields together, for the document; a validator sees to it."""
    not_yet: ClassVar[frozenset[str]] = frozenset()
    """Fields that the contract names and that do nothing yet: refused as such, and not in the document."""

    class Meta:
        """Marshmallow's options."""

        unknown = marshmallow.RAISE

    @pre_load
    def refuse_not_yet(self, data: Any, **_kwargs: Any) -> Any:
        """Raise `not_yet_supported` rather than take what nothing would hear."""
        early = self.not_yet & data.keys() if isinstance(data, Mapping) else ()
        if early:
            code, words = NOT_YET
            raise ValidationError({name: [Coded(code, dict(words))] for name in sorted(early)})
        return data


class GraphemeLength(validate.Length):
    """Between so many visible graphemes and so many graphemes: what a person would count (TXT-03).

    The document says it as JSON Schema's lengths, in code points, of which there are never fewer. So that marks without
    end are no text either, code points have a ceiling of their own.
    """

    def __call__(self, value: Any) -> Any:
        """The text, or a `ValidationError`."""
        is_too_short = self.min is not None and graphemes.count_visible_graphemes(value) < self.min
        if is_too_short or self.is_too_long(value):
            raise ValidationError(self._format_error(value, self.message_all))
        return value

    def is_too_long(self, text: str) -> bool:
        """Whether a text has more graphemes than it may, or code points beyond reason."""
        if self.max is None or len(text) <= self.max:
            return False
        ceiling = max(4 * self.max, min(MOST_CODE_POINTS * self.max, 1000))
        return len(text) > ceiling or graphemes.count_graphemes(text) > self.max


class Text(fields.String):
    """Text of so many graphemes, trimmed and composed; what hides or turns text around is refused (TXT-03).

    What shows nothing is no text: empty, where that may be.
    The least length is that of what is left; the most is also that of what was sent, as the document says it.
    """

    def __init__(self, least: int = 0, most: int = 200, **kwargs: Any) -> None:
        self.least, self.most = least, most
        self.between = GraphemeLength(min=least, max=most)
        metadata = {"pattern": _text_of(least)} | kwargs.pop("metadata", {})
        super().__init__(validate=self.between, metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if self.between.is_too_long(text):
            self.between(text)
        if graphemes.find_misleading_character(text):
            raise Refused(
                "control_character",
                fr="Ce texte contient un caractère invisible interdit.",
                en="This text holds a control character.",
            )
        trimmed = graphemes.trim(unicodedata.normalize("NFC", text))
        return trimmed if graphemes.shows_something(trimmed) else ""


class PublicText(Text):
    """Text that everybody reads: contact data in it is warned about (LOC-09)."""


def _text_of(least: int) -> str:
    """What `Text` takes, as a pattern that ECMAScript, Java, Swift, Dart and Python read alike."""
    any_sign, visible = f"[^{MISLEADING}]", f"[^{MISLEADING}{BLANK}]"
    match least:
        case 0:
            return f"^{any_sign}*$"
        case 1:
            return f"^{any_sign}*{visible}{any_sign}*$"
    return f"^{any_sign}*{visible}{any_sign}{{{least - 2},}}{visible}{any_sign}*$"


class YesNo(fields.Boolean):
    """`true` or `false`, and nothing that only resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Number(fields.Float):
    """A JSON number; text that looks like one is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Whole(fields.Integer):
    """A whole number in JSON; `5.0` is one too, as JSON Schema has it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return super()._deserialize(value, attr, data, **kwargs)


class QueryInteger(fields.Integer):
    """A whole number in a URL: digits, and a sign at most; Python would read `1_0` and `٣` as well."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", str(value)):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Secret(fields.String):
    """A password or token: taken as it is, never trimmed, never shown."""

    def __init__(self, most: int = 4096, **kwargs: Any) -> None:
        super().__init__(load_only=True, validate=validate.Length(min=1, max=most), **kwargs)


class SixDigits(fields.String):
    """A code of six digits, as it is typed or pasted: with spaces around or in it, or a line end."""

    SPACE = r"\t\n\r \u00a0\u2009\u202f"

    def __init__(self, **kwargs: Any) -> None:
        shape = {"pattern": f"^[{self.SPACE}]*([0-9][{self.SPACE}]*){{6}}$"} | kwargs.pop("metadata", {})
        super().__init__(metadata=shape, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        digits = re.sub(f"[{self.SPACE}]", "", super()._deserialize(value, attr, data, **kwargs))
        if not re.fullmatch("[0-9]{6}", digits):
            raise Refused("not_six_digits", fr="Le code a six chiffres.", en="The code has six digits.")
        return digits


class Time(fields.AwareDateTime):
    """RFC 3339 in, UTC with Z out. A time without its zone is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **kwargs).astimezone(UTC)
        except (OverflowError, TypeError) as reason:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from reason

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else as_text(value)


def day_of(moment: datetime) -> datetime:
    """The day of a moment (UTC), as strangers are told it: nobody learns when exactly somebody was at their phone."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class ClientId(fields.UUID):
    """The id that a client gives to what it creates: version 7, or 4, so that it follows from nothing else."""

    VERSIONS = frozenset({4, 7})
    PATTERN = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[47][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"

    def __init__(self, **kwargs: Any) -> None:
        told = {
            "example": "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6",
            "description": "A UUIDv7 made by the client, so that it can be written offline; a UUIDv4 is taken as well.",
            "pattern": self.PATTERN,
        }
        super().__init__(metadata=told | kwargs.pop("metadata", {}), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID:
        made: UUID = super()._deserialize(value, attr, data, **kwargs)
        if made.version not in self.VERSIONS:
            raise Refused(
                "bad_id",
                fr="Un identifiant créé par l'application est un UUID de version 7 ou 4.",
                en="An id made by the app is a UUID of version 7 or 4.",
            )
        return made


class Cell(fields.String):
    """An H3 cell of resolution 9 or coarser, in hexadecimal."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"pattern": "^8[0-9][0-9a-fA-F]{13}$"} | kwargs.pop("metadata", {})
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> cells.Cell:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return cells.parse(text)
        except cells.CellTooFine as reason:
            raise Refused(
                "cell_too_fine",
                fr="Cette case est trop précise\u00a0: la plus fine est de résolution 9.",
                en="This cell is too fine: resolution 9 is the finest.",
            ) from reason
        except cells.CellInvalid as reason:
            raise Refused("not_a_cell", fr="Ce n'est pas une case H3.", en="This is not an H3 cell.") from reason


class PointSchema(Schema):
    """A point in WGS 84."""

    lat = Number(required=True, validate=validate.Range(-90, 90), metadata={"example": 43.6045})
    lon = Number(required=True, validate=validate.Range(-180, 180), metadata={"example": 1.444})


def as_text(moment: datetime) -> str:
    """RFC 3339 in UTC with Z, to the microsecond where there are any."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def faults_of(messages: Any, pointer: str = "") -> Iterator[Fault]:
    """Marshmallow's nested messages as faults with JSON pointers."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = "" if name == "_schema" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from faults_of(inner, pointer + step)
    elif isinstance(messages, list):
        for inner in messages:
            yield from faults_of(inner, pointer)
    else:
        yield _fault(str(messages) if not isinstance(messages, Coded) else messages, pointer)


def _fault(message: str, pointer: str) -> Fault:
    if isinstance(message, Coded):
        return Fault(pointer, message.code, message.words)
    for pattern, code, french in MESSAGES:
        if found := pattern.match(message):
            return Fault(pointer, code, {"fr": french.format(*found.groups()), "en": message})
    return Fault(pointer, "invalid", {"fr": "Cette valeur ne convient pas.", "en": message})
