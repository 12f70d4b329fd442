"""Mail into a folder, and the folder read back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from neighbourly.core.mail import FolderPostman, Mail, MailDelayed, read_folder

SENDER = "neighbourly <bonjour@example.org>"


def test_what_was_sent_is_read_back_newest_first(tmp_path):
    postman = FolderPostman(tmp_path / "mail", SENDER)
    for number in range(3):
        postman.send(Mail("ana@example.org", f"Échange n° {number}", "Voilà.\n", "<p>Voilà.</p>\n"))
    newest, second = read_folder(tmp_path / "mail", limit=2)
    assert (newest.subject, second.subject) == ("Échange n° 2", "Échange n° 1")
    assert (newest.to, newest.text.strip(), newest.html.strip()) == ("ana@example.org", "Voilà.", "<p>Voilà.</p>")
    assert datetime.now(UTC) - newest.sent_at < timedelta(minutes=1)


def test_names_are_unique_and_sort_in_the_order_of_sending(tmp_path):
    postman = FolderPostman(tmp_path, SENDER)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: postman.send(Mail("ana@example.org", str(n), "x")), range(100)))
    assert len(list(tmp_path.glob("*.eml"))) == 100
    for number in range(100, 110):
        postman.send(Mail("ana@example.org", str(number), "x"))
    assert [mail.subject for mail in read_folder(tmp_path, 10)] == [str(n) for n in range(109, 99, -1)]


def test_only_the_owner_may_read_a_mail_and_nothing_half_written_stays(tmp_path):
    FolderPostman(tmp_path / "mail", SENDER).send(Mail("ana@example.org", "Votre code", "123456"))
    (file,) = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o077 == 0


def test_a_folder_that_is_not_there_holds_no_mail(tmp_path):
    assert read_folder(tmp_path / "none", 10) == []


def test_a_file_that_is_no_mail_does_not_spoil_the_page(tmp_path):
    (tmp_path / "1.eml").write_bytes(b"\xff\x00 nothing like a mail")
    FolderPostman(tmp_path, SENDER).send(Mail("ana@example.org", "Bonjour", "x"))
    assert len(read_folder(tmp_path, 10)) == 2


def test_a_folder_that_cannot_be_written_delays_the_mail(tmp_path):
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(MailDelayed):
        FolderPostman(tmp_path / "mail", SENDER).send(Mail("ana@example.org", "Bonjour", "x"))
