"""What a password must be, and how it is kept."""

from __future__ import annotations

import threading
import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from neighbourly.accounts import passwords
from neighbourly.accounts.errors import PasswordTooCommon, TooManySignIns
from neighbourly.accounts.models import User
from neighbourly.core.db import db
from tests.accounts.conftest import bearer, log_in, register
from tests.people import PASSWORD


def test_a_password_is_composed_before_it_is_measured(client, join):
    """SEC-08: seventy accented letters are seventy, also from a keyboard that sends each as two."""
    long, apart = "é" * 70, unicodedata.normalize("NFD", "é" * 70)
    assert (len(long), len(apart)) == (70, 140)
    join("lea@example.org", password=apart)
    assert [log_in(client, "lea@example.org", each).status_code for each in (long, apart)] == [200, 200]
    headers = bearer(log_in(client, "lea@example.org", apart).json)
    change = {"current_password": apart, "password": unicodedata.normalize("NFD", "à" * 100)}
    assert client.patch("/v1/me", json=change, headers=headers).status_code == 200
    five = {"email": "b@example.org", "password": unicodedata.normalize("NFD", "é" * 5)}
    short = register(client, "b@example.org", password=five["password"])
    assert (short.status_code, short.json["errors"][0]["code"]) == (422, "bad_length")


def test_passwords_are_kept_as_argon2id_with_enough_work():
    """SEC-07: argon2id, at least 19 MiB, two passes, one lane."""
    kept = extract_parameters(passwords.hashed(PASSWORD))
    assert kept.type is Type.ID
    assert (kept.memory_cost, kept.time_cost, kept.parallelism) >= (19456, 2, 1)
    assert kept.salt_len >= 16


def test_a_hash_of_an_older_policy_is_renewed_at_the_next_sign_in(client, new_user):
    """SEC-07: rehash on login when the policy rises."""
    weak = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    lea = new_user("Léa M.", password_hash=weak, email="lea@example.org")
    assert log_in(client, "lea@example.org").status_code == 200
    renewed = db.session.get_one(User, lea.id).password_hash
    assert renewed != weak
    assert not passwords.outdated(renewed)


def test_only_a_few_passwords_are_checked_at_once(monkeypatch):
    """SEC-07: concurrent hashes are bounded; who waits too long is asked to come back."""
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.01)
    monkeypatch.setattr(passwords, "_places", threading.BoundedSemaphore(1))
    with passwords._place(), pytest.raises(TooManySignIns) as refused:
        passwords.hashed(PASSWORD)
    assert refused.value.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("password", "status"),
    [
        ("ninechars", 422),
        ("tenletters", 202),
        ("x9" * 64, 202),
        ("x9" * 64 + "z", 422),
        ("éléphant à l'eau", 202),
        ("          ", 202),
        ("👩‍👩‍👧 habite ici", 202),
        ("spécial\u00a0espace", 202),
        ("tab\tis\tcontrol", 422),
        ("nul\x00nul\x00nul", 422),
        ("password12", 422),
        ("PassWord12", 422),
        ("1234567890", 422),
        ("qwertyuiop", 422),
    ],
)
def test_any_ten_characters_will_do_but_the_commonest(client, password, status):
    """SEC-08: 10 to 128 characters, no rules of composition, the commonest refused."""
    assert register(client, "lea@example.org", password=password).status_code == status


def test_the_ten_thousand_commonest_are_known():
    """SEC-08: the list is long enough, and says which field it is about."""
    assert len(passwords._commonest()) >= 10_000
    with pytest.raises(PasswordTooCommon) as refused:
        passwords.refuse_common("1q2w3e4r5t")
    assert refused.value.faults[0].pointer == "/password"


def test_no_character_of_a_long_password_is_lost():
    """SEC-08: no truncation."""
    long = "x9" * 64
    assert not passwords.matches(passwords.hashed(long), long[:-1])


def test_a_password_is_the_same_on_another_keyboard():
    decomposed = unicodedata.normalize("NFD", "éléphant à l'eau")
    assert passwords.matches(passwords.hashed("éléphant à l'eau"), decomposed)


def test_a_change_needs_the_current_password(client, join):
    """SEC-08: without it, or with a wrong one, nothing changes."""
    headers = bearer(join("lea@example.org"))
    for proof in ({}, {"current_password": "not the one"}):
        refused = client.patch("/v1/me", json={"password": "another long one"} | proof, headers=headers)
        assert (refused.status_code, refused.json["code"]) == (403, "password_needed")
    assert log_in(client, "lea@example.org").status_code == 200
    body = {"password": "another long one", "current_password": PASSWORD}
    assert client.patch("/v1/me", json=body, headers=headers).status_code == 200
    assert log_in(client, "lea@example.org", "another long one").status_code == 200
    assert log_in(client, "lea@example.org").status_code == 401
