"""The school's side: a week that fits the class, the four steps, and what becomes of a visit."""

import datetime as dt
from typing import Any

from flask import redirect, request, url_for

from blueprints import policy, web
from blueprints.booking.gate import bookers, door, schools, week_asked
from forms.base import Form
from forms.booking import (
    NEED_NAMES,
    AgreeForm,
    ArriveForm,
    ClassForm,
    KeepForm,
    ProposeForm,
    SayForm,
    SingleForm,
    SupplementForm,
    grade_choices,
)
from forms.number import is_whole
from models.account import Role, ScopeKind
from models.booking import Booking, Grade, Season, State
from services import booking as bookings
from services import upload as uploads
from services.access import Principal
from services.booking import Class, Week
from services.errors import Missing
from services.person import phones
from services.stamp import clock, local_day
from services.text import _

MOST = 200


# --- choosing -------------------------------------------------------------------------------------


@door.get("/booking", policy=policy.everyone)
def index() -> Any:
    """What is offered this week, and what of it fits the class."""
    season = _season()
    if season is None:
        return web.page("booking/none.html")
    return _choosing(season, KeepForm(data=_asked(), grades=_grades()))


def _season() -> Season | None:
    found = list(bookings.seasons(clock.now()))
    asked = request.values.get("season", "")
    return next((each for each in found if each.activity.code == asked), found[0] if found else None)


def _asked() -> dict[str, Any]:
    grade, heads = request.args.get("grade", ""), request.args.get("heads", "")
    return {
        "grade": grade if grade in set(Grade) else None,
        "heads": min(int(heads), MOST) or None if is_whole(heads) else None,
    }


def _grades() -> tuple[str, ...]:
    own = schools()
    return tuple(sorted(own[0].grades)) if own else ()


def _choosing(
    season: Season, form: KeepForm, chosen: Booking | None = None, status: int | None = None
) -> Any:
    now = clock.now()
    own = schools()
    grade = Grade(form["grade"].data) if form["grade"].data in set(Grade) else None
    heads = form["heads"].data if isinstance(form["heads"].data, int) else 0
    record = bookings.record_of(season, own[0]) if own else None
    wanted = Class(grade, heads or 0)
    if own and record is not None:
        wanted = Class(grade, heads or 0, bookings.goes_first(own[0], record), record.left)
    only = request.args.get("only") == "1"
    week = _week(season, wanted, only, now)
    return web.page(
        "booking/index.html",
        status=status,
        season=season,
        seasons=bookings.seasons(now),
        form=form,
        week=week,
        only=only,
        school=own[0] if own else None,
        record=record,
        choices=grade_choices(_grades()),
        verb=Form(),
        chosen=chosen,
        visiting=[theme for theme in season.themes if theme.is_visiting and theme.closed_at is None],
        say_grades=bookings.say_grades,
        is_ready=bool(own and grade and heads),
    )


def _week(season: Season, wanted: Class, only: bool, now: dt.datetime) -> Week:
    """The week that was asked for, else the first in which something may be booked."""
    today = local_day(now)
    if request.args.get("week"):
        first = week_asked(today)
        slots = bookings.slots_between(season, first, first + dt.timedelta(days=6))
        return bookings.week_of(season, first, slots, wanted, now, only_fitting=only)
    first = bookings.monday(
        max(today + dt.timedelta(days=season.days_least), local_day(season.activity.starts_at))
    )
    for _number in range(9):
        slots = bookings.slots_between(season, first, first + dt.timedelta(days=6))
        week = bookings.week_of(season, first, slots, wanted, now, only_fitting=only)
        if week.rows:
            return week
        first = week.after
    return bookings.week_of(season, bookings.monday(today), [], wanted, now, only_fitting=only)


@door.post("/booking/slot/<code>/keep", policy=bookers)
def keep(code: str) -> Any:
    """Step 1: the places are kept for a while."""
    slot = bookings.get_slot(code)
    own = _own_school()
    form = KeepForm(grades=tuple(own.grades))
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parts = bookings.keep(
                    slot,
                    Grade(form["grade"].data),
                    form["heads"].data,
                    school=own,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go("booking.fill", code=parts[0].code)
            return answer.response
    return _choosing(slot.theme.season, form)


@door.post("/booking/slot/<code>/wait", policy=bookers)
def wait(code: str) -> Any:
    """Stand in line with the class."""
    slot = bookings.get_slot(code)
    own = _own_school()
    form = KeepForm(grades=tuple(own.grades))
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                row = bookings.wait(
                    slot,
                    Grade(form["grade"].data),
                    form["heads"].data,
                    school=own,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go("booking.show", code=row.code, flash=_("已候补。有名额时会通知您。"))
            return answer.response
    return _choosing(slot.theme.season, form)


def _own_school() -> Any:
    own = schools()
    if not own:
        raise bookings.NotASchool
    return own[0]


# --- the steps ------------------------------------------------------------------------------------


@door.both("/booking/<code>/fill", policy=policy.signed_in)
def fill(code: str) -> Any:
    """Step 2: which class, with whom."""
    row = _kept(code)
    if row is None:
        return redirect(url_for("booking.show", code=code), 303)
    parts = bookings.parts_of(row)
    form = ClassForm(data=_known(parts), grades=tuple(_grades_of(row)))
    if form.validate_on_submit():
        with web.refusals(form, TooFewTeachers="teachers", DoesNotFit="heads", AlreadyBooked="classes"):
            with web.writing(form) as answer:
                bookings.fill(parts, form.details(), stamp=web.stamp())
                answer.go("booking.agree", code=code)
            return answer.response
    return web.page("booking/fill.html", form=form, row=row, parts=parts, step=2, needs=list(NEED_NAMES))


@door.both("/booking/<code>/agree", policy=policy.signed_in)
def agree(code: str) -> Any:
    """Steps 3 and 4: the safety agreement, and sending."""
    row = _kept(code)
    if row is None:
        return redirect(url_for("booking.show", code=code), 303)
    if not row.classes:
        return redirect(url_for("booking.fill", code=code), 303)
    parts = bookings.parts_of(row)
    form = AgreeForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                sent = bookings.send(
                    parts,
                    agreed=bool(form["agreed"].data),
                    by=web.visitor().account,
                    is_manager=bookings.may_approve(web.principal(), row),
                    stamp=web.stamp(),
                )
                waits = sent[0].state is State.APPROVAL
                said = (
                    _("已送本校管理员，同意后到体验中心。")
                    if waits
                    else _("已提交，体验中心确认后会通知您。")
                )
                answer.go("booking.show", code=code, flash=said)
            return answer.response
    return web.page("booking/agree.html", form=form, row=row, parts=parts, step=3)


def _kept(code: str) -> Booking | None:
    """One whose places are kept and that is being filled in; none where that is over."""
    row = bookings.get_own(web.principal(), code)
    return row if row.state is State.HELD else None


def _grades_of(row: Booking) -> frozenset[str]:
    school = bookings.find_school(row.organisation)
    return school.grades if school is not None else frozenset()


def _known(parts: list[Booking]) -> dict[str, Any]:
    lead = parts[0]
    account = web.visitor().account
    return {
        "grade": lead.grade.value if lead.grade else None,
        "heads": sum(part.heads for part in parts),
        "classes": lead.classes,
        "teachers": sum(part.teachers for part in parts) or None,
        "contact_name": lead.contact_name or account.display_name,
        "contact": lead.contact or account.phone,
        **lead.needs,
    }


# --- afterwards -----------------------------------------------------------------------------------


@door.get("/booking/mine", policy=policy.signed_in)
def mine() -> Any:
    """What one's schools booked, and what one booked as a citizen."""
    principal = web.principal()
    own = schools()
    rows = bookings.of_schools([each.organisation_id for each in own], principal.account_id)
    now = clock.now()
    coming = [row for row in rows if row.state.value in _COMING and row.slot.ends_at > now]
    season = _season()
    return web.page(
        "booking/mine.html",
        coming=sorted(_once_a_visit(coming), key=lambda row: row.slot.starts_at),
        past=_once_a_visit([row for row in rows if row not in coming]),
        school=own[0] if own else None,
        record=bookings.record_of(season, own[0]) if season is not None and own else None,
        verb=Form(),
        say_class=bookings.say_class,
        may_set=bool(own) and _manages(principal, own[0]),
    )


_COMING = {"held", "approval", "requested", "waiting", "confirmed", "arrived"}


def _once_a_visit(rows: list[Booking]) -> list[Booking]:
    seen: set[str] = set()
    return [row for row in rows if not (row.visit in seen or seen.add(row.visit))]  # type: ignore[func-returns-value]


def _manages(principal: Principal, school: Any) -> bool:
    return principal.may({Role.UNIT_MANAGER}, [(ScopeKind.ORGANISATION, school.organisation.code)])


@door.post("/booking/school/<code>/approval", policy=bookers)
def set_approval(code: str) -> Any:
    """The school's manager wants to see bookings first, or no more."""
    own = next((each for each in schools() if each.organisation.code == code), None)
    if own is None or not _manages(web.principal(), own):
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            bookings.set_approval(own, request.form.get("wanted") == "1", stamp=web.stamp())
            answer.go("booking.mine", flash=_("已保存。"))
        return answer.response
    return redirect(url_for("booking.mine"), 303)


@door.get("/booking/<code>", policy=policy.signed_in)
def show(code: str) -> Any:
    return _show(bookings.get(web.principal(), code))


def _show(row: Booking, **forms: Form) -> Any:
    principal = web.principal()
    now = clock.now()
    parts = bookings.parts_of(row)
    is_own = bookings.may_change(principal, row)
    movable = is_own and row.state.value in ("approval", "requested", "confirmed", "called_off")
    return web.page(
        "booking/show.html",
        form=next(iter(forms.values()), None),
        row=row,
        parts=parts,
        is_own=is_own,
        may_approve=bookings.may_approve(principal, row),
        alternatives=bookings.alternatives(row, now) if movable and not row.is_citizen else [],
        until=bookings.may_change_until(row.season, row.slot.starts_at),
        is_late=bookings.is_late(row.season, row.slot.starts_at, now),
        place=bookings.place_of(row) if row.state is State.WAITING else 0,
        supplement=forms.get("supplement") or SupplementForm(data=_supplied(row)),
        arrive=forms.get("arrive") or ArriveForm(data={"heads": row.heads, "teachers": row.teachers}),
        say=forms.get("say") or SayForm(),
        verb=Form(),
        phone=phones.mask(row.contact) if row.contact else "",
        say_class=bookings.say_class,
        needs=NEED_NAMES,
        is_day=local_day(row.slot.starts_at) == local_day(now)
        and row.slot.starts_at - dt.timedelta(hours=1) <= now,
        moment=now,
    )


def _supplied(row: Booking) -> dict[str, Any]:
    return {
        "transport": row.transport.value if row.transport else "",
        "plates": row.plates,
        "insurance": row.insurance,
    }


@door.both("/booking/<code>/cancel", policy=policy.signed_in)
def cancel(code: str) -> Any:
    row = bookings.get_own(web.principal(), code)
    form = SayForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                bookings.cancel(bookings.parts_of(row), form["note"].data or "", stamp=web.stamp())
                answer.go("booking.show", code=code, flash=_("已取消，名额已放出。"))
            return answer.response
    now = clock.now()
    return web.page(
        "booking/cancel.html",
        form=form,
        row=row,
        parts=bookings.parts_of(row),
        is_late=row.state is State.CONFIRMED and bookings.is_late(row.season, row.slot.starts_at, now),
        until=bookings.may_change_until(row.season, row.slot.starts_at),
        say_class=bookings.say_class,
    )


@door.post("/booking/<code>/move/<slot>", policy=policy.signed_in)
def move(code: str, slot: str) -> Any:
    """Another time, with all that was said."""
    row = bookings.get_own(web.principal(), code)
    target = bookings.get_slot(slot)
    if target.theme.season_id != row.season.id:
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                made = bookings.move(bookings.parts_of(row), target, stamp=web.stamp())
                answer.go("booking.show", code=made[0].code, flash=_("已改约，体验中心确认后会通知您。"))
            return answer.response
    return _show(row, verb=form)


@door.post("/booking/<code>/supplement", policy=policy.signed_in, uploads=True)
def supplement(code: str) -> Any:
    """Insurance, bus, the stamped agreement."""
    row = bookings.get_own(web.principal(), code)
    form = SupplementForm()
    if form.validate_on_submit():
        with web.refusals(form):
            sent = form["scan"].data
            scan = uploads.check(sent.read(), sent.filename) if sent and sent.filename else None
            with web.writing(form) as answer:
                bookings.supplement(
                    bookings.parts_of(row),
                    transport=form.chosen(),
                    plates=form["plates"].data or "",
                    insurance=form["insurance"].data or "",
                    scan=scan,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go("booking.show", code=code, flash=_("已保存。"))
            return answer.response
    return _show(row, supplement=form)


@door.post("/booking/<code>/approve", policy=policy.signed_in)
def approve(code: str) -> Any:
    """The school's manager lets it go to the centre, or does not."""
    row = bookings.get_own(web.principal(), code)
    if not bookings.may_approve(web.principal(), row):
        raise Missing
    form = SayForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                parts = bookings.parts_of(row)
                if request.form.get("decision") == "refuse":
                    bookings.refuse(
                        parts, form["note"].data or "", by=web.visitor().account, stamp=web.stamp()
                    )
                    answer.go("booking.show", code=code, flash=_("已退回，名额已放出。"))
                else:
                    bookings.approve(parts, by=web.visitor().account, stamp=web.stamp())
                    answer.go("booking.show", code=code, flash=_("已同意，送体验中心确认。"))
            return answer.response
    return _show(row, say=form)


@door.post("/booking/<code>/arrive", policy=policy.signed_in)
def arrive(code: str) -> Any:
    """On the day: the teacher, or the centre's staff, signs the true head count."""
    row = bookings.get(web.principal(), code)
    form = ArriveForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                bookings.arrive(
                    row,
                    form["heads"].data,
                    form["teachers"].data,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go("booking.show", code=code, flash=_("已签到，实到人数已记下。"))
            return answer.response
    return _show(row, arrive=form)


# --- citizens, and masters who come ---------------------------------------------------------------


@door.both("/booking/slot/<code>/single", policy=policy.signed_in)
def single(code: str) -> Any:
    """A citizen books alone."""
    slot = bookings.get_slot(code)
    account = web.visitor().account
    form = SingleForm(data={"contact_name": account.display_name, "contact": account.phone})
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                row = bookings.book_single(
                    slot,
                    contact_name=form["contact_name"].data,
                    contact=form["contact"].data,
                    by=account,
                    stamp=web.stamp(),
                )
                answer.go("booking.show", code=row.code, flash=_("已预约，到时直接来。"))
            return answer.response
    return web.page("booking/single.html", form=form, slot=slot, say_grades=bookings.say_grades)


@door.both("/booking/theme/<season>/<code>/propose", policy=bookers)
def propose(season: str, code: str) -> Any:
    """送课进校: the school names time and room."""
    theme = bookings.get_theme(bookings.get_season(season), code)
    own = _own_school()
    account = web.visitor().account
    form = ProposeForm(
        data={"contact_name": account.display_name, "contact": account.phone}, grades=tuple(own.grades)
    )
    if form.validate_on_submit():
        with web.refusals(form, TooFewTeachers="teachers", OutsideTerm="starts_at", DoesNotFit="heads"):
            with web.writing(form) as answer:
                row = bookings.propose(
                    theme,
                    form["starts_at"].data,
                    form["room"].data,
                    form.details(),
                    school=own,
                    by=account,
                    stamp=web.stamp(),
                )
                answer.go("booking.show", code=row.code, flash=_("已提交，体验中心确认后会通知您。"))
            return answer.response
    return web.page("booking/propose.html", form=form, theme=theme, needs=list(NEED_NAMES))
