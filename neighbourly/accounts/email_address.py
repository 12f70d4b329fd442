"""E-mail addresses in the one form in which they are kept, compared and sent to; nothing is looked up in the DNS."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

PLAIN = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
"""An address in ASCII with a domain of more than one label, be it a reserved one."""


def canonical_address(text: str, *, reachable: bool = False) -> str:
    """The address with its domain in ASCII and small letters (IDNA 2008): `lea@exämple.fr` is `lea@xn--exmple-cua.fr`.

    `reachable` also refuses reserved domains, to which no mail comes from outside (`jean@box.local`); an account that
    has one already may go on signing in. Raises `ValueError` for what is no address, or has letters beyond ASCII before
    the `@`, which many mail servers do not take.
    """
    text = text.strip()
    try:
        found = validate_email(text, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as reason:
        if not reachable and PLAIN.fullmatch(text):
            return text
        raise ValueError("this is not an e-mail address") from reason
    return found.ascii_email or found.normalized


def readable_address(address: str) -> str:
    """The address as its owner writes it: with the letters that its domain stands for."""
    if "xn--" not in address:
        return address
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError:
        return address
