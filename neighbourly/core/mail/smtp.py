"""Mail over SMTP: encrypted as soon as it leaves this machine, and never waiting longer than ten seconds for a word."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from neighbourly.core.mail.errors import AddressRefused, MailDelayed, MailRefused
from neighbourly.core.mail.message import Mail, compose, sender_address

TIMEOUT_SECONDS = 10
AUTHENTICATION_REQUIRED = 530


class SmtpPostman:
    """Sends by `smtp://` (STARTTLS, compulsory off loopback) or `smtps://`, with `user:password@` percent-encoded.

    Without a port: 465 for `smtps`; 587 for `smtp`, but 25 on loopback. Raises `ValueError` for any other URL.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("the mail server must be given as smtp://host or smtps://host")
        self._sender = sender_address(sender)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._loopback = _is_loopback(parts.hostname)
        self._port = parts.port or (465 if self._tls else 25 if self._loopback else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        if not (self._user + self._password).isascii():
            raise ValueError("the mail server's user and password must be plain ASCII")

    def send(self, mail: Mail) -> None:
        """Hand the mail to the server; raises `MailRefused` (for good) or `MailDelayed` (for now)."""
        message = compose(mail, self._sender)
        server, trouble = self._reach()
        if server is None:
            raise MailDelayed(trouble)
        # Raised out of the handler that caught its cause: smtplib's errors name the addresses.
        failure = self._hand_over(server, message, mail.to)
        if failure is not None:
            raise failure

    def trouble(self) -> str | None:
        """Try everything but a mail: why the server could not be used, or None."""
        server, trouble = self._reach()
        if server is None:
            return trouble
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        return None

    def _reach(self) -> tuple[smtplib.SMTP | None, str]:
        """A server ready for a mail, or why not; it has seen nothing of the mail yet, so no refusal is final."""
        server: smtplib.SMTP | None = None
        try:
            server = self._connect()
            self._secure(server)
            if self._user:
                server.login(self._user, self._password)
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            if server is not None:
                server.close()
            return None, f"the mail server could not be used: {type(error).__name__}"
        return server, ""

    def _connect(self) -> smtplib.SMTP:
        # The name it says hello with: our own could be private, and finding it out can take long.
        name = self._sender.domain
        if self._tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, name, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(self._host, self._port, name, timeout=TIMEOUT_SECONDS)

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self._tls or (self._loopback and not server.has_extn("starttls")):
            return
        context = ssl.create_default_context()
        if self._loopback:
            # What listens on this machine's loopback has a certificate of its own making, if any.
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        server.starttls(context=context)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage, to: str) -> MailRefused | MailDelayed | None:
        try:
            server.send_message(message, self._sender.addr_spec, [to])
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            return _failure(error)
        # Taken is taken, however the server says goodbye.
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        return None


def _is_ours(error: smtplib.SMTPRecipientsRefused) -> bool:
    """Whether the server refuses who sends, not to whom: "relay access denied", say (RFC 3463, section 3.8: X.7.X)."""
    return any(said.startswith(b"5.7.") for _, said in error.recipients.values())


def _failure(error: Exception) -> MailRefused | MailDelayed:
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return AddressRefused("the mail server does not take addresses with such letters")
    status, refusal = 0, MailRefused
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        refusal = MailRefused if _is_ours(error) else AddressRefused
        status = max(code for code, _ in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        status = error.smtp_code
    if status == 0:
        return MailDelayed(f"the mail server was lost on the way: {type(error).__name__}")
    if status >= 500 and status != AUTHENTICATION_REQUIRED:
        return refusal(f"the mail server answered {status}")
    return MailDelayed(f"the mail server answered {status}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
