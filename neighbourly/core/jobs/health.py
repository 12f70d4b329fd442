"""How the background work is: what is due, under way, stalled, put off, failed, and what needs a look (REL-10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from neighbourly.core.jobs.lanes import lane_of

SILENT_SECONDS = 60
"""A worker that was not heard of for so long is none, and its jobs have stalled: others take them up within 30."""
TRIED_IN_VAIN = 3
"""So many tries are over half a minute after the first one."""
BEING_TRIED = ("delayed", "due", "under_way")
"""What was tried in vain is not well again while another try waits for its slot, or runs."""
ALARMING_SECONDS = 24 * 3600
"""What failed longer ago is told, and is no alarm any more."""
NO_WORKER = ("no worker", "")
_WORKERS = (
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > clock_timestamp() - make_interval(secs => :s)"
)
_KINDS = """
WITH seen AS (
    SELECT job.id, job.task_name, job.attempts, job.lock, job.status, worker.last_heartbeat, event.at,
           extract(epoch FROM clock_timestamp() - CASE job.status WHEN 'todo' THEN COALESCE(job.scheduled_at, event.at)
                                                                  ELSE event.at END) AS age
      FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
      CROSS JOIN LATERAL (SELECT COALESCE(max(at), clock_timestamp()) AS at FROM procrastinate_events
                           WHERE job_id = job.id AND type <> 'scheduled') event
     WHERE job.status IN ('todo', 'doing', 'failed')
), told AS (
    SELECT seen.task_name, seen.attempts, seen.age, CASE
        WHEN status = 'failed' AND EXISTS (
            SELECT FROM procrastinate_jobs later WHERE later.lock = seen.lock AND later.task_name = seen.task_name
                AND later.id > seen.id AND later.status = 'succeeded') THEN 'made_up_for'
        WHEN status = 'failed' AND age > :alarming THEN 'failed_before'
        WHEN status = 'failed' THEN 'failed'
        WHEN status = 'doing' AND COALESCE(last_heartbeat, at) < clock_timestamp() - make_interval(secs => :silent)
            THEN 'stalled'
        WHEN status = 'doing' THEN 'under_way'
        WHEN age < 0 AND attempts > 0 THEN 'delayed'
        WHEN age < 0 THEN 'scheduled'
        WHEN EXISTS (SELECT FROM procrastinate_jobs first WHERE first.lock = seen.lock AND first.status = 'doing')
            THEN 'behind'
        ELSE 'due' END AS state
      FROM seen
)
SELECT state, task_name AS job, count(*) AS count, max(attempts) AS tries, max(age)::int AS seconds
  FROM told GROUP BY state, task_name ORDER BY state, task_name
"""


@dataclass(frozen=True)
class Kind:
    """Jobs of one name in one state: how many, the most tries of one, and the age of the oldest in seconds.

    The age counts from when it was due, began, or failed. `behind` one that is under way with the same lock,
    `scheduled` for later and `made_up_for` by a later run are as they should be.
    """

    state: str
    job: str
    count: int
    tries: int
    seconds: int


@dataclass(frozen=True)
class Health:
    """How many workers are at work, and all jobs that have not ended well."""

    workers: int
    kinds: Sequence[Kind]

    def oldest_due(self) -> Kind | None:
        """Of all that waits for a slot, what has waited the longest."""
        return max((kind for kind in self.kinds if kind.state == "due"), key=lambda kind: kind.seconds, default=None)

    def count(self, state: str) -> dict[str, int]:
        """How many there are, by the job's name."""
        return {kind.job: kind.count for kind in self.kinds if kind.state == state}

    def as_dict(self) -> dict[str, Any]:
        """For a log line or a command: few keys, always the same."""
        oldest = self.oldest_due()
        return {
            "workers": self.workers,
            "oldest_due_seconds": oldest.seconds if oldest else 0,
            "oldest_due_job": oldest.job if oldest else None,
            "stalled": self.count("stalled"),
            "failed": self.count("failed"),
            "delayed": self.count("delayed"),
        }


@dataclass(frozen=True)
class Trouble:
    """One thing that someone should look at; `of` stays the same for as long as it lasts."""

    of: tuple[str, str]
    said: str


def look(connection: Connection) -> Health:
    """How things are at this moment; two statements."""
    workers = connection.scalar(text(_WORKERS), {"s": SILENT_SECONDS}) or 0
    rows = connection.execute(text(_KINDS), {"silent": SILENT_SECONDS, "alarming": ALARMING_SECONDS})
    return Health(workers, [Kind(**row) for row in rows.mappings()])


def troubles(health: Health, queues: Mapping[str, str]) -> list[Trouble]:
    """What of it needs a look; `queues` has the queue of each job that this version knows."""
    found = [] if health.workers else [Trouble(NO_WORKER, "no worker is at work")]
    for kind in health.kinds:
        said = _trouble(kind, queues)
        if said is not None:
            found.append(Trouble((kind.state, kind.job), f"{kind.job} ({kind.count}) {said}"))
        if kind.state in BEING_TRIED and kind.tries >= TRIED_IN_VAIN:
            again = f"{kind.job} ({kind.count}) put off again and again: tried {kind.tries} times"
            found.append(Trouble(("delayed", kind.job), again))
    return found


def _trouble(kind: Kind, queues: Mapping[str, str]) -> str | None:
    lane = lane_of(queues.get(kind.job))
    match kind.state:
        case "failed":
            return f"failed, the first {_ago(kind.seconds)} ago"
        case "stalled":
            return f"stalled: begun {_ago(kind.seconds)} ago by a worker that is gone"
        case "under_way" if kind.seconds > lane.under_way_for:
            return f"under way for {_ago(kind.seconds)}"
        case "due" if kind.job not in queues and kind.seconds > lane.due_for:
            return f"due for {_ago(kind.seconds)}: no worker of this version knows it"
        case "due" if kind.seconds > lane.due_for:
            return f"due for {_ago(kind.seconds)}"
    return None


def _ago(seconds: int) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def are_same(first: Collection[Trouble], second: Collection[Trouble]) -> bool:
    """Whether nothing began or ended between the two: ages and counts may differ."""
    return {each.of for each in first} == {each.of for each in second}
