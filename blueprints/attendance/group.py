"""A unit or class at once: ticks and a head count."""

from typing import Any

from flask import request

from blueprints import web
from blueprints.attendance.gate import Stand, checking, door, stand
from forms.attendance import GroupForm
from services import attendance as attendances
from services.errors import Missing
from services.stamp import clock
from services.text import _


@door.both("/desk/activity/<code>/group", policy=checking)
def group(code: str) -> Any:
    """Choose a unit or a class; then tick its people, count heads, and send once."""
    at = stand(code)
    form = GroupForm(data={"group": request.args.get("group", "")})
    key = form.group.data or ""
    known = attendances.group.groups(at.activity, at.sitting)
    chosen = next((each for each in known if each.key == key), None)
    if chosen is None:
        if key:
            raise Missing
        return _page(at, known=known)
    lines = attendances.group.people(at.activity, at.sitting, key)
    if form.validate_on_submit():
        with web.refusals(form, HeadCountDiffers="counted", NobodyTicked="ticked"):
            with web.writing(form) as answer:
                new = attendances.group.check_in_group(
                    lines,
                    form.ticked.data,
                    at.sitting,
                    counted=form.counted.data,
                    note=form.note.data or "",
                    point=at.point,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go(
                    "attendance.desk",
                    code=code,
                    session=at.sitting_code,
                    point=at.point_code,
                    flash=_("%(name)s：新签到 %(n)s 人。", name=chosen.name, n=new),
                )
            return answer.response
    return _page(at, known=known, chosen=chosen, lines=lines, form=form)


def _page(at: Stand, **more: Any) -> Any:
    values = {"chosen": None, "lines": [], "form": None, **more}
    return web.page("attendance/group.html", at=at, activity=at.activity, moment=clock.now(), **values)
