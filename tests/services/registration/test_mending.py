"""Who stands behind an entry is asked again when others change it; what was said in bulk is not taken from who came."""

import datetime as dt

from flask import Flask

from models.account import Account
from models.base import db
from models.notification import Message
from models.registration import Consent, Registration, State
from services import attendance as attendances
from services import registration as registrations
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make


def entered(consent: Consent) -> tuple[Registration, Account]:
    with transaction():
        account = make.account(make.person())
        assert account.person is not None
        row = registrations.register(make.track(), account.person, Entry(), by=None, stamp=make.stamp())
        row.consent = consent
    return row, account


def test_a_confirmed_entry_that_the_unit_changes_waits_for_its_person_again(context: Flask) -> None:
    row, account = entered(Consent.CONFIRMED)
    with transaction():
        manager = make.account(make.person())
        registrations.amend(row, Entry(post="钳工"), by=manager, stamp=make.stamp(manager))
    assert row.is_unconfirmed
    told = db.session.query(Message.kind).filter_by(account_id=account.id).all()
    assert ("registration.changed_by_unit",) in told
    with transaction():
        registrations.confirm(row, stamp=make.stamp(account))
    assert row.consent is Consent.CONFIRMED


def test_without_an_account_the_person_gets_a_new_link(context: Flask) -> None:
    with transaction():
        person = make.person()
        person.phone = "13800000001"
        row = registrations.register(make.track(), person, Entry(), by=None, stamp=make.stamp())
        row.consent = Consent.CONFIRMED
        manager = make.account(make.person())
        registrations.amend(row, Entry(post="钳工"), by=manager, stamp=make.stamp(manager))
    assert (row.consent, bool(row.consent_hash)) == (Consent.ASKED, True)
    assert db.session.query(Message).filter_by(kind="registration.change_asked").count() == 1


def test_nobody_is_asked_where_nothing_changed_or_the_person_changed_it(context: Flask) -> None:
    row, account = entered(Consent.CONFIRMED)
    with transaction():
        manager = make.account(make.person())
        registrations.amend(row, Entry(), by=manager, stamp=make.stamp(manager))
        assert row.consent is Consent.CONFIRMED
        registrations.amend(row, Entry(post="钳工"), by=account, stamp=make.stamp(account))
        assert row.consent is Consent.CONFIRMED


def test_a_bulk_acceptance_is_not_taken_from_who_has_come(context: Flask) -> None:
    with transaction():
        reviewer, helper = (make.account(make.person()) for _ in "12")
        activity = make.activity(starts_in=dt.timedelta(hours=1))
        track = make.track(activity, closes_at=make.now())
        rows = [make.accepted(track) for _ in "123"]
        for row in rows:
            row.state = State.SUBMITTED
        db.session.flush()
        seen = {row.code: row.version for row in rows}
        bulk = registrations.decide_all(
            rows, State.ACCEPTED, seen=seen, by=reviewer, stamp=make.stamp(reviewer)
        )
        came, undone = (
            attendances.check_in(row, None, way=attendances.Way.TYPED, by=helper, stamp=make.stamp(helper))
            for row in rows[:2]
        )
        assert came.attendance.registration_id == rows[0].id
        attendances.undo(undone.attendance, "误扫", by=helper, stamp=make.stamp(helper))
    with transaction():
        left = registrations.undo(bulk, within={row.code for row in rows}, stamp=make.stamp(reviewer))
    assert [(each.registration.id, str(each.reason)) for each in left] == [(rows[0].id, "已签到，未撤回")]
    assert [row.state for row in rows] == [State.ACCEPTED, State.SUBMITTED, State.SUBMITTED]
