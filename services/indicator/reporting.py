"""部门填报: a unit enters a figure with evidence, another person accepts it or sends it back. What was accepted is
never edited: a correction is a report of its own that replaces it once it is accepted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.account import Account
from models.base import db
from models.indicator import CountRule, Evidence, Indicator, Report, ReportState, Unit
from models.upload import Upload
from services import audit as audits
from services import notification as notifications
from services import organisation as organisations
from services import page as pages
from services.access import Principal
from services.errors import Missing, Stale
from services.indicator import formula as formulas
from services.indicator import rights
from services.indicator.owing import Slot, is_reported, reporter_of
from services.indicator.reasons import (
    AlreadyReported,
    BadFigure,
    BadInput,
    NoEvidence,
    NoNote,
    NotCorrectable,
    NotDecidable,
    NotOpen,
    NoWork,
    SamePerson,
    Unidentified,
    WrongPeriod,
)
from services.indicator.reported import OF, PLACES, PREVIOUS, REACHING, accepted, latest
from services.stamp import Stamp
from services.text import Sentence, _

OPEN = frozenset({ReportState.DRAFT, ReportState.RETURNED})
"""May still be changed by its unit."""
WHOLE = frozenset({Unit.PERSON, Unit.PERSON_TIME, Unit.ITEM, Unit.SESSION})
SHARES = frozenset({Unit.PERCENT, Unit.PERCENTAGE_POINT})
MOST = Decimal(1_000_000_000)
JUMP = 3
"""So many times the figure before, or so small a part of it, is worth a second look."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a unit says. `figure` None where it is worked out from the further numbers."""

    figure: Decimal | None
    work: str
    inputs: Mapping[str, Decimal] = field(default_factory=dict)


def further_numbers(indicator: Indicator) -> list[tuple[str, bool]]:
    """Numbers asked for beside the figure: (name, whether it must be there)."""
    match indicator.count_rule:
        case CountRule.RATIO:
            return [(name, True) for name in indicator.inputs]
        case CountRule.PER_UNIT_MIN:
            return [(OF, True), (REACHING, True)]
        case CountRule.TREND:
            return [(PREVIOUS, False)]
        case _:
            return []


def asks_figure(indicator: Indicator) -> bool:
    return not (indicator.count_rule is CountRule.RATIO and indicator.formula)


def enter(indicator: Indicator, slot: Slot, entry: Entry, *, by: Principal, stamp: Stamp) -> Report:
    """A draft for a period that is over. Raises Missing where it is not theirs to report, WrongPeriod,
    AlreadyReported, BadFigure, BadInput.
    """
    plan = indicator.plan
    rights.require_enter(by, indicator, plan)
    if not is_reported(indicator) or slot.ends_on >= stamp.today:
        raise WrongPeriod
    unit = organisations.find_department(reporter_of(indicator, plan))
    if unit is None:
        raise Missing
    report = Report(
        indicator=indicator,
        organisation=unit,
        year=slot.year,
        quarter=slot.quarter,
        as_of=slot.ends_on,
        figure=Decimal(0),
        claim=_claim(indicator.id, unit.id, slot.year, slot.quarter),
        entered_by_id=stamp.account_id,
        entered_at=stamp.when,
    )
    _fill(report, entry)
    _add(report, AlreadyReported())
    audits.record("report.entered", report, stamp=stamp, indicator=indicator.code, period=_period(report))
    return report


def edit(report: Report, entry: Entry, *, by: Principal, stamp: Stamp) -> None:
    """Change what is not handed in. Raises NotOpen, BadFigure, BadInput."""
    _hold_open(report, by)
    _fill(report, entry)
    report.entered_by_id, report.entered_at = stamp.account_id or report.entered_by_id, stamp.when
    db.session.flush()
    audits.record("report.edited", report, stamp=stamp)


def attach(report: Report, files: Iterable[Upload], *, by: Principal, stamp: Stamp) -> None:
    """Put evidence behind the figure. Raises NotOpen."""
    _hold_open(report, by)
    for upload in files:
        report.evidence.append(Evidence(upload_id=upload.id, title=upload.name[:100]))
        audits.record("report.evidence_added", report, stamp=stamp)
    db.session.flush()


def detach(evidence: Evidence, *, by: Principal, stamp: Stamp) -> Upload:
    """Take a file away again; the caller discards it. Raises NotOpen."""
    report, upload = evidence.report, evidence.upload
    _hold_open(report, by)
    report.evidence.remove(evidence)
    db.session.delete(evidence)
    db.session.flush()
    audits.record("report.evidence_removed", report, stamp=stamp)
    return upload


def submit(report: Report, *, by: Principal, stamp: Stamp) -> None:
    """Hand it in. Raises NotOpen, NoWork, NoEvidence, Unidentified."""
    if by.person_id is None:
        raise Unidentified
    _hold_open(report, by)
    if not report.work:
        raise NoWork
    if (report.figure or report.inputs) and not report.evidence:
        raise NoEvidence
    report.state = ReportState.SUBMITTED
    report.submitted_at, report.submitted_by_id = stamp.when, by.account_id
    db.session.flush()
    audits.record("report.submitted", report, stamp=stamp)
    _tell(rights.reviewers(report, stamp=stamp), "report.submitted", report, stamp=stamp)


def accept(report: Report, *, by: Principal, version: int | None = None, stamp: Stamp) -> None:
    """From now on it counts; a correction replaces what it corrects. `version` is what `by` saw. Raises SamePerson,
    NotDecidable, Unidentified, Stale.
    """
    _hold_decidable(report, by)
    if version is not None and version != report.version:
        raise Stale
    if report.corrects is not None:
        old = report.corrects
        _lock(old)
        if not old.may_become(ReportState.REPLACED):
            raise NotCorrectable
        old.state, claim, old.claim = ReportState.REPLACED, old.claim, None
        db.session.flush()
        report.claim = claim
    report.state = ReportState.ACCEPTED
    report.decided_at, report.decided_by_id, report.note = stamp.when, by.account_id, ""
    db.session.flush()
    audits.record("report.accepted", report, stamp=stamp, figure=str(report.figure))
    pages.touch()
    _tell([report.submitted_by, report.entered_by], "report.accepted", report, stamp=stamp)


def send_back(report: Report, note: str, *, by: Principal, stamp: Stamp) -> None:
    """Back to the unit, with what is to be mended. Raises NoNote, SamePerson, NotDecidable, Unidentified."""
    if not (note := " ".join(note.split())[:300]):
        raise NoNote
    _hold_decidable(report, by)
    report.state, report.note = ReportState.RETURNED, note
    report.decided_at, report.decided_by_id = stamp.when, by.account_id
    db.session.flush()
    audits.record("report.returned", report, stamp=stamp, note=note)
    _tell([report.submitted_by, report.entered_by], "report.returned", report, stamp=stamp, note=note)


def correct(report: Report, entry: Entry, *, by: Principal, stamp: Stamp) -> Report:
    """A draft that will replace an accepted report; its `work` says why. Raises NotCorrectable, NoWork, BadFigure."""
    rights.require_enter(by, report.indicator, report.indicator.plan)
    _lock(report)
    if report.state is not ReportState.ACCEPTED:
        raise NotCorrectable
    if not entry.work:
        raise NoWork
    made = Report(
        indicator=report.indicator,
        organisation=report.organisation,
        year=report.year,
        quarter=report.quarter,
        as_of=report.as_of,
        figure=Decimal(0),
        corrects=report,
        claim=f"correction:{report.code}",
        entered_by_id=stamp.account_id,
        entered_at=stamp.when,
    )
    _fill(made, entry)
    _add(made, NotCorrectable())
    audits.record("report.correction_entered", made, stamp=stamp, of=report.code)
    return made


# --- what is worth a second look -------------------------------------------------------------------------


def before(report: Report | None, indicator: Indicator, slot: Slot, unit_id: int) -> Report | None:
    """The unit's accepted report of the period before, to be seen beside the new figure."""
    return db.session.scalars(
        sa.select(Report)
        .where(
            Report.indicator_id == indicator.id,
            Report.organisation_id == unit_id,
            Report.state == ReportState.ACCEPTED,
            Report.as_of < slot.ends_on,
            Report.id != (report.id if report else 0),
        )
        .order_by(Report.as_of.desc())
        .limit(1)
    ).one_or_none()


def unusual(figure: Decimal, previous: Report | None) -> Sentence | None:
    """A figure far from the one before is pointed out, never refused."""
    if previous is None or not previous.figure:
        return None
    if figure > previous.figure * JUMP or figure * JUMP < previous.figure:
        return _(
            "与上一期的 %(before)s 相差较大，请核对是否多填或少填。",
            before=f"{previous.figure.normalize():,f}",
        )
    return None


# --- parts ---------------------------------------------------------------------------------------------


def _fill(report: Report, entry: Entry) -> None:
    indicator = report.indicator
    inputs = {}
    for name, is_needed in further_numbers(indicator):
        value = entry.inputs.get(name)
        if value is None and is_needed:
            raise BadInput
        if value is not None:
            if not 0 <= value <= MOST or value != value.quantize(PLACES):
                raise BadInput
            inputs[name] = f"{value.normalize():f}"
    if OF in inputs and Decimal(inputs[REACHING]) > Decimal(inputs[OF]):
        raise BadInput(_("达到的个数不能多于总数。"))
    report.inputs, report.work = inputs, entry.work
    report.figure = _checked(entry.figure, indicator.unit) if asks_figure(indicator) else _worked_out(report)


def _checked(figure: Decimal | None, unit: Unit) -> Decimal:
    if figure is None or not figure.is_finite() or not 0 <= figure <= MOST:
        raise BadFigure
    if unit in WHOLE and figure != figure.to_integral_value():
        raise BadFigure(_("人数、个数和场次只填整数。"))
    if unit in SHARES and figure > 100:
        raise BadFigure(_("比例不超过 100。"))
    if figure != figure.quantize(PLACES):
        raise BadFigure(_("最多保留两位小数。"))
    return figure


def _worked_out(report: Report) -> Decimal:
    """A share, by the plan's formula, as far as its totals are there; what counts is worked out anew each time."""
    indicator = report.indicator
    values: dict[str, Decimal | None] = {name: Decimal(text) for name, text in report.inputs.items()}
    totals = accepted(indicator.plan)
    assert indicator.formula is not None
    for name in formulas.names(indicator.formula):
        found = latest(totals.get(name, ()), report.as_of)
        if name not in values:
            values[name] = found.value if found else None
    try:
        return formulas.evaluate(indicator.formula, values).quantize(PLACES)
    except formulas.Lacking as lacking:
        if not lacking.name:
            raise BadInput(_("分母不能是零。")) from None
        return Decimal(0)


def _hold_open(report: Report, by: Principal) -> None:
    rights.require_enter(by, report.indicator, report.indicator.plan)
    _lock(report)
    if report.state not in OPEN:
        raise NotOpen


def _hold_decidable(report: Report, by: Principal) -> None:
    rights.require_decide(by, report)
    if by.person_id is None:
        raise Unidentified
    _lock(report)
    if not report.may_become(ReportState.ACCEPTED):
        raise NotDecidable
    for other in (report.entered_by, report.submitted_by):
        if other is None or other.id == by.account_id or other.person_id in (None, by.person_id):
            raise SamePerson


def _lock(report: Report) -> None:
    db.session.flush()
    names = [column.key for column in sa.inspect(Report).column_attrs]
    db.session.refresh(report, names, with_for_update={"of": Report})


def _add(report: Report, taken: Exception) -> None:
    """The claim is unique: of two at once one gets in."""
    held = sa.select(Report.id).where(Report.claim == report.claim)
    if db.session.scalar(held) is not None:
        raise taken
    db.session.add(report)
    try:
        db.session.flush()
    except IntegrityError:
        raise taken from None


def _claim(indicator_id: int, unit_id: int, year: int, quarter: int) -> str:
    return f"{indicator_id}:{unit_id}:{year}:{quarter}"


def _period(report: Report) -> str:
    return f"{report.year}Q{report.quarter}" if report.quarter else str(report.year)


def _tell(
    accounts: Iterable[Account | None], kind: str, report: Report, *, stamp: Stamp, note: str = ""
) -> None:
    """Each once, and not the one who did it."""
    for account in dict.fromkeys(accounts):
        if account is not None and account.is_enabled and account.id != stamp.account_id:
            notifications.notify(
                account,
                kind,
                stamp=stamp,
                link=f"/desk/report/{report.code}",
                indicator=report.indicator.name_in(account.language),
                period=say_period(report.year, report.quarter),
                unit=report.organisation.label,
                note=note,
            )


def say_period(year: int, quarter: int) -> Sentence:
    """2026年第三季度; 2026年"""
    match quarter:
        case 1:
            return _("%(year)s年第一季度", year=year)
        case 2:
            return _("%(year)s年第二季度", year=year)
        case 3:
            return _("%(year)s年第三季度", year=year)
        case 4:
            return _("%(year)s年第四季度", year=year)
        case _whole:
            return _("%(year)s年", year=year)
