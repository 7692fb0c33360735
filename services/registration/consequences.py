"""What would follow if entries ended: who is affected, and who would get their places. Nothing is changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from models.activity import Activity, Track
from models.base import db
from models.registration import HOLDING, LIVE, Registration, State
from services import hold
from services import quota as quotas
from services.quota import Book
from services.registration.line import Line
from services.stamp import Stamp
from services.text import Sentence


@dataclass
class Consequences:
    affected: int
    """Entries that end."""
    waiting_gets: list[Registration]
    """Who would be offered a place, in order."""
    lost_places: int
    """Places that nobody who waits would take."""
    lost_indicators: list[Sentence] = field(default_factory=list)
    """What the targets lose by it, said indicator by indicator."""
    alternatives: list[Activity] = field(default_factory=list)


def consequences(of: Activity | Iterable[Registration], stamp: Stamp) -> Consequences:
    """Of calling an activity off, or of withdrawing some entries. Asked before the button; targets and alternatives
    are added by whoever knows them.
    """
    if isinstance(of, Activity):
        count = sa.select(sa.func.count()).where(
            Registration.activity_id == of.id, Registration.state.in_(LIVE)
        )
        held = db.session.scalar(count.where(Registration.state.in_(HOLDING))) or 0
        return Consequences(db.session.scalar(count) or 0, [], held)
    rows = [row for row in of if row.state in LIVE]
    gets = _next(rows, stamp)
    freed = sum(row.state in HOLDING for row in rows)
    return Consequences(len(rows), gets, max(0, freed - len(gets)))


def _next(rows: Sequence[Registration], stamp: Stamp) -> list[Registration]:
    """Those in line to whom the places of these entries would go."""
    own: set[Track] = {row.track for row in rows}
    if not own:
        return []
    tracks = {track.id: track for track in (*own, *hold.sharing(own))}
    book = Book(tracks.values(), stamp.when)
    held = quotas.held_by(row.id for row in rows)
    for row in rows:
        if row.state in HOLDING:
            book.leave(row.track_id, held.get(row.id, []))
    line = Line(book, stamp, without={row.id for row in rows if row.state is State.WAITLISTED})
    line.walk()
    return [row for row, _seat in line.served]
