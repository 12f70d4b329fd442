"""The shapes of accounts, in and out."""

from __future__ import annotations

import unicodedata
from typing import Any

from marshmallow import fields, pre_load, validate

from neighbourly.accounts.display_names import MOST, find_fault, tidy
from neighbourly.accounts.email_address import canonical_address, readable_address
from neighbourly.accounts.errors import ADULTS_ONLY
from neighbourly.accounts.passwords import composed
from neighbourly.accounts.ways_in import find_ways_in
from neighbourly.core.api.languages import LANGUAGES, language
from neighbourly.core.api.schema import (
    BLANK,
    CONTROL,
    MISLEADING,
    PublicText,
    Refused,
    Schema,
    Secret,
    SixDigits,
    Text,
    Time,
    YesNo,
)
from neighbourly.core.api.warnings import Warnings

LANGUAGE = validate.OneOf(LANGUAGES)
PERSON = {"example": "0192f0c1-2b3c-7d4e-8f90-a1b2c3d4e5f6"}


class Email(fields.String):
    """An e-mail address of at most 254 characters, in its canonical form; a `new` one can be reached from outside."""

    def __init__(self, *, new: bool = False, **kwargs: Any) -> None:
        self.new = new
        self.length = validate.Length(max=254)
        shape = {"format": "email", "example": "lea@example.org"}
        super().__init__(validate=self.length, metadata=shape, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        self.length(text)
        try:
            return canonical_address(text, reachable=self.new)
        except ValueError as reason:
            raise Refused(
                "bad_email",
                fr="Ce n'est pas une adresse e-mail où l'on puisse écrire.",
                en="This is not an e-mail address that can be written to.",
            ) from reason


class ReadableEmail(fields.String):
    """One's own address, as one writes it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else readable_address(value)


class Password(Secret):
    """A password as somebody types it, its accents as one character or as two; measured once they are one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=128, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return composed(super()._deserialize(value, attr, data, **kwargs))


class NewPassword(fields.String):
    """10 to 128 characters, any of them but control characters, measured once they are composed (SEC-08)."""

    def __init__(self, **kwargs: Any) -> None:
        shape = {"pattern": rf"^[^\t\n\r{CONTROL}]*$", "example": "quatre chats sur le toit"}
        super().__init__(load_only=True, validate=validate.Length(min=10, max=128), metadata=shape, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if any(unicodedata.category(each) in ("Cc", "Cs") for each in text):
            raise Refused(
                "control_character",
                fr="Un mot de passe n'a pas de caractères de contrôle.",
                en="A password has no control characters.",
            )
        return composed(text)


class DisplayName(Text):
    """What neighbours call someone: one line that says nothing but a name, and nobody else's office (`find_fault`).

    Any script and joined emoji; nothing that is not seen.
    """

    def __init__(self, **kwargs: Any) -> None:
        barred = f"{MISLEADING}/@"
        shape = rf"^(?![^/@]*[wW]{{3}}\.)(?![^/@]*<[!A-Za-z])[^{barred}]*[^{barred}{BLANK}][^{barred}]*$"
        super().__init__(1, MOST, metadata={"pattern": shape, "example": "Léa M."}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = tidy(super()._deserialize(value, attr, data, **kwargs))
        found = find_fault(text) if text else None  # that it is empty, its length says
        if found:
            raise Refused(found.code, fr=found.words["fr"], en=found.words["en"])
        return text


def _of_age(adult: bool) -> None:
    if not adult:
        raise Refused("adults_only", fr=ADULTS_ONLY["fr"], en=ADULTS_ONLY["en"])


class SignInSchema(Schema):
    """What every way of signing in may add."""

    installation_id = Text(1, 200, load_default=None, allow_none=True, metadata={"example": "a1b2c3d4"})


class CodeSchema(SignInSchema):
    """An address and a code from its mailbox."""

    email = Email(required=True)
    code = SixDigits(required=True, metadata={"example": "481516"})


class RegistrationToken(Secret):
    """What `register` answered: it shows who made the registration."""

    def __init__(self) -> None:
        shape = {"description": "As `register` gave it; without it the password is asked for anew."}
        super().__init__(most=200, load_default=None, allow_none=True, metadata=shape)


class VerifySchema(CodeSchema):
    """The code of a registration, and what shows that one made it oneself."""

    registration = RegistrationToken()


class InviteCode(Text):
    """An invitation's code as people type it: in small letters, or in groups."""

    def __init__(self, **kwargs: Any) -> None:
        shape = {"pattern": f"^[^{CONTROL}]*[0-9A-Za-z][^{CONTROL}]*$", "example": "K7Q2M9XA4B"}
        super().__init__(1, 40, metadata=shape, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        return "".join(each for each in text if each.isascii() and each.isalnum()).upper()


class RegisterSchema(Schema):
    """A wish to join."""

    email = Email(required=True, new=True)
    password = NewPassword(required=True)
    display_name = DisplayName(required=True)
    language = fields.String(
        load_default=language, validate=LANGUAGE, metadata={"description": "By default that of the call."}
    )
    adult = YesNo(
        required=True,
        validate=_of_age,
        metadata={"description": "Accounts are for adults.", "enum": [True], "example": True},
    )
    invite = InviteCode(load_default=None, allow_none=True)


class LoginSchema(SignInSchema):
    """An address and its password."""

    email = Email(required=True)
    password = Password(required=True, metadata={"example": "quatre chats sur le toit"})
    code = SixDigits(
        load_default=None,
        allow_none=True,
        metadata={"example": None, "description": "From the mail that a `code_needed` announced."},
    )


class FirebaseSchema(SignInSchema):
    """An ID token of Firebase Auth; who comes for the first time also says that they are an adult."""

    id_token = Secret(most=8192, required=True)
    adult = YesNo(
        load_default=False,
        metadata={"description": "Accounts are for adults: `true` at the first sign-in (GDP-06).", "example": True},
    )


class RefreshSchema(SignInSchema):
    """The refresh token of the last answer."""

    refresh_token = Secret(most=200, required=True)


class LogoutSchema(Schema):
    """The refresh token, or nothing where the access token says which session."""

    refresh_token = Secret(most=200, load_default=None)


class EmailSchema(Schema):
    """Just an address."""

    email = Email(required=True)


class ResendSchema(EmailSchema):
    """An address, and which of its registrations is one's own."""

    registration = RegistrationToken()


class ResetSchema(CodeSchema):
    """A code and the new password."""

    password = NewPassword(required=True)


class RegistrationSchema(Schema):
    """What an app keeps until the code is typed."""

    registration = fields.String(
        required=True,
        metadata={"description": "An opaque token to send with the code: so the password stays that of who chose it."},
    )


class EmptySchema(Schema):
    """`{}`: it tells nothing."""


class MeSchema(Schema):
    """One's own account."""

    id = fields.UUID(required=True, metadata=PERSON)
    email = ReadableEmail(required=True, allow_none=True, metadata={"example": "lea@example.org"})
    display_name = fields.String(required=True, metadata={"example": "Léa M."})
    bio = fields.String(required=True)
    photo = fields.Constant(None, required=True, allow_none=True, metadata={"description": "Not offered yet."})
    language = fields.String(required=True, metadata={"example": "fr"})
    role = fields.String(required=True, metadata={"example": "neighbour"})
    terms_version = fields.String(required=True, allow_none=True, metadata={"example": "2026-11"})
    warnings = Warnings()
    created_at = Time(required=True)
    leaves_at = Time(
        required=True,
        allow_none=True,
        metadata={"description": "When it is erased at the latest, where one wished so and a loan holds it up."},
    )


class WaysInSchema(Schema):
    """Every way into an account, or to read in it; each can be ended."""

    password = fields.Boolean(required=True)
    firebase = fields.Boolean(required=True, metadata={"description": "Ended by `DELETE /v1/me/firebase`."})
    calendar = fields.Boolean(required=True, metadata={"description": "Ended by `DELETE /v1/me/calendar`."})
    sessions = fields.Integer(required=True, metadata={"description": "Listed by `GET /v1/me/sessions`.", "example": 2})


class WaysInField(fields.Nested):
    """Looked up as the account is shown."""

    def get_value(self, obj: Any, attr: str, *_args: Any, **_kwargs: Any) -> Any:
        """Of the account that is dumped."""
        return find_ways_in(obj)


class OwnAccountSchema(MeSchema):
    """One's own account, with the ways into it."""

    ways_in = WaysInField(WaysInSchema, required=True, dump_only=True)


class MeUpdateSchema(Schema):
    """What one may change of oneself."""

    display_name = DisplayName()
    bio = PublicText(0, 1000)
    language = fields.String(validate=LANGUAGE)
    password = NewPassword()
    current_password = Password()
    id_token = Secret(most=8192, metadata={"description": "Of a Firebase sign-in just now: for a first password."})
    code = SixDigits(
        metadata={"example": "481516", "description": "From the mail of `me/codes`: for a first password."}
    )


class ProofSchema(Schema):
    """The proof that it is really you: the password, or a Firebase token of the last five minutes, or a mailed code."""

    among_fields = {"anyOf": [{"required": [each]} for each in ("password", "id_token", "code")]}
    password = Password()
    id_token = Secret(most=8192)
    code = SixDigits(metadata={"example": "481516", "description": "From the mail of `me/codes`; without a password."})

    @pre_load
    def _one_of_them(self, data: Any, **_kwargs: Any) -> Any:
        if isinstance(data, dict) and not {"password", "id_token", "code"} & set(data):
            raise Refused(
                "required",
                fr="Le mot de passe, un jeton Firebase ou un code est nécessaire.",
                en="The password, a Firebase token or a code is needed.",
                field_name="password",
            )
        return data


class LeaveSchema(ProofSchema):
    """The proof that it is really you."""


class LinkSchema(Schema):
    """A Firebase account to sign in by."""

    id_token = Secret(most=8192, required=True)


class SignedInSchema(Schema):
    """What a phone keeps."""

    user = fields.Nested(MeSchema, required=True)
    access_token = fields.String(required=True)
    refresh_token = fields.String(required=True)
    expires_at = Time(required=True)
    next_steps = fields.List(fields.String(), required=True, metadata={"example": ["set_home"]})


class TermsSchema(Schema):
    """The terms of use in one language."""

    version = fields.String(required=True, metadata={"example": "2026-11"})
    language = fields.String(required=True, metadata={"example": "fr"})
    text = fields.String(required=True)


class TermsVersionSchema(Schema):
    """Which terms are accepted."""

    version = Text(1, 20, required=True, metadata={"example": "2026-11"})


class SessionSchema(Schema):
    """One place where a person is signed in."""

    id = fields.UUID(required=True, metadata=PERSON)
    label = fields.String(required=True, metadata={"example": "neighbourly/1.0 (Android 15)"})
    current = fields.Boolean(required=True)
    created_at = Time(required=True)
    last_used_on = fields.Date(required=True, metadata={"description": "By the day."})


class InvitationSchema(Schema):
    """An invitation to hand on."""

    id = fields.UUID(required=True, metadata=PERSON)
    code = fields.String(required=True, metadata={"example": "K7Q2M9XA4B"})
    url = fields.String(required=True)
    qr_svg = fields.String(required=True, metadata={"description": "An SVG element to show or print."})
    uses_left = fields.Integer(required=True, metadata={"example": 20})
    expires_at = Time(required=True)


class PersonSchema(Schema):
    """Someone, by the name they chose and nothing else."""

    id = fields.UUID(required=True, metadata=PERSON)
    display_name = fields.String(required=True, metadata={"example": "Léa M."})
    photo = fields.Constant(None, required=True, allow_none=True, metadata={"description": "Not offered yet."})


class BlockSchema(Schema):
    """Someone whom the caller blocked."""

    id = fields.UUID(required=True, metadata=PERSON)
    display_name = fields.String(required=True, metadata={"example": "Léa M."})
    created_at = Time(required=True)
