"""A mail server on 127.0.0.1 that takes mail, or is slow, refuses, hangs up, wants TLS or a password.

As a program: `python -m tests.fakes.smtp --port 2525`.
"""

# ruff: noqa: N802 -- aiosmtpd names its hooks after the commands

from __future__ import annotations

import argparse
import asyncio
import datetime
import ipaddress
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.fakes.server import serve
from tests.waiting import wait_until


@dataclass(frozen=True)
class Received:
    """One mail that was taken: the envelope, and the message as a mail program would read it."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


class FakeSmtp:
    """One mail server; `names` stand in its certificate, `any_letter` is SMTPUTF8.

    `delay_s`, `hangs_up_at` and `answer_to_data` may be changed while it runs, and `refuse()` called.
    """

    def __init__(
        self,
        *,
        security: Literal["none", "starttls", "tls"] = "none",
        login: tuple[str, str] | None = None,
        names: tuple[str, ...] = ("localhost",),
        any_letter: bool = True,
        port: int = 0,
    ) -> None:
        self.mails: list[Received] = []
        self.delay_s: float = 0
        self.hangs_up_at: Literal["greeting", "data", "never"] = "never"
        self.answers: dict[str, str] = {}
        self.answer_to_data = "250 2.0.0 taken"
        self.port = port
        self._security = security
        self._login = login
        self._names = names
        self._any_letter = any_letter
        self._folder = tempfile.TemporaryDirectory(prefix="fake-smtp-")
        self.certificate = Path(self._folder.name, "certificate.pem")
        self._controller: _Controller | None = None

    @property
    def url(self) -> str:
        """What to set as `NEIGHBOURLY_SMTP_URL`, password included."""
        scheme = "smtps" if self._security == "tls" else "smtp"
        login = [quote(part, safe="") for part in self._login or ()]
        return f"{scheme}://{':'.join(login)}{'@' if login else ''}127.0.0.1:{self.port}"

    @property
    def wants_login(self) -> bool:
        """Whether only those who know the password may send."""
        return self._login is not None

    def refuse(self, address: str, answer: str = "550 5.1.1 no such mailbox") -> None:
        """From now on this recipient gets that answer: 5xx for good, 4xx for now."""
        self.answers[address] = answer

    def wait_for(self, count: int, timeout_s: float = 5) -> list[Received]:
        """Wait until that many mails were taken."""
        wait_until(lambda: len(self.mails) >= count, timeout_s)
        return self.mails

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        context = _server_context(self.certificate, self._names) if self._security != "none" else None
        implicit = self._security == "tls"
        self._controller = _Controller(
            _Handler(self),
            hostname="127.0.0.1",
            port=self.port,
            enable_SMTPUTF8=self._any_letter,
            ssl_context=context if implicit else None,
            tls_context=None if implicit else context,
            require_starttls=self._security == "starttls",
            authenticator=self._check if self._login else None,
            # over implicit TLS, aiosmtpd takes the connection for a plain one
            auth_require_tls=self._security == "starttls",
        )
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        """Listen no more."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def _check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: object) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        given = (auth.login.decode(), auth.password.decode())
        return AuthResult(success=given == self._login, handled=given == self._login)


class _Controller(Controller):
    """aiosmtpd's, on any free port."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class _Handler:
    """What aiosmtpd asks at each step."""

    def __init__(self, fake: FakeSmtp) -> None:
        self._fake = fake

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._hang_up(server, "greeting")
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._fake.wants_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self._fake.delay_s)
        answer = self._fake.answers.get(address, "250 2.1.5 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self._hang_up(server, "data")
        if self._fake.answer_to_data.startswith("2"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=default)
            self._fake.mails.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return self._fake.answer_to_data

    def _hang_up(self, server: SMTP, step: str) -> None:
        if self._fake.hangs_up_at == step:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()


def _server_context(certificate: Path, names: tuple[str, ...]) -> ssl.SSLContext:
    """A context with a certificate made now, signed by itself; written so that a client may choose to trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [*(x509.DNSName(each) for each in names), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private = certificate.with_name("key.pem")
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    return context


@contextmanager
def _from_arguments(arguments: argparse.Namespace) -> Iterator[FakeSmtp]:
    with FakeSmtp(port=arguments.port) as smtp:
        smtp.delay_s = arguments.delay_ms / 1000
        yield smtp


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A mail server, played on this machine.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    serve(_from_arguments, parser)
