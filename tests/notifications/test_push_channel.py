"""Pushes through FCM, against a real server on this machine that answers as told; and into a file without it."""

import json
import multiprocessing
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from firebase_admin import credentials, delete_app, initialize_app, messaging
from requests import Session

from neighbourly.notifications.channels import fcm as fcm_module
from neighbourly.notifications.channels.fcm import FcmSender, firebase_message, point_at
from neighbourly.notifications.channels.lines import LinePushSender
from neighbourly.notifications.channels.push import Outcome, PushMessage, backoff, wire_message
from neighbourly.notifications.channels.senders import sender_from
from tests.fakes import fcm as fake
from tests.fakes.fcm import FakeFcm
from tests.fakes.fcm_fields import faults_of

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def message(token="phone-1", **other) -> PushMessage:
    given = {
        "token": token,
        "installation_id": "installation-1",
        "title": "Quelqu'un cherche une perceuse",
        "body": "À 400 m environ",
        "data": {"type": "asked", "listing_id": "0192"},
        "collapse_id": "asked",
        "thread_id": "need",
        "channel_id": "asks",
        "ttl_seconds": 3600,
        "priority": "high",
        "badge": 3,
    }
    return PushMessage(**(given | other))


@pytest.fixture
def fcm():
    with FakeFcm() as server:
        yield server


@pytest.fixture
def sender(fcm, tmp_path):
    with FcmSender(fcm.write_credentials(tmp_path / "key.json"), fcm.url) as sender:
        yield sender


def test_a_push_arrives_as_fcm_wants_it(fcm, sender):
    before = int(time.time())
    assert sender.send(message()) == Outcome("sent")
    (arrived,) = fcm.accepted
    ends_at = int(arrived["apns"]["headers"].pop("apns-expiration"))
    assert 0 <= ends_at - before - 3600 <= 5
    assert arrived == {
        "token": "phone-1",
        "notification": {"title": "Quelqu'un cherche une perceuse", "body": "À 400 m environ"},
        "data": {"type": "asked", "listing_id": "0192"},
        "android": {
            "collapse_key": "asked",
            "priority": "high",
            "ttl": "3600s",
            "notification": {"tag": "asked", "channel_id": "asks", "notification_count": 3, "sound": "default"},
        },
        "apns": {
            "headers": {"apns-collapse-id": "asked", "apns-priority": "10", "apns-push-type": "alert"},
            "payload": {"aps": {"badge": 3, "thread-id": "need", "mutable-content": 1, "sound": "default"}},
        },
        "webpush": {
            "headers": {"TTL": "3600", "Urgency": "high", "Topic": "asked"},
            "notification": {"tag": "asked"},
        },
    }


@pytest.mark.parametrize(
    "sent",
    [
        message(),
        message(data={}),
        message(priority="normal", ttl_seconds=0, badge=0),
        message(ttl_seconds=28 * 86400),
        message(category="request_nearby", actions=[("yes", "Oui"), ("later", "Plus tard")]),
    ],
)
def test_what_stands_in_the_file_is_what_fcm_would_get(sent):
    encoded = messaging._MessagingService.encode_message(firebase_message(sent, AT))
    assert wire_message(sent, AT) == encoded
    assert faults_of(encoded) == []


@pytest.mark.parametrize(
    ("reply", "kind", "retry_after"),
    [
        (fake.OK, "sent", None),
        (fake.UNREGISTERED, "unregistered", None),
        (fake.NOT_FOUND, "retry", None),
        (fake.SENDER_ID_MISMATCH, "sender_mismatch", None),
        (fake.PERMISSION_DENIED, "unauthorised", None),
        (fake.INVALID_ARGUMENT, "rejected", None),
        (fake.error(413, "INVALID_ARGUMENT", "too large"), "rejected", None),
        (fake.UNAUTHENTICATED, "unauthorised", None),
        (fake.error(401, "UNAUTHENTICATED", "APNs", "THIRD_PARTY_AUTH_ERROR"), "unauthorised", None),
        (fake.quota_exceeded(), "retry", None),
        (fake.quota_exceeded("120"), "retry", 120.0),
        (fake.quota_exceeded("soon"), "retry", None),
        (fake.INTERNAL, "retry", None),
        (fake.error(501, "UNIMPLEMENTED", "not here"), "retry", None),
        (fake.Reply(502, b"<html>bad gateway</html>"), "retry", None),
        (fake.unavailable(), "retry", None),
        (fake.unavailable("30"), "retry", 30.0),
        (fake.RESET, "retry", None),
        (fake.Reply(200, b"<html>hello</html>"), "retry", None),
        (fake.Reply(200, b"[]"), "retry", None),
        (fake.Reply(500, b'{"error": "a word"}'), "retry", None),
        (fake.Reply(404, b"\xff\xfe"), "retry", None),
    ],
)
def test_each_answer_has_its_outcome_at_once(fcm, sender, reply, kind, retry_after):
    """FCM-03, TST-06"""
    fcm.script(reply, token="phone-1")
    began = time.monotonic()
    outcome = sender.send(message())
    assert time.monotonic() - began < 1, "nothing is retried or slept through here"
    assert (outcome.kind, outcome.retry_after_seconds) == (kind, retry_after)
    assert "phone-1" not in str(outcome)
    assert (outcome.error is None) == (kind == "sent")
    assert len(fcm.received) == (2 if kind == "unauthorised" else 1)


def test_retry_after_may_be_a_date(fcm, sender):
    """FCM-03"""
    fcm.script(fake.unavailable(format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)))
    assert sender.send(message()).retry_after_seconds == pytest.approx(90, abs=3)
    fcm.script(fake.unavailable(format_datetime(datetime.now(UTC) - timedelta(days=1), usegmt=True)))
    assert sender.send(message()).retry_after_seconds == 0


def test_revoked_credentials_are_renewed_once_for_all_and_nothing_is_lost(fcm, sender):
    """FCM-03"""
    assert sender.send(message()).kind == "sent"
    fcm.revoke()
    outcomes = sender.send_many([message(f"phone-{n}") for n in range(100)])
    assert {outcome.kind for outcome in outcomes} == {"sent"}
    assert fcm.access_tokens_issued == 2
    assert {each["token"] for each in fcm.accepted} == {f"phone-{n}" for n in range(100)}


def test_credentials_refused_for_good_are_renewed_once_a_call(fcm, sender):
    """FCM-03"""
    fcm.script(fake.UNAUTHENTICATED)
    outcomes = sender.send_many([message(f"phone-{n}") for n in range(100)])
    assert {outcome.kind for outcome in outcomes} == {"unauthorised"}
    assert fcm.access_tokens_issued == 2
    assert sender.send_many([message()])[0].kind == "unauthorised"
    assert fcm.access_tokens_issued == 3


def test_credentials_are_fetched_once_before_the_fan_out(fcm, sender):
    sender.send_many([message(f"phone-{n}") for n in range(200)])
    assert fcm.access_tokens_issued == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (fake.RESET, "retry"),
        (fake.Reply(200, b"<html>hello</html>"), "retry"),
        (fake.Reply(400, b'{"error": "invalid_grant"}'), "unauthorised"),
    ],
)
def test_without_an_access_token_no_message_is_tried(fcm, sender, reply, kind):
    fcm.script_access(reply)
    outcomes = sender.send_many([message(), message("phone-2")])
    assert [outcome.kind for outcome in outcomes] == [kind, kind]
    assert fcm.received == []


def test_a_foreign_key_gets_no_access(fcm, tmp_path):
    file = fcm.write_credentials(tmp_path / "key.json")
    account = json.loads(file.read_text())
    file.write_text(json.dumps(account | {"private_key": fake.pem(fake.new_key())}))
    with FcmSender(file, fcm.url) as sender:
        assert sender.send(message()).kind == "unauthorised"


def test_outcomes_stand_in_the_order_of_the_messages(fcm, sender):
    fcm.script(fake.slow(150), token="phone-0")
    fcm.script(fake.UNREGISTERED, token="phone-1")
    fcm.script(fake.quota_exceeded("5"), token="phone-2")
    kinds = [outcome.kind for outcome in sender.send_many([message(f"phone-{n}") for n in range(4)])]
    assert kinds == ["sent", "unregistered", "retry", "sent"]
    assert sender.send_many([]) == []


def test_a_dark_server_holds_a_push_no_longer_than_its_time_out(fcm, tmp_path, monkeypatch):
    """FCM-02, TST-06"""
    monkeypatch.setattr(fcm_module, "TIMEOUT_SECONDS", 0.3)
    fcm.script(fake.DARK, token="phone-1")
    with FcmSender(fcm.write_credentials(tmp_path / "key.json"), fcm.url) as sender:
        began = time.monotonic()
        outcomes = sender.send_many([message(), message("phone-2")])
        assert time.monotonic() - began < 2
    assert [outcome.kind for outcome in outcomes] == ["retry", "sent"]


def test_a_server_out_of_reach_is_for_later_and_comes_back(fcm, sender):
    """FCM-02"""
    assert sender.send(message()).kind == "sent"
    fcm.stop()
    assert sender.send(message()).kind == "retry"
    fcm.start()
    assert sender.send(message()).kind == "sent"


def test_pushes_overlap_so_that_a_slow_server_does_not_queue_them(fcm, sender):
    sender.send(message())
    fcm.delay_ms = 50
    began = time.monotonic()
    sender.send_many([message(f"phone-{n}") for n in range(192)])
    assert time.monotonic() - began < 192 * 0.05 / 4
    assert len(fcm.accepted) == 193


def test_google_is_the_end_point_unless_another_is_given(fcm, tmp_path):
    key = credentials.Certificate(str(fcm.write_credentials(tmp_path / "key.json")))
    app, session = initialize_app(key, name="end point"), Session()
    try:
        service = point_at(app, session, None)
        assert service._fcm_url == "https://fcm.googleapis.com/v1/projects/neighbourly-demo/messages:send"
        service = point_at(app, session, "http://127.0.0.1:9010/")
        assert service._fcm_url == "http://127.0.0.1:9010/v1/projects/neighbourly-demo/messages:send"
        assert service._client.session is session
    finally:
        session.close()
        delete_app(app)


def test_several_senders_live_side_by_side_and_leave_nothing(fcm, tmp_path):
    import firebase_admin

    file = fcm.write_credentials(tmp_path / "key.json")
    before = set(firebase_admin._apps)
    with FcmSender(file, fcm.url) as one, FcmSender(file, fcm.url) as other:
        assert (one.send(message()).kind, other.send(message()).kind) == ("sent", "sent")
    assert set(firebase_admin._apps) == before


@pytest.mark.parametrize("text", ["{}", "no json", '{"type": "service_account"}'])
def test_a_file_that_holds_no_service_account_is_refused(tmp_path, text):
    file = tmp_path / "key.json"
    file.write_text(text)
    with pytest.raises(ValueError):
        FcmSender(file)


@pytest.mark.parametrize(
    "wrong",
    [{"token": ""}, {"collapse_id": "été"}, {"collapse_id": "x" * 33}, {"ttl_seconds": -1}, {"ttl_seconds": 2419201}],
)
def test_a_message_that_no_server_would_take_cannot_be_made(wrong):
    with pytest.raises(ValueError):
        message(**wrong)


@pytest.mark.parametrize(
    ("attempt", "retry_after", "jitter", "seconds"),
    [
        (1, None, 0, 10),
        (1, None, 1, 20),
        (2, None, 0, 20),
        (2, None, 0.5, 30),
        (3, None, 0, 40),
        (8, None, 0, 1280),
        (9, None, 0, 1800),
        (9, None, 1, 3600),
        (1000, None, 1, 3600),
        (1, 5, 0, 10),
        (1, 120, 0, 120),
        (9, 120, 0, 1800),
        (1, 7200, 1, 7200),
    ],
)
def test_the_wait_doubles_from_ten_seconds_to_an_hour(attempt, retry_after, jitter, seconds):
    """FCM-03"""
    assert backoff(attempt, retry_after, jitter) == timedelta(seconds=seconds)


def test_without_firebase_each_push_is_one_line(tmp_path):
    sender = LinePushSender(tmp_path / "var" / "push.jsonl")
    assert sender.send_many([message(), message("phone-2")]) == [Outcome("sent"), Outcome("sent")]
    first, second = map(json.loads, (tmp_path / "var" / "push.jsonl").read_text().splitlines())
    assert list(first) == ["token", "installation_id", "message"]
    assert (first["token"], second["token"]) == ("phone-1", "phone-2")
    assert first["installation_id"] == "installation-1"
    assert first["message"]["notification"]["body"] == "À 400 m environ"


def test_a_file_that_cannot_be_written_is_for_later(tmp_path):
    (tmp_path / "push.jsonl").mkdir()
    assert LinePushSender(tmp_path / "push.jsonl").send(message()).kind == "retry"


def append_lines(file, who):
    LinePushSender(file).send_many([message(f"{who}-{n}", body="à" * 2000) for n in range(200)])


def test_processes_that_share_the_file_never_mingle_their_lines(tmp_path):
    spawn = multiprocessing.get_context("fork")
    processes = [spawn.Process(target=append_lines, args=(tmp_path / "push.jsonl", who)) for who in "abc"]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    tokens = [json.loads(line)["token"] for line in (tmp_path / "push.jsonl").read_text().splitlines()]
    assert sorted(tokens) == sorted(f"{who}-{n}" for who in "abc" for n in range(200))


def test_credentials_choose_the_sender(fcm, tmp_path):
    assert isinstance(sender_from(None, None, tmp_path / "push.jsonl"), LinePushSender)
    sender = sender_from(fcm.write_credentials(tmp_path / "key.json"), fcm.url, tmp_path / "push.jsonl")
    assert sender.send(message()).kind == "sent"
    sender.close()


def test_who_sends_no_push_does_not_pay_for_firebase():
    code = "import sys, neighbourly.notifications.channels.senders; sys.exit('firebase_admin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
