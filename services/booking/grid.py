"""A week of slots as a school sees it: days across, times of day down, and what the class finds in each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from models.booking import Season, Slot, SlotState
from services.booking.fitting import Class, Fit, Offer, judge
from services.booking.offering import side_by_side
from services.stamp import LOCAL, local_day

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A time of day, and what is offered then on each day of the week."""

    time: dt.time
    cells: tuple[tuple[Offer, ...], ...]

    @property
    def is_morning(self) -> bool:
        return self.time.hour < 12


@dataclass(frozen=True)
class Week:
    first: dt.date
    days: tuple[dt.date, ...]
    rows: tuple[Row, ...]

    @property
    def last(self) -> dt.date:
        return self.days[-1]

    @property
    def before(self) -> dt.date:
        return self.first - 7 * DAY

    @property
    def after(self) -> dt.date:
        return self.first + 7 * DAY

    @property
    def offers(self) -> list[tuple[dt.date, Offer]]:
        """In the order of days and times, as a phone lists them."""
        return [
            (day, offer)
            for place, day in enumerate(self.days)
            for row in self.rows
            for offer in row.cells[place]
        ]

    @property
    def misfits(self) -> int:
        return sum(offer.fit is Fit.NOT for _day, offer in self.offers)


def monday(day: dt.date) -> dt.date:
    return day - day.weekday() * DAY


def week_of(
    season: Season,
    first: dt.date,
    slots: Sequence[Slot],
    wanted: Class,
    moment: dt.datetime,
    *,
    only_fitting: bool,
) -> Week:
    """Monday to Friday, and the weekend where something is offered then. Slots called off are shown with their reason;
    those at a school's own room and those put together with others are not.
    """
    shown = [slot for slot in slots if slot.host_id is None and slot.reason != "merged"]
    shown = [slot for slot in shown if slot.state in (SlotState.OPEN, SlotState.CALLED_OFF)]
    offers = [judge(season, group, wanted, moment) for group in side_by_side(shown)]
    if only_fitting:
        offers = [offer for offer in offers if offer.fit is not Fit.NOT]
    weekend = any(local_day(offer.slot.starts_at).weekday() > 4 for offer in offers)
    days = tuple(first + number * DAY for number in range(7 if weekend else 5))
    times = sorted({offer.slot.starts_at.astimezone(LOCAL).time() for offer in offers})
    rows = tuple(
        Row(time, tuple(tuple(offer for offer in offers if _is_at(offer, day, time)) for day in days))
        for time in times
    )
    return Week(first, days, rows)


def _is_at(offer: Offer, day: dt.date, time: dt.time) -> bool:
    local = offer.slot.starts_at.astimezone(LOCAL)
    return local.date() == day and local.time() == time
