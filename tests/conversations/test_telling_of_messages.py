"""FCM-09: one push for several messages, none for a chat that is open, and never a word of what was written."""

from __future__ import annotations

import pytest

from tests.factories.exchanges import agree
from tests.factories.listings import offer


@pytest.fixture
def chat(as_, ana, bob):
    """The path of the messages of an exchange between Ana and Bob."""
    return f"/v1/conversations/{agree(bob, offer(ana)).conversation_id}/messages"


@pytest.fixture
def told(as_):
    """`told(ana)`: how often she was told of messages."""
    items = lambda user: as_(user).get("/v1/notifications").json["items"]  # noqa: E731
    return lambda user: [each["type"] for each in items(user)].count("message_received")


def test_several_in_a_row_are_told_once(as_, ana, bob, chat, told):
    for body in ("Un", "Deux", "Trois"):
        as_(bob).post(chat, json={"body": body})
    assert (told(ana), told(bob)) == (1, 0)


def test_the_inbox_says_which_chat_it_is_and_which_exchange(as_, ana, bob, chat):
    """FCM-08: a phone that lost the push opens the same place from the inbox."""
    as_(bob).post(chat, json={"body": "Un"})
    message, proposed = as_(ana).get("/v1/notifications").json["items"]
    assert message["data"]["conversation_id"] == chat.split("/")[3] == proposed["data"]["conversation_id"]
    assert proposed["data"]["exchange_id"] is not None


def test_what_is_written_days_later_is_told_again(as_, ana, bob, chat, told, later):
    """Silence is worse than a second push."""
    as_(bob).post(chat, json={"body": "Un"})
    later(days=2)
    as_(bob).post(chat, json={"body": "Toujours là ?"})
    assert told(ana) == 2


def test_after_reading_the_next_is_told_again(as_, ana, bob, chat, told, later):
    as_(bob).post(chat, json={"body": "Un"})
    as_(ana).put(chat.replace("messages", "read"), json={})
    later(minutes=5)
    as_(bob).post(chat, json={"body": "Deux"})
    assert told(ana) == 2


def test_after_an_answer_the_next_is_told_again(as_, ana, bob, chat, told):
    as_(bob).post(chat, json={"body": "Un"})
    as_(ana).post(chat, json={"body": "Oui"})
    as_(bob).post(chat, json={"body": "Deux"})
    assert (told(ana), told(bob)) == (2, 1)


def test_a_chat_that_is_open_tells_nothing_until_half_a_minute_after_the_last_look(as_, ana, bob, chat, told, later):
    as_(ana).get(chat)
    as_(bob).post(chat, json={"body": "Un"})
    assert told(ana) == 0
    later(seconds=31)
    as_(bob).post(chat, json={"body": "Deux"})
    assert told(ana) == 1


def test_what_was_read_meanwhile_is_not_pushed(as_, ana, bob, chat, later, data_dir):
    pushes = data_dir / "push.jsonl"
    pushes.unlink(missing_ok=True)
    as_(ana).put("/v1/me/devices/p1", json={"fcm_token": "anas", "platform": "android"})
    as_(bob).post(chat, json={"body": "Un"})
    as_(ana).put(chat.replace("messages", "read"), json={})
    later(minutes=1)
    assert not pushes.exists() or "message_received" not in pushes.read_text()


def test_the_notification_names_who_and_never_what(as_, ana, bob, chat, run_jobs, data_dir):
    """FCM-05."""
    as_(ana).put("/v1/me/devices/p1", json={"fcm_token": "anas", "platform": "android"})
    (data_dir / "push.jsonl").unlink(missing_ok=True)
    as_(bob).post(chat, json={"body": "CANARI au 12 rue des Arts"})
    run_jobs()
    shown = (data_dir / "push.jsonl").read_text() + as_(ana).get("/v1/notifications").text
    assert "Bob vous a écrit" in shown
    assert "CANARI" not in shown
    assert "Bob B." not in (data_dir / "push.jsonl").read_text()
