"""Rows against each other and against the base: the same person twice, people who stand already, the rules of a track.

One statement asks for all people of a slice. What is found goes back to the lines as verdict and problems.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from models.activity import Track
from models.base import db
from models.intake import Intake, Verdict
from models.organisation import Organisation, Type
from models.party import PartyMember
from models.person import Document, Person
from services import organisation as organisations
from services import party as parties
from services import person as people
from services import questionnaire as questionnaires
from services import registration as registrations
from services.intake import delegating
from services.intake import row as rows
from services.intake.cells import Problem, problem
from services.intake.columns import columns_of
from services.intake.row import Frame, Read
from services.person import finding
from services.registration import Candidate, listing
from services.registration.moves import claim as claim_of
from services.stamp import Stamp
from services.text import _, name_key

SCHOOLS = frozenset({Type.HIGHER_VOCATIONAL, Type.SECONDARY_VOCATIONAL, Type.TECHNICIAN_COLLEGE, Type.SCHOOL})
"""Units that vouch for the guardian of a minor (rulings, "Minors")."""


FIELD_OF_RULE = {
    "born": "document_number",
    "age": "document_number",
    "guardian": "guardian_name",
    "category": "category",
    "unit": "workplace",
    "trade": "trade",
    "skill_level": "skill_level",
    "years": "years_at_work",
    "one_contest": "track",
}
"""At which cell a rule that says no is shown."""


@dataclass
class Line:
    """A row with what was found in it."""

    id: int
    read: Read
    verdict: Verdict = Verdict.GOOD
    person: Person | None = None
    """Who stands in the base with this document."""

    def refuse(self, found: Problem, verdict: Verdict = Verdict.BAD) -> None:
        self.read.problems.append(found)
        if not found.get("note") and (verdict is Verdict.BAD or self.verdict is Verdict.GOOD):
            self.verdict = verdict


@dataclass(frozen=True)
class Twin:
    """What is remembered of a row, to know it again in another."""

    id: int
    number: int
    name: str


def frame_of(intake: Intake, stamp: Stamp) -> Frame:
    """What all rows of a list have in common."""
    unit = intake.organisation
    form = questionnaires.of(intake.activity)
    return rows.frame(
        intake.headings,
        intake.mapping,
        columns_of(intake.activity, intake.track, form),
        [intake.track] if intake.track is not None else list(intake.activity.tracks),
        intake.track,
        stamp.today,
        intake.true_source or (unit.name if unit is not None else ""),
        form,
    )


def vouches(intake: Intake) -> bool:
    """Whether the unit answers for the guardians of its minors."""
    return intake.organisation is not None and intake.organisation.type in SCHOOLS


def assess(intake: Intake, frame: Frame, reads: Iterable[tuple[int, Read]], *, stamp: Stamp) -> list[Line]:
    """Rows against the base: who is known, by which name, whether they stand already, and what the rules say."""
    lines = [Line(id, read, Verdict.GOOD if read.is_sound else Verdict.BAD) for id, read in reads]
    by_number = finding.find_by_documents(
        (line.read.type, line.read.document)
        for line in lines
        if line.read.index and line.read.type is not None
    )
    for line in lines:
        person = by_number.get(line.read.document) if line.read.index else None
        if person is not None and any(each.type is line.read.type for each in person.documents):
            line.person = person
    taken = listing.live_claims(claim(intake, line) for line in lines if line.person is not None)
    listed = on_the_list(intake)
    elsewhere = listed_elsewhere(intake, lines)
    for line in lines:
        if fault := delegating.fault(line.read.track, intake.organisation, intake.party):
            line.refuse(_wrong(frame, line, "track", fault))
        if (
            line.person is not None
            and line.read.name
            and name_key(line.person.name) != name_key(line.read.name)
        ):
            line.refuse(
                _wrong(frame, line, "name", _("这个证件号码在平台上登记的姓名不同，请核对姓名和证件号码。"))
            )
        elif line.person is not None and line.person.id in listed:
            line.refuse(_wrong(frame, line, "name", _("已在本单位的名单中，导入时跳过。")), Verdict.KNOWN)
        elif line.person is not None and claim(intake, line) in taken:
            line.refuse(_wrong(frame, line, "name", _("已报名本活动，导入时跳过。")), Verdict.KNOWN)
        elif line.person is not None and claim(intake, line) in elsewhere:
            line.refuse(
                _wrong(frame, line, "name", _("已在本活动的另一份名单或队伍中，导入时跳过。")), Verdict.KNOWN
            )
    _judge(intake, frame, [line for line in lines if line.verdict is Verdict.GOOD], stamp)
    return lines


def on_the_list(intake: Intake) -> set[int]:
    """Whom the unit's own list has already, which this one is to fill."""
    if intake.party_id is None:
        return set()
    return set(
        db.session.scalars(
            sa.select(PartyMember.person_id).where(
                PartyMember.party_id == intake.party_id, PartyMember.claim.is_not(None)
            )
        )
    )


def listed_elsewhere(intake: Intake, lines: Iterable[Line]) -> set[str]:
    """Who stands on another list or in a team that is not sent: one that fills a unit's list finds no place there."""
    if intake.party is None:
        return set()
    return parties.listed_elsewhere(
        (claim(intake, line) for line in lines if line.person is not None), intake.party
    )


def unit_of(intake: Intake) -> Organisation | None:
    """The unit whose people these are: its own list, or one entered for it where the platform knows its name."""
    if intake.organisation is not None or not intake.true_source:
        return intake.organisation
    return organisations.find_by_name(intake.true_source)


def claim(intake: Intake, line: Line) -> str:
    """What a live entry of this row occupies."""
    assert line.person is not None
    return claim_of(line.read.track or frame_track(intake), line.person.id)


def frame_track(intake: Intake) -> Track:
    """Any track of the list: where people enter only once, it says all."""
    return intake.track or intake.activity.tracks[0]


def _judge(intake: Intake, frame: Frame, lines: Sequence[Line], stamp: Stamp) -> None:
    """The rules of the tracks, for all at once."""
    vouched = vouches(intake)
    candidates = []
    for place, line in enumerate(lines, 1):
        read = line.read
        assert read.track is not None
        assert read.entry is not None
        person = line.person or _unborn(read, -place, vouched, stamp)
        candidates.append(Candidate(read.track, person, read.entry))
    with db.session.no_autoflush:
        found = registrations.judge_all(candidates, stamp.today, organisation=unit_of(intake))
    for line, reasons in zip(lines, found, strict=True):
        for reason in registrations.failures(reasons):
            why = _("不符合报名条件：%(why)s。请核对，或去掉这一行。", why=str(reason.sentence))
            line.refuse(_wrong(frame, line, FIELD_OF_RULE.get(reason.rule, "name"), why))


def _unborn(read: Read, key: int, vouched: bool, stamp: Stamp) -> Person:
    """Somebody who is not in the base, as the rules would see them; with a key that nobody in the base has."""
    assert read.person is not None
    checked = people.check(read.person, stamp.today)
    person = Person(
        id=key,
        name=checked.name,
        sex=checked.sex,
        birth_date=checked.birth_date,
        category=read.person.category,
    )
    person.skill_level, person.workplace = read.person.skill_level, checked.workplace
    if checked.guardian_name and vouched:
        person.guardian_confirmed_at = stamp.when
    if checked.document_type is not None:
        person.documents = [Document(type=checked.document_type, number_index=read.index)]
    return person


def _wrong(frame: Frame, line: Line, key: str, sentence: object, *, is_note: bool = False) -> Problem:
    return problem(key, line.read.number, frame.places.get(key), sentence, is_note=is_note)  # type: ignore[arg-type]


# --- the same person twice ------------------------------------------------------------------------


def twin_key(intake: Intake, read: Read) -> str:
    """What two rows of one person have in common; empty where the document cannot be read."""
    if not read.index or not intake.activity.takes_several:
        return read.index
    return f"{read.index}:{read.track.id if read.track else ''}"


def twin_problems(frame: Frame, twins: Sequence[Twin]) -> Mapping[int, tuple[Problem, Verdict | None]]:
    """What is added to each row of one document, by line: of one name the first stands and the others are skipped; of
    different names none stands.
    """
    place = frame.places.get("document_number")
    ordered = sorted(twins, key=lambda twin: twin.number)
    first = ordered[0]
    made: dict[int, tuple[Problem, Verdict | None]] = {}
    if len({twin.name for twin in ordered}) > 1:
        for twin in ordered:
            other = next(each for each in ordered if each is not twin)
            sentence = _("与第 %(row)s 行证件号码相同而姓名不同，请对照证件核对。", row=other.number)
            made[twin.id] = problem("document_number", twin.number, place, sentence), Verdict.BAD
        return made
    sentence = _("与第 %(row)s 行是同一个人，只导入这一行。", row=ordered[1].number)
    made[first.id] = problem("document_number", first.number, place, sentence, is_note=True), None
    for twin in ordered[1:]:
        sentence = _("与第 %(row)s 行重复，只导入第 %(row)s 行。", row=first.number)
        made[twin.id] = problem("document_number", twin.number, place, sentence), Verdict.TWICE
    return made
