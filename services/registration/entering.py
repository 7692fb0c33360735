"""Making entries: one verb for every path. A single entry is a batch of one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from models import vault
from models.account import Account
from models.activity import Track
from models.base import db, new_code
from models.organisation import Organisation
from models.person import Person
from models.registration import HOLDING, Answer, Batch, Consent, Registration, Source, State, Step
from services import audit as audits
from services import hold
from services import quota as quotas
from services.quota import Seat, Wish
from services.registration import answers, comments, consenting, listing, shortage, waiting
from services.registration.eligibility import failures, judge, judge_all
from services.registration.entry import Candidate, Entry
from services.registration.moves import claim, move, tell
from services.registration.refusals import (
    AlreadyRegistered,
    MendingOver,
    NotEligible,
    TooLate,
    WrongState,
    not_open,
)
from services.registration.seating import Place, seat_all
from services.registration.wish import answers_of, wish_of, wish_of_row
from services.stamp import Stamp


def register(
    track: Track,
    person: Person,
    entry: Entry,
    *,
    by: Account | None,
    source: Source = Source.SELF,
    organisation: Organisation | None = None,
    stamp: Stamp,
) -> Registration:
    """Enter one person for a track. Raises `Refused` with the reason; see `register_batch`."""
    made = register_batch(
        [Candidate(track, person, entry)], by=by, source=source, organisation=organisation, stamp=stamp
    )
    return made[0]


def register_batch(
    candidates: Sequence[Candidate],
    *,
    by: Account | None,
    source: Source,
    organisation: Organisation | None = None,
    true_source: str = "",
    stamp: Stamp,
) -> list[Registration]:
    """Enter people, all or none, in the given order.

    All places are held first, in the order of the tracks' keys, then those of quotas; then rules are judged, and only
    then rows are stored, in the order of their claims: two batches with a person in common cannot wait for each
    other. Whoever finds no place waits, where the track has a waiting list; a team or class is placed whole, or waits
    whole. Who stands by has no place. Raises `NotYetOpen`, `Closed`, `NotEligible`, `AlreadyRegistered`, `Full` or a
    `QuotaFull`.
    """
    batch = Batch(
        source=source,
        made_by_id=by.id if by else None,
        organisation_id=organisation.id if organisation else None,
        size=len(candidates),
        true_source=true_source,
        made_at=stamp.when,
    )
    db.session.add(batch)
    db.session.flush()
    people = listing.people_of(candidate.person.id for candidate in candidates)
    order = sorted(range(len(candidates)), key=lambda index: (candidates[index].track.id, index))
    lines = [candidates[index] for index in order]
    places = seat_all(lines, [wish_of(each, batch.organisation_id) for each in lines], stamp=stamp)
    _judge_all(lines, organisation, stamp)
    rows = [_entry(each, place, batch, by) for each, place in zip(lines, places, strict=True)]
    accounts = listing.accounts_of(people)
    tokens = {
        row.code: consenting.new_consent_token(row)
        for row in rows
        if row.consent is Consent.ASKED and row.person_id not in accounts
    }
    store(rows)
    _begin(rows, lines, places, stamp)
    _tell(rows, accounts, tokens, by, batch, stamp)
    if source is not Source.SELF:
        audits.record(
            "registration.batch_made", batch, stamp=stamp, size=len(candidates), source=source.value
        )
    in_parts = {
        each.track
        for each, row in zip(lines, rows, strict=True)
        if row.state is State.WAITLISTED and each.party is not None and each.party.takes_part
    }
    if in_parts:  # what is too little for a team may be a part of it
        waiting.fill_all(list(in_parts), stamp=stamp)
    made = dict(zip(order, rows, strict=True))
    return [made[index] for index in range(len(candidates))]


def _judge_all(candidates: Sequence[Candidate], organisation: Organisation | None, stamp: Stamp) -> None:
    """Raises what stands against an entry whose place is held."""
    taken = listing.live_claims(claim(each.track, each.person.id) for each in candidates)
    found = judge_all(candidates, stamp.today, organisation=organisation)
    for candidate, reasons in zip(candidates, found, strict=True):
        track = candidate.track
        if not track.is_open(stamp.when):
            raise not_open(track, stamp.when)
        wanted = claim(track, candidate.person.id)
        if wanted in taken:
            raise AlreadyRegistered
        failed = failures(reasons)
        if failed:
            raise NotEligible(failed)
        taken.add(wanted)


def store(rows: Sequence[Registration]) -> None:
    """Store new entries in the order of their claims. Raises `AlreadyRegistered`."""
    ordered = sorted(rows, key=lambda row: row.claim or "")
    db.session.add_all(ordered)
    try:
        db.session.flush()
    except IntegrityError as clash:  # another transaction was faster
        raise AlreadyRegistered from clash


def _entry(candidate: Candidate, place: Place, batch: Batch, by: Account | None) -> Registration:
    track, organisation, party = candidate.track, candidate.organisation, candidate.party
    return Registration(
        track_id=track.id,
        activity_id=track.activity_id,
        person_id=candidate.person.id,
        batch_id=batch.id,
        organisation_id=organisation.id if organisation is not None else batch.organisation_id,
        state=place.state,
        claim=claim(track, candidate.person.id),
        queue_position=place.position,
        made_at=batch.made_at,
        party_id=party.id if party is not None else None,
        party_role=candidate.role,
        rank=candidate.rank,
        consent=consenting.needed(candidate, batch.source, by),
    )


def _begin(
    rows: Sequence[Registration], candidates: Sequence[Candidate], places: Sequence[Place], stamp: Stamp
) -> None:
    """What hangs on the rows of a batch, a statement each kind: answers, quotas held, histories."""
    pairs = list(zip(rows, candidates, strict=True))
    db.session.execute(sa.insert(Answer), [answer_row(row.id, each.entry) for row, each in pairs])
    quotas.keep_holds(
        (row.id, quota) for row, place in zip(rows, places, strict=True) for quota in place.seat
    )
    db.session.execute(
        sa.insert(Step),
        [
            {
                "registration_id": row.id,
                "state": row.state,
                "at": stamp.when,
                "by_id": stamp.account_id,
                "note": place.note,
            }
            for row, place in zip(rows, places, strict=True)
        ],
    )
    for row in rows:
        audits.record("registration.made", row, stamp=stamp, state=row.state.value)


def _tell(
    rows: Sequence[Registration],
    accounts: Mapping[int, Account],
    tokens: Mapping[str, str],
    by: Account | None,
    batch: Batch,
    stamp: Stamp,
) -> None:
    for row in rows:
        account = accounts.get(row.person_id)
        if row.consent is Consent.ASKED:
            consenting.ask(row, account, tokens.get(row.code, ""), by, batch, stamp=stamp)
        else:
            tell(row, row.state.value, stamp=stamp, accounts=accounts)


def answer_row(registration_id: int, entry: Entry) -> dict[str, Any]:
    """The columns of an answer, the sensitive ones sealed."""
    code, private = new_code(), entry.sealable()
    place = vault.context(Answer.__tablename__, "private_sealed", code)
    return {
        "code": code,
        "registration_id": registration_id,
        **entry.columns(),
        "values": dict(entry.values),
        "private_sealed": vault.seal(private, place) if private is not None else None,
    }


def answer_of(entry: Entry) -> Answer:
    answer = Answer(**entry.columns(), values=dict(entry.values))
    answer.private = entry.sealable()
    return answer


def write_answer(answer: Answer, entry: Entry) -> None:
    """Let an answer say what an entry says."""
    for name, value in entry.columns().items():
        setattr(answer, name, value)  # its own columns, named by `Entry.columns`
    answer.values = dict(entry.values)
    answer.private = entry.sealable()


def amend(registration: Registration, entry: Entry, *, stamp: Stamp, by: Account | None = None) -> None:
    """The applicant mends what was returned, or what nobody has reviewed yet; it goes (again) to review. Where somebody
    else (`by`) changes what they stand behind, they are asked again.

    The version rises in either case, so that nobody decides on what they have not seen. An option with places of its
    own is changed if the other has one left. Raises `MendingOver` after the date of a returned one, or a `QuotaFull`.
    """
    tracks = hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.state not in (State.SUBMITTED, State.RETURNED):
        raise WrongState(registration)
    if registration.due_at is not None and stamp.when > registration.due_at:
        raise MendingOver
    failed = failures(
        judge(
            registration.track,
            registration.person,
            entry,
            stamp.today,
            organisation=registration.organisation,
        )
    )
    if failed:
        raise NotEligible(failed)
    answer = registration.answer
    assert answer is not None
    before = answers.raw(answer)
    if registration.recommended_at is not None and entry.workplace != answer.workplace:
        _withdraw_recommendation(registration, stamp)
    changes_place = reseat(
        registration,
        Wish(registration.track_id, registration.organisation_id, entry.category.value, answers_of(entry)),
        tracks,
        stamp,
    )
    write_answer(answer, entry)
    if registration.state is State.RETURNED:
        comments.settle(registration, comments.PERSONAL, stamp=stamp)  # mended where the person is, not here
        move(registration, State.SUBMITTED, stamp=stamp)
    else:
        flag_modified(registration, "note")  # the answer is another row; the version is this one's
        audits.record("registration.amended", registration, stamp=stamp)
    comments.mended(registration, before, stamp=stamp)
    if by is not None and by.person_id != registration.person_id and before != answers.raw(answer):
        consenting.ask_again(registration, listing.account_of(registration.person_id), by, stamp=stamp)
    if changes_place:
        waiting.fill_all(tracks, stamp=stamp)


def _withdraw_recommendation(registration: Registration, stamp: Stamp) -> None:
    """A unit spoke for somebody who works there; whoever now names another needs that one's word."""
    if registration.party_id is not None:
        return
    registration.recommended_at, registration.recommended_by_id, registration.opinion = None, None, ""
    registration.organisation_id = None
    audits.record("registration.recommendation_lapsed", registration, stamp=stamp)


def join_unit(registration: Registration, organisation: Organisation, *, stamp: Stamp) -> None:
    """Whoever entered by themselves stands for a unit from now on, and has one of its places. Raises a `QuotaFull`."""
    tracks = hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.state in HOLDING:
        reseat(registration, wish_of_row(registration, organisation.id), tracks, stamp)
    registration.organisation_id = organisation.id
    db.session.flush()


def reseat(registration: Registration, wish: Wish, tracks: Iterable[Track], stamp: Stamp) -> bool:
    """Count an entry on the quotas that its new answers ask for; whether these are others. Raises a `QuotaFull`."""
    before = set(quotas.held_by([registration.id]).get(registration.id, []))
    seat = exchange(registration, wish, tracks, stamp)
    quotas.keep_holds((registration.id, quota) for quota in seat)
    return before != set(seat)


def exchange(registration: Registration, wish: Wish, tracks: Iterable[Track], stamp: Stamp) -> Seat:
    """Let the place of an entry be one that counts as wished: what is still needed stays held, the rest is given and
    taken at once. Answers the quotas, which nobody is noted to hold yet. Raises a `QuotaFull`.
    """
    book = quotas.Book(tracks, stamp.when)
    if not book.has_quotas:
        return ()
    book.leave(registration.track_id, quotas.held_by([registration.id]).get(registration.id, []))
    seats = book.seat([wish])
    if isinstance(seats, quotas.Lack):
        raise quotas.refusal(seats)
    book.write()
    quotas.drop_holds([registration.id])
    return seats[0]


def withdraw(registration: Registration, *, stamp: Stamp, note: str = "") -> None:
    """退赛, before the activity begins. The place goes to the next in line at once."""
    withdraw_all([registration], stamp=stamp, note=note)


def withdraw_all(registrations: Sequence[Registration], *, stamp: Stamp, note: str = "") -> None:
    """Several at once: a party that is dissolved, a batch that is undone. Then the places go to those next in line.
    Raises `TooLate` or `WrongState`, and then none is withdrawn.
    """
    hold.lock({registration.track for registration in registrations})
    for registration in registrations:
        db.session.refresh(registration)
        if stamp.when >= registration.activity.starts_at:
            raise TooLate
    occupied = [(row, row.state) for row in registrations]
    quotas.free(row.id for row in registrations if row.state in HOLDING)
    for row in registrations:
        move(row, State.WITHDRAWN, stamp=stamp, note=note, is_freed=True)
    waiting.release(occupied, stamp=stamp)
    shortage.tell(registrations, stamp=stamp)
