"""Making entries: one verb for every path. A single entry is a batch of one."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from models.account import Account
from models.activity import Track
from models.base import db
from models.organisation import Organisation
from models.person import Person
from models.registration import HOLDING, Answer, Batch, Registration, Source, State, Step
from services import audit as audits
from services import hold
from services.registration import answers, comments, listing, waiting
from services.registration.eligibility import failures, judge
from services.registration.entry import Candidate, Entry
from services.registration.moves import move, tell
from services.registration.refusals import (
    AlreadyRegistered,
    Full,
    MendingOver,
    NotEligible,
    TooLate,
    WrongState,
    not_open,
)
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
    stamp: Stamp,
) -> list[Registration]:
    """Enter people, all or none, in the given order.

    All places are held first, in the order of the tracks' keys; then rules are judged, and only then rows are stored,
    in the order of their claims: two batches with a person in common cannot wait for each other. Whoever finds no
    place waits, where the track has a waiting list. Raises `NotYetOpen`, `Closed`, `NotEligible`,
    `AlreadyRegistered` or `Full`.
    """
    batch = Batch(
        source=source,
        made_by_id=by.id if by else None,
        organisation_id=organisation.id if organisation else None,
        size=len(candidates),
        made_at=stamp.when,
    )
    db.session.add(batch)
    db.session.flush()
    order = sorted(range(len(candidates)), key=lambda index: (candidates[index].track.id, index))
    places = _hold_all({index: candidates[index].track for index in order})
    taken = listing.live_claims(_claim(candidate) for candidate in candidates)
    for index in order:
        _judge(candidates[index], taken, stamp)
        taken.add(_claim(candidates[index]))
    made = {
        index: _entry(candidates[index], places[index], batch)
        for index in sorted(order, key=lambda index: _claim(candidates[index]))
    }
    try:
        db.session.flush()
    except IntegrityError as clash:  # another transaction was faster
        raise AlreadyRegistered from clash
    accounts = listing.accounts_of(registration.person_id for registration in made.values())
    for index in order:
        _begin(made[index], accounts, stamp)
    if source is not Source.SELF:
        audits.record(
            "registration.batch_made", batch, stamp=stamp, size=len(candidates), source=source.value
        )
    queued = {r.track for r in made.values() if r.state is State.WAITLISTED}
    for track in sorted(queued, key=lambda track: track.id):
        waiting.fill(
            track, stamp=stamp
        )  # a place may have come free between asking for one and joining the line
    return [made[index] for index in range(len(candidates))]


def _claim(candidate: Candidate) -> str:
    return f"{candidate.track.activity_id}:{candidate.person.id}"


def _judge(candidate: Candidate, taken: set[str], stamp: Stamp) -> None:
    """Raises what stands against an entry whose place is held."""
    track = candidate.track
    if not track.is_open(stamp.when):
        raise not_open(track, stamp.when)
    if _claim(candidate) in taken:
        raise AlreadyRegistered
    failed = failures(judge(track, candidate.person, candidate.entry, stamp.today))
    if failed:
        raise NotEligible(failed)


def _entry(candidate: Candidate, place: tuple[State, int | None], batch: Batch) -> Registration:
    track, (state, position) = candidate.track, place
    registration = Registration(
        track=track,
        activity_id=track.activity_id,
        person=candidate.person,
        batch_id=batch.id,
        organisation_id=batch.organisation_id,
        state=state,
        claim=_claim(candidate),
        queue_position=position,
        made_at=batch.made_at,
    )
    registration.answer = answer_of(candidate.entry)
    db.session.add(registration)
    return registration


def _hold_all(wanted: Mapping[int, Track]) -> dict[int, tuple[State, int | None]]:
    """A place for each, track after track: all of a track at once where there are so many, else one by one."""
    places: dict[int, tuple[State, int | None]] = {}
    for track, group in groupby(wanted, key=wanted.__getitem__):
        indexes = list(group)
        if len(indexes) > 1 and hold.take(track, len(indexes), Track.waiting == 0):
            places |= dict.fromkeys(indexes, (waiting.after_holding(track), None))
        else:
            places |= {index: _hold(track) for index in indexes}
    return places


def _hold(track: Track) -> tuple[State, int | None]:
    """A place, or a place in line. Nobody overtakes those who wait."""
    if hold.take(track, 1, Track.waiting == 0):
        return waiting.after_holding(track), None
    db.session.refresh(track)
    if not track.has_waiting_list:
        raise Full
    return State.WAITLISTED, waiting.join(track)


def _begin(registration: Registration, accounts: Mapping[int, Account], stamp: Stamp) -> None:
    db.session.add(
        Step(
            registration_id=registration.id,
            state=registration.state,
            at=stamp.when,
            by_id=stamp.account_id,
        )
    )
    audits.record("registration.made", registration, stamp=stamp, state=registration.state.value)
    tell(registration, registration.state.value, stamp=stamp, accounts=accounts)


def answer_of(entry: Entry) -> Answer:
    return Answer(
        category=entry.category.value,
        workplace=entry.workplace,
        post=entry.post,
        years_at_work=entry.years_at_work,
        skill_level=entry.skill_level.value,
        level_certificate=entry.level_certificate,
        coach=entry.coach,
        remark=entry.remark,
    )


def amend(registration: Registration, entry: Entry, *, stamp: Stamp) -> None:
    """The applicant mends what was returned, or what nobody has reviewed yet; it goes (again) to review.

    The version rises in either case, so that nobody decides on what they have not seen. Raises `MendingOver`
    after the date of a returned one.
    """
    hold.lock([registration.track])
    db.session.refresh(registration)
    if registration.state not in (State.SUBMITTED, State.RETURNED):
        raise WrongState(registration)
    if registration.due_at is not None and stamp.when > registration.due_at:
        raise MendingOver
    failed = failures(judge(registration.track, registration.person, entry, stamp.today))
    if failed:
        raise NotEligible(failed)
    answer = registration.answer
    assert answer is not None
    before = answers.raw(answer)
    answer.category, answer.workplace, answer.post = entry.category.value, entry.workplace, entry.post
    answer.years_at_work, answer.skill_level = entry.years_at_work, entry.skill_level.value
    answer.level_certificate, answer.coach, answer.remark = entry.level_certificate, entry.coach, entry.remark
    if registration.state is State.RETURNED:
        move(registration, State.SUBMITTED, stamp=stamp)
    else:
        flag_modified(registration, "note")  # the answer is another row; the version is this one's
        audits.record("registration.amended", registration, stamp=stamp)
    comments.mended(registration, before, stamp=stamp)


def withdraw(registration: Registration, *, stamp: Stamp, note: str = "") -> None:
    """退赛, before the activity begins. The place goes to the next in line at once."""
    track = registration.track
    hold.lock([track])
    db.session.refresh(registration)
    if stamp.when >= registration.activity.starts_at:
        raise TooLate
    held, waited = registration.state in HOLDING, registration.state is State.WAITLISTED
    move(registration, State.WITHDRAWN, stamp=stamp, note=note)
    release(track, held=held, waited=waited, stamp=stamp)


def release(track: Track, *, held: bool, waited: bool, stamp: Stamp) -> None:
    """Give back what an entry occupied that no longer stands."""
    if held:
        hold.free(track)
    if waited:
        waiting.leave(track)
    db.session.flush()
    waiting.fill(track, stamp=stamp)
