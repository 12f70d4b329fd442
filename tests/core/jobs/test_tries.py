"""What fails waits for another try or is given up, and neither in silence (REL-10)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.jobs import Job

from neighbourly.core.jobs import Delayed, GivenUp
from neighbourly.core.jobs.tries import MOST_TRIES, Tries


def job(attempts: int) -> Job:
    return Job(id=7, queue="mail", lock=None, queueing_lock=None, task_name="accounts.send_code", attempts=attempts)


@pytest.mark.parametrize(("tried", "seconds"), [(0, 3), (1, 9), (2, 27), (7, 6561)])
def test_each_try_waits_three_times_as_long_as_the_one_before(tried, seconds):
    decision = Tries(MOST_TRIES).get_retry_decision(exception=Delayed("later"), job=job(tried))
    assert abs(decision.retry_at - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=2)


def test_every_delayed_try_is_a_warning_with_its_reason(caplog):
    """REL-10"""
    Tries(MOST_TRIES).get_retry_decision(exception=Delayed("the mail server answered 451"), job=job(1))
    (line,) = caplog.records
    assert (line.levelname, line.message, line.job) == ("WARNING", "job delayed", "accounts.send_code")
    assert (line.reason, line.tries, line.seconds) == ("the mail server answered 451", 2, 9)


@pytest.mark.parametrize(
    ("most", "tried", "exception", "reason"),
    [
        (MOST_TRIES, 0, GivenUp("a code expired"), "a code expired"),
        (MOST_TRIES, 8, Delayed("the mail server answered 451"), "the mail server answered 451"),
        (1, 0, ValueError("row: somebody's address"), "ValueError"),
    ],
)
def test_what_is_given_up_is_an_error_that_quotes_no_row(caplog, most, tried, exception, reason):
    """SEC-22: the text of an error that is not ours may hold anything."""
    assert Tries(most).get_retry_decision(exception=exception, job=job(tried)) is None
    (line,) = caplog.records
    assert (line.levelname, line.message, line.reason) == ("ERROR", "job given up", reason)
