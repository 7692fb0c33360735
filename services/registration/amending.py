"""The applicant mends what was returned, or what nobody has reviewed yet."""

import json

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from models.base import db
from models.registration import Answer, Registration, State, Step
from services import audit as audits
from services import hold
from services.registration import answers, comments
from services.registration.eligibility import failures, judge
from services.registration.entering import answer_of
from services.registration.entry import Entry
from services.registration.moves import move
from services.registration.refusals import MendingOver, NotEligible, WrongState
from services.stamp import Stamp

_ANSWERED = (
    "category", "workplace", "post", "years_at_work", "skill_level", "level_certificate", "coach", "remark",
    "questionnaire_id", "private",
)  # fmt: skip


def amend(registration: Registration, entry: Entry, *, stamp: Stamp) -> None:
    """It goes (again) to review, with what was changed and how it was before; comments on these fields are settled.

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
    before = answers.values(registration)
    answer = registration.answer
    assert answer is not None
    _write(answer, answer_of(entry))
    after = answers.values(registration)
    changed = [key for key in dict.fromkeys([*after, *before]) if before.get(key, "") != after.get(key, "")]
    if registration.state is State.RETURNED:
        move(registration, State.SUBMITTED, stamp=stamp)
    else:
        flag_modified(registration, "note")  # the answer is another row; the version is this one's
        audits.record("registration.amended", registration, stamp=stamp)
        if changed:
            db.session.add(
                Step(
                    registration_id=registration.id,
                    state=registration.state,
                    at=stamp.when,
                    by_id=stamp.account_id,
                )
            )
    _remember(registration, {key: before.get(key, "") for key in changed})
    comments.settle(registration, changed, stamp=stamp)


def _write(answer: Answer, new: Answer) -> None:
    for name in _ANSWERED:
        setattr(answer, name, getattr(new, name))
    answer.values = new.values or {}


def _remember(registration: Registration, before: dict[str, str]) -> None:
    """Into the step that was just made."""
    if not before:
        return
    db.session.flush()
    step = db.session.scalars(
        sa.select(Step).where(Step.registration_id == registration.id).order_by(Step.id.desc()).limit(1)
    ).one()
    step.changed = list(before)
    step.before = json.dumps(before, ensure_ascii=False)
    db.session.flush()
    db.session.expire(registration, ["steps"])
