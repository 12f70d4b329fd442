"""What must be true of the database afterwards: one query for each, whose rows are faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from tests.resilience.book import Book, gone_back

UNSETTLED = {
    "job is `doing` without a live worker": """
        SELECT j.id, j.task_name FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
        WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - interval '20 seconds')""",
    "job is overdue": """
        SELECT id, task_name FROM procrastinate_jobs
        WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()""",
    "job is under way": "SELECT id, task_name FROM procrastinate_jobs WHERE status = 'doing'",
    "ask waits past due": """
        SELECT listing_id, next_wave_at FROM asks
        WHERE state IN ('waiting', 'asking') AND next_wave_at < now() - interval '65 seconds'""",
    "exchange waits past its time": """
        SELECT id, look_at FROM exchanges WHERE look_at < now() - interval '65 seconds'""",
}
"""What must have come to an end after a minute of quiet; sweeps look once a minute."""
NOT_UNDERSTOOD = {
    "understanding of a listing waits": "SELECT listing_id FROM meanings WHERE vector IS NULL",
    "understanding of a standing interest waits": "SELECT id FROM saved_searches WHERE vector IS NULL",
}
"""The same where texts are compared by meaning."""
UNDELIVERED = {
    "delivery waits past due": """
        SELECT id, state, attempts FROM deliveries WHERE state IN ('waiting', 'claimed') AND due_at <= now()""",
    "delivery is claimed": "SELECT id, attempts FROM deliveries WHERE state = 'claimed'",
}
"""What must have come to an end once the last claim has lapsed, a minute later, and was swept up."""
FAULTS = {
    "job has failed, and no later one made up for it": """
        SELECT f.id, f.task_name, f.attempts FROM procrastinate_jobs f WHERE f.status = 'failed' AND NOT EXISTS (
            SELECT FROM procrastinate_jobs l WHERE l.task_name = f.task_name AND l.id > f.id
            AND l.args - 'timestamp' = f.args - 'timestamp' AND l.status = 'succeeded')""",
    "ledger does not sum to 0": "SELECT sum(minutes) FROM entries HAVING coalesce(sum(minutes), 0) <> 0",
    "transfer without its two entries": """
        SELECT t.id FROM transfers t LEFT JOIN entries e ON e.transfer_id = t.id
        GROUP BY t.id HAVING count(*) <> 2 OR sum(e.minutes) <> 0 OR max(e.minutes) <> t.minutes""",
    "balance is not the sum of its entries": """
        SELECT a.id FROM time_accounts a LEFT JOIN entries e ON e.account_id = a.id
        GROUP BY a.id HAVING a.balance_minutes <> coalesce(sum(e.minutes), 0)""",
    "pending minutes are not the sum of what is pending": """
        SELECT a.id FROM time_accounts a WHERE a.territory_id IS NULL AND a.pending_minutes <> (
            SELECT coalesce(sum(p.minutes - p.covered_minutes), 0) FROM pending_transfers p
            WHERE p.from_account_id = a.id AND p.state = 'pending')""",
    "confirmed help without its one transfer": """
        SELECT x.id FROM exchanges x JOIN pending_transfers p ON p.exchange_id = x.id
        WHERE x.state = 'confirmed' AND NOT x.as_gift AND 1 <> (
            SELECT count(*) FROM transfers t WHERE t.exchange_id = x.id AND t.kind = 'help')""",
    "copy is taken twice": """
        SELECT a.holder_id, b.holder_id FROM occupations a JOIN occupations b
        ON a.copy_id = b.copy_id AND a.holder_id < b.holder_id AND a.period && b.period""",
    "copy is with two": """
        SELECT o.copy_id FROM occupations o JOIN exchanges x ON x.id = o.holder_id
        WHERE x.state = 'handed_over' AND x.kind = 'loan' GROUP BY o.copy_id HAVING count(*) > 1""",
    "agreed loan holds no copy": """
        SELECT x.id FROM exchanges x WHERE x.kind = 'loan' AND x.state IN ('accepted', 'handed_over')
        AND NOT EXISTS (SELECT FROM occupations o WHERE o.holder_id = x.id)""",
    "answer leads to two living exchanges": """
        SELECT answer_id FROM exchanges WHERE answer_id IS NOT NULL
        AND state NOT IN ('declined', 'withdrawn', 'expired', 'cancelled') GROUP BY answer_id HAVING count(*) > 1""",
    "step is told twice": """
        SELECT m.conversation_id, m.code FROM messages m WHERE m.kind = 'step'
        AND m.code IN ('accepted', 'handed_over', 'returned', 'done', 'confirmed', 'declined', 'cancelled')
        GROUP BY m.conversation_id, m.code HAVING count(*) > 1""",
    "words are there twice": """
        SELECT body, count(*) FROM messages WHERE kind = 'text' AND body <> '' GROUP BY body HAVING count(*) > 1""",
    "question opened two threads": """
        SELECT listing_id, opener_id FROM conversations WHERE exchange_id IS NULL
        GROUP BY listing_id, opener_id HAVING count(*) > 1""",
    "somebody is told twice": """
        SELECT notification_id, device_id FROM deliveries GROUP BY 1, 2 HAVING count(*) > 1""",
    "delivery ended without a word why": """
        SELECT id FROM deliveries WHERE state IN ('dead', 'dropped') AND error IS NULL""",
    "what a phone should hear has no delivery": """
        SELECT n.id, n.type FROM notifications n JOIN devices d ON d.user_id = n.user_id AND d.created_at < n.created_at
            AND d.installation_id = n.user_id::text
        WHERE n.type = ANY(ARRAY['exchange_accepted', 'exchange_proposed', 'answer_received'])
        AND NOT EXISTS (SELECT FROM deliveries y WHERE y.notification_id = n.id AND y.device_id = d.id)""",
}
"""What must never be."""
MADE = {"listings": "NOT private", "exchanges": "true", "transfers": "kind = 'gift'"}
"""What clients make with an id of theirs, and which rows those are."""


def found(connection: psycopg.Connection[Any], queries: Mapping[str, str]) -> list[str]:
    """What does not hold, each with the first of its rows."""
    faults = []
    for name, query in queries.items():
        rows = connection.execute(query.encode()).fetchall()
        if rows:
            first = ", ".join(str(each) for each in rows[0])
            faults.append(f"{name}: {len(rows)}, the first {first}")
    return faults


def ids_made(connection: psycopg.Connection[Any]) -> set[str]:
    """The ids of everything that clients make."""
    return {
        str(key)
        for table, which in MADE.items()
        for (key,) in connection.execute(f"SELECT id FROM {table} WHERE {which}".encode())
    }


def missing(connection: psycopg.Connection[Any], book: Book, before: set[str]) -> Iterator[str]:
    """What was acknowledged and is not there, is there otherwise, or that nobody asked for."""
    there = ids_made(connection)
    yield from _absent("listing", book.listings, there)
    yield from (f"{key} was made by nobody" for key in there - before - book.tried)
    yield from _states(connection, book)
    said = _rows(connection, "SELECT body, 1 FROM messages WHERE kind = 'text'")
    yield from _absent("message", book.messages.values(), said)
    yield from _other("transfer", book.transfers, _rows(connection, "SELECT id::text, minutes FROM transfers"))
    answers = "SELECT listing_id::text || ' ' || user_id, message FROM answers"
    yield from _other("answer", _joined(book.answers), _rows(connection, answers))
    thanks = "SELECT exchange_id::text || ' ' || author_id, text FROM thanks"
    yield from _other("thanks", _joined(book.thanks), _rows(connection, thanks))
    yield from _absent("account", book.joined, _rows(connection, "SELECT email::text, 1 FROM users"))


def _states(connection: psycopg.Connection[Any], book: Book) -> Iterator[str]:
    states = _rows(connection, "SELECT id::text, state FROM exchanges")
    yield from _absent("exchange", book.states, states)
    for key, state in book.states.items():
        if key in states and gone_back(state, states[key]):
            yield f"exchange {key} is {states[key]} and was acknowledged as {state}"


def _rows(connection: psycopg.Connection[Any], query: str) -> dict[str, Any]:
    return {str(key): value for key, value in connection.execute(query.encode())}


def _joined(kept: Mapping[tuple[str, str], str]) -> dict[str, str]:
    return {" ".join(key): value for key, value in kept.items()}


def _absent(what: str, wanted: Any, there: Any) -> Iterator[str]:
    return (f"{what} {key} was acknowledged and is not there" for key in wanted if key not in there)


def _other(what: str, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        if there.get(key) != value:
            yield f"{what} {key} was acknowledged as {value!r} and is {there.get(key)!r}"
