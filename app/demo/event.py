"""What can happen after registration: being there, reaching something, certificates, the reserve, figures. Pure.

An event names what was done, to what, and when; it knows no row. Those of the time before stand in `story`.
"""

import datetime as dt
from dataclasses import dataclass

from app.demo.people import Human


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    activity: str = ""
    """Key of the activity it is about."""


@dataclass(frozen=True)
class Joined(Event):
    """People who enter together, or what is done with them: told by the name of the scene."""

    scene: str = ""
    humans: tuple[Human, ...] = ()
    path: str = ""
    name: str = ""
    """Of the team or class; key of the unit where a unit acts."""
    number: int = 0


@dataclass(frozen=True)
class Listed(Event):
    """A list of people is sent as a spreadsheet, checked, and perhaps entered; reading and checking need transactions
    of their own.
    """

    humans: tuple[Human, ...] = ()
    path: str = ""
    unit: str = ""
    """Key of the unit that sends it; empty where the organiser enters it for somebody without an account."""
    source: str = ""
    """Whose list it is, where the organiser sends it."""
    is_spoilt: bool = False
    """It carries what goes wrong in lists."""
    is_entered: bool = False


@dataclass(frozen=True)
class CheckedIn(Event):
    """Some come through the door of a sitting."""

    sitting: int = 0
    share: tuple[float, float] = (0.0, 1.0)
    """Those whose luck of the day lies between these two."""


@dataclass(frozen=True)
class Undone(Event):
    """A check-in that was a mistake."""

    sitting: int = 0


@dataclass(frozen=True)
class Recorded(Event):
    """The organiser enters what everybody reached, and hands it in."""


@dataclass(frozen=True)
class SentBack(Event):
    """The second person finds something in a sheet; it waits to be mended."""


@dataclass(frozen=True)
class Concluded(Event):
    """A second person confirms it."""


@dataclass(frozen=True)
class Issued(Event):
    """The certificate officer issues what the sheets of an activity deserve."""


@dataclass(frozen=True)
class Signed(Event):
    """The job that signs; it needs transactions of its own."""


@dataclass(frozen=True)
class Amended(Event):
    """An award is corrected after it was confirmed; what rests on it falls."""


@dataclass(frozen=True)
class Asked(Event):
    """Changes of certificates are asked for: one is reissued, one revoked, one waits."""


@dataclass(frozen=True)
class TakenIn(Event):
    """Candidates are taken into the reserve of the year, up to so many."""

    most: int = 0
    year: int = 0
    declines: int = 0


@dataclass(frozen=True)
class Left(Event):
    """Somebody leaves the reserve."""

    year: int = 0


@dataclass(frozen=True)
class Reported(Event):
    """Departments report the figures of a quarter."""

    year: int = 0
    is_last: bool = False
    """The newest quarter of the story."""
    is_running: bool = False
    """Of the year of the anchor."""
    quarters: int = 4
    """So many of its year have been reported when the story ends."""


@dataclass(frozen=True)
class Judged(Event):
    """Other people accept what was handed in."""

    is_last: bool = False
