import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.account import Role, ScopeKind
from models.activity import NEXT, Activity, State
from models.audit import Trace
from models.base import db
from models.notification import Message
from services import activity as activities
from services.errors import Missing, Refused
from services.transaction import transaction
from tests.support import factories
from tests.support.application import Hand
from tests.support.staff import NOW, START, Staff, principal_of, staff


@pytest.fixture
def house(context: Flask, clock: Hand) -> Staff:
    clock.set(NOW)
    return staff()


def kinds() -> list[str]:
    return list(db.session.scalars(sa.select(Message.kind).order_by(Message.id)))


def actions() -> list[str]:
    return list(db.session.scalars(sa.select(Trace.action).order_by(Trace.number)))


def test_an_activity_goes_from_draft_to_archive(house: Staff) -> None:
    made = house.published()
    late = START + dt.timedelta(days=1)
    with transaction():
        activities.mark_held(made, stamp=house.stamp(house.organiser, late))
    with transaction():
        activities.archive(made, stamp=house.stamp(house.organiser, late))
    assert made.state is State.ARCHIVED
    assert [a for a in actions() if a.startswith("activity.")] == [
        "activity.drafted",
        "activity.submitted",
        "activity.approved",
        "activity.published",
        "activity.held",
        "activity.archived",
    ]
    assert {"activity.submitted", "activity.approved"} <= set(kinds())


def test_what_is_missing_is_said_in_sentences(house: Staff) -> None:
    with transaction():
        entry = house.entry(contact_phone="", summary="")
        made = activities.draft(entry, by=house.by(house.organiser), stamp=house.stamp(house.organiser))
    with pytest.raises(activities.NotReady) as no, transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=house.stamp(house.organiser))
    said = [str(sentence) for sentence in no.value.missing]
    assert len(said) == 4
    assert any("报名项目" in sentence for sentence in said)
    assert any("场次" in sentence for sentence in said)
    assert str(no.value.sentence).count("。") >= 4
    db.session.expire_all()
    assert made.state is State.DRAFT


def test_nobody_approves_what_they_handed_in_not_even_with_another_account(house: Staff) -> None:
    made = house.drafted()
    with transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=house.stamp(house.organiser))
        second = factories.account()
        factories.grant(second, Role.ACTIVITY_APPROVER, ScopeKind.ORGANISATION, house.lead.code)
        factories.grant(house.organiser, Role.ACTIVITY_APPROVER, ScopeKind.ORGANISATION, house.lead.code)
    own = principal_of(house.organiser)
    with pytest.raises(activities.SamePerson), transaction():
        activities.approve(made, by=own, stamp=house.stamp(house.organiser))
    as_same_person = principal_of(second)
    as_same_person = type(as_same_person)(
        second.id, second.code, house.organiser.person_id, as_same_person.rights, NOW, True
    )
    with pytest.raises(activities.SamePerson), transaction():
        activities.approve(made, by=as_same_person, stamp=house.stamp(second))
    with pytest.raises(activities.Unidentified), transaction():
        activities.approve(made, by=principal_of(second), stamp=house.stamp(second))
    with transaction():
        activities.approve(made, by=house.by(house.approver), stamp=house.stamp(house.approver))
    assert made.state is State.APPROVED


def test_only_an_approver_of_the_lead_department_decides(house: Staff) -> None:
    made = house.drafted()
    with transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=house.stamp(house.organiser))
    with pytest.raises(Missing), transaction():
        activities.approve(made, by=house.by(house.stranger), stamp=house.stamp(house.stranger))
    with pytest.raises(Missing), transaction():
        activities.send_back(made, "不行", by=house.by(house.stranger), stamp=house.stamp(house.stranger))


def test_sent_back_it_is_a_draft_with_a_note(house: Staff) -> None:
    made = house.drafted()
    with transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=house.stamp(house.organiser))
    with pytest.raises(activities.NoReason), transaction():
        activities.send_back(made, "  ", by=house.by(house.approver), stamp=house.stamp(house.approver))
    with transaction():
        note = "请补充安全措施"
        activities.send_back(made, note, by=house.by(house.approver), stamp=house.stamp(house.approver))
    assert (made.state, made.decision_note) == (State.DRAFT, "请补充安全措施")
    assert "activity.sent_back" in kinds()


def test_called_off_everybody_registered_is_told(house: Staff) -> None:
    from services import registration as registrations
    from services.registration import Entry

    made = house.published()
    with transaction():
        person = factories.person()
        account = factories.account(person)
        track = made.tracks[0]
        entry = Entry(category=person.category)
        registrations.register(track, person, entry, by=account, stamp=house.stamp(account))
    with transaction():
        activities.cancel(made, "场馆检修", stamp=house.stamp(house.organiser))
    assert made.state is State.CANCELLED
    assert made.is_public
    told = db.session.scalars(sa.select(Message).where(Message.kind == "activity.cancelled")).all()
    assert account.id in {message.account_id for message in told}
    with pytest.raises(activities.WrongState), transaction():
        activities.publish(made, stamp=house.stamp(house.organiser))


def test_it_is_not_held_before_its_end(house: Staff) -> None:
    made = house.published()
    with pytest.raises(activities.NotOverYet), transaction():
        activities.mark_held(made, stamp=house.stamp(house.organiser, START))


def test_what_was_approved_late_is_not_published_after_its_start(house: Staff) -> None:
    made = house.drafted()
    with transaction():
        activities.submit(made, by=house.by(house.organiser), stamp=house.stamp(house.organiser))
    with transaction():
        activities.approve(made, by=house.by(house.approver), stamp=house.stamp(house.approver))
    with pytest.raises(activities.NotReady), transaction():
        activities.publish(made, stamp=house.stamp(house.organiser, START + dt.timedelta(hours=1)))


VERBS: dict[str, Callable[[Staff, Activity, dt.datetime], object]] = {
    "submit": lambda h, a, t: activities.submit(a, by=h.by(h.organiser), stamp=h.stamp(h.organiser, t)),
    "approve": lambda h, a, t: activities.approve(a, by=h.by(h.approver), stamp=h.stamp(h.approver, t)),
    "send_back": lambda h, a, t: activities.send_back(
        a, "改", by=h.by(h.approver), stamp=h.stamp(h.approver, t)
    ),
    "publish": lambda h, a, t: activities.publish(a, stamp=h.stamp(h.organiser, t)),
    "mark_held": lambda h, a, t: activities.mark_held(a, stamp=h.stamp(h.organiser, t)),
    "archive": lambda h, a, t: activities.archive(a, stamp=h.stamp(h.organiser, t)),
    "cancel": lambda h, a, t: activities.cancel(a, "雨", stamp=h.stamp(h.organiser, t)),
    "edit": lambda h, a, t: activities.edit(
        a, h.entry(title="改名"), version=a.version, stamp=h.stamp(h.organiser, t)
    ),
}


def test_no_order_of_verbs_leaves_the_road(house: Staff) -> None:
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
        database=None,
    )
    @given(st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.booleans()), max_size=9))
    def walk(steps: list[tuple[str, bool]]) -> None:
        made = house.drafted()
        was_public = False
        for name, is_late in steps:
            before = made.state
            moment = START + dt.timedelta(days=1) if is_late else NOW
            try:
                with transaction():
                    VERBS[name](house, made, moment)
            except (Refused, Missing):
                db.session.expire_all()
                assert made.state is before
            assert made.state is before or made.state in NEXT[before]
            was_public = was_public or made.state is State.PUBLISHED
            assert made.is_public == was_public
            assert (made.published_at is not None) == was_public

    walk()
