"""What the centre offers: a season's rules, themes, slots by repeat, the schools, and whom it has reached."""

import datetime as dt
from typing import Any

from flask import redirect, url_for

from blueprints import web
from blueprints.booking.gate import centre, door, week_asked
from forms.base import Form
from forms.booking import RepeatForm, SchoolsForm, TermsForm, ThemeForm
from models.booking import Season, Theme
from models.venue import Venue
from services import booking as bookings
from services import intake as intakes
from services import venue as venues
from services.errors import Missing
from services.stamp import clock, local_day
from services.text import _


@door.get("/desk/booking", policy=centre)
def seasons() -> Any:
    """Activities of skill experience that one runs."""
    rows = [(row, bookings.find_season(row)) for row in bookings.run_by(web.principal())]
    return web.page("booking/seasons.html", rows=rows, verb=Form())


@door.post("/desk/booking/activity/<code>/open", policy=centre)
def open_season(code: str) -> Any:
    """Let schools book within an activity."""
    activity = next((row for row in bookings.run_by(web.principal()) if row.code == code), None)
    if activity is None:
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                bookings.open_season(activity, stamp=web.stamp())
                answer.go("booking.season", code=code, flash=_("已开放预约设置，先添加体验主题。"))
            return answer.response
    return redirect(url_for("booking.seasons"), 303)


@door.get("/desk/booking/season/<code>", policy=centre)
def season(code: str) -> Any:
    row = bookings.get_run(web.principal(), code)
    first = week_asked(local_day(clock.now()))
    slots = bookings.slots_between(row, first, first + dt.timedelta(days=6))
    return web.page(
        "booking/season.html",
        season=row,
        first=first,
        last=first + dt.timedelta(days=6),
        before=first - dt.timedelta(days=7),
        after=first + dt.timedelta(days=7),
        slots=slots,
        small={slot.id for slot in bookings.small(slots)},
        say_grades=bookings.say_grades,
        closures=bookings.closures_of(row),
        verb=Form(),
        moment=clock.now(),
    )


@door.both("/desk/booking/season/<code>/terms", policy=centre)
def terms(code: str) -> Any:
    row = bookings.get_run(web.principal(), code)
    form = TermsForm(data=_terms(row))
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                bookings.set_terms(row, form.entry(), version=form["version"].data, stamp=web.stamp())
                answer.go("booking.season", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("booking/terms.html", form=form, season=row)


def _terms(row: Season) -> dict[str, Any]:
    known = {
        name: getattr(row, name) for name in bookings.TermsEntry.__dataclass_fields__ if name != "closures"
    }
    lines = [f"{each['from']} 到 {each['to']} {each.get('why', '')}".strip() for each in row.closures]
    return known | {"closures": "\n".join(lines), "version": row.version}


@door.both("/desk/booking/season/<code>/theme/new", policy=centre)
def new_theme(code: str) -> Any:
    row = bookings.get_run(web.principal(), code)
    form = ThemeForm(data={"capacity": 30, "minutes": 60, "least": 0}, venues=_venues())
    if form.validate_on_submit():
        with web.refusals(form, SameTitle="title", BadTheme="capacity"):
            with web.writing(form) as answer:
                theme = bookings.add_theme(row, form.entry(), venue=_venue(form), stamp=web.stamp())
                if theme.is_visiting:
                    answer.go("booking.season", code=code, flash=_("已添加。"))
                else:
                    answer.go("booking.repeat", code=code, theme=theme.code, flash=_("已添加，接着排场次。"))
            return answer.response
    return web.page("booking/theme.html", form=form, season=row, theme=None)


@door.both("/desk/booking/season/<code>/theme/<theme>", policy=centre)
def theme(code: str, theme: str) -> Any:
    row = bookings.get_run(web.principal(), code)
    found = bookings.get_theme(row, theme)
    form = ThemeForm(data=_theme(found), venues=_venues())
    if form.validate_on_submit():
        with web.refusals(form, SameTitle="title", BadTheme="capacity"):
            with web.writing(form) as answer:
                bookings.edit_theme(found, form.entry(), venue=_venue(form), stamp=web.stamp())
                answer.go("booking.season", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("booking/theme.html", form=form, season=row, theme=found)


@door.post("/desk/booking/season/<code>/theme/<theme>/close", policy=centre)
def close_theme(code: str, theme: str) -> Any:
    """No new slots of it."""
    row = bookings.get_run(web.principal(), code)
    found = bookings.get_theme(row, theme)
    form = Form()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            bookings.close_theme(found, stamp=web.stamp())
            answer.go("booking.season", code=code, flash=_("这个主题不再排新的场次。"))
        return answer.response
    return redirect(url_for("booking.season", code=code), 303)


def _theme(row: Theme) -> dict[str, Any]:
    names = [name for name in bookings.ThemeEntry.__dataclass_fields__ if name != "grades"]
    return {name: getattr(row, name) for name in names} | {
        "grades": sorted(row.grades),
        "venue": row.venue.code if row.venue is not None else "",
    }


def _venues() -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in venues.listing()]


def _venue(form: ThemeForm) -> Venue | None:
    return venues.get(form["venue"].data) if form["venue"].data else None


@door.both("/desk/booking/season/<code>/theme/<theme>/slots", policy=centre)
def repeat(code: str, theme: str) -> Any:
    """Slots by a repeat rule: first shown, then made."""
    row = bookings.get_run(web.principal(), code)
    found = bookings.get_theme(row, theme)
    ahead = max(local_day(clock.now()), local_day(row.activity.starts_at))
    form = RepeatForm(
        data={"first": ahead, "last": local_day(row.activity.ends_at), "times": "09:00、14:00", "parallel": 1}
    )
    shown: list[tuple[dt.datetime, dt.datetime]] = []
    if form.validate_on_submit():
        with web.refusals(form, NoDays="weekdays", OutsideTerm="last", TooManySlots="last"):
            shown = bookings.planned(found, form.repeat())
            if form["seen"].data == len(shown):
                with web.writing(form) as answer:
                    made = bookings.add_slots(found, form.repeat(), stamp=web.stamp())
                    answer.go("booking.season", code=code, flash=_("已排 %(n)s 场。", n=len(made)))
                return answer.response
            form["seen"].data, form["seen"].raw_data = len(shown), None
    return web.page("booking/repeat.html", form=form, season=row, theme=found, shown=shown)


# --- schools --------------------------------------------------------------------------------------


@door.get("/desk/booking/season/<code>/coverage", policy=centre)
def coverage(code: str) -> Any:
    """Which schools and grades have not been yet."""
    row = bookings.get_run(web.principal(), code)
    return web.page("booking/coverage.html", season=row, rows=bookings.coverage(row))


@door.both("/desk/booking/schools", policy=centre, uploads=True)
def school_list() -> Any:
    """The education commission's list: good lines are entered, the others shown with what is wrong."""
    form = SchoolsForm()
    faults: list[bookings.Line] = []
    if form.validate_on_submit():
        sent = form["file"].data
        with web.refusals(
            form, **dict.fromkeys(("BadFile", "Empty", "TooLarge", "WrongFormat", "NotASheet"), "file")
        ):
            sheet = intakes.read(sent.read() if sent else b"", sent.filename if sent else "")
            lines = bookings.read_lines(
                [[str(cell or "") for cell in cells] for _number, cells in sheet.rows()]
            )
            faults = [line for line in lines if line.fault]
            with web.writing(form) as answer:
                new, known = bookings.enter_list(lines, stamp=web.stamp())
                said = _("新增 %(new)s 所，更新 %(known)s 所。", new=new, known=known)
                answer.go("booking.school_list", flash=said)
            if not faults:
                return answer.response
    return web.page(
        "booking/schools.html",
        form=form,
        faults=faults,
        rows=bookings.listing(),
        say_grades=bookings.say_grades,
    )
