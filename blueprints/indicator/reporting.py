"""Doors of units: what is due from them, a figure with its evidence, handing it in, correcting it."""

from typing import Any

from flask import Response, current_app, g, request

from blueprints import download, policy, web
from blueprints.indicator.room import door
from forms.activity import StepForm
from forms.report import AcceptForm, EvidenceForm, ReportForm, ReturnForm
from models.indicator import Indicator, Report
from models.upload import Upload
from services import indicator as indicators
from services import upload as uploads
from services.errors import Missing
from services.indicator import Slot, backing, owing, reporting, rights, words
from services.indicator.counting import Span
from services.indicator.waiting import due_of
from services.organisation import find_department
from services.stamp import clock
from services.text import _
from services.upload import Sound

reporter = policy.holding(*rights.ENTER)
reader = policy.holding(*rights.READ)

KINDS = uploads.PAPERS | {"docx", "xlsx"}
MOST_FILES, MOST_BYTES = 2000, 2_000_000_000
"""A unit's evidence over the years: more than the allowance of a person."""
AT_ONCE = 10
FILE_FAULTS = dict.fromkeys(
    (
        *("WrongKind", "TooLarge", "Damaged", "Empty", "TooManyPixels", "Mixed", "ActivePaper"),
        *("LockedPaper", "TooComplex", "OverAllowance", "TooMany"),
    ),
    "files",
)
FAULTS = {"BadFigure": "figure", "NoWork": "work", "BadInput": "further1"} | FILE_FAULTS


class TooMany(uploads.BadFile):
    sentence = _("一次最多添加 10 个文件，请分几次添加。")


@door.get("/desk/report", policy=policy.holding(*rights.ENTER | rights.DECIDE))
def reports() -> Response:
    """What is due from my unit, what waits for my acceptance, what was handed in."""
    plan, today = indicators.current_plan(clock.today()), clock.today()
    if plan is None:
        return web.page("indicator/none.html")
    who = web.principal()
    enters = who.may(rights.ENTER)
    mine = rights.departments_of(who, rights.ENTER, plan) if enters else []
    due = due_of(who, plan, today)
    return web.page(
        "indicator/reports.html",
        plan=plan,
        enters=enters,
        decides=who.may(rights.DECIDE),
        late=[row for row in due if row.days_late],
        soon=[row for row in due if not row.days_late],
        next_slot=owing.next_due(plan, today, mine[0]) if mine else None,
        corrections=rights.corrections(who, plan) if enters else [],
        handed=rights.handed_in(who, plan) if enters else [],
        to_decide=rights.to_decide(who, plan),
        words=words,
    )


@door.both("/desk/report/new", policy=reporter, uploads=True)
def enter() -> Any:
    """`?indicator=&year=&quarter=` says of what."""
    plan = indicators.current_plan(clock.today())
    if plan is None:
        raise Missing
    asked = request.args.get("indicator", "")
    indicator = indicators.get_indicator(plan, asked)
    rights.require_enter(web.principal(), indicator, plan)
    slot = owing.find_slot(indicator, plan, _number("year"), _number("quarter"))
    if slot is None:
        raise Missing
    form = ReportForm(indicator=indicator, language=_language())
    if form.validate_on_submit():
        with web.refusals(form, **FAULTS):
            sounds = _checked(form)
            with web.writing(form) as answer:
                made = reporting.enter(indicator, slot, form.entry(), by=web.principal(), stamp=web.stamp())
                reporting.attach(made, _kept(sounds), by=web.principal(), stamp=web.stamp())
                answer.go("indicator.report", code=made.code, flash=_("草稿已保存，核对后请提交审核。"))
            return answer.response
    plan = indicators.current_plan(clock.today()) or plan
    return _form_page(form, indicators.get_indicator(plan, asked), slot)


@door.get("/desk/report/<code>", policy=reader)
def report(code: str) -> Response:
    return report_page(rights.get(web.principal(), code))


@door.both("/desk/report/<code>/edit", policy=reporter, uploads=True)
def edit_report(code: str) -> Any:
    row = rights.get_own(web.principal(), code)
    form = _form_of(row, is_correction=row.corrects_id is not None)
    if form.validate_on_submit():
        with web.refusals(form, **FAULTS):
            sounds = _checked(form)
            with web.writing(form) as answer:
                reporting.edit(row, form.entry(), by=web.principal(), stamp=web.stamp())
                reporting.attach(row, _kept(sounds), by=web.principal(), stamp=web.stamp())
                answer.go("indicator.report", code=code, flash=_("已保存，核对后请提交审核。"))
            return answer.response
    row = rights.get_own(web.principal(), code)
    return _form_page(form, row.indicator, slot_of(row), row)


@door.both("/desk/report/<code>/correct", policy=reporter, uploads=True)
def correct_report(code: str) -> Any:
    row = rights.get_own(web.principal(), code)
    form = _form_of(row, is_correction=True)
    if not form.is_submitted():
        form.work.data = ""
    if form.validate_on_submit():
        with web.refusals(form, **FAULTS):
            sounds = _checked(form)
            with web.writing(form) as answer:
                made = reporting.correct(row, form.entry(), by=web.principal(), stamp=web.stamp())
                reporting.attach(made, _kept(sounds), by=web.principal(), stamp=web.stamp())
                said = _("更正的草稿已保存，提交并经审核后替换原来的数字。")
                answer.go("indicator.report", code=made.code, flash=said)
            return answer.response
    row = rights.get_own(web.principal(), code)
    return _form_page(form, row.indicator, slot_of(row), row, is_correction=True)


@door.post("/desk/report/<code>/evidence", policy=reporter, uploads=True)
def add_evidence(code: str) -> Any:
    row = rights.get_own(web.principal(), code)
    form = EvidenceForm()
    if form.validate_on_submit():
        with web.refusals(form, **FILE_FAULTS):
            sounds = _checked(form)
            if not sounds:
                raise uploads.Empty(_("请选择文件。"))
            with web.writing(form) as answer:
                reporting.attach(row, _kept(sounds), by=web.principal(), stamp=web.stamp())
                answer.go("indicator.report", code=code, flash=_("佐证材料已添加。"))
            return answer.response
    return report_page(rights.get_own(web.principal(), code), evidence_form=form)


@door.post("/desk/report/<code>/evidence/<evidence_code>/remove", policy=reporter)
def remove_evidence(code: str, evidence_code: str) -> Any:
    def verb(row: Report, **said: Any) -> None:
        kept = reporting.detach(rights.get_evidence(row, evidence_code), **said)
        uploads.discard(kept, stamp=said["stamp"])

    return _step(code, verb, _("佐证材料已删除。"))


@door.get("/desk/report/<code>/evidence/<evidence_code>", policy=reader)
def evidence(code: str, evidence_code: str) -> Response:
    """A file behind a figure."""
    row = rights.get(web.principal(), code)
    return download.send(rights.get_evidence(row, evidence_code).upload)


@door.post("/desk/report/<code>/submit", policy=reporter)
def submit_report(code: str) -> Any:
    return _step(code, reporting.submit, _("已提交，等待审核。"))


def _step(code: str, verb: Any, said: object) -> Any:
    row = rights.get_own(web.principal(), code)
    form = StepForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                verb(row, by=web.principal(), stamp=web.stamp())
                answer.go("indicator.report", code=code, flash=said)
            return answer.response
    return report_page(rights.get_own(web.principal(), code), form=form)


def report_page(
    row: Report, *, form: Any = None, evidence_form: Any = None, return_form: Any = None
) -> Response:
    """One report: figure, work, evidence, what came of it, and what may be done now."""
    who = web.principal()
    indicator, slot = row.indicator, slot_of(row)
    previous = reporting.before(row, indicator, slot, row.organisation_id)
    faulty = next((each for each in (form, evidence_form, return_form) if each is not None), None)
    has_errors = faulty is not None and (faulty.errors or faulty.form_errors)
    return web.page(
        "indicator/report.html",
        status=None if not has_errors or "refused" in g else 422,
        report=row,
        slot=slot,
        form=form or StepForm(formdata=None),
        accept_form=AcceptForm(formdata=None, data={"version": row.version}),
        evidence_form=evidence_form or EvidenceForm(formdata=None),
        return_form=return_form or ReturnForm(formdata=None),
        previous=previous,
        unusual=reporting.unusual(row.figure, previous),
        platform=backing.by_unit(indicator, slot_span(slot)),
        is_own=rights.may_enter(who, indicator, indicator.plan),
        may_decide=rights.may_decide(who, row),
        is_same_person=who.person_id
        in {each.person_id for each in (row.entered_by, row.submitted_by) if each is not None},
        is_open=row.state in reporting.OPEN,
        history=rights.history(who, row),
        further=[(words.input_label(name), row.inputs.get(name)) for name, _n in _asked(indicator)],
        words=words,
    )


def slot_of(row: Report) -> Slot:
    """The period of a report; one that the plan no longer asks for is what the report says itself."""
    found = owing.find_slot(row.indicator, row.indicator.plan, row.year, row.quarter)
    return found or Slot(row.year, row.quarter, row.as_of.replace(month=1, day=1), row.as_of)


def slot_span(slot: Slot) -> Span:
    return Span(slot.starts_on, slot.ends_on)


def _asked(indicator: Indicator) -> list[tuple[str, bool]]:
    return reporting.further_numbers(indicator)


def _form_of(row: Report, *, is_correction: bool) -> ReportForm:
    return ReportForm(
        indicator=row.indicator,
        language=_language(),
        is_correction=is_correction,
        data=ReportForm.values_of(row),
    )


def _form_page(
    form: ReportForm,
    indicator: Indicator,
    slot: Slot,
    row: Report | None = None,
    *,
    is_correction: bool = False,
) -> Response:
    unit = row.organisation if row else find_department(owing.reporter_of(indicator, indicator.plan))
    span = slot_span(slot)
    return web.page(
        "indicator/enter.html",
        form=form,
        indicator=indicator,
        slot=slot,
        report=row,
        unit=unit,
        is_correction=is_correction,
        previous=reporting.before(row, indicator, slot, unit.id) if unit else None,
        platform=backing.by_unit(indicator, span),
        activities=backing.by_activity(indicator, span)[:10],
        further=[name for name in ("further1", "further2") if name in form],
        words=words,
    )


def _checked(form: Any) -> list[Sound]:
    """The files of a form, judged before the transaction."""
    sent = [each for each in form.files.data or () if getattr(each, "filename", "")]
    if len(sent) > AT_ONCE:
        raise TooMany
    return [uploads.check(each.read(), each.filename or "", kinds=KINDS) for each in sent]


def _kept(sounds: list[Sound]) -> list[Upload]:
    return [
        uploads.receive(
            sound,
            sound.name,
            "evidence",
            web.visitor().account,
            stamp=web.stamp(),
            kinds=KINDS,
            most_files=MOST_FILES,
            most_bytes=MOST_BYTES,
        )
        for sound in sounds
    ]


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else -1


def _language() -> str:
    return str(current_app.extensions["locale"]())
