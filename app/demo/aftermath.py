"""What follows an activity: who was there, what they reached, certificates, the reserve of the year. Pure."""

import datetime as dt
from collections.abc import Iterator, Sequence

from app.demo.event import (
    Amended,
    Asked,
    CheckedIn,
    Concluded,
    Event,
    Issued,
    Judged,
    Left,
    Recorded,
    Reported,
    SentBack,
    Signed,
    TakenIn,
    Undone,
)
from app.demo.programme import Life, Planned
from models.activity import Kind
from services.stamp import LOCAL, local_moment

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)

WITH_SHEET = frozenset({Kind.COMPETITION, Kind.TRAINING_CLASS, Kind.SEMINAR, Kind.ASSESSMENT})
UNTIL_ISSUED = 10
"""Days from the end of an activity to its certificates: what ended lately waits on the officer's desk."""
RESERVE = 812
"""How many are in reserve on the anchor day."""
LOST = 2
"""Of those taken in, one left and one fell with their award."""
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def of_activity(planned: Planned, officers: frozenset[str], horizon: dt.datetime) -> Iterator[Event]:
    """`officers`: keys of the units that have somebody who issues certificates."""
    if not (planned.life.is_over or planned.life is Life.RUNNING):
        return
    yield from _doors(planned, horizon)
    if planned.kind not in WITH_SHEET or not planned.life.is_over:
        return
    key, ended = planned.key, planned.ends_at.astimezone(LOCAL).date()
    yield Recorded(local_moment(ended + DAY, dt.time(11, 40)), key)
    if planned.returned:
        yield SentBack(local_moment(ended + 2 * DAY, dt.time(9, 30)), key)
        return
    yield Concluded(local_moment(ended + 3 * DAY, dt.time(15, 30)), key)
    if planned.organiser in officers and planned.kind in (Kind.COMPETITION, Kind.TRAINING_CLASS):
        at = local_moment(ended + UNTIL_ISSUED * DAY, dt.time(10, 15))
        yield Issued(at, key)
        yield Signed(at + MINUTE, key)


def _doors(planned: Planned, horizon: dt.datetime) -> Iterator[Event]:
    """At each contest's own sitting, else at the first of the activity; where it still runs, at all so far, and the
    early ones of this morning's the evening before."""
    sittings = list(enumerate(planned.sittings))
    running = planned.life is Life.RUNNING
    chosen = sittings if running else [each for each in sittings if each[1].path] or sittings[:1]
    for number, sitting in chosen:
        if sitting.starts_at < horizon - 60 * DAY:
            yield CheckedIn(sitting.starts_at - 15 * MINUTE, planned.key, number)
        elif sitting.starts_at < horizon:
            yield CheckedIn(sitting.starts_at - 25 * MINUTE, planned.key, number, (0.0, 0.6))
            yield CheckedIn(sitting.starts_at - 6 * MINUTE, planned.key, number, (0.6, 1.0))
        elif running and sitting.starts_at < horizon + 12 * HOUR:
            yield CheckedIn(horizon - 4 * HOUR, planned.key, number, (0.0, 0.4))
            yield Undone(horizon - 3 * HOUR, planned.key, number)


def of_years(programme: Sequence[Planned], anchor: dt.date, scale: int) -> Iterator[Event]:
    """The reserve, changes of certificates and figures: what is done by the calendar."""
    horizon = local_moment(anchor)
    for year in range(2023, anchor.year):
        yield TakenIn(local_moment(dt.date(year, 7, 5), dt.time(10)), most=10**6, year=year, declines=1)
        yield TakenIn(local_moment(dt.date(year, 12, 28), dt.time(10)), most=10**6, year=year)
    gone = (anchor - dt.date(anchor.year, 1, 1)).days
    most = RESERVE * scale + LOST
    for part in (0.3, 0.5, 0.7, 0.85):
        day = dt.date(anchor.year, 1, 1) + dt.timedelta(days=int(gone * part))
        yield TakenIn(local_moment(day, dt.time(14, 20)), most=most, year=anchor.year, declines=2)
    last = horizon - 6 * DAY + 9 * HOUR
    yield TakenIn(last, most=most, year=anchor.year)
    yield Left(last + DAY, year=anchor.year)
    newest = [p for p in programme if p.is_amended and p.ends_at + 5 * DAY < last]
    if newest:
        yield Amended(last + 2 * DAY, max(newest, key=lambda p: p.ends_at).key)
    yield Asked(last + 3 * DAY)
    yield Signed(last + 3 * DAY + HOUR)
    yield from _quarters(anchor, horizon)


def _quarters(anchor: dt.date, horizon: dt.datetime) -> Iterator[Event]:
    """Figures nine days after the end of each quarter, and their acceptance two days later; of years long ago the whole
    year's, after its end.
    """
    ends = [dt.date(year, month, day) for year in range(2023, anchor.year + 1) for month, day in QUARTER_ENDS]
    told = [
        end
        for end in ends[1:]
        if local_moment(end + 12 * DAY) < horizon and (end.year >= anchor.year - 1 or end.month == 12)
    ]
    running = sum(end.year == anchor.year for end in told)
    for end in told:
        is_last = end == told[-1]
        at = local_moment(end + 9 * DAY, dt.time(9, 10))
        yield Reported(
            at,
            year=end.year,
            is_last=is_last,
            is_running=end.year == anchor.year,
            quarters=running if end.year == anchor.year else 4 if end.year == anchor.year - 1 else 1,
        )
        yield Judged(at + 2 * DAY, is_last=is_last)
