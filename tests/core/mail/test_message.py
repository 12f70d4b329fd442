"""How a mail is written."""

from email import message_from_bytes
from email.policy import default

import pytest

from neighbourly.core.mail import Mail, MailRefused
from neighbourly.core.mail.message import compose, sender_address

SENDER = sender_address("neighbourly <bonjour@example.org>")
MAIL = Mail(to="ana@example.org", subject="Votre code : 123456", text="Voilà.\n", html="<p>Voilà.</p>")


def test_a_mail_holds_text_and_html_and_says_that_a_program_wrote_it():
    read = message_from_bytes(compose(MAIL, SENDER).as_bytes(), policy=default)
    assert read.get_body(("plain",)).get_content() == "Voilà.\r\n"
    assert read.get_body(("html",)).get_content().strip() == "<p>Voilà.</p>"
    assert read["From"] == "neighbourly <bonjour@example.org>"
    assert (read["To"], read["Subject"]) == ("ana@example.org", "Votre code : 123456")
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Message-ID"].endswith("@example.org>")
    assert read["Date"].datetime.tzinfo is not None


def test_a_mail_without_html_is_plain_text_and_further_headers_are_kept():
    mail = Mail("ana@example.org", "Bonjour", "Texte", headers={"List-Unsubscribe": "<https://example.org/c/x>"})
    message = compose(mail, SENDER)
    assert message.get_content_type() == "text/plain"
    assert message["List-Unsubscribe"] == "<https://example.org/c/x>"


def test_every_byte_of_a_mail_is_ascii():
    assert compose(MAIL, SENDER).as_bytes().isascii()


@pytest.mark.parametrize(
    "mail",
    [
        Mail("ana@example.org", "Bonjour\r\nBcc: eve@example.org", "x"),
        Mail("ana@example.org", "Bonjour\nBcc: eve@example.org", "x"),
        Mail("ana@example.org\r\nBcc: eve@example.org", "Bonjour", "x"),
        Mail("ana@example.org, eve@example.org", "Bonjour", "x"),
        Mail("Ana <ana@example.org>", "Bonjour", "x"),
        Mail("not an address", "Bonjour", "x"),
        Mail("élodie@example.org, eve@example.org", "Bonjour", "x"),
        Mail("élodie\x85eve@example.org", "Bonjour", "x"),
        Mail("", "Bonjour", "x"),
        Mail("ana@example.org", "Bonjour", "x", headers={"X-A": "1\r\nBcc: eve@example.org"}),
        Mail("ana@example.org", "Bonjour", "x", headers={"X-A: 1\r\nBcc": "eve@example.org"}),
        Mail("ana@example.org", "Bonjour", "x", headers={"To": "eve@example.org"}),
        Mail("ana@example.org", "Bonjour", "half a letter \ud800"),
    ],
)
def test_no_input_can_add_a_header_or_a_recipient(mail):
    with pytest.raises(MailRefused) as refused:
        compose(mail, SENDER)
    assert "example" not in str(refused.value)


def test_a_sender_without_an_address_is_refused_at_once():
    with pytest.raises(ValueError, match="sender"):
        sender_address("neighbourly")
