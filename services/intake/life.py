"""What becomes of a list: received, its columns named, rows mended, entered, undone, dropped."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from models import vault
from models.account import Account
from models.activity import Activity, Track
from models.base import db, new_code
from models.intake import Intake, IntakeLine, State, Verdict
from models.organisation import Organisation
from models.party import Party
from models.upload import Upload
from services import audit as audits
from services import upload as uploads
from services.intake import delegating, reading
from services.intake.columns import (
    PERSON,
    SKIP,
    Column,
    columns_of,
    find_header,
    is_understood,
    lacking,
    propose,
)
from services.intake.reader import MOST_ROWS
from services.intake.reading import Sheet
from services.intake.refusals import (
    Doubled,
    NoRows,
    NoScan,
    NoSource,
    NotAllGood,
    NothingGood,
    OtherTemplate,
    TooMuch,
    Unmapped,
    WrongStep,
)
from services.stamp import Stamp
from services.text import BadText, _, clean_line

SLICE = 500
MARK = "yongjiang.list"


def start(
    activity: Activity,
    track: Track | None,
    organisation: Organisation | None,
    file: bytes | Sheet,
    name: str = "",
    *,
    by: Account,
    stamp: Stamp,
    party: Party | None = None,
    true_source: str = "",
) -> Intake:
    """Keep a list, to be checked. The same file for the same purpose is the list that is there already.

    `track` None: a column names it. Without an organisation it is entered on behalf of `true_source`. Reading is slow:
    a door hands in what `read` made of the file before its transaction. Raises a BadFile, `NoSource`, and
    `ByDelegation` or `ByTeam` where people come by a delegation or a team (`party`).
    """
    delegating.must_be_free(track, organisation, party)
    sheet = file if isinstance(file, Sheet) else reading.read(file, name)
    true_source = _source(true_source) if organisation is None else ""
    db.session.execute(
        sa.select(Activity.id).where(Activity.id == activity.id).with_for_update(key_share=True)
    )
    same = _same(activity, track, organisation, sheet, party, true_source)
    if same is not None:
        return same
    if sheet.mark[:1] == (MARK,) and len(sheet.mark) > 2 and not _is_ours(sheet.mark, activity, track):
        raise OtherTemplate
    columns = columns_of(activity, track)
    used, headings = find_header(list(sheet.rows(0, 32)), columns)
    if len(sheet.lines) <= used:
        raise NoRows
    if len(sheet.lines) - used > MOST_ROWS:
        raise TooMuch(_("名单超过 20,000 行。请按组别或单位拆成几份，分别上传。"))
    mapping = propose(headings, columns, _remembered(organisation, by, headings))
    if sheet.mark[:1] == (MARK,):
        headings += _asked_since(headings, mapping, columns)
        mapping = propose(headings, columns, mapping)
    intake = Intake(
        activity=activity,
        track=track,
        organisation=organisation,
        party=party,
        true_source=true_source,
        file_name=sheet.name,
        sha256=sheet.sha256,
        headings=headings,
        mapping=mapping,
        state=State.CHECKING if is_understood(headings, mapping, columns) else State.MAPPING,
        rows=len(sheet.lines) - used,
        made_at=stamp.when,
        made_by=by,
    )
    db.session.add(intake)
    db.session.flush()
    for begin in range(used, len(sheet.lines), SLICE):
        db.session.execute(
            sa.insert(IntakeLine), list(_sealed(intake, sheet, begin, begin + SLICE, len(headings)))
        )
    audits.record("intake.received", intake, stamp=stamp, rows=intake.rows, on_behalf=bool(true_source))
    return intake


def _asked_since(headings: Sequence[str], mapping: Mapping[str, str], columns: Sequence[Column]) -> list[str]:
    """Headings that a template of an earlier version of the form has not: their cells are filled in on the page."""
    return [
        column.heading
        for column in lacking(mapping, columns)
        if column.key not in PERSON and column.key not in ("track", "category")
    ]


def _sealed(intake: Intake, sheet: Sheet, begin: int, end: int, width: int) -> Iterator[dict[str, Any]]:
    """Rows as they are kept. The packed line is sealed as it came: nothing is unpacked only to be packed again."""
    for line in sheet.lines[begin:end]:
        number, _comma, rest = line[1:].partition(",")
        code = new_code()
        yield {
            "code": code,
            "intake_id": intake.id,
            "number": int(number),
            "cells_sealed": vault.seal(rest[:-1], vault.context("intake_line", "cells_sealed", code)),
            "index": "",
            "verdict": Verdict.BAD,
            "problems": [],
        }


def _is_ours(mark: Sequence[str], activity: Activity, track: Track | None) -> bool:
    """Whether the template was made for this activity, and for this track or all of them."""
    return mark[1] == activity.code and (track is None or mark[2] in ("-", track.code))


def _source(text: str) -> str:
    try:
        return clean_line(text, 100)
    except BadText:
        raise NoSource from None


def _same(
    activity: Activity,
    track: Track | None,
    organisation: Organisation | None,
    sheet: Sheet,
    party: Party | None,
    true_source: str,
) -> Intake | None:
    return db.session.scalars(
        sa.select(Intake)
        .where(
            Intake.sha256 == sheet.sha256,
            Intake.activity_id == activity.id,
            Intake.track_id.is_(None) if track is None else Intake.track_id == track.id,
            Intake.organisation_id.is_(None)
            if organisation is None
            else Intake.organisation_id == organisation.id,
            Intake.party_id.is_(None) if party is None else Intake.party_id == party.id,
            Intake.true_source == true_source,
            Intake.state.not_in((State.DROPPED, State.UNDONE)),
        )
        .order_by(Intake.id.desc())
        .limit(1)
    ).one_or_none()


def _remembered(organisation: Organisation | None, by: Account, headings: Sequence[str]) -> Mapping[str, str]:
    """What the unit, or this person for other units, once said its headings mean."""
    whose = (
        Intake.organisation_id == organisation.id
        if organisation is not None
        else sa.and_(Intake.organisation_id.is_(None), Intake.made_by_id == by.id)
    )
    known: dict[str, str] = {}
    rows = db.session.scalars(
        sa.select(Intake.mapping)
        .where(whose, Intake.state.not_in((State.MAPPING,)))
        .order_by(Intake.id.desc())
        .limit(20)
    )
    for mapping in rows:
        for heading, key in mapping.items():
            known.setdefault(heading, key)
    return {heading: key for heading, key in known.items() if heading in headings}


def take(intake: Intake, *states: State) -> None:
    """Hold the list and see that it is still where somebody saw it. Raises `WrongStep`."""
    db.session.refresh(intake, with_for_update={"of": Intake})
    if intake.state not in states:
        raise WrongStep


def name_columns(intake: Intake, mapping: Mapping[str, str], *, stamp: Stamp) -> None:
    """Say what each heading means; an empty field leaves the column out. Raises `Unmapped` or `Doubled`."""
    take(intake, State.MAPPING, State.CHECKED)
    columns = columns_of(intake.activity, intake.track)
    known = {column.key for column in columns}
    chosen = {
        heading: key if (key := mapping.get(heading, SKIP)) in known else SKIP
        for heading in intake.headings
        if heading
    }
    used = [key for key in chosen.values() if key]
    if len(set(used)) != len(used):
        raise Doubled
    wanting = lacking(chosen, columns)
    if wanting:
        raise Unmapped([column.heading for column in wanting])
    intake.mapping = chosen
    _to_checking(intake)
    audits.record("intake.mapped", intake, stamp=stamp)


def check_again(intake: Intake, *, stamp: Stamp) -> None:
    """Check every row anew: against people and places of now. Also how an undone list is taken up again."""
    take(intake, State.CHECKED, State.UNDONE)
    intake.batch_id, intake.entered_at, intake.undone_at = None, None, None
    db.session.execute(
        sa.update(IntakeLine).where(IntakeLine.intake_id == intake.id).values(registration_id=None)
    )
    _to_checking(intake)
    audits.record("intake.taken_up", intake, stamp=stamp)


def _to_checking(intake: Intake) -> None:
    intake.state, intake.done, intake.note = State.CHECKING, 0, ""


def drop_line(intake: Intake, line: IntakeLine, *, stamp: Stamp) -> IntakeLine:
    """Leave a row out. The file stays as it is with whoever sent it."""
    take(intake, State.CHECKED)
    db.session.delete(line)
    intake.rows -= 1
    db.session.flush()
    audits.record("intake.row_dropped", intake, stamp=stamp, row=line.number)
    return line


def enter(
    intake: Intake, *, only_good: bool, scan: uploads.Sound | None = None, by: Account, stamp: Stamp
) -> None:
    """Ask for the list to be entered: all rows that are right, or, unless `only_good`, only if all are.

    Entered on behalf of a unit it needs the unit's stamped list. Raises `NothingGood`, `NotAllGood`,
    `NoScan`, `ByDelegation` or `ByTeam`.
    """
    take(intake, State.CHECKED)
    delegating.must_be_free(intake.track, intake.organisation, intake.party)
    if intake.good == 0:
        raise NothingGood
    if intake.bad and not only_good:
        raise NotAllGood
    if intake.true_source and scan is None and scan_of(intake) is None:
        raise NoScan
    if scan is not None:
        uploads.receive(
            scan, scan.name, purpose(intake), by, stamp=stamp, most_files=500, most_bytes=2_000_000_000
        )
    intake.state, intake.done, intake.note = State.ENTERING, 0, ""
    audits.record("intake.asked_for", intake, stamp=stamp, good=intake.good, only_good=only_good)


def purpose(intake: Intake) -> str:
    """Under which a scan is kept until there is a batch it belongs to."""
    return f"intake.{intake.code}"


def scan_of(intake: Intake) -> Upload | None:
    return db.session.scalars(
        sa.select(Upload).where(Upload.purpose == purpose(intake)).order_by(Upload.id.desc()).limit(1)
    ).one_or_none()


def drop(intake: Intake, *, stamp: Stamp) -> None:
    """Put a list aside that was not entered; what stood in it is gone."""
    take(intake, State.MAPPING, State.CHECKING, State.CHECKED, State.UNDONE)
    db.session.execute(sa.delete(IntakeLine).where(IntakeLine.intake_id == intake.id))
    intake.state = State.DROPPED
    audits.record("intake.dropped", intake, stamp=stamp)
