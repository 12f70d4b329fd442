"""A mail as the program thinks of it, and as it is written: plain text and HTML, safe headers, marked as automatic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime, make_msgid, parseaddr

from neighbourly.core.mail.errors import MailRefused

# Seven bits, since not every server on the way takes eight; only an address with accents needs more (RFC 6531).
POLICY = SMTP.clone(cte_type="7bit")
HEADER_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322, 3.6.8


@dataclass(frozen=True)
class Mail:
    """One mail to one address; `headers` are further ones, such as `List-Unsubscribe`."""

    to: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def sender_address(sender: str) -> Address:
    """Read `name <address>` or a bare address; raises `ValueError` when it is neither."""
    name, address = parseaddr(sender)
    if "@" not in address:
        raise ValueError("the sender of mails must be an address, or a name and an <address>")
    return Address(name, addr_spec=address)


def compose(mail: Mail, sender: Address) -> EmailMessage:
    """Write the mail; raises `MailRefused` where an address or header holds what none may (a line break, say)."""
    message = _written(mail, sender)
    if message is None:
        raise MailRefused("an address or a header of the mail cannot be written")
    return message


def _written(mail: Mail, sender: Address) -> EmailMessage | None:
    message = EmailMessage(policy=POLICY.clone(utf8=not mail.to.isascii()))
    try:
        message["From"] = sender
        message["To"] = _recipient(mail.to)
        message["Subject"] = mail.subject
        message["Date"] = localtime()
        message["Message-ID"] = make_msgid(domain=sender.domain)
        message["Auto-Submitted"] = "auto-generated"
        for name, value in mail.headers.items():
            if not HEADER_NAME.fullmatch(name):
                return None
            message[name] = value
        message.set_content(mail.text)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
        message.as_bytes()
    except (ValueError, IndexError, MessageError):
        return None
    return message


def _recipient(address: str) -> Address:
    """Exactly one address, or `ValueError` and its like; the strict parser sees an x for each letter beyond ASCII."""
    Address(addr_spec="".join("x" if letter.isalnum() and not letter.isascii() else letter for letter in address))
    local, _, domain = address.rpartition("@")
    return Address(username=local, domain=domain)
