"""Mail over SMTP, against a real server on this machine that behaves as told."""

import socket
import time

import pytest

from neighbourly.core.mail import (
    AddressRefused,
    FolderPostman,
    Mail,
    MailDelayed,
    MailRefused,
    SmtpPostman,
    postman_from,
)
from neighbourly.core.mail import smtp as smtp_module
from tests.fakes.smtp import FakeSmtp

SENDER = "neighbourly <bonjour@example.org>"
MAIL = Mail(to="ana@example.org", subject="Votre code", text="123456\n")
LOGIN = ("ana@host", "p:/@ss w%rd")


@pytest.fixture
def elsewhere(monkeypatch):
    """The name `mail.example.org` leads to this machine: a server off loopback, as far as the postman can tell."""
    name, real = "mail.example.org", socket.getaddrinfo

    def resolve(host, *rest, **options):
        return real("127.0.0.1" if host == name else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return name


def failure_of(url: str) -> Exception:
    with pytest.raises((MailRefused, MailDelayed)) as caught:
        SmtpPostman(url, SENDER).send(MAIL)
    assert "ana@" not in str(caught.value)
    assert caught.value.__context__ is None, "its cause names the address"
    return caught.value


def test_a_mail_arrives_with_its_envelope():
    with FakeSmtp() as server:
        SmtpPostman(server.url, SENDER).send(MAIL)
    (mail,) = server.mails
    assert (mail.sender, mail.recipients) == ("bonjour@example.org", ("ana@example.org",))
    assert mail.message["Subject"] == "Votre code"
    assert mail.message.get_content().strip() == "123456"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_may_want_tls_and_a_password_with_any_letter(security, monkeypatch):
    with FakeSmtp(security=security, login=LOGIN) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        SmtpPostman(server.url, SENDER).send(MAIL)
    assert len(server.mails) == 1


def test_a_wrong_password_delays_the_mail_because_it_can_be_mended(monkeypatch):
    with FakeSmtp(security="starttls", login=LOGIN) as server:
        assert isinstance(failure_of(f"smtp://ana:wrong@127.0.0.1:{server.port}"), MailDelayed)
        assert isinstance(failure_of(f"smtp://127.0.0.1:{server.port}"), MailDelayed)


def test_a_server_of_implicit_tls_that_nobody_vouches_for_gets_nothing():
    with FakeSmtp(security="tls") as server:
        assert isinstance(failure_of(server.url), MailDelayed)
    assert server.mails == []


def test_off_loopback_a_server_without_starttls_gets_nothing(elsewhere):
    with FakeSmtp() as server:
        assert isinstance(failure_of(f"smtp://{elsewhere}:{server.port}"), MailDelayed)
    assert server.mails == []


def test_off_loopback_the_certificate_must_be_trusted_and_name_the_server(elsewhere, monkeypatch):
    with FakeSmtp(security="starttls", names=(elsewhere,)) as server:
        url = f"smtp://{elsewhere}:{server.port}"
        assert isinstance(failure_of(url), MailDelayed)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
        SmtpPostman(url, SENDER).send(MAIL)
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ("550 5.1.1 no such mailbox", AddressRefused),
        ("553 5.1.3 bad address", AddressRefused),
        ("554 5.7.1 relay access denied", MailRefused),
        ("450 4.2.1 mailbox busy", MailDelayed),
        ("451 4.7.1 greylisted", MailDelayed),
        ("530 5.7.0 authentication required", MailDelayed),
    ],
)
def test_a_refused_recipient_is_final_only_where_the_server_says_so(answer, failure):
    """TST-06. A sender that is refused is no address's fault: nobody gets a mail, and that is alarmed on (REL-10)."""
    with FakeSmtp() as server:
        server.refuse("ana@example.org", answer)
        assert type(failure_of(server.url)) is failure


@pytest.mark.parametrize(("answer", "failure"), [("554 5.7.1 spam", MailRefused), ("452 4.3.1 disk full", MailDelayed)])
def test_a_refused_content_is_final_only_where_the_server_says_so(answer, failure):
    """TST-06"""
    with FakeSmtp() as server:
        server.answer_to_data = answer
        assert type(failure_of(server.url)) is failure


@pytest.mark.parametrize("any_letter", [True, False])
def test_an_address_with_accents_goes_where_the_server_takes_such(any_letter):
    with FakeSmtp(any_letter=any_letter) as server:
        postman = SmtpPostman(server.url, SENDER)
        if any_letter:
            postman.send(Mail("élodie@example.org", "Bonjour", "x"))
        else:
            with pytest.raises(AddressRefused):
                postman.send(Mail("élodie@example.org", "Bonjour", "x"))
    assert [mail.recipients for mail in server.mails] == [("élodie@example.org",)] * any_letter


@pytest.mark.parametrize("step", ["greeting", "data"])
def test_a_server_that_hangs_up_delays_the_mail(step):
    """TST-06"""
    with FakeSmtp() as server:
        server.hangs_up_at = step
        assert isinstance(failure_of(server.url), MailDelayed)


def test_a_slow_server_delays_the_mail_and_does_not_hold_us(monkeypatch):
    """REL-08"""
    monkeypatch.setattr(smtp_module, "TIMEOUT_SECONDS", 0.2)
    with FakeSmtp() as server:
        server.delay_s = 1
        began = time.monotonic()
        assert isinstance(failure_of(server.url), MailDelayed)
        assert time.monotonic() - began < 0.8


def test_a_server_that_is_not_there_delays_the_mail():
    with FakeSmtp() as server:
        url = server.url
    assert isinstance(failure_of(url), MailDelayed)


@pytest.mark.parametrize(
    "url", ["ftp://u:secret@127.0.0.1", "smtp://", "u:secret@example.org:25", "smtp://u:s%C3%A9cret@example.org"]
)
def test_a_wrong_url_is_refused_at_once_without_showing_it(url):
    with pytest.raises(ValueError, match="mail server") as wrong:
        SmtpPostman(url, SENDER)
    assert "secret" not in str(wrong.value)


def test_the_setting_chooses_the_postman(tmp_path):
    assert isinstance(postman_from(None, tmp_path, SENDER), FolderPostman)
    assert isinstance(postman_from("smtp://127.0.0.1", tmp_path, SENDER), SmtpPostman)
