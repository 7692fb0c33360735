"""Doors of outcomes: the sheet of a track, its confirmation, corrections, and the list of what waits."""

from typing import Any

from flask import Response, g

from blueprints import policy, web
from forms.activity import StepForm
from forms.outcome import (
    ConfirmForm,
    CorrectionDecisionForm,
    CorrectionForm,
    Row,
    SheetForm,
    typed_of,
)
from models.account import Account
from models.activity import Track
from models.outcome import Line, Sheet, State
from models.registration import Registration
from services import attendance as attendances
from services import outcome as outcomes
from services.errors import Stale
from services.text import _

door = web.Door("outcome", __name__)

reading = policy.holding(*outcomes.CONFIRM)
entering = policy.holding(*outcomes.ENTER)

SHEET = "/desk/activity/<code>/outcome/<track_code>"


@door.get("/desk/outcome", policy=reading)
def index() -> Response:
    """Sheets to enter and to confirm, and corrections to decide."""
    who = web.principal()
    return web.page(
        "outcome/index.html",
        to_enter=outcomes.to_enter(who),
        to_confirm=outcomes.to_confirm(who),
        to_decide=outcomes.to_decide(who),
    )


# --- the sheet -------------------------------------------------------------------------------------


@door.get(SHEET, policy=reading)
def show(code: str, track_code: str) -> Response:
    return _sheet_page(outcomes.get_track(web.principal(), code, track_code))


@door.post(SHEET, policy=entering)
def enter(code: str, track_code: str) -> Any:
    """Save, hand in, or let a tool fill fields: the pressed button says which."""
    track = outcomes.get_track(web.principal(), code, track_code, to_enter=True)
    form = _form(track, outcomes.find_sheet(track))
    if form.validate_on_submit():
        if form.action.data not in ("save", "submit"):
            form.apply()
            return _sheet_page(track, form)
        with web.refusals(form):
            with web.writing(form) as answer:
                _keep(track, form)
                said = _("已提交，等待另一位人员确认。") if form.action.data == "submit" else _("已保存。")
                answer.go("outcome.show", code=code, track_code=track_code, flash=said)
            return answer.response
    return _sheet_page(outcomes.get_track(web.principal(), code, track_code), form)


def _keep(track: Track, form: SheetForm) -> None:
    by, stamp = web.visitor().account, web.stamp()
    sheet = outcomes.sheet_of(track, stamp=stamp)
    outcomes.enter(sheet, form.entries(), by=by, version=form.seen_version(), stamp=stamp)
    if form.action.data == "submit":
        outcomes.submit(sheet, by=by, stamp=stamp)


@door.post(SHEET + "/confirm", policy=reading)
def confirm(code: str, track_code: str) -> Any:
    """Make it final, or send it back."""
    track = outcomes.get_track(web.principal(), code, track_code)
    form = ConfirmForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                sheet, by, stamp = (
                    outcomes.sheet_of(track, stamp=web.stamp()),
                    web.visitor().account,
                    web.stamp(),
                )
                if form.decision.data == "confirm":
                    outcomes.confirm(sheet, by=by, version=form.seen_version(), stamp=stamp)
                    said = _("结果已确认，参加的人会收到通知。")
                else:
                    outcomes.send_back(sheet, form.note.data or "", by=by, stamp=stamp)
                    said = _("已退回，登记的人会收到您的意见。")
                answer.go("outcome.show", code=code, track_code=track_code, flash=said)
            return answer.response
    return _sheet_page(outcomes.get_track(web.principal(), code, track_code), decision=form)


@door.post(SHEET + "/notice", policy=entering)
def draft_notice(code: str, track_code: str) -> Any:
    """Draft the notice of the results; it is read over and published like any other."""
    track = outcomes.get_track(web.principal(), code, track_code, to_enter=True)
    form = StepForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                sheet = outcomes.sheet_of(track, stamp=web.stamp())
                made = outcomes.draft_notice(sheet, by=web.principal(), stamp=web.stamp())
                answer.go("notice.edit", code=made.code, flash=_("公告草稿已生成，请核对后发布。"))
            return answer.response
    return _sheet_page(outcomes.get_track(web.principal(), code, track_code), decision=form)


def _form(track: Track, sheet: Sheet | None) -> SheetForm:
    shape = outcomes.shape_of(track.activity)
    rows = _rows(track, sheet)
    return SheetForm(shape=shape, rows=rows, data={"version": outcomes.seen_version(sheet)})


def _rows(track: Track, sheet: Sheet | None) -> list[Row]:
    """One a person, as plain values: a refusal rolls the rows of the database back, and the page reads none anew."""
    lines = outcomes.lines_of(sheet)
    present = attendances.present_codes(track.activity)
    return [_row(each, lines.get(each.id), present) for each in outcomes.people_of(track)]


def _row(registration: Registration, line: Line | None, present: set[str]) -> Row:
    shape = outcomes.shape_of(registration.activity)
    was_present = registration.code in present if present else None
    entry = (
        outcomes.propose(shape, was_present=was_present)
        if line is None
        else outcomes.entry_of(line, line.remark)
    )
    return Row(
        code=registration.code,
        name=registration.person.name,
        unit=outcomes.unit_of(registration),
        was_present=was_present,
        typed=typed_of(entry),
        stored="" if line is None else str(outcomes.say_line(line)),
        line="" if line is None else line.code,
        is_new=line is None,
    )


def _sheet_page(
    track: Track, form: SheetForm | None = None, decision: StepForm | ConfirmForm | None = None
) -> Response:
    who, stamp, activity = web.principal(), web.stamp(), track.activity
    sheet = outcomes.find_sheet(track)
    state = sheet.state if sheet else State.DRAFT
    begun = outcomes.has_begun(track, stamp)
    may_enter = who.may(outcomes.ENTER, activity.scopes)
    is_open = may_enter and begun and outcomes.takes(activity) and state is State.DRAFT
    if form is None:
        form = _form(track, sheet)
    elif isinstance(g.get("refused"), Stale):
        _show_both(form, track, sheet)
    shown = decision if decision is not None and decision.errors else form
    return web.page(
        "outcome/show.html",
        status=None if shown is form or "refused" in g else 422,
        form=form,
        problem=shown,
        decision=decision or ConfirmForm(formdata=None, data={"version": sheet.version if sheet else 0}),
        step=StepForm(formdata=None),
        activity=activity,
        track=track,
        sheet=sheet,
        state=state,
        shape=form.shape.value,
        begun=begun,
        over=outcomes.is_over(activity, stamp),
        takes=outcomes.takes(activity),
        may_enter=may_enter,
        is_open=is_open,
        may_confirm=state is State.SUBMITTED and not _is_own(who.person_id, sheet),
        lines=_lines(sheet),
        corrections=outcomes.open_corrections(sheet) if sheet and sheet.is_final else {},
        others=[each for each in activity.tracks if each.id != track.id],
    )


def _show_both(form: SheetForm, track: Track, sheet: Sheet | None) -> None:
    """Mine in the fields, theirs beside it; saved once more, mine stands."""
    theirs = {row.code: row for row in _rows(track, sheet)}
    for row in form.rows:
        other = theirs.get(row.code)
        if other is not None and not other.is_new and form.reads(other) != row.entry:
            row.stored, row.is_other = other.stored or str(_("（空）")), True
    form.version.data = str(outcomes.seen_version(sheet))


def _is_own(person_id: int | None, sheet: Sheet | None) -> bool:
    if sheet is None or person_id is None:
        return True
    hands: list[Account | None] = [sheet.entered_by, sheet.submitted_by]
    return any(hand is not None and hand.person_id == person_id for hand in hands)


def _lines(sheet: Sheet | None) -> list[dict[str, Any]]:
    """For reading: what was handed in or confirmed, the best first."""
    if sheet is None or sheet.state is State.DRAFT:
        return []
    shape = outcomes.shape_of(sheet.activity)
    return [
        {
            "line": line,
            "name": line.registration.person.name,
            "unit": outcomes.unit_of(line.registration),
            "verdict": outcomes.say(shape, line.verdict),
        }
        for line in outcomes.whole_lines(sheet)
    ]


# --- corrections -----------------------------------------------------------------------------------


@door.both("/desk/outcome/line/<code>/correct", policy=entering)
def correct(code: str) -> Any:
    """Ask that a confirmed line say something else."""
    line = outcomes.get_line(web.principal(), code)
    sheet = line.sheet
    shape = outcomes.shape_of(sheet.activity)
    form = CorrectionForm(shape=shape, data=CorrectionForm.values_of(outcomes.entry_of(line)))
    if form.validate_on_submit():
        with web.refusals(form, NoReason="reason"):
            with web.writing(form) as answer:
                made = outcomes.ask_correction(
                    line, form.entry(), form.reason.data, by=web.visitor().account, stamp=web.stamp()
                )
                answer.go(
                    "outcome.correction", code=made.code, flash=_("更正申请已提交，等待另一位人员决定。")
                )
            return answer.response
    return web.page("outcome/correct.html", form=form, line=line, said=outcomes.say_line(line))


@door.both("/desk/outcome/correction/<code>", policy=reading)
def correction(code: str) -> Any:
    """What is, what should be, and the decision."""
    row = outcomes.get_correction(web.principal(), code)
    form = CorrectionDecisionForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                accept = form.decision.data == "accept"
                outcomes.decide_correction(
                    row, accept, form.note.data or "", by=web.visitor().account, stamp=web.stamp()
                )
                answer.go(
                    "outcome.correction",
                    code=code,
                    flash=_("已更正，本人会收到通知。") if accept else _("已记录，结果没有改动。"),
                )
            return answer.response
    asker = row.asked_by
    return web.page(
        "outcome/correction.html",
        form=form,
        row=row,
        line=row.line,
        is_own=asker.person_id == web.principal().person_id,
        now_says=outcomes.say_line(row.line),
        should_say=outcomes.say_reached(row, outcomes.shape_of(row.line.sheet.activity)),
    )
