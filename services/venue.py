"""Places and their workstations: opened, kept up to date, closed.
 A place of a unit is looked after by that unit's manager or organiser; all others, and any place, by an
organiser whose scope is the district. What a place is called and how to get there is public; it shows on the
pages of activities.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from models.account import Role, ScopeKind
from models.activity import Activity, Session, State
from models.base import db, is_code
from models.organisation import Organisation
from models.venue import Station, Venue
from services import audit as audits
from services.access import Principal, require
from services.errors import Denied, Missing, Refused, Stale
from services.stamp import Stamp
from services.text import _, escape_like

KEEPERS = frozenset({Role.ORGANISER, Role.UNIT_MANAGER})
MOST_STATIONS = 500


class NameTaken(Refused):
    sentence = _("已有同名场地，请换一个名称，或直接使用已有的场地。")


class InUse(Refused):
    def __init__(self, count: int) -> None:
        super().__init__(
            _("这个场地还有 %(count)s 场未举行的活动安排，请先改到其他场地，再停用。", count=count)
        )


class ClosedVenue(Refused):
    sentence = _("这个场地已停用，请先恢复使用。")


class TooManyStations(Refused):
    sentence = _("一个场地最多 %(most)s 个工位。", most=MOST_STATIONS)


class StationInUse(Refused):
    sentence = _("这个工位已有使用记录，不能删除，可以改为停用。")


@dataclass(frozen=True)
class VenueEntry:
    """What is said about a place; cleaned by the form."""

    name: str
    address: str = ""
    town: str = ""
    seats: int | None = None
    getting_there: str = ""


# --- finding --------------------------------------------------------------------------------------


def get(code: str) -> Venue:
    """A place and its public facts. Raises Missing."""
    if not is_code(code):
        raise Missing
    row = db.session.scalars(
        sa.select(Venue)
        .where(Venue.code == code)
        .options(joinedload(Venue.organisation), selectinload(Venue.stations))
    ).one_or_none()
    if row is None:
        raise Missing
    return row


def get_run(principal: Principal, code: str) -> Venue:
    """A place that they look after. Raises Missing for another's."""
    row = get(code)
    require(principal, KEEPERS, row.scopes)
    return row


def may_run(principal: Principal, venue: Venue) -> bool:
    return principal.may(KEEPERS, venue.scopes)


def get_station(venue: Venue, code: str) -> Station:
    """A station of this very place. Raises Missing."""
    for station in venue.stations:
        if station.code == code:
            return station
    raise Missing


def listing(text: str = "", *, closed: bool = False) -> Sequence[Venue]:
    """All places in use, or all that were closed, by name, with their stations."""
    query = sa.select(Venue).options(joinedload(Venue.organisation), selectinload(Venue.stations))
    query = query.where(Venue.closed_at.is_not(None) if closed else Venue.closed_at.is_(None))
    text = text.replace("\0", "").strip()[:100]
    if text:
        part = f"%{escape_like(text)}%"
        columns = (Venue.name, Venue.address, Venue.town)
        query = query.where(sa.or_(*(column.ilike(part, escape="\\") for column in columns)))
    return db.session.scalars(query.order_by(Venue.name)).all()


# --- changing -------------------------------------------------------------------------------------


def open(
    entry: VenueEntry, organisation: Organisation | None = None, *, by: Principal | None = None, stamp: Stamp
) -> Venue:
    """A new place, of a unit or of the district. Raises Denied where they do not act for that unit,
    NameTaken.
    """
    if by is not None:
        _require_owner(by, organisation)
    row = Venue(
        name=entry.name,
        address=entry.address,
        town=entry.town,
        seats=entry.seats,
        getting_there=entry.getting_there,
        organisation_id=organisation.id if organisation else None,
    )
    db.session.add(row)
    _flush()
    audits.record("venue.opened", row, stamp=stamp)
    return row


def edit(venue: Venue, entry: VenueEntry, *, version: int, stamp: Stamp) -> None:
    """Change what is said about a place. Raises Stale, NameTaken."""
    if venue.version != version:
        raise Stale
    venue.name, venue.address, venue.town = entry.name, entry.address, entry.town
    venue.seats, venue.getting_there = entry.seats, entry.getting_there
    _flush()
    audits.record("venue.edited", venue, stamp=stamp)


def close(venue: Venue, *, stamp: Stamp) -> None:
    """Take a place out of use. Raises InUse while something is still to be held there."""
    if venue.is_closed:
        return
    coming = db.session.scalar(
        sa.select(sa.func.count(Session.id))
        .join(Activity)
        .where(
            Session.venue_id == venue.id,
            Session.ends_at > stamp.when,
            Activity.state.not_in((State.CANCELLED, State.HELD, State.ARCHIVED)),
        )
    )
    if coming:
        raise InUse(coming)
    venue.closed_at = stamp.when
    db.session.flush()
    audits.record("venue.closed", venue, stamp=stamp)


def reopen(venue: Venue, *, stamp: Stamp) -> None:
    """Use a closed place again."""
    if not venue.is_closed:
        return
    venue.closed_at = None
    db.session.flush()
    audits.record("venue.reopened", venue, stamp=stamp)


def add_stations(venue: Venue, count: int, equipment: str = "", *, stamp: Stamp) -> Sequence[Station]:
    """Further stations, numbered on from the highest. Raises TooManyStations, ClosedVenue."""
    if venue.is_closed:
        raise ClosedVenue
    _lock(venue)
    last = max((station.number for station in venue.stations), default=0)
    if count < 1 or len(venue.stations) + count > MOST_STATIONS:
        raise TooManyStations
    made = [
        Station(venue_id=venue.id, number=last + place, equipment=equipment) for place in range(1, count + 1)
    ]
    db.session.add_all(made)
    db.session.flush()
    db.session.expire(venue, ["stations"])
    audits.record("venue.stations_added", venue, stamp=stamp, first=last + 1, count=count)
    return made


def remove_station(venue: Venue, station: Station, *, stamp: Stamp) -> None:
    """Take a station away. Raises StationInUse where something is recorded about it."""
    number = station.number
    db.session.delete(station)
    try:
        db.session.flush()
    except IntegrityError:
        raise StationInUse from None
    db.session.expire(venue, ["stations"])
    audits.record("venue.station_removed", venue, stamp=stamp, number=number)


def set_out_of_use(venue: Venue, station: Station, out_of_use: bool, *, stamp: Stamp) -> None:
    """A station cannot, or can again, be worked at."""
    if station.out_of_use == out_of_use:
        return
    station.out_of_use = out_of_use
    db.session.flush()
    audits.record(
        "venue.station_stopped" if out_of_use else "venue.station_restored",
        venue,
        stamp=stamp,
        number=station.number,
    )


def _require_owner(by: Principal, organisation: Organisation | None) -> None:
    scopes = [(ScopeKind.ORGANISATION, organisation.code)] if organisation else [(ScopeKind.DISTRICT, None)]
    if not by.may(KEEPERS, scopes) or (organisation is None and not by.is_district_wide(KEEPERS)):
        raise Denied


def _lock(venue: Venue) -> None:
    """Two who add stations at once get numbers one after the other."""
    db.session.execute(sa.select(Venue.id).where(Venue.id == venue.id).with_for_update())
    db.session.expire(venue, ["stations"])


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError:
        raise NameTaken from None
