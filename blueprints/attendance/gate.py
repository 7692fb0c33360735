"""The door of the room, and where somebody stands: which activity, at which sitting, at which point."""

from dataclasses import dataclass

from flask import request

from blueprints import policy, web
from models.account import Role
from models.activity import Activity, Session
from models.attendance import Point
from services import attendance as attendances
from services.attendance import CHECKERS, Gate
from services.stamp import clock

door = web.Door("attendance", __name__)

checking = policy.holding(*CHECKERS)
organising = policy.holding(Role.ORGANISER)


@dataclass(frozen=True)
class Stand:
    """Where a helper stands now."""

    gate: Gate
    sitting: Session | None
    point: Point | None

    @property
    def activity(self) -> Activity:
        return self.gate.activity

    @property
    def sitting_code(self) -> str | None:
        return self.sitting.code if self.sitting is not None else None

    @property
    def point_code(self) -> str | None:
        """What addresses carry; a helper of one door need not name it."""
        return self.point.code if self.point is not None and self.gate.is_whole else None

    @property
    def points(self) -> list[Point]:
        """The open points they may choose among at this sitting."""
        if not self.gate.is_whole:
            return []
        key = self.sitting.id if self.sitting is not None else None
        known = attendances.points.of(self.activity)
        return [each for each in known if each.closed_at is None and each.session_id in (None, key)]


def stand(code: str, sitting: str | None = None, point: str | None = None) -> Stand:
    """Where they stand: what they chose, else the usual sitting of now. Raises `Missing`."""
    gate = attendances.get_gate(web.principal(), code)
    wanted = sitting if sitting is not None else request.args.get("session", "")
    session = gate.get_sitting(wanted) if wanted else attendances.usual_sitting(gate.sittings, clock.now())
    chosen = point if point is not None else request.args.get("point", "")
    return Stand(gate, session, gate.point_for(session, chosen))
