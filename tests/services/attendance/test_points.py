"""Named doors: arranged by organisers; a helper of one stands there and nowhere else."""

import datetime as dt

import pytest
from flask import Flask

from models.account import Account, Role, ScopeKind
from models.attendance import Way
from models.base import db
from services import account as accounts
from services import attendance as attendances
from services.access import Principal
from services.account import badges, sign_ins
from services.attendance import (
    How,
    OtherDoor,
    PointClosed,
    PointNameTaken,
    WrongActivity,
    points,
)
from services.errors import Missing
from services.stamp import clock
from services.transaction import transaction
from tests.services.attendance.conftest import Hall
from tests.support import factories as make


def who(account: Account) -> Principal:
    with transaction():
        token = sign_ins.begin(account, second_factor=True, stamp=make.stamp(account))
    found = sign_ins.find(token, clock.now())
    assert found is not None
    return sign_ins.principal(found, clock.now())


def helper_at(point_code: str) -> Account:
    helper = make.account(make.person())
    make.grant(helper, Role.CHECKIN_HELPER, ScopeKind.DOOR, point_code)
    return helper


def test_a_name_is_taken_once_in_an_activity(hall: Hall) -> None:
    with transaction():
        points.add(hall.activity, "东门", stamp=make.stamp())
        points.add(make.activity(), "东门", stamp=make.stamp())
    with pytest.raises(PointNameTaken), transaction():
        points.add(hall.activity, "东门", stamp=make.stamp())
    with pytest.raises(WrongActivity), transaction():
        points.add(hall.activity, "西门", make.activity().sessions[0], stamp=make.stamp())


def test_a_helper_of_one_door_sees_its_sitting_only(hall: Hall) -> None:
    with transaction():
        east = points.add(hall.activity, "东门", hall.second, stamp=make.stamp())
        other = points.add(make.activity("另一个"), "东门", stamp=make.stamp())
        helper = helper_at(east.code)
    gate = attendances.get_gate(who(helper), hall.activity.code)
    assert (gate.is_whole, gate.point, gate.sittings) == (False, east, [hall.second])
    assert gate.get_sitting(hall.second.code) == hall.second
    with pytest.raises(Missing):
        gate.get_sitting(hall.whole.code)
    with pytest.raises(Missing):
        attendances.get_gate(who(helper), other.activity.code)
    whole = attendances.get_gate(who(hall.helper), hall.activity.code)
    assert (whole.is_whole, whole.sittings) == (True, [hall.whole, hall.second])


def test_a_closed_door_lets_nobody_stand_at_it(hall: Hall) -> None:
    with transaction():
        east = points.add(hall.activity, "东门", stamp=make.stamp())
        helper = helper_at(east.code)
    principal = who(helper)
    assert attendances.find_gate(principal, hall.activity) is not None
    with transaction():
        points.close(east, stamp=make.stamp())
    assert attendances.find_gate(principal, hall.activity) is None
    with transaction():
        points.open_again(east, stamp=make.stamp())
    assert attendances.find_gate(principal, hall.activity) is not None


def test_a_check_in_bears_its_door_and_no_door_that_is_not_for_it(hall: Hall) -> None:
    with transaction():
        east = points.add(hall.activity, "东门", hall.whole, stamp=make.stamp())
        shut = points.add(hall.activity, "北门", stamp=make.stamp())
        away = points.add(make.activity(), "东门", stamp=make.stamp())
    with transaction():
        points.close(shut, stamp=make.stamp())

    def enter(number: int, point: points.Point, session: object = None) -> attendances.CheckIn:
        with transaction():
            return attendances.note(
                hall.entries[number],
                session or hall.whole,  # type: ignore[arg-type]
                how=How(Way.TYPED, point=point),
                by=hall.helper,
                stamp=make.stamp(hall.helper),
            )

    assert enter(0, east).attendance.point == east
    with pytest.raises(OtherDoor):
        enter(1, east, hall.second)
    with pytest.raises(PointClosed):
        enter(1, shut)
    with pytest.raises(WrongActivity):
        enter(1, away)


def test_who_may_undo_at_one_door(hall: Hall) -> None:
    with transaction():
        east = points.add(hall.activity, "东门", stamp=make.stamp())
        helper = helper_at(east.code)
    theirs = hall.check_in(hall.entries[0]).attendance
    own = hall.check_in(hall.entries[1], by=helper).attendance
    gate = attendances.get_gate(who(helper), hall.activity.code)
    assert gate.may_undo(own, helper.id)
    assert not gate.may_undo(theirs, helper.id)
    assert attendances.get_gate(who(hall.helper), hall.activity.code).may_undo(own, hall.helper.id)


def test_a_badge_of_one_door_is_for_helpers_and_ends_with_the_day(hall: Hall, context: Flask) -> None:
    with transaction():
        east = points.add(hall.activity, "东门", stamp=make.stamp())

    def issue(role: Role) -> accounts.badges.Badge:
        with transaction():
            return badges.issue(
                hall.activity.code,
                role,
                "小王",
                drawn=badges.draw(),
                day=clock.today(),
                door_code=east.code,
                stamp=make.stamp(),
            )

    made = issue(Role.CHECKIN_HELPER)
    with pytest.raises(ValueError, match="one door"):
        issue(Role.SUPERVISOR)
    grant = made.account.grants[0]
    assert (grant.scope_kind, grant.scope_code) == (ScopeKind.DOOR, east.code)
    assert grant.is_in_force(clock.now())
    assert not grant.is_in_force(clock.now() + dt.timedelta(days=1))
    assert [row.account_id for row in badges.listing(hall.activity.code, [east.code])] == [made.account.id]
    assert badges.listing(make.activity().code) == []
    db.session.rollback()


def test_what_waits_at_one_door_is_on_its_helpers_desk(hall: Hall) -> None:
    with transaction():
        east = points.add(hall.activity, "东门", hall.second, stamp=make.stamp())
        helper, stranger = helper_at(east.code), make.account(make.person())
    here = attendances.waiting(who(helper))
    assert [each.values["session"] for each in here if each.values] in ([hall.second.code], [])
    assert attendances.waiting(who(stranger)) == []
