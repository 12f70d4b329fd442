"""Background work on Procrastinate: a job exists exactly if the transaction that asked for it commits."""

from neighbourly.core.jobs.queue import defer, job, timetable

__all__ = ["defer", "job", "timetable"]
