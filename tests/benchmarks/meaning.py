"""What reading texts and weighing candidates by their meaning costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles

from sqlalchemy import select

from neighbourly.core import clock
from neighbourly.core.db import db
from neighbourly.listings.categories import CATEGORIES
from neighbourly.listings.models import Listing, Meaning
from neighbourly.listings.reading import get_reader, text_of
from neighbourly.matching.selectors import list_askable, need_of
from tests.benchmarks.data import Installation
from tests.benchmarks.database import sent
from tests.benchmarks.figures import Figure

TEXTS, BATCH = 2_000, 64
REQUESTS = 200


def measure_reading(small: Installation) -> Iterator[Figure]:
    """Texts of about a listing's length, in batches, by processor time."""
    small.app(meaning="on")
    reader = get_reader()
    assert reader, "nothing is read here"
    words = [word for each in CATEGORIES.values() for word in (*each.words["fr"], *each.words["en"])]
    texts = [text_of(words[i % len(words)], f"Avec {words[-i % len(words)]}, en bon état.") for i in range(TEXTS)]
    began = time.process_time()
    for start in range(0, TEXTS, BATCH):
        reader.read(texts[start : start + BATCH])
    took = time.process_time() - began
    began = time.process_time()
    for text in texts[:100]:
        reader.read([text])
    notes = [f"one by one {(time.process_time() - began) * 10:.1f} ms each; processor time of all threads"]
    yield Figure("texts read a second, in batches", TEXTS / took, 100, "more", "/s", notes)


def measure_weighing(large: Installation) -> Iterator[Figure]:
    """Candidates and scores of open requests all over the country, whose own vectors are there."""
    with large.app(meaning="on").app_context():
        requests = select(Listing).join(Meaning).where(Listing.direction == "request", Listing.status == "published")
        chosen = list(db.session.scalars(requests.order_by(Listing.owner_id).limit(REQUESTS)))
        took, statements, found = [], [], []
        for request in chosen:
            with sent() as seen:
                began = time.process_time()
                candidates = list_askable(need_of(request), clock.now())
                took.append((time.process_time() - began) * 1000)
            statements.append(len(seen))
            found.append(len(candidates))
        db.session.remove()
        db.engine.dispose()
    notes = [
        f"{len(took)} requests, p95 {quantiles(took, n=20)[18]:.0f} ms; {median(found):.0f} people at the median,"
        f" {max(found)} at most"
    ]
    yield Figure("candidates and scores: processor time of the worker, median", median(took), 50, "less", " ms", notes)
    yield Figure("candidates and scores: statements", max(statements), 6, "less")
