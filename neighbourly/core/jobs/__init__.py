"""Background work on Procrastinate: a job exists exactly if the transaction that asked for it commits."""

from neighbourly.core.jobs.queue import defer, job, timetable
from neighbourly.core.jobs.tries import Delayed, GivenUp

__all__ = ["Delayed", "GivenUp", "defer", "job", "timetable"]
