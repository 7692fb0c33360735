"""更换: one takes the very place of another, before the list of names is final."""

from models.account import Account
from models.base import db
from models.registration import Batch, Consent, Registration, Source, State, Step
from services import audit as audits
from services import hold
from services import quota as quotas
from services.registration import consenting, entering, listing, waiting
from services.registration.eligibility import failures, judge
from services.registration.entry import Candidate
from services.registration.moves import claim, move, tell
from services.registration.refusals import (
    AlreadyRegistered,
    ListFinal,
    NotEligible,
    NotReplaceable,
    WrongState,
)
from services.registration.wish import wish_of, wish_of_row
from services.stamp import Stamp

GIVES = frozenset({State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.WAITLISTED})
"""States of an entry whose place, or place in line, another may take."""


def replace(
    out: Registration,
    candidate_or_standby: Candidate | Registration,
    *,
    by: Account | None,
    note: str,
    stamp: Stamp,
) -> Registration:
    """`out` ends, and the other has its place on the track and its quotas, with no free moment between. Whoever comes
    in is reviewed. Answers their entry. Raises `ListFinal`, `WrongState`, `NotReplaceable`, `NotEligible`,
    `AlreadyRegistered` or a `QuotaFull`.
    """
    track = out.track
    tracks = hold.lock([track])
    db.session.refresh(out)
    if stamp.when >= (track.final_at or out.activity.starts_at):
        raise ListFinal
    if out.state not in GIVES:
        raise WrongState(out)
    before = out.state
    state = before if before is State.WAITLISTED else waiting.after_holding(track)
    taking = candidate_or_standby
    _must_fit(out, taking, state)
    wish = wish_of_row(taking) if isinstance(taking, Registration) else wish_of(taking, out.organisation_id)
    seat = () if before is State.WAITLISTED else entering.exchange(out, wish, tracks, stamp)
    if isinstance(taking, Registration):
        made = _of_standby(out, taking, state, stamp)
    else:
        made = _of_candidate(out, taking, state, by, stamp)
    quotas.keep_holds((made.id, quota) for quota in seat)
    move(out, State.WITHDRAWN, stamp=stamp, note=note, quietly=True)
    tell(out, "replaced", stamp=stamp, note=note)
    audits.record("registration.replaced", out, stamp=stamp, by=made.code)
    db.session.flush()
    waiting.fill_all(tracks, stamp=stamp)
    return made


def _must_fit(out: Registration, taking: Candidate | Registration, state: State) -> None:
    """Only somebody of the same track: who stands by, for a place in line nobody; or another person."""
    if isinstance(taking, Registration):
        db.session.refresh(taking)
        fits = (
            taking.state is State.STANDBY
            and taking.track_id == out.track_id
            and state is not State.WAITLISTED
        )
    else:
        fits = taking.track.id == out.track_id and taking.person.id != out.person_id
    if not fits:
        raise NotReplaceable


def _of_standby(out: Registration, standby: Registration, state: State, stamp: Stamp) -> Registration:
    """Somebody who stood by."""
    standby.replaces_id = out.id
    move(standby, state, stamp=stamp)
    db.session.flush()
    return standby


def _of_candidate(
    out: Registration, candidate: Candidate, state: State, by: Account | None, stamp: Stamp
) -> Registration:
    """Somebody who was not entered yet."""
    track, person = out.track, candidate.person
    wanted = claim(track, person.id)
    if listing.live_claims([wanted]):
        raise AlreadyRegistered
    unit = candidate.organisation or out.organisation
    failed = failures(judge(track, person, candidate.entry, stamp.today, organisation=unit))
    if failed:
        raise NotEligible(failed)
    source = Source.SELF if by is not None and by.person_id == person.id else Source.UNIT
    batch = Batch(
        source=source,
        made_by_id=by.id if by is not None else None,
        organisation_id=unit.id if unit is not None else None,
        size=1,
        made_at=stamp.when,
    )
    db.session.add(batch)
    db.session.flush()
    made = Registration(
        track_id=track.id,
        activity_id=track.activity_id,
        person_id=person.id,
        batch_id=batch.id,
        organisation_id=batch.organisation_id,
        state=state,
        claim=wanted,
        queue_position=out.queue_position if state is State.WAITLISTED else None,
        made_at=out.made_at if state is State.WAITLISTED else stamp.when,
        party_id=out.party_id,
        party_role=candidate.role or out.party_role,
        rank=out.rank,
        replaces_id=out.id,
        consent=consenting.needed(candidate, source, by),
    )
    made.answer = entering.answer_of(candidate.entry)
    account = listing.account_of(person.id)
    token = consenting.new_consent_token(made) if account is None else ""
    entering.store([made])
    db.session.add(Step(registration_id=made.id, state=state, at=stamp.when, by_id=stamp.account_id))
    audits.record("registration.made", made, stamp=stamp, state=state.value)
    if made.consent is Consent.ASKED:
        consenting.ask(made, account, token, by, batch, stamp=stamp)
    else:
        tell(made, state.value, stamp=stamp)
    return made
