"""Jobs whose worker died or froze: each is taken up again by itself, so that none holds up another (REL-09)."""

from __future__ import annotations

import procrastinate
import structlog

from neighbourly.core.jobs.dispatching import TakenForDead

TAKEN_UP_AT_MOST = 8
"""A job that so many workers did not live through is at fault itself."""
_STALLED = """
SELECT job.id, job.task_name FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker
    ON worker.id = job.worker_id
 WHERE job.status = 'doing' AND job.worker_id IS DISTINCT FROM COALESCE(%(own)s::bigint, 0)
   AND (worker.id IS NULL OR worker.last_heartbeat < clock_timestamp() - make_interval(secs => %(silent)s))
"""
_FIND = f"{_STALLED} ORDER BY job.id"
_TAKE_UP = f"""
WITH stalled AS ({_STALLED} AND job.id = %(id)s FOR UPDATE OF job SKIP LOCKED)
UPDATE procrastinate_jobs job
   SET abort_requested = false, attempts = attempts + 1, scheduled_at = NULL,
       status = CASE WHEN EXISTS (SELECT FROM procrastinate_jobs twin
                                   WHERE twin.status = 'todo' AND twin.queueing_lock = job.queueing_lock)
                     THEN 'aborted' WHEN attempts >= %(most)s THEN 'failed' ELSE 'todo'
                END::procrastinate_job_status
  FROM stalled WHERE job.id = stalled.id
RETURNING job.status
"""  # noqa: S608  # constants
_IS_REGISTERED = "SELECT count(*) AS found FROM procrastinate_workers WHERE id = %(own)s"
log = structlog.get_logger("jobs")


class Stalled:
    """What one worker takes up of others; it remembers of which failure it has told."""

    def __init__(self, app: procrastinate.App, silent_seconds: float) -> None:
        self._app = app
        self._silent = silent_seconds
        self._told: set[int] = set()

    async def take_up(self, own: int | None) -> None:
        """Free each job whose worker has been silent for so long, but for those of the worker `own`.

        It waits anew; where another of its kind waits already under the same queueing lock, it ends as aborted and
        that one serves; after the most tries it has failed. Either way its lock is free. Raises `TakenForDead`.
        """
        seen = {"own": own, "silent": self._silent}
        if own is not None and not (await self._rows(_IS_REGISTERED, own=own))[0]["found"]:
            raise TakenForDead
        for job in await self._rows(_FIND, **seen):
            try:
                taken = await self._rows(_TAKE_UP, id=job["id"], most=TAKEN_UP_AT_MOST, **seen)
            except procrastinate.exceptions.ConnectorException as reason:
                self._tell_once(job, reason)
            else:
                _tell(job["task_name"], [row["status"] for row in taken])

    async def _rows(self, query: str, **values: object) -> list[dict[str, object]]:
        return list(await self._app.job_manager.connector.execute_query_all_async(query, **values))

    def _tell_once(self, job: dict[str, object], reason: Exception) -> None:
        key = int(str(job["id"]))
        if key not in self._told:
            self._told.add(key)
            cause = reason.__cause__ or reason
            log.error("stalled job not taken up", job=job["task_name"], id=key, reason=type(cause).__name__)


def _tell(name: object, statuses: list[object]) -> None:
    for status in statuses:
        match status:
            case "todo":
                log.warning("stalled job taken up again", job=name)
            case "aborted":
                log.warning("stalled job ended: another of its kind waits", job=name)
            case _:
                log.error("job given up", job=name, reason=f"{TAKEN_UP_AT_MOST} workers did not live through it")
