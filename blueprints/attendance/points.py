"""签到点: the named doors of an activity, arranged by its organisers."""

from typing import Any

from blueprints import web
from blueprints.attendance.gate import door, organising
from forms.attendance import PointForm
from forms.base import Form
from models.activity import Activity, Session
from services import activity as activities
from services import words
from services.attendance import points
from services.text import _


@door.both("/desk/activity/<code>/points", policy=organising)
def points_of(code: str) -> Any:
    """All points of an activity, and a new one."""
    activity = points.get_run(web.principal(), code)
    form = PointForm(sessions=_choices(activity))
    if form.validate_on_submit():
        with web.refusals(form, PointNameTaken="name"):
            with web.writing(form) as answer:
                points.add(activity, form.name.data, _chosen(activity, form), stamp=web.stamp())
                answer.go("attendance.points_of", code=code, flash=_("签到点已添加。"))
            return answer.response
    return web.page(
        "attendance/points.html",
        activity=activity,
        form=form,
        rows=points.of(activity),
        button=Form(formdata=None),
    )


@door.both("/desk/activity/<code>/points/<point_code>", policy=organising)
def point(code: str, point_code: str) -> Any:
    """Another name or another sitting."""
    activity = points.get_run(web.principal(), code)
    row = points.get(activity, point_code)
    form = PointForm(
        sessions=_choices(activity),
        data={"name": row.name, "session": row.session.code if row.session else ""},
    )
    if form.validate_on_submit():
        with web.refusals(form, PointNameTaken="name"):
            with web.writing(form) as answer:
                points.change(row, form.name.data, _chosen(activity, form), stamp=web.stamp())
                answer.go("attendance.points_of", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("attendance/point.html", activity=activity, form=form, row=row)


@door.post("/desk/activity/<code>/points/<point_code>/close", policy=organising)
def close_point(code: str, point_code: str) -> Any:
    """Closed, or opened again: its badges follow."""
    activity = points.get_run(web.principal(), code)
    row = points.get(activity, point_code)
    form = Form()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            if row.closed_at is None:
                points.close(row, stamp=web.stamp())
                said = _("签到点已关闭，只限该点的工作证同时失效。")
            else:
                points.open_again(row, stamp=web.stamp())
                said = _("签到点已重新开放。")
            answer.go("attendance.points_of", code=code, flash=said)
        return answer.response
    return points_of(code)


def _choices(activity: Activity) -> list[tuple[str, str]]:
    return [(each.code, f"{words.say_moment(each.starts_at)} {each.title}") for each in activity.sessions]


def _chosen(activity: Activity, form: PointForm) -> Session | None:
    return activities.get_session(activity, form.session.data) if form.session.data else None
