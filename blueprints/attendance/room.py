"""Self check-in: the screen in the room, and the page that its code opens on a participant's phone."""

from typing import Any

from flask import current_app, request, url_for

from blueprints import policy, web
from blueprints.attendance.gate import checking, door, stand
from certificates import qr
from forms.attendance import RoomForm
from models.activity import Session
from models.attendance import Attendance, Direction
from services import attendance as attendances
from services.attendance import room
from services.attendance.standing import place_of, standing_at
from services.errors import Missing
from services.stamp import clock


@door.get("/desk/activity/<code>/room", policy=checking)
def screen(code: str) -> Any:
    """大屏: a QR code that changes every half minute, by a small script or by reloading."""
    at = stand(code)
    if at.sitting is None or not at.sitting.is_self_service:
        raise Missing
    now = clock.now()
    site = current_app.extensions["yongjiang"].public_base_url.rstrip("/")
    link = site + url_for("attendance.here", code=at.sitting.code, k=room.token(at.sitting, now))
    return web.page(
        "attendance/_screen.html"
        if request.headers.get("HX-Request") == "true"
        else "attendance/screen.html",
        at=at,
        activity=at.activity,
        sitting=at.sitting,
        drawing=qr.draw(link),
        digits=room.digits(at.sitting, now),
        typed_at=site.partition("://")[2] + url_for("attendance.here", code=at.sitting.code),
        left=room.seconds_left(now),
        closed=room.why_closed(at.sitting, now),
        tally=attendances.count(at.activity, at.sitting),
    )


@door.both("/here/<code>", policy=policy.signed_in)
def here(code: str) -> Any:
    """The participant's side: whose entry, one button. The code comes with the QR or is typed."""
    session = room.get_session(code)
    account = web.visitor().account
    form = RoomForm(data={"code": request.args.get("k", "")[:40]})
    if form.validate_on_submit():
        with web.refusals(form, StaleCode="code", TooOften="code"):
            room.admit_try(account, session)
            with web.writing(form) as answer:
                done = room.check_in_self(
                    session,
                    form.code.data,
                    direction=Direction(form.direction.data),
                    by=account,
                    stamp=web.stamp(),
                )
                answer.go("attendance.here", code=code, done=done.attendance.direction.value)
            return answer.response
    elif (
        request.method == "GET" and form.code.data and not room.is_good(session, form.code.data, clock.now())
    ):
        form.refuse(attendances.StaleCode.sentence, "code")
        form.code.data = ""
    entry = room.own_entry(account, session)
    if entry is None and not session.is_self_service:
        raise Missing
    came, left = _marks(entry, session)
    leaving = came is not None and session.takes_exit and left is None
    form.direction.data = (Direction.OUT if leaving else Direction.IN).value
    return web.page(
        "attendance/here.html",
        status=None if form.is_submitted() else 200,
        form=form,
        session=session,
        entry=entry,
        closed=room.why_closed(session, clock.now()),
        leaving=leaving,
        came=came,
        left=left,
        is_scanned=bool(form.code.data) and not form.code.errors,
    )


def _marks(entry: Any, session: Session) -> tuple[Attendance | None, Attendance | None]:
    """When they came and left, as far as they did."""
    if entry is None:
        return None, None
    return standing_at(entry, place_of(session)), standing_at(entry, place_of(session, Direction.OUT))
