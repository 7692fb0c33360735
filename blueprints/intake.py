"""Doors of lists: sending one, naming its columns, mending its rows, entering and undoing it."""

from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for

from blueprints import consequences, policy, web
from blueprints.download import as_file
from forms.base import Form
from forms.intake import EnterForm, LineForm, StartForm, columns_form, line_form
from models.intake import Intake, IntakeLine, State, Verdict
from models.person import DocumentType
from services import activity as activities
from services import audit as audits
from services import intake as intakes
from services import party as parties
from services import upload as uploads
from services.errors import Missing
from services.export import MEDIA_TYPES
from services.intake import SENDERS, Target
from services.person import documents, phones
from services.text import _
from services.transaction import transaction

door = web.Door("intake", __name__)

senders = policy.holding(*SENDERS)
LIST = "/intake/<code>"


@door.get("/intake", policy=senders)
def index() -> Response:
    """The lists of one's unit, or of the activities one runs."""
    principal = web.principal()
    return web.page(
        "intake/index.html",
        rows=intakes.of(principal),
        units=intakes.units_of(principal),
        may_run=principal.may(activities.RUN),
    )


# --- sending -------------------------------------------------------------------------------------


def _target() -> Target:
    """What the address speaks of."""
    asked = request.values
    return intakes.target(
        web.principal(),
        activity=asked.get("activity", ""),
        track=asked.get("track", ""),
        unit=asked.get("unit", ""),
        party=asked.get("party", ""),
    )


@door.both("/intake/new", policy=senders, uploads=True)
def new() -> Any:
    """Send a list for an activity, a track, or a delegation."""
    target = _target()
    units = [] if target.organisation is None else intakes.units_of(web.principal())
    if target.is_bound and request.method == "GET" and (len(units) == 1 or request.args.get("unit")):
        return _by_delegation(target)
    form = StartForm(
        tracks=[] if target.track is not None else [(row.code, row.name) for row in target.activity.tracks],
        units=[] if target.party is not None else [(row.code, row.name) for row in units],
        on_behalf=target.is_on_behalf,
    )
    if form.validate_on_submit():
        with web.refusals(form, **dict.fromkeys(_of_file(), "file"), NoSource="source"):
            sheet = intakes.read(form.file.data.read(), form.file.data.filename or "")
            chosen = _chosen(target, form)
            if chosen.is_bound:
                return _by_delegation(chosen, 409)
            with web.writing(form) as answer:
                made = intakes.start(
                    chosen.activity,
                    chosen.track,
                    chosen.organisation,
                    sheet,
                    by=web.visitor().account,
                    party=chosen.party,
                    true_source=form.source.data if chosen.is_on_behalf else "",
                    stamp=web.stamp(),
                )
                is_new = made.made_at == web.stamp().when
                said = None if is_new else _("这份文件已经上传过，这是它现在的情况。")
                answer.go("intake.show", code=made.code, flash=said)
            intakes.work_soon(made, stamp=web.stamp())
            return answer.response
    target = _target()
    return web.page(
        "intake/new.html",
        form=form,
        target=target,
        asked=_asked(target),
        files=intakes.files_of(target.activity),
    )


def _by_delegation(target: Target, status: int = 200) -> Response:
    """Where a unit's people come by its delegation and none takes any now: why, and the way to it."""
    assert target.track is not None
    assert target.organisation is not None
    standing = parties.list_of(target.track, target.organisation)
    return web.page("intake/by_delegation.html", status=status, target=target, standing=standing)


def _of_file() -> list[str]:
    return [
        "BadFile", "Empty", "TooLarge", "WrongKind", "WrongFormat", "NotASheet", "Unreadable", "TooMuch", "NoRows",
        "OtherTemplate", "Damaged", "Mixed", "ActivePaper", "LockedPaper", "TooComplex",
    ]  # fmt: skip


def _chosen(target: Target, form: StartForm) -> Target:
    """The target with what the form says of track and unit."""
    if target.party is not None:
        return target
    track = form["track"].data if "track" in form else target.track.code if target.track else ""
    unit = form["unit"].data if "unit" in form else target.organisation.code if target.organisation else ""
    return intakes.target(web.principal(), activity=target.activity.code, track=track, unit=unit)


def _asked(target: Target) -> dict[str, str]:
    """The query by which the template of a target is fetched."""
    asked = {"activity": target.activity.code}
    if target.track is not None:
        asked["track"] = target.track.code
    return asked


@door.get("/intake/template.xlsx", policy=senders)
def template() -> Response:
    """The platform's own list, with the headings and choices of this activity."""
    target = _target()
    name = f"{target.activity.title} 报名名单模板.xlsx"
    return as_file(intakes.template(target.activity, target.track), MEDIA_TYPES["xlsx"], name)


# --- looking -------------------------------------------------------------------------------------


@door.get(LIST, policy=senders)
def show(code: str) -> Any:
    """Where a list stands: its columns, its progress, its rows with what is wrong, or what became of it."""
    intake = intakes.get(web.principal(), code)
    if intake.state is State.MAPPING:
        return redirect(url_for("intake.columns", code=code))
    if intake.state in (State.CHECKING, State.ENTERING):
        return web.page("intake/progress.html", intake=intake)
    return _show_page(intake)


@door.get(LIST + "/progress", policy=senders)
def progress(code: str) -> Response:
    """The bar alone, asked for again and again; when the work is done the page is loaded anew."""
    intake = intakes.get(web.principal(), code)
    shown = web.page("intake/_progress.html", intake=intake)
    if intake.state not in (State.CHECKING, State.ENTERING):
        shown.headers["HX-Refresh"] = "true"
    return shown


@dataclass(frozen=True)
class Shown:
    """A row as the page shows it."""

    line: IntakeLine
    cells: list[tuple[int, str, list[dict[str, Any]]]]
    """Column, text, problems."""
    others: list[dict[str, Any]]
    """Problems with what no column holds."""
    form: LineForm | None


def _show_page(intake: Intake, form: EnterForm | None = None) -> Response:
    counts = intakes.counts(intake)
    wanted = _verdict(counts)
    found = intakes.lines(intake, wanted, web.page_number())
    may_mend, phone_keys = intake.state is State.CHECKED, _phones(intake)
    return web.page(
        "intake/show.html",
        intake=intake,
        counts=counts,
        wanted=wanted,
        found=found,
        places=_places(intake),
        rows=[_shown(intake, line, phone_keys, may_mend=may_mend) for line in found.rows],
        form=form or EnterForm(formdata=None, needs_scan=_needs_scan(intake)),
        button=Form(formdata=None),
        may_mend=may_mend,
        scan=intakes.scan_of(intake) if intake.true_source else None,
        offered=_offered(intake),
        say=intakes.say,
    )


def _verdict(counts: dict[Verdict, int]) -> Verdict | None:
    asked = request.args.get("verdict")
    if asked is None:
        return Verdict.BAD if counts[Verdict.BAD] else None
    return Verdict(asked) if asked in {each.value for each in Verdict} else None


def _places(intake: Intake) -> list[int]:
    """The columns that are read, in the order of the sheet."""
    return [place for place, heading in enumerate(intake.headings) if intake.mapping.get(heading)]


def _offered(intake: Intake) -> dict[int, tuple[str, ...]]:
    """What may stand in a column, where not everything may."""
    options = {each.key: each.options for each in intakes.columns_of(intake.activity, intake.track)}
    wanted = {place: options.get(intake.mapping[intake.headings[place]], ()) for place in _places(intake)}
    return {place: offered for place, offered in wanted.items() if offered}


def _phones(intake: Intake) -> set[str]:
    return {each.key for each in intakes.columns_of(intake.activity, intake.track) if each.kind == "phone"}


def _shown(intake: Intake, line: IntakeLine, phone_keys: set[str], *, may_mend: bool) -> Shown:
    values = intakes.opened(line.code, line.cells_sealed)
    places = _places(intake)
    fields = {intake.mapping[intake.headings[place]]: place for place in places}
    by_place: dict[int, list[dict[str, Any]]] = {}
    others = []
    for each in line.problems:
        place = fields.get(each["field"])
        if place is None:
            others.append(each)
        else:
            by_place.setdefault(place, []).append(each)
    cells = []
    for place in places:
        text = intakes.text_of(values[place]) if place < len(values) else ""
        wrong = by_place.get(place, [])
        is_wrong = any(not each.get("note") for each in wrong)
        key = intake.mapping[intake.headings[place]]
        cells.append((place, text if is_wrong and may_mend else _masked(key, text, phone_keys), wrong))
    form = None
    if may_mend and line.verdict is Verdict.BAD:
        bad = [place for place, _text, wrong in cells if any(not each.get("note") for each in wrong)]
        form = line_form(
            intake.headings, {place: text for place, text, _wrong in cells}, bad, formdata=None, prefix=""
        )
    return Shown(line, cells, others, form)


def _masked(key: str, text: str, phone_keys: set[str]) -> str:
    if not text:
        return text
    if key == "document_number":
        return documents.mask(DocumentType.PASSPORT, text)
    if key in phone_keys:
        return phones.mask(text)
    return text


# --- naming the columns --------------------------------------------------------------------------


@door.both(LIST + "/columns", policy=senders)
def columns(code: str) -> Any:
    """Which column is what, as far as the words of the list do not say it."""
    intake = intakes.get(web.principal(), code)
    known = intakes.columns_of(intake.activity, intake.track)
    choices = [(each.key, f"{each.heading}{' *' if each.is_needed else ''}") for each in known]
    form = columns_form(intake.headings, choices, intake.mapping)
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                intakes.name_columns(intake, form.mapping(), stamp=web.stamp())
                answer.go("intake.show", code=code)
            intakes.work_soon(intake, stamp=web.stamp())
            return answer.response
    intake = intakes.get(web.principal(), code)  # a refusal has ended the transaction in which it was read
    lacking = intakes.lacking(intake.mapping, known)
    samples = _samples(intake)
    return web.page("intake/columns.html", form=form, intake=intake, lacking=lacking, samples=samples)


def _samples(intake: Intake) -> dict[int, str]:
    """What stands in the first rows of each column, so that people see which it is."""
    made: dict[int, list[str]] = {}
    for line in intakes.lines(intake, None, 1).rows[:3]:
        for place, cell in enumerate(intakes.opened(line.code, line.cells_sealed)):
            text = intakes.text_of(cell)
            if text:
                made.setdefault(place, []).append(text if len(text) < 9 else text[:4] + "…" + text[-2:])
    return {place: "、".join(texts) for place, texts in made.items()}


# --- mending -------------------------------------------------------------------------------------


@door.both(LIST + "/row/<line_code>", policy=senders)
def line(code: str, line_code: str) -> Any:
    """One row with all its cells; the list sends here the cells that it shows open."""
    intake = intakes.get(web.principal(), code)
    row = intakes.get_line(intake, line_code)
    values = {
        place: intakes.text_of(cell) for place, cell in enumerate(intakes.opened(row.code, row.cells_sealed))
    }
    form = line_form(intake.headings, values, _places(intake))
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                mended = intakes.mend(intake, row, form.values(), stamp=web.stamp())
                good = mended.verdict is Verdict.GOOD
                said = (
                    _("第 %(n)s 行已改好。", n=row.number)
                    if good
                    else _("第 %(n)s 行还有问题。", n=row.number)
                )
                answer.go_to(_back(code), flash=said)
            return answer.response
    intake = intakes.get(web.principal(), code)  # a refusal has ended the transaction in which it was read
    row = intakes.get_line(intake, line_code)
    shown = _shown(intake, row, _phones(intake), may_mend=True)
    return web.page(
        "intake/line.html",
        form=form,
        intake=intake,
        line=row,
        shown=shown,
        offered=_offered(intake),
        say=intakes.say,
    )


@door.post(LIST + "/row/<line_code>/drop", policy=senders)
def drop_line(code: str, line_code: str) -> Any:
    """Leave a row out."""
    intake = intakes.get(web.principal(), code)
    row = intakes.get_line(intake, line_code)
    number = row.number
    with web.writing() as answer:
        intakes.drop_line(intake, row, stamp=web.stamp())
        answer.go_to(_back(code), flash=_("第 %(n)s 行已去掉。", n=number))
    return answer.response


def _back(code: str) -> str:
    """The page of the list that the button stood on."""
    here = url_for("intake.show", code=code)
    came = web.came_from() or ""
    return came if came.partition("?")[0] == here else here


# --- entering, undoing ---------------------------------------------------------------------------


def _needs_scan(intake: Intake) -> bool:
    return bool(intake.true_source) and intakes.scan_of(intake) is None


@door.post(LIST + "/enter", policy=senders, uploads=True)
def enter(code: str) -> Any:
    """Enter all rows that are right, or everything once all is right."""
    intake = intakes.get(web.principal(), code)
    form = EnterForm(needs_scan=_needs_scan(intake))
    if form.validate_on_submit():
        with web.refusals(form, NoScan="scan", BadFile="scan", WrongKind="scan"):
            scan = _scan(form)
            with web.writing(form) as answer:
                intakes.enter(
                    intake,
                    only_good=form.which.data == "good",
                    scan=scan,
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go("intake.show", code=code)
            intakes.work_soon(intake, stamp=web.stamp())
            return answer.response
    intake = intakes.get(web.principal(), code)
    if intake.state is not State.CHECKED:
        return redirect(url_for("intake.show", code=code), 303)
    return _show_page(intake, form)


def _scan(form: EnterForm) -> uploads.Sound | None:
    sent = form["scan"].data if "scan" in form else None
    if sent is None or not getattr(sent, "filename", ""):
        return None
    return uploads.check(sent.read(), sent.filename, uploads.PAPERS)


@door.post(LIST + "/check", policy=senders)
def check(code: str) -> Any:
    """Check every row anew; an undone list is taken up again this way."""
    intake = intakes.get(web.principal(), code)
    with web.writing() as answer:
        intakes.check_again(intake, stamp=web.stamp())
        answer.go("intake.show", code=code)
    intakes.work_soon(intake, stamp=web.stamp())
    return answer.response


@door.both(LIST + "/undo", policy=senders)
def undo(code: str) -> Any:
    """Take the whole list back, after seeing who goes and who stays."""
    intake = intakes.get(web.principal(), code)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                done = intakes.undo(intake, stamp=web.stamp())
                said = (
                    _("已从本单位名单中去掉 %(n)s 人。", n=done.size)
                    if intake.party
                    else _("已撤销 %(n)s 人的报名。", n=done.size)
                )
                answer.go("intake.show", code=code, flash=said)
            return answer.response
    intake = intakes.get(web.principal(), code)  # a refusal has ended the transaction in which it was read
    plan = intakes.preview(intake, stamp=web.stamp())
    found = consequences.of_entries(plan.goes, web.stamp()) if plan.goes else None
    return web.page("intake/undo.html", form=form, intake=intake, plan=plan, found=found)


@door.both(LIST + "/drop", policy=senders)
def drop(code: str) -> Any:
    """Put a list aside; what stood in it is gone."""
    intake = intakes.get(web.principal(), code)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                intakes.drop(intake, stamp=web.stamp())
                answer.go("intake.index", flash=_("名单已删除，没有导入任何人。"))
            return answer.response
    intake = intakes.get(web.principal(), code)  # a refusal has ended the transaction in which it was read
    return web.page("intake/drop.html", form=form, intake=intake)


@door.get(LIST + "/errors.xlsx", policy=senders)
def errors(code: str) -> Response:
    """The problems as a workbook, at most 500."""
    intake = intakes.get(web.principal(), code)
    if intake.state in (State.MAPPING, State.DROPPED):
        raise Missing
    data, name = intakes.report(intake), f"{intake.file_name.removesuffix('.xlsx')} 检查结果.xlsx"
    with transaction():
        audits.record("intake.report_read", intake, stamp=web.stamp())
    return as_file(data, MEDIA_TYPES["xlsx"], name)
