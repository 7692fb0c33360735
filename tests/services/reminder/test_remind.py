"""Reminders: what is due soon is said once, by day, to whom it concerns."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.activity import Activity, Session, Track
from models.base import db
from models.intake import Intake
from models.intake import State as IntakeState
from models.notification import Channel, Message, Reminded
from models.party import Kind as PartyKind
from models.party import Party
from models.party import State as PartyState
from models.registration import Consent, Registration, State, Step
from services import notification as notifications
from services import reminder as reminders
from services.stamp import Stamp, local_moment
from services.transaction import transaction
from tests.support import factories as make
from tests.support.application import Hand
from tests.support.crowd import Crowd

NOON = local_moment(dt.date(2027, 3, 1), dt.time(12))
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(context: Flask, clock: Hand) -> None:
    clock.set(NOON)
    notifications.use(sms=lambda _letter: None, mail=lambda _letter: None)


def remind(when: dt.datetime = NOON) -> int:
    with transaction():
        return reminders.remind(stamp=Stamp(when, "machine"))


def said(kind: str) -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id)))


def a_track(starts_in: dt.timedelta = 10 * DAY, **more: object) -> Track:
    return make.track(make.activity(starts_in=starts_in), **more)


def an_entry(track: Track, account: bool = True, **values: object) -> tuple[Registration, Account | None]:
    person = make.person()
    who = make.account(person) if account else None
    row = make.accepted(track, person)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    return row, who


def test_a_returned_entry_is_called_for_the_day_before_its_date_and_once() -> None:
    with transaction():
        track = a_track()
        row, who = an_entry(track, state=State.RETURNED, due_at=NOON + 30 * HOUR)
    assert remind() == 0
    assert remind(NOON + 7 * HOUR) == 1
    assert remind(NOON + 8 * HOUR) == 0
    assert {each.account_id for each in said("reminder.mend")} == {who and who.id}
    assert said("reminder.mend")[0].link == f"/registration/{row.code}"


def test_a_date_that_was_moved_is_called_for_again() -> None:
    with transaction():
        row, _who = an_entry(a_track(), state=State.RETURNED, due_at=NOON + 5 * HOUR)
    assert remind() == 1
    with transaction():
        row.due_at = NOON + 6 * HOUR
    assert remind() == 1


def test_an_offer_is_called_for_half_a_day_before_it_ends_not_after() -> None:
    with transaction():
        track = a_track()
        an_entry(track, state=State.OFFERED, due_at=NOON + 11 * HOUR)
        an_entry(track, state=State.OFFERED, due_at=NOON + 13 * HOUR)
        an_entry(track, state=State.OFFERED, due_at=NOON - HOUR)
    assert remind() == 1


def test_who_comes_tomorrow_is_told_when_and_where_and_who_withdrew_is_not() -> None:
    with transaction():
        track = a_track(starts_in=DAY)
        _row, _who = an_entry(track)
        an_entry(track, state=State.WITHDRAWN, claim=None)
        later = a_track(starts_in=2 * DAY)
        an_entry(later)
        phone_only, _nobody = an_entry(track, account=False)
    assert remind() == 2
    inbox, *texts = said("reminder.tomorrow")
    assert "见活动页面" in inbox.body and "3月2日" in inbox.body
    assert {each.channel for each in texts} == {Channel.SMS}
    assert texts[-1].address == phone_only.person.phone


def test_who_was_entered_by_a_unit_and_said_nothing_is_asked_once_more() -> None:
    with transaction():
        track = a_track(starts_in=2 * DAY)
        an_entry(track, consent=Consent.ASKED)
        an_entry(track, consent=Consent.CONFIRMED)
    assert remind() == 1
    assert len([each for each in said("reminder.confirm") if each.channel is Channel.INBOX]) == 1


@pytest.mark.parametrize(("state", "told"), [(PartyState.GATHERING, 1), (PartyState.SENT, 0)])
def test_a_team_that_still_gathers_is_called_before_closing(state: PartyState, told: int) -> None:
    with transaction():
        track = a_track(closes_at=NOON + 20 * HOUR)
        owner = make.account()
        db.session.add(
            Party(
                activity_id=track.activity_id,
                track_id=track.id,
                kind=PartyKind.TEAM,
                state=state,
                name="工匠一队",
                owner_id=owner.id,
                made_at=NOON,
            )
        )
    assert remind() == told
    assert {each.account_id for each in said("reminder.party")} == ({owner.id} if told else set())


def a_waiting_entry(activity: Activity, since: dt.datetime) -> None:
    row, _who = an_entry(make.track(activity), state=State.SUBMITTED)
    db.session.execute(sa.update(Step).where(Step.registration_id == row.id).values(at=since))


def test_an_old_queue_is_brought_to_its_reviewers_every_day_else_to_who_runs_it() -> None:
    with transaction():
        activity = make.activity()
        a_waiting_entry(activity, NOON - 3 * DAY)
        a_waiting_entry(activity, NOON - HOUR)
        organiser = make.account()
        make.grant(organiser, Role.ORGANISER, ScopeKind.ACTIVITY, activity.code)
    assert remind() == 1
    assert "有 1 份" in said("reminder.queue")[0].body
    assert remind(NOON + HOUR) == 0
    with transaction():
        reviewer = make.account()
        make.grant(reviewer, Role.REVIEWER, ScopeKind.ACTIVITY, activity.code)
    assert remind(NOON + DAY) == 1
    assert said("reminder.queue")[-1].account_id == reviewer.id


def test_who_reviews_one_contest_or_one_unit_is_told_of_their_own_entries() -> None:
    with transaction():
        activity = make.activity()
        other = make.track(activity)
        unit = make.organisation()
        a_waiting_entry(activity, NOON - 3 * DAY)
        for track, of in ((other, None), (other, unit)):
            row, _who = an_entry(track, state=State.SUBMITTED)
            row.organisation_id = of.id if of else None
            db.session.flush()
            db.session.execute(
                sa.update(Step).where(Step.registration_id == row.id).values(at=NOON - 3 * DAY)
            )
        organiser, of_track, of_unit = (make.account() for _each in range(3))
        make.grant(organiser, Role.ORGANISER, ScopeKind.ACTIVITY, activity.code)
        make.grant(of_track, Role.REVIEWER, ScopeKind.TRACK, other.code)
        make.grant(of_unit, Role.REVIEWER, ScopeKind.UNIT, unit.code)
    assert remind() == 3
    told = {each.account_id: each.body for each in said("reminder.queue")}
    assert {who: "有 2 份" in body for who, body in told.items()} == {
        organiser.id: False,
        of_track.id: True,
        of_unit.id: False,
    }
    assert all("有 1 份" in told[who.id] for who in (organiser, of_unit))


@pytest.mark.parametrize(("hour", "told"), [(7, 0), (8, 1), (20, 1), (21, 0), (23, 0)])
def test_nobody_is_reminded_at_night(hour: int, told: int) -> None:
    moment = NOON.replace(hour=4) + (hour - 12) * HOUR
    with transaction():
        an_entry(a_track(), state=State.RETURNED, due_at=moment + 5 * HOUR)
    assert remind(moment) == told


def test_each_is_told_in_their_language() -> None:
    with transaction():
        _row, who = an_entry(a_track(starts_in=DAY))
        assert who is not None
        who.language = "en"
    remind()
    assert "明天" not in said("reminder.tomorrow")[0].title


def test_several_workers_at_once_say_it_once(crowd: Crowd) -> None:
    with transaction():
        track = a_track(starts_in=DAY, capacity=20)
        for _each in range(20):
            an_entry(track)
    assert sum(crowd.run(3, remind)) == 20
    assert len([each for each in said("reminder.tomorrow") if each.channel is Channel.INBOX]) == 20


def test_keys_are_forgotten_when_what_they_spoke_of_is_long_over() -> None:
    with transaction():
        an_entry(a_track(starts_in=DAY))
    remind()
    with transaction():
        assert reminders.forget(now=NOON + 30 * DAY) == 0
        assert reminders.forget(now=NOON + 61 * DAY) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Reminded)) == 0


def test_who_has_a_sitting_tomorrow_is_told_of_it_and_of_no_other_track() -> None:
    with transaction():
        activity = make.activity(starts_in=-DAY)
        mine, other = make.track(activity), make.track(activity)
        begin = NOON + DAY + 2 * HOUR
        for track, starts_at in ((mine, begin), (other, begin + 3 * DAY)):
            db.session.add(
                Session(
                    activity_id=activity.id,
                    track_id=track.id,
                    title="实操",
                    starts_at=starts_at,
                    ends_at=starts_at + HOUR,
                )
            )
        activity.ends_at = NOON + 9 * DAY
        _row, who = an_entry(mine)
        an_entry(other)
    assert remind() == 1
    inbox = next(each for each in said("reminder.tomorrow") if each.channel is Channel.INBOX)
    assert who is not None
    assert inbox.account_id == who.id
    assert "14:00" in inbox.body


def test_the_offer_of_a_team_is_called_for_once_at_its_captain() -> None:
    with transaction():
        track = a_track()
        captain = make.account(make.person())
        party = Party(
            activity_id=track.activity_id, track_id=track.id, kind=PartyKind.TEAM, state=PartyState.SENT,
            name="工匠一队", owner_id=captain.id, made_at=NOON,
        )  # fmt: skip
        db.session.add(party)
        db.session.flush()
        for _each in range(3):
            an_entry(track, state=State.OFFERED, due_at=NOON + 11 * HOUR, party_id=party.id)
    assert remind() == 1
    inbox = [each for each in said("reminder.offer") if each.channel is Channel.INBOX]
    assert [(each.account_id, each.link) for each in inbox] == [(captain.id, f"/party/{party.code}")]


def test_every_manager_of_a_unit_is_called_before_closing_and_whoever_left_a_checked_list() -> None:
    with transaction():
        track = a_track(closes_at=NOON + 20 * HOUR)
        unit = make.organisation()
        managers = [make.account(make.person()) for _each in range(2)]
        for manager in managers:
            make.grant(manager, Role.UNIT_MANAGER, ScopeKind.ORGANISATION, unit.code)
        db.session.add(
            Party(
                activity_id=track.activity_id, track_id=track.id, kind=PartyKind.DELEGATION,
                state=PartyState.GATHERING, name="代表队", owner_id=managers[0].id, made_at=NOON,
                organisation_id=unit.id,
            )
        )  # fmt: skip
        lying = Intake(
            activity=track.activity, track=track, organisation=unit, file_name="名单.xlsx", sha256="0" * 64,
            headings=[], mapping={}, state=IntakeState.CHECKED, rows=3, good=3, made_at=NOON, made_by=managers[1],
        )  # fmt: skip
        db.session.add(lying)
    assert remind() == 3
    told = [(each.account_id, each.link.split("/")[1]) for each in said("reminder.party") if each.link]
    assert sorted(set(told)) == sorted(
        [(managers[0].id, "list"), (managers[1].id, "list"), (managers[1].id, "intake")]
    )
