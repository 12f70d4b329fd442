"""Whether a listing can be had over a time, as a part of a statement: the same rule as in `availability`."""

from __future__ import annotations

from sqlalchemy import ColumnElement, DateTime, Text, TextClause, and_, bindparam, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import TSTZRANGE

from neighbourly.bookings.models import Copy, Occupation
from neighbourly.core.zones import names_in_postgres
from neighbourly.listings.models import Listing

WANTED = "wanted"
"""The name of the parameter: a range of time, of which the end is not included."""
AT_PRESENT = "at_present"
"""The name of the parameter for the present moment."""


def _over(sql: str) -> TextClause:
    """A condition over the time that is wanted."""
    return text(sql).bindparams(bindparam(WANTED, type_=TSTZRANGE()))


_STILL_OUT = text(
    """
    EXISTS (SELECT FROM occupations AS held
            WHERE held.copy_id = copies.id AND held.in_hand AND upper(held.period) <= :at_present)
    AND NOT EXISTS (SELECT FROM occupations AS coming
                    WHERE coming.copy_id = copies.id
                      AND coming.period && tstzrange(:at_present, greatest(:at_present, lower(:wanted)), '[]'))
    """
).bindparams(bindparam(WANTED, type_=TSTZRANGE()), bindparam(AT_PRESENT, type_=DateTime(timezone=True)))
"""That a copy is in somebody's hands past its end: out until the next booking begins, whatever was agreed (BOK-09)."""


def _has_a_copy(taken: TextClause) -> ColumnElement[bool]:
    """Whether it is no thing, or has more copies than are broken, gone, or with others for a time that is `taken`."""
    held = exists().where(Occupation.copy_id == Copy.id, taken).correlate(Copy, Listing)
    out = (
        select(func.count())
        .select_from(Copy)
        .where(
            Copy.listing_id == Listing.id,
            Copy.number <= Listing.quantity,
            or_(Copy.broken_at.is_not(None), Copy.retired_at.is_not(None), held, _STILL_OUT),
        )
        .correlate(Listing)
    )
    return or_(Listing.kind.is_distinct_from("item"), Listing.quantity > out.scalar_subquery())


_ZONE = """
    (SELECT coalesce(CAST(:known_as AS jsonb) ->> said, said) AS zone
     FROM (SELECT coalesce((SELECT time_zone FROM preferences WHERE preferences.user_id = listings.owner_id),
                           'Europe/Paris') AS said) AS preferred OFFSET 0) AS z
    """
"""Whose wall clock a listing's hours and days are on, as `selectors.time_zone_of`, by the name that means the same to
PostgreSQL."""
_KNOWN_AS = bindparam("known_as", type_=Text(), callable_=names_in_postgres)


def _offered(days: str, *on: TextClause) -> ColumnElement[bool]:
    """Whether its owner says nothing of when, or these conditions hold `on` some of the `days`.

    Both may name `zone`, the owner's time zone, and the days there that the time begins and ends on: `first_day` and
    `last_day`. These are reckoned once a listing (`OFFSET 0` keeps them from being reckoned wherever they are named).
    """
    there = _over(
        f"""
        {_ZONE}
        CROSS JOIN LATERAL (SELECT (lower(:wanted) AT TIME ZONE zone)::date AS first_day,
            ((upper(:wanted) - interval '1 microsecond') AT TIME ZONE zone)::date AS last_day OFFSET 0) AS d
        """
    ).bindparams(_KNOWN_AS)
    unsaid = text("listings.availability = '[]' AND listings.unavailable = '[]'")
    return or_(unsaid, exists().select_from(there, text(days)).where(*on))


def _is_there(by: str) -> TextClause:
    """Whether its owner is not away, or back `by` a condition over `away_until`, the end of their absence (NOT-01)."""
    there = text(
        f"""
        NOT EXISTS (SELECT FROM preferences WHERE preferences.user_id = listings.owner_id
                    AND preferences.away_until > :at_present AND NOT ({by}))
        """
    )
    return there.bindparams(bindparam(WANTED, type_=TSTZRANGE()), bindparam(AT_PRESENT, type_=DateTime(timezone=True)))


_IS_LENT_SO_LONG = or_(
    Listing.max_loan_days.is_(None),
    exists()
    .select_from(text(_ZONE).bindparams(_KNOWN_AS))
    .where(
        _over(
            """
            upper(:wanted) <= ((lower(:wanted) AT TIME ZONE zone) + make_interval(days => listings.max_loan_days))
                AT TIME ZONE zone
            """
        )
    ),
)
"""That it is no longer than the owner lends it, in days on their wall clock: the rule of `wall_clock.days_after`."""

CAN_BE_HAD = and_(
    Listing.direction == "offer",
    _is_there("preferences.away_until <= lower(:wanted)"),
    _IS_LENT_SO_LONG,
    _has_a_copy(
        _over(
            """
            occupations.period
                && tstzrange(lower(:wanted), upper(:wanted) + make_interval(mins => listings.pause_minutes))
            """
        )
    ),
    _offered(
        """
        LATERAL (
            SELECT range_agg(CASE WHEN begins < ends THEN tstzrange(begins, ends) END) AS hours
            FROM (SELECT first_day - 1 + n AS day FROM generate_series(0, last_day - first_day + 1) AS n
                  WHERE CASE WHEN listings.kind = 'item' THEN n <= 1 OR n >= last_day - first_day
                             ELSE n <= 10 END) AS days
            JOIN jsonb_array_elements(listings.availability) AS w
              ON (w ->> 'weekday')::int = extract(isodow FROM day)::int - 1
            CROSS JOIN LATERAL (SELECT (day + (w ->> 'from')::time) AT TIME ZONE zone AS begins,
                (day + (w ->> 'to')::time
                 + CASE WHEN w ->> 'to' <= w ->> 'from' THEN interval '1 day' ELSE interval '0' END)
                AT TIME ZONE zone AS ends) AS opens) AS offered
        """,
        text(
            """
            NOT EXISTS (
                SELECT FROM jsonb_array_elements(listings.unavailable) AS closed
                WHERE daterange((closed ->> 'from')::date, (closed ->> 'until')::date, '[]')
                    && daterange(first_day, last_day, '[]'))
            """
        ),
        _over(
            """
            (listings.availability = '[]' OR CASE WHEN listings.kind = 'item'
                THEN hours @> lower(:wanted) AND hours @> (upper(:wanted) - interval '1 microsecond')
                ELSE hours @> tstzrange(lower(:wanted),
                                        least(upper(:wanted), lower(:wanted) + interval '8 days')) END)
            """
        ),
    ),
)
"""That a proposal for just this time would find a copy free, within the owner's hours and longest loan (BOK-08).

A window that ends before it begins, on the day on which the clocks leave out its hour, is none. Of a loan the windows
around its two ends are looked at, of a help those of eight days: what is offered all week is so every week (SEC-16).
"""

CAN_BE_HAD_FOR_A_WHILE = and_(
    Listing.direction == "offer",
    _is_there("preferences.away_until < upper(:wanted)"),
    _has_a_copy(_over("occupations.period @> :wanted")),
    _offered(
        """
        LATERAL (SELECT coalesce(range_agg(daterange((each ->> 'from')::date, (each ->> 'until')::date, '[]')),
                                 '{}'::datemultirange) AS closed
                 FROM jsonb_array_elements(listings.unavailable) AS each) AS c
        CROSS JOIN LATERAL (
            SELECT array_agg(((w ->> 'weekday')::int + over) % 7 + 1) AS open_on
            FROM jsonb_array_elements(listings.availability) AS w
            JOIN generate_series(0, 1) AS over
              ON over = 0 OR (w ->> 'to' <= w ->> 'from' AND w ->> 'to' <> '00:00')) AS o
        CROSS JOIN LATERAL (SELECT first_day + generate_series(0, greatest(0, last_day - first_day)) AS day) AS days
        """,
        text("NOT closed @> day"),
        text("(listings.availability = '[]' OR extract(isodow FROM day)::int = ANY (open_on))"),
    ),
)
"""That no one else has every copy of it for the whole of this time, and that its owner offers it on one of its days.

At which hour of that day is left to be agreed. Days are looked at one by one, until the first that is open; what is
closed, and on which days of the week it is open, is read once for all of them (SEC-16).
"""
