"""What becomes of a job that fails: it waits for another try or is given up, and either way leaves a line."""

from __future__ import annotations

import procrastinate
import structlog
from procrastinate.jobs import Job

MOST_TRIES = 9
"""After 3, 9, 27 … seconds, the last after almost two hours; then the job stays as failed, to be seen."""
log = structlog.get_logger("jobs")


class Delayed(Exception):
    """What is to be done cannot be done now; the text says why, and is fit for the log."""


class GivenUp(Exception):
    """What was to be done can no more be done, ever; the text says why, and is fit for the log."""


class Tries(procrastinate.BaseRetryStrategy):
    """So many tries, each after three times the wait of the one before; one for what recurs by itself.

    A job never ends in silence without having done its work: each delay is a warning, each end an error, with its
    reason, which of other errors is the class alone (their texts may quote rows).
    """

    def __init__(self, most: int) -> None:
        self._most = most

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> procrastinate.RetryDecision | None:
        """When to try again, or None where that is over."""
        told = {"job": job.task_name, "tries": job.attempts + 1, "reason": _reason(exception)}
        if isinstance(exception, GivenUp) or job.attempts + 1 >= self._most:
            log.error("job given up", **told)
            return None
        seconds = 3 ** (job.attempts + 1)
        log.warning("job delayed", seconds=seconds, **told)
        return procrastinate.RetryDecision(retry_in={"seconds": seconds})


def _reason(exception: BaseException) -> str:
    return str(exception) if isinstance(exception, Delayed | GivenUp) else type(exception).__name__
