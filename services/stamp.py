"""Who does something, and when. Every writing verb takes one; the clock is read here and nowhere else."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


class Clock:
    """The wall clock, or in tests a moment somebody set."""

    def __init__(self) -> None:
        self._source: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)

    def now(self) -> dt.datetime:
        return self._source()

    def today(self) -> dt.date:
        """The day in Yongchuan."""
        return local_day(self.now())

    def set(self, moment: dt.datetime) -> None:
        """Stand still at a moment. For tests."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        self._source = lambda: moment

    def start_at(self, moment: dt.datetime) -> None:
        """Run on from a moment (`APP_CLOCK`). For tests of whole processes."""
        offset = moment - dt.datetime.now(dt.UTC)
        self._source = lambda: dt.datetime.now(dt.UTC) + offset

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]


clock = Clock()


def local_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(LOCAL).date()


def local_moment(day: dt.date, at: dt.time = dt.time()) -> dt.datetime:
    """A day and a time of day in Yongchuan, as UTC."""
    return dt.datetime.combine(day, at, LOCAL).astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who and when, for one transaction. `account_id` is None for jobs and commands, which `actor` names."""

    when: dt.datetime = field(default_factory=clock.now)
    actor: str = ""
    account_id: int | None = None
    address: str = ""

    @property
    def today(self) -> dt.date:
        return local_day(self.when)


def machine(name: str) -> Stamp:
    """The stamp of a job or a command."""
    return Stamp(actor=name[:40])
