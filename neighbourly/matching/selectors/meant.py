"""With which offer of theirs somebody says yes to a need."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from neighbourly.answers.models import Answer
from neighbourly.answers.selectors import WILLING, OwnAnswer, find_answer
from neighbourly.core.db import db
from neighbourly.listings.models import Listing
from neighbourly.listings.summaries import ListingSummary
from neighbourly.matching.changes import Change, OwnOffer, changes
from neighbourly.matching.models import Asked
from neighbourly.matching.people import fitting, is_unlikely
from neighbourly.matching.rule import ASKING_LIKENESS, UNKNOWN
from neighbourly.matching.scoring import Fit, score
from neighbourly.matching.selectors.finding import lead_of, likenesses, own_offers
from neighbourly.matching.selectors.needs import need_of

WEIGHED, SHOWN = 50, 5


@dataclass(frozen=True)
class Meant:
    """What a yes comes with: an offer, or a thing that is not listed and perhaps has a name."""

    offer_id: UUID | None = None
    title: str = ""


@dataclass(frozen=True)
class GivenAnswer:
    """One's own answer, with the offers of one's own that it could come with as well, best first."""

    own: OwnAnswer
    your_offers: tuple[OwnOffer, ...]

    @property
    def answer(self) -> Answer:
        """The answer itself."""
        return self.own.answer

    @property
    def listing(self) -> ListingSummary | None:
        """The offer it comes with."""
        return self.own.listing

    @property
    def thing(self) -> str | None:
        """What that is called."""
        return self.own.thing

    @property
    def minutes(self) -> int | None:
        """What the help would cost, as both read it."""
        return self.own.minutes

    @property
    def changes(self) -> tuple[Change, ...]:
        """The taps by which it comes with another thing."""
        return tuple(changes(self.answer, self.your_offers))

    @property
    def version(self) -> int:
        """The answer's, for its `ETag`."""
        return self.own.version


def find_meant(listing_id: UUID, user_id: UUID) -> Meant:
    """What a yes means that names nothing: what this person meant before, else the offer for which they were asked.

    Of both only what is still shown and of the kind that is needed: a yes to a thing is none to a lesson. Who was
    asked for something that is merely of the same family (a ladder, for a drill) is not taken to mean that.
    """
    said = find_answer(listing_id, user_id)
    if said is not None and said.answer in WILLING:
        request = db.session.get(Listing, listing_id)
        is_for_a_thing = request is not None and request.kind in (None, "item")
        return Meant(_if_it_meets(said.offer_id, listing_id, user_id), said.title if is_for_a_thing else "")
    asked = db.session.get(Asked, (listing_id, user_id))
    if asked is None or not _is_of_it(Fit.from_json(asked.why)):
        return Meant()
    return Meant(_if_it_meets(asked.offer_id, listing_id, user_id))


def _is_of_it(fit: Fit) -> bool:
    return fit.is_likely or (fit.like or 0.0) >= ASKING_LIKENESS


def _if_it_meets(offer_id: UUID | None, listing_id: UUID, user_id: UUID) -> UUID | None:
    offer = db.session.get(Listing, offer_id) if offer_id else None
    request = db.session.get(Listing, listing_id)
    if offer is None or request is None or (offer.owner_id, offer.status) != (user_id, "published"):
        return None
    return offer.id if offer.kind is not None and request.kind in (None, offer.kind) else None


def list_own_fitting(request: Listing, user_id: UUID) -> tuple[OwnOffer, ...]:
    """The offers of one person's own that would meet a need, best first, at most five; three statements."""
    need = need_of(request)
    offers = own_offers(need, user_id).limit(WEIGHED)
    if request.kind is not None:
        offers = offers.where(Listing.kind == request.kind)
    rows = db.session.execute(offers).all()
    fit_of = fitting(need)
    likes = likenesses(need, [row.vector for row in rows])
    fits = [(fit_of(lead_of(need, row, like), UNKNOWN), row) for row, like in zip(rows, likes, strict=True)]
    best = sorted((each for each in fits if not is_unlikely(each[0])), key=lambda each: -score(each[0]))
    return tuple(OwnOffer(row.id, row.title) for _, row in best[:SHOWN])
