"""FCM-06: on a phone's screen, what is about one thing replaces itself and nothing else."""

from __future__ import annotations

from uuid import UUID, uuid5

import pytest

from neighbourly.notifications.catalogue import CATALOGUE
from neighbourly.notifications.channels.push import COLLAPSE_ID
from neighbourly.notifications.push_actions import PUSH_ACTIONS
from neighbourly.notifications.push_grouping import PushSubject, make_collapse_id, make_thread_id

NAMES = UUID(int=0)


def about(type_name: str, **ids: str) -> PushSubject:
    """A subject whose ids are made of words: `listing="drill"`."""
    given = {f"{name}_id": uuid5(NAMES, word) for name, word in ({"notification": type_name} | ids).items()}
    absent = dict.fromkeys(("actor_id", "listing_id", "exchange_id", "conversation_id"))
    return PushSubject(type_name, **(absent | given))


ANAS_YES = about("answer_received", listing="drill", actor="ana")
NEED = about("request_nearby", listing="drill", actor="lea")
LOAN = about("exchange_proposed", exchange="loan", listing="drill", conversation="chat", actor="lea")
MESSAGE = about("message_received", exchange="loan", conversation="chat", actor="lea")


@pytest.mark.parametrize(
    ("one", "other", "replaces"),
    [
        (ANAS_YES, about("answer_received", listing="drill", actor="karim"), False),
        (ANAS_YES, about("answer_received", listing="drill", actor="ana", notification="later"), True),
        (ANAS_YES, about("answer_received", listing="ladder", actor="ana"), False),
        (NEED, about("request_nearby", listing="ladder", actor="lea"), False),
        (NEED, about("request_closed", listing="drill", actor="lea"), True),
        (NEED, ANAS_YES, False),
        (LOAN, about("exchange_accepted", exchange="loan", listing="drill", actor="karim"), True),
        (LOAN, about("exchange_proposed", exchange="another loan", listing="drill", actor="ana"), False),
        (LOAN, MESSAGE, False),
        (MESSAGE, about("message_received", conversation="chat", exchange="loan", notification="second"), True),
        (MESSAGE, about("message_received", conversation="another chat", actor="lea"), False),
        (about("minutes_received", actor="ana"), about("minutes_received", actor="ana", notification="more"), False),
    ],
)
def test_only_what_is_about_the_same_thing_replaces_it(one, other, replaces):
    assert (make_collapse_id(one) == make_collapse_id(other)) is replaces


@pytest.mark.parametrize(
    ("one", "other"), [(LOAN, MESSAGE), (NEED, ANAS_YES), (ANAS_YES, about("answer_received", listing="drill"))]
)
def test_what_belongs_together_stands_together(one, other):
    assert make_thread_id(one) == make_thread_id(other)


@pytest.mark.parametrize("subject", [ANAS_YES, NEED, LOAN, MESSAGE])
def test_each_name_fits_every_way_of_pushing(subject):
    assert COLLAPSE_ID.fullmatch(make_collapse_id(subject))
    assert len(make_thread_id(subject)) <= 64


@pytest.mark.parametrize("type_name", sorted(PUSH_ACTIONS))
def test_buttons_fit_a_phone_and_are_named_in_both_languages(type_name):
    actions = PUSH_ACTIONS[type_name]
    assert type_name in CATALOGUE
    assert 1 <= len(actions) <= 3
    assert all(set(action.label) == {"fr", "en"} for action in actions)
    assert all(len(label) <= 16 for action in actions for label in action.label.values())
