"""The centre's side: requests to decide on, slots to close, weather, and who has not been yet."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import request

from blueprints import web
from blueprints.booking.gate import centre, door, week_asked
from forms.base import Form
from forms.booking import NEED_NAMES, ArriveForm, CorrectForm, DecideForm, SayForm
from models.booking import Slot, SlotState, State
from services import booking as bookings
from services.errors import Missing
from services.stamp import clock, local_day
from services.text import _

MOST_AT_ONCE = 100


@door.get("/desk/booking/queue", policy=centre)
def queue() -> Any:
    """Requests: those that go first before the others."""
    seen: dict[str, list[Any]] = {}
    for row in bookings.queue(web.principal()):
        seen.setdefault(row.visit, []).append(row)
    return web.page(
        "booking/queue.html",
        visits=list(seen.values()),
        say_class=bookings.say_class,
        is_watched=bookings.is_watched,
    )


@door.both("/desk/booking/request/<code>", policy=centre)
def decide(code: str) -> Any:
    row = bookings.get_decide(web.principal(), code)
    parts = bookings.parts_of(row)
    form = DecideForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note", MustSayWhy="note"):
            with web.writing(form) as answer:
                verb = bookings.confirm if form["decision"].data == "confirm" else bookings.refuse
                verb(parts, form["note"].data or "", by=web.visitor().account, stamp=web.stamp())
                said = _("已确认，学校会收到通知。") if verb is bookings.confirm else _("已回复学校。")
                answer.go("booking.queue", flash=said)
            return answer.response
    school = bookings.find_school(row.organisation)
    return web.page(
        "booking/decide.html",
        form=form,
        row=row,
        parts=parts,
        school=school,
        record=bookings.record_of(row.season, school) if school is not None else None,
        is_watched=bookings.is_watched(row),
        needed=bookings.teachers_needed(row.season, row.grade, sum(part.heads for part in parts), len(parts))
        if row.grade
        else 0,
        say_class=bookings.say_class,
        needs=NEED_NAMES,
    )


# --- slots ----------------------------------------------------------------------------------------


@door.get("/desk/booking/closing", policy=centre)
def closing() -> Any:
    """Slots that are over, and whose counts are not final yet."""
    rows = bookings.to_close(web.principal(), clock.now())
    return web.page(
        "booking/closing.html",
        rows=[(slot, bookings.of_slot(slot)) for slot in rows],
        say_class=bookings.say_class,
    )


@door.get("/desk/booking/slot/<code>", policy=centre)
def slot(code: str) -> Any:
    return _slot(bookings.get_run_slot(web.principal(), code))


def _slot(row: Slot, form: Form | None = None) -> Any:
    now = clock.now()
    return web.page(
        "booking/slot.html",
        form=form,
        slot=row,
        rows=bookings.of_slot(row, list(State)),
        is_small=bool(bookings.small([row])),
        say_class=bookings.say_class,
        arrive=ArriveForm(),
        verb=form or Form(),
        is_over=row.ends_at <= now,
        has_begun=row.starts_at - dt.timedelta(hours=1) <= now,
        moment=now,
    )


def _step(row: Slot, act: Callable[[web.Answer], None]) -> Any:
    """One verb behind one button; a refusal is shown on the page of the slot."""
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                act(answer)
            return answer.response
    return _slot(row, form)


@door.post("/desk/booking/slot/<code>/close", policy=centre)
def close(code: str) -> Any:
    """Make the counts final."""
    row = bookings.get_run_slot(web.principal(), code)

    def act(answer: web.Answer) -> None:
        came = bookings.close(row, stamp=web.stamp())
        heads = sum(each.arrived_heads or 0 for each in came)
        answer.go("booking.slot", code=code, flash=_("已结束：%(n)s 人到场，已计入统计。", n=heads))

    return _step(row, act)


@door.post("/desk/booking/slot/<code>/merge", policy=centre)
def merge(code: str) -> Any:
    """Put it into a parallel one."""
    row = bookings.get_run_slot(web.principal(), code)

    def act(answer: web.Answer) -> None:
        into = bookings.merge(row, stamp=web.stamp())
        answer.go("booking.slot", code=into.code, flash=_("已并入这一场。"))

    return _step(row, act)


@door.post("/desk/booking/slot/<code>/remove", policy=centre)
def remove(code: str) -> Any:
    """Take one away on which nobody was."""
    row = bookings.get_run_slot(web.principal(), code)
    activity = row.theme.activity.code

    def act(answer: web.Answer) -> None:
        bookings.remove_slot(row, stamp=web.stamp())
        answer.go("booking.season", code=activity, flash=_("已删除。"))

    return _step(row, act)


@door.both("/desk/booking/season/<code>/off", policy=centre)
def off(code: str) -> Any:
    """Weather: choose slots, and call them all off at once."""
    season = bookings.get_run(web.principal(), code)
    first = week_asked(local_day(clock.now()))
    chosen = _chosen(season, request.values.getlist("slot"))
    form = SayForm()
    if request.method == "POST" and form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                told = bookings.call_off(chosen, form["note"].data or "", stamp=web.stamp())
                schools = len({row.visit for row in told})
                answer.go(
                    "booking.season",
                    code=code,
                    flash=_("已取消，%(n)s 个班级已收到通知和可改约的场次。", n=schools),
                )
            return answer.response
    rows = bookings.slots_between(season, first, first + dt.timedelta(days=6))
    return web.page(
        "booking/off.html",
        form=form,
        season=season,
        rows=[row for row in rows if row.state is SlotState.OPEN],
        chosen={row.code for row in chosen},
        before=first - dt.timedelta(days=7),
        after=first + dt.timedelta(days=7),
    )


def _chosen(season: Any, codes: list[str]) -> list[Slot]:
    found = [bookings.get_run_slot(web.principal(), code) for code in codes[:MOST_AT_ONCE]]
    if any(row.theme.season_id != season.id for row in found):
        raise Missing
    return found


@door.both("/desk/booking/visit/<code>/correct", policy=centre)
def correct(code: str) -> Any:
    """Afterwards: how many truly came."""
    row = bookings.get_decide(web.principal(), code)
    form = CorrectForm(data={"heads": row.arrived_heads or 0})
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                bookings.correct(row, form["heads"].data, form["note"].data or "", stamp=web.stamp())
                answer.go("booking.slot", code=row.slot.code, flash=_("已更正，统计随之改变。"))
            return answer.response
    return web.page("booking/correct.html", form=form, row=row, say_class=bookings.say_class)
