"""Decisions on candidates. The platform proposes with the reason; somebody decides who had no hand in the award."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from models.account import Account
from models.base import db
from models.indicator import Outcome
from models.outcome import Correction, Line, Sheet
from models.participation import Participation
from models.person import Person
from models.pipeline import ReserveEntry, State, Tier
from services import audit as audits
from services import notification as notifications
from services import participation as participations
from services import registration as registrations
from services.errors import Refused
from services.participation import Fact
from services.pipeline.candidates import Candidate, candidates
from services.stamp import Stamp
from services.text import _


class Unidentified(Refused):
    sentence = _("您的账号还没有登记本人身份，不能确认入库。请先在“账号与安全”中登记。")


class SamePerson(Refused):
    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            _(
                "入库须由没有参与录入、确认其成绩的另一人确认，也不能确认自己：%(names)s。",
                names=str(_("、")).join(names),
            )
        )


class AlreadyDecided(Refused):
    sentence = _("名单已有变化：其中有人已被处理，或其依据已被更正。请核对最新名单。")


class NoReason(Refused):
    sentence = _("请写明原因。")


def confirm(chosen: Sequence[Candidate], *, by: Account, stamp: Stamp) -> list[ReserveEntry]:
    """在库: all or none. Each becomes a fact of the year of their basis, resting on it.

    Raises Unidentified, SamePerson, AlreadyDecided.
    """
    fresh = _held(chosen)
    _must_be_another(fresh, by)
    entries = [_entry(candidate, State.CONFIRMED, "", by, stamp) for candidate in fresh]
    db.session.flush()
    facts = participations.record_all(
        [_fact(entry, candidate) for entry, candidate in zip(entries, fresh, strict=True)], stamp=stamp
    )
    accounts = registrations.accounts_of(candidate.person.id for candidate in fresh)
    for entry, candidate, fact in zip(entries, fresh, facts, strict=True):
        entry.fact, entry.fact_id = fact, fact.id
        audits.record("reserve.confirmed", entry, stamp=stamp)
        notifications.notify(
            accounts.get(candidate.person.id),
            "reserve.confirmed",
            stamp=stamp,
            link="/me/registrations",
            year=str(candidate.year),
            skill=candidate.skill,
        )
    db.session.flush()
    return entries


def decline(candidate: Candidate, reason: str, *, by: Account, stamp: Stamp) -> ReserveEntry:
    """Not taken in, for a reason; a later basis proposes them again. Raises NoReason, AlreadyDecided, Unidentified."""
    (fresh,) = _held([candidate])
    if not reason.strip():
        raise NoReason
    _must_be_another([fresh], by)
    entry = _entry(fresh, State.DECLINED, reason, by, stamp)
    audits.record("reserve.declined", entry, stamp=stamp, reason=reason[:300])
    db.session.flush()
    return entry


def leave(entry: ReserveEntry, reason: str, *, by: Account, stamp: Stamp) -> None:
    """出库: moved away, withdrew, discipline. The fact that they were in is reversed.

    Raises NoReason, AlreadyDecided.
    """
    if not reason.strip():
        raise NoReason
    _lock_people([entry.person_id])
    db.session.refresh(entry)
    if entry.state is not State.CONFIRMED or not participations.is_standing(entry.fact):
        raise AlreadyDecided
    assert entry.fact is not None
    participations.reverse(entry.fact, reason, stamp=stamp)
    entry.state, entry.reason = State.EXITED, reason.strip()[:300]
    entry.decided_by_id, entry.decided_at = by.id, stamp.when
    audits.record("reserve.left", entry, stamp=stamp, reason=entry.reason)


def _held(chosen: Sequence[Candidate]) -> list[Candidate]:
    """The same candidates as they are now, nobody else deciding on them meanwhile."""
    if not chosen:
        raise AlreadyDecided
    year = chosen[0].year
    keys = [candidate.person.id for candidate in chosen]
    _lock_people(keys)
    now = {candidate.person.id: candidate for candidate in candidates(year, keys)}
    if set(now) != set(keys):
        raise AlreadyDecided
    return [now[key] for key in keys]


def _lock_people(keys: Iterable[int]) -> None:
    """Rows that name the person may be written meanwhile: who reverses an award holds it and writes such a row, and
    whoever decides here wants the award next.
    """
    wanted = sa.select(Person.id).where(Person.id.in_(set(keys))).order_by(Person.id)
    db.session.execute(wanted.with_for_update(key_share=True))


def _must_be_another(chosen: Sequence[Candidate], by: Account) -> None:
    if by.person_id is None:
        raise Unidentified
    hands = _hands([candidate.basis for candidate in chosen])
    own = [
        candidate.person.name
        for candidate in chosen
        if by.person_id in hands[candidate.basis.id] | {candidate.person.id}
    ]
    if own:
        raise SamePerson(own)


def _hands(bases: Sequence[Participation]) -> dict[int, set[int | None]]:
    """Who had a hand in each basis: those who entered, handed in and confirmed the result, and those who asked for and
    decided its corrections, by person.
    """
    entries = {basis.registration_id for basis in bases}
    accounts: dict[int | None, set[int | None]] = {
        row.registration_id: {row.entered_by_id, row.submitted_by_id, row.confirmed_by_id}
        for row in db.session.execute(
            sa.select(Line.registration_id, Sheet.entered_by_id, Sheet.submitted_by_id, Sheet.confirmed_by_id)
            .join(Sheet, Sheet.id == Line.sheet_id)
            .where(Line.registration_id.in_(entries))
        )
    }
    for row in db.session.execute(
        sa.select(Line.registration_id, Correction.asked_by_id, Correction.decided_by_id)
        .join(Line, Line.id == Correction.line_id)
        .where(Line.registration_id.in_(entries), Correction.is_accepted.is_(True))
    ):
        accounts[row.registration_id] |= {row.asked_by_id, row.decided_by_id}
    by_basis = {
        basis.id: accounts.get(basis.registration_id, set()) | {basis.recorded_by_id} for basis in bases
    }
    keys = {key for hands in by_basis.values() for key in hands if key is not None}
    person_of = {
        row.id: row.person_id
        for row in db.session.execute(sa.select(Account.id, Account.person_id).where(Account.id.in_(keys)))
    }
    return {basis: {person_of.get(key) for key in hands if key} for basis, hands in by_basis.items()}


def _entry(candidate: Candidate, state: State, reason: str, by: Account, stamp: Stamp) -> ReserveEntry:
    """The person's one row of the year, made or taken up again."""
    entry = db.session.scalar(
        sa.select(ReserveEntry).where(
            ReserveEntry.person_id == candidate.person.id, ReserveEntry.year == candidate.year
        )
    )
    if entry is None:
        entry = ReserveEntry(person=candidate.person, year=candidate.year, tier=Tier.SEED)
        db.session.add(entry)
    entry.state, entry.skill, entry.reason = state, candidate.skill, reason.strip()[:300]
    entry.basis, entry.basis_id = candidate.basis, candidate.basis.id
    entry.fact, entry.fact_id = None, None
    entry.decided_by_id, entry.decided_at = by.id, stamp.when
    return entry


def _fact(entry: ReserveEntry, candidate: Candidate) -> Fact:
    basis = candidate.basis
    return Fact(
        f"reserve:{entry.code}",
        Outcome.RESERVE_CONFIRMED,
        day=basis.day,
        activity=basis.activity,
        person=candidate.person,
        registration=basis.registration,
        category=basis.category,
        skill_level=basis.skill_level,
        skill=basis.skill,
        detail=basis.detail,
        rests_on=basis,
    )
