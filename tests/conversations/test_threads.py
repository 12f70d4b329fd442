"""Threads of two people: questions, the thread of an exchange, reading marks, pages."""

from __future__ import annotations

import pytest

from neighbourly.conversations.models import Message
from neighbourly.conversations.wording import QUICK, STEPS, words_of
from neighbourly.core.ids import new_id
from tests.databases import count_of
from tests.factories.exchanges import agree, bring_back, lend, propose
from tests.factories.listings import ask, offer
from tests.people import ANA_CELL

THREADS = "/v1/conversations"


@pytest.fixture
def drill(ana):
    """Ana's."""
    return offer(ana)


@pytest.fixture
def write(as_):
    """`write(bob, thread, "Bonjour")`: the answer to that message."""

    def post(user, thread, body=None, **said):
        path = f"{THREADS}/{thread if isinstance(thread, str) else thread.conversation_id}/messages"
        return as_(user).post(path, json={"body": body, **said} if body else said)

    return post


@pytest.fixture
def thread(as_, bob, drill):
    """Bob asked Ana about the drill."""
    made = as_(bob).post(THREADS, json={"listing_id": str(drill.id), "body": "Est-elle libre samedi ?"})
    assert made.status_code == 201, made.json
    return made.json["id"]


def messages(as_, user, thread_id, query=""):
    return as_(user).get(f"{THREADS}/{thread_id}/messages?{query}").json


def test_a_question_reaches_the_owner_and_a_second_goes_into_the_same_thread(as_, ana, bob, drill, thread):
    again = as_(bob).post(THREADS, json={"listing_id": str(drill.id), "body": "Et dimanche ?"})
    assert (again.status_code, again.json["id"]) == (200, thread)
    (seen,) = as_(ana).get(THREADS).json["items"]
    assert (seen["other"]["display_name"], seen["unread"], seen["last_message"]) == ("Bob B.", 2, "Et dimanche ?")
    assert (seen["listing"]["title"], seen["exchange_id"], seen["closed"]) == (drill.title, None, False)


def test_a_question_tapped_twice_is_asked_once(as_, ana, bob, drill):
    """REL-07: without an id of its own too; after an answer the same words are new."""
    body = {"listing_id": str(drill.id), "body": "Est-elle libre ?"}
    first, again = (as_(bob).post("/v1/conversations", json=body) for _ in range(2))
    assert (first.status_code, again.status_code, again.json["id"]) == (201, 200, first.json["id"])
    messages = f"/v1/conversations/{first.json['id']}/messages"
    assert len(as_(ana).get(messages).json["items"]) == 1
    as_(ana).post(messages, json={"body": "Pas samedi."})
    as_(bob).post("/v1/conversations", json=body)
    assert len(as_(ana).get(messages).json["items"]) == 3


def test_who_asked_writes_to_who_said_yes(as_, ana, bob):
    need = ask(bob)
    as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"})
    (answer,) = as_(bob).get(f"/v1/listings/{need.id}/answers").json["items"]
    made = as_(bob).post(THREADS, json={"answer_id": answer["id"], "body": "Merci !"})
    assert (made.status_code, made.json["other"]["id"]) == (201, str(ana.id))
    as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "no"})
    assert as_(bob).post(THREADS, json={"answer_id": answer["id"], "body": "Et ?"}).status_code == 404


def test_nobody_writes_to_themselves_or_about_what_they_do_not_see(as_, ana, bob, drill):
    assert as_(ana).post(THREADS, json={"listing_id": str(drill.id), "body": "?"}).json["code"] == "own_listing"
    as_(ana).post(f"/v1/listings/{drill.id}/pause", json={})
    assert as_(bob).post(THREADS, json={"listing_id": str(drill.id), "body": "?"}).status_code == 404


def test_only_its_two_sides_see_a_thread(as_, cleo, thread, write):
    calls = [
        as_(cleo).get(f"{THREADS}/{thread}"),
        as_(cleo).get(f"{THREADS}/{thread}/messages"),
        as_(cleo).put(f"{THREADS}/{thread}/read", json={}),
        write(cleo, thread, "Bonjour"),
    ]
    assert [each.status_code for each in calls] == [404] * 4
    assert as_(cleo).get(THREADS).json["items"] == []


def test_every_step_of_an_exchange_stands_in_its_thread_in_the_readers_language(as_, ana, bob, drill):
    bob.language = "en"
    exchange = bring_back(bob, drill)
    french, english = (
        [each["body"] for each in reversed(messages(as_, user, exchange.conversation_id)["items"])]
        for user in (ana, bob)
    )
    assert french == [
        "Bob B. propose un moment.",
        "Ana A. est d'accord.",
        "Ana A.\u00a0: l'objet est remis.",
        "Bob B.\u00a0: l'objet est rendu.",
    ]
    assert english == [
        "Bob B. proposes a time.",
        "Ana A. agrees.",
        "Ana A.: it was handed over.",
        "Bob B.: it was returned.",
    ]


@pytest.mark.parametrize("code", sorted(QUICK))
def test_a_reply_of_one_tap_is_read_in_each_language(as_, ana, bob, drill, write, code):
    exchange = agree(bob, drill)
    ana.language = "en"
    written = write(bob, exchange, quick=code).json
    assert (written["kind"], written["body"], written["mine"]) == ("quick", QUICK[code]["fr"], True)
    assert messages(as_, ana, exchange.conversation_id)["items"][0]["body"] == QUICK[code]["en"]


@pytest.mark.parametrize("said", [{}, {"body": "", "quick": None}, {"body": "a", "quick": "late_10"}, {"quick": "no"}])
def test_a_message_is_words_or_one_tap(bob, ana, drill, write, said):
    assert write(bob, agree(bob, drill), **said).status_code == 422


def test_the_same_id_is_the_same_message(as_, ana, bob, thread, write):
    """REL-07."""
    id = str(new_id())
    first, again = (write(bob, thread, "Bonjour", id=id) for _ in range(2))
    assert (first.status_code, again.status_code, first.json["id"]) == (201, 200, id)
    assert write(bob, thread, "Autre chose", id=id).json["code"] == "id_taken"
    assert write(ana, thread, "Bonjour", id=id).json["code"] == "id_taken"
    assert count_of(Message) == 2


@pytest.mark.parametrize("about", ["listing", "answer"])
def test_a_question_sent_again_is_the_same_also_when_what_it_was_about_is_closed(as_, ana, bob, drill, about):
    """REL-07: a phone that never heard the answer asks again."""
    need = ask(bob)
    as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "yes"})
    (answer,) = as_(bob).get(f"/v1/listings/{need.id}/answers").json["items"]
    subject = {"listing_id": str(drill.id)} if about == "listing" else {"answer_id": answer["id"]}
    body = subject | {"body": "Est-elle libre samedi ?", "id": str(new_id())}
    first = as_(bob).post(THREADS, json=body)
    as_(ana).post(f"/v1/listings/{drill.id}/close", json={})
    as_(ana).post(f"/v1/listings/{need.id}/answers", json={"answer": "no"})
    again = as_(bob).post(THREADS, json=body)
    assert (first.status_code, again.status_code, again.json["id"]) == (201, 200, first.json["id"])
    assert count_of(Message) == 1


def test_the_id_of_a_question_stands_for_that_question_alone(as_, ana, bob, cleo, drill):
    """REL-07."""
    body = {"listing_id": str(drill.id), "body": "Est-elle libre samedi ?", "id": str(new_id())}
    as_(bob).post(THREADS, json=body)
    others = [body | {"body": "Et dimanche ?"}, body | {"listing_id": str(offer(ana, "Une tente").id)}]
    refused = [as_(bob).post(THREADS, json=each) for each in others] + [as_(cleo).post(THREADS, json=body)]
    assert [each.json["code"] for each in refused] == ["id_taken"] * 3


def test_what_is_read_is_read_and_the_other_sees_it_unless_it_is_switched_off(as_, ana, bob, thread, write):
    """LOC-08."""
    assert as_(bob).get(f"{THREADS}/{thread}").json["read_by_other_at"] is None
    assert as_(ana).put(f"{THREADS}/{thread}/read", json={}).json["unread"] == 0
    assert as_(bob).get(f"{THREADS}/{thread}").json["read_by_other_at"] is not None
    as_(ana).patch("/v1/me/preferences", json={"show_read_marks": False})
    assert as_(bob).get(f"{THREADS}/{thread}").json["read_by_other_at"] is None


def test_one_may_read_up_to_a_message_and_never_unreads(as_, ana, bob, drill, write):
    exchange = lend(bob, drill)
    thread = exchange.conversation_id
    first = write(bob, exchange, "Un").json["id"]
    write(bob, exchange, "Deux")
    assert as_(ana).put(f"{THREADS}/{thread}/read", json={"up_to": first}).json["unread"] == 1
    assert as_(ana).put(f"{THREADS}/{thread}/read", json={}).json["unread"] == 0
    assert as_(ana).put(f"{THREADS}/{thread}/read", json={"up_to": first}).json["unread"] == 0
    assert as_(ana).put(f"{THREADS}/{thread}/read", json={"up_to": str(new_id())}).status_code == 404


def test_pages_go_back_and_forward_while_more_is_written(as_, ana, bob, drill, write):
    """REL-06: nothing twice, nothing lost."""
    exchange = agree(bob, drill)
    for number in range(6):
        write(bob, exchange, f"Message {number}")
    thread = exchange.conversation_id
    first = messages(as_, ana, thread, "limit=3")
    write(bob, exchange, "Encore un")
    back = messages(as_, ana, thread, f"limit=10&cursor={first['next']}")
    bodies = [each["body"] for each in first["items"] + back["items"]]
    assert bodies[:6] == [f"Message {number}" for number in reversed(range(6))]
    assert len(bodies) == len(set(bodies)) == 8
    newest = first["items"][0]["id"]
    assert [each["body"] for each in messages(as_, ana, thread, f"after={newest}")["items"]] == ["Encore un"]


def test_threads_and_messages_take_three_statements_at_most(as_, ana, bob, drill, write, statements):
    for begins in (1, 4, 7):
        write(bob, agree(bob, drill, begins=begins), "Bonjour")
    client = as_(ana)
    with statements() as of_threads:
        items = client.get(THREADS).json["items"]
    with statements() as of_messages:
        client.get(f"{THREADS}/{items[0]['id']}/messages")
    assert (len(items), len(of_threads) <= 3, len(of_messages) <= 3) == (3, True, True)


def test_the_thread_of_the_latest_word_comes_first(as_, ana, bob, cleo, drill, write):
    older, newer = propose(bob, drill), propose(cleo, drill)
    write(bob, older, "Bonjour")
    shown = [each["exchange_id"] for each in as_(ana).get(THREADS).json["items"]]
    assert shown == [str(older.id), str(newer.id)]


def test_three_messages_without_an_answer_are_enough_for_a_question(ana, bob, drill, thread, write):
    assert [write(bob, thread, "Allô ?").status_code for _ in range(2)] == [201, 201]
    refused = write(bob, thread, "Allô ?")
    assert (refused.status_code, refused.json["code"]) == (409, "wait_for_reply")
    write(ana, thread, "Oui !")
    assert write(bob, thread, "Merci").status_code == 201


def test_in_the_thread_of_an_exchange_one_writes_as_one_likes(bob, ana, drill, write):
    exchange = agree(bob, drill)
    assert {write(bob, exchange, f"{number}").status_code for number in range(6)} == {201}


def test_nobody_writes_to_a_whole_street_in_a_day(as_, new_user, ana, bob, later):
    """SEC-27."""
    for number in range(10):
        body = {"listing_id": str(offer(new_user(f"N{number}", home=ANA_CELL)).id), "body": "Bonjour !"}
        assert as_(bob).post(THREADS, json=body).status_code == 201
    body = {"listing_id": str(offer(ana, "Une de plus").id), "body": "Bonjour !"}
    assert as_(bob).post(THREADS, json=body).json["code"] == "too_many_questions"
    later(hours=25)
    assert as_(bob).post(THREADS, json=body).status_code == 201


def test_it_closes_30_days_after_the_end_and_is_readable_for_ever(as_, ana, bob, drill, write, later):
    exchange = bring_back(bob, drill)
    later(days=29)
    assert write(bob, exchange, "Merci encore").status_code == 201
    later(days=2)
    assert write(bob, exchange, "Merci encore").json["code"] == "conversation_closed"
    (seen,) = as_(ana).get(THREADS).json["items"]
    assert seen["closed"] is True
    assert len(messages(as_, ana, exchange.conversation_id)["items"]) == 5


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", sorted(STEPS))
def test_every_step_has_words_with_and_without_somebody(code, language):
    said = words_of("step", code, "", "Ana A.", language)
    assert "{" not in said
    assert ("Ana A." in said) is ("{name}" in STEPS[code][language])
    assert "{" not in words_of("step", code, "", None, language)
