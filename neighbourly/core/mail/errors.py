"""How sending a mail fails: for good, or for now; the texts never hold an address or a line of the mail."""

from __future__ import annotations


class MailRefused(Exception):
    """This mail will never be taken; trying again is useless."""


class AddressRefused(MailRefused):
    """The server does not know this address, or does not want it: others' mails may go well."""


class MailDelayed(Exception):
    """The mail could not be handed over now; trying later may work."""
