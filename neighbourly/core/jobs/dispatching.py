"""Between the worker and the queue's tables: which job it may take next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback

from neighbourly.core.jobs.lanes import LANES

_FETCH = """
WITH candidate AS (
    SELECT job.id FROM procrastinate_jobs job
     WHERE job.status = 'todo' AND job.task_name = ANY(%(names)s)
       AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
       AND (job.lock IS NULL OR NOT EXISTS (
            SELECT FROM procrastinate_jobs other
             WHERE other.lock = job.lock AND (other.status = 'doing' OR (other.status = 'todo' AND other.id < job.id))))
     ORDER BY job.priority DESC, job.attempts, job.id LIMIT 1 FOR UPDATE OF job SKIP LOCKED
)
UPDATE procrastinate_jobs job SET status = 'doing', worker_id = %(worker_id)s
  FROM candidate WHERE job.id = candidate.id
RETURNING job.id, job.status, job.task_name, job.priority, job.lock, job.queueing_lock, job.args, job.scheduled_at,
          job.queue_name, job.attempts, job.worker_id
"""
log = structlog.get_logger("jobs")


class TakenForDead(Exception):
    """Others thought that this worker had died, and do its jobs."""


class Dispatcher(JobManager):
    """Procrastinate's manager, but that a worker takes only jobs whose name it knows, and only so many of a queue.

    A job of an unknown name waits for a worker of the version that knows it. The queue is the one that the running
    version declares, wherever another version has put the job. What was tried already comes after what was not.
    """

    def __init__(self, app: procrastinate.App) -> None:
        super().__init__(app.connector)
        self._app = app
        self._busy: Counter[str] = Counter()
        self._wake: NotificationCallback | None = None
        self.when_lost: Callable[[], None] = lambda: None
        """Called where what became of a job could not be written down: it is taken up once this worker has ended."""

    def names(self) -> list[str]:
        """The jobs that there is a slot for at this moment."""
        free = {name for name, lane in LANES.items() if self._busy[name] < lane.slots}
        return sorted(name for name, task in self._app.tasks.items() if task.queue in free)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Take the next job that this worker knows and has a slot for; None: none is due. Raises `TakenForDead`."""
        try:
            rows = await self.connector.execute_query_all_async(_FETCH, names=self.names(), worker_id=worker_id)
        except procrastinate.exceptions.ConnectorException as reason:
            if isinstance(reason.__cause__, psycopg.errors.ForeignKeyViolation):
                raise TakenForDead from reason
            raise
        for row in rows:
            self._busy[self._app.tasks[row["task_name"]].queue] += 1
            return Job.from_row(row)
        return None

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Wake the worker for each new job, and from now on for each slot that becomes free."""
        self._wake = on_notification
        await super().listen_for_jobs(on_notification=on_notification, queues=queues)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Note how the job ended, and free its slot."""
        try:
            await super().finish_job(job, status, delete_job)
        except procrastinate.exceptions.ConnectorException as reason:
            self._let_go(job, reason)
        finally:
            await self._leave(job)

    async def retry_job(self, job: Job, **when: Any) -> None:  # type: ignore[override]  # as the worker calls it
        """Note that the job is to be tried again, and free its slot."""
        try:
            await super().retry_job(job, **when)
        except procrastinate.exceptions.ConnectorException as reason:
            await self._end_beside_twin(job, reason)
        finally:
            await self._leave(job)

    async def _end_beside_twin(self, job: Job, reason: procrastinate.exceptions.ConnectorException) -> None:
        if isinstance(reason, procrastinate.exceptions.UniqueViolation):
            await super().finish_job(job, Status.ABORTED, delete_job=False)
            log.warning("job ended: another of its kind waits", job=job.task_name)
        else:
            self._let_go(job, reason)

    def _let_go(self, job: Job, reason: procrastinate.exceptions.ConnectorException) -> None:
        """A worker that froze finds its job in other hands, or done: that is as good."""
        if isinstance(reason.__cause__, psycopg.errors.RaiseException):
            log.warning("job was taken over meanwhile", job=job.task_name)
            return
        log.error("what became of a job could not be written down", job=job.task_name)
        self.when_lost()
        raise reason

    async def _leave(self, job: Job) -> None:
        self._busy[self._app.tasks[job.task_name].queue] -= 1
        if self._wake is not None and job.id is not None:
            await self._wake(channel="", notification={"type": "job_inserted", "job_id": job.id})
