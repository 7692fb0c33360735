"""纸质签到册: the list to print, and the page that brings a signed one back."""

import datetime as dt
from typing import Any

from blueprints import web
from blueprints.attendance.gate import Stand, checking, door, stand
from certificates import qr
from forms.attendance import PaperForm
from services import attendance as attendances
from services.stamp import LOCAL, clock
from services.text import _


@door.get("/desk/activity/<code>/sheet", policy=checking)
def sheet(code: str) -> Any:
    """签到册 on A4, a row a person with the QR of the pass and a place to sign."""
    at = stand(code)
    lines = attendances.paper.listing(at.activity, at.sitting)
    return web.page(
        "attendance/sheet.html",
        at=at,
        activity=at.activity,
        sitting=at.sitting,
        lines=[(line, qr.draw(line.registration.pass_code.upper())) for line in lines],
        say_pass=attendances.say_pass,
        moment=clock.now(),
    )


@door.both("/desk/activity/<code>/paper", policy=checking)
def paper(code: str) -> Any:
    """Codes scanned or typed, or names ticked in the order of the list; differences first, then saved."""
    at = stand(code)
    form = PaperForm(data={"noted_at": _usual_time(at)})
    comparison = None
    if form.validate_on_submit() and form.step.data != "back":
        by = web.visitor().account
        values = (form.codes.data or "", form.ticked.data or [], form.noted_at.data)
        with web.refusals(form):
            if form.step.data == "check":
                comparison = attendances.paper.compare(
                    at.activity, at.sitting, *values, by=by, stamp=web.stamp()
                )
            else:
                with web.writing(form) as answer:
                    seen = attendances.paper.compare(
                        at.activity, at.sitting, *values, by=by, stamp=web.stamp()
                    )
                    new = attendances.paper.take(seen, at.sitting, point=at.point, by=by, stamp=web.stamp())
                    answer.go(
                        "attendance.desk",
                        code=code,
                        session=at.sitting_code,
                        point=at.point_code,
                        flash=_("按纸质签到册补记 %(n)s 人。", n=new),
                    )
                return answer.response
    return web.page(
        "attendance/paper.html",
        at=at,
        activity=at.activity,
        form=form,
        comparison=comparison,
        lines=attendances.paper.listing(at.activity, at.sitting),
        day=attendances.paper.day_of(at.activity, at.sitting),
    )


def _usual_time(at: Stand) -> dt.time:
    """The beginning of the sitting: what most papers say."""
    moment = at.sitting.starts_at if at.sitting is not None else at.activity.starts_at
    return moment.astimezone(LOCAL).time().replace(second=0, microsecond=0)
