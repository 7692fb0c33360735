"""审核员: an organiser appoints one, for the whole activity or a track, and ends it."""

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from models.account import Account, Grant, Role, ScopeKind
from models.activity import Activity, Track
from models.audit import Trace
from models.base import db
from models.notification import Message
from services.transaction import transaction
from tests.support import factories as make
from tests.support.staff import ask, hidden, sign_in


def scene(client: FlaskClient) -> tuple[Activity, list[Track], Account, Account]:
    """An organiser who is signed in, and somebody with an account."""
    with transaction():
        activity = make.activity()
        tracks = [make.track(activity, name=name) for name in ("数控铣 · 职工组", "钳工 · 职工组")]
        organiser, other = make.account(make.person()), make.account(make.person("示例审核员"))
        make.grant(organiser, Role.ORGANISER, ScopeKind.ACTIVITY, activity.code)
    sign_in(client, organiser, make.now())
    return activity, tracks, organiser, other


def appoint(client: FlaskClient, activity: Activity, **fields: str) -> tuple[int, str]:
    page = f"/desk/activity/{activity.code}/reviewers"
    answer = ask(client, "POST", page, hidden(ask(client, "GET", page).text) | {"last_day": ""} | fields)
    db.session.expire_all()
    return answer.status_code, answer.text


def reviewing(account: Account) -> list[tuple[ScopeKind, str | None]]:
    return [
        (row.scope_kind, row.scope_code)
        for row in db.session.scalars(
            sa.select(Grant)
            .where(Grant.account_id == account.id, Grant.revoked_at.is_(None))
            .order_by(Grant.id)
        )
        if row.role is Role.REVIEWER
    ]


def test_a_reviewer_is_appointed_for_one_track_told_and_ended(client: FlaskClient, context: Flask) -> None:
    activity, tracks, _organiser, other = scene(client)
    said = {"name": "示例审核员", "known_by": other.code, "place": f"track:{tracks[1].code}"}
    assert appoint(client, activity, **said)[0] == 303
    assert reviewing(other) == [(ScopeKind.TRACK, tracks[1].code)]
    page = ask(client, "GET", f"/desk/activity/{activity.code}/reviewers").text
    assert "钳工 · 职工组" in page
    assert "示例审核员" in page
    status, text = appoint(client, activity, **said)
    assert status == 409
    assert "已有这一授权" in text
    grant = db.session.scalars(sa.select(Grant).where(Grant.role == Role.REVIEWER)).one()
    done = ask(client, "POST", f"/desk/activity/{activity.code}/reviewers/{grant.code}/end", hidden(page))
    assert done.status_code == 303
    db.session.expire_all()
    assert reviewing(other) == []
    kinds = db.session.scalars(sa.select(Message.kind).where(Message.account_id == other.id)).all()
    assert {"account.granted", "registration.reviewer_ended"} <= set(kinds)
    noted = db.session.scalars(sa.select(Trace.action)).all()
    assert {"activity.reviewer_appointed", "activity.reviewer_ended"} <= set(noted)


def test_the_phone_finds_an_account_only_with_its_name(client: FlaskClient, context: Flask) -> None:
    activity, _tracks, _organiser, other = scene(client)
    assert other.phone
    wrong = [{"name": "别人", "known_by": other.phone}, {"name": "示例审核员", "known_by": "13899999999"}]
    for said in wrong:
        status, text = appoint(client, activity, place="activity", **said)
        assert status == 409
        assert "没有找到这个账号" in text
    assert appoint(client, activity, place="activity", name="示例审核员", known_by=other.phone)[0] == 303
    assert reviewing(other) == [(ScopeKind.ACTIVITY, activity.code)]


def test_nobody_appoints_themselves(client: FlaskClient, context: Flask) -> None:
    activity, _tracks, organiser, _other = scene(client)
    assert organiser.person is not None
    status, text = appoint(
        client, activity, place="activity", name=organiser.person.name, known_by=organiser.code
    )
    assert status == 409
    assert "不能委任自己" in text
    assert reviewing(organiser) == []


def test_a_unit_is_given_by_the_district_alone_and_a_track_only_by_its_activity(
    client: FlaskClient, context: Flask
) -> None:
    activity, tracks, organiser, other = scene(client)
    with transaction():
        unit = make.organisation()
        make.accepted(tracks[0]).organisation_id = unit.id
        foreign = make.track()
    said = {"name": "示例审核员", "known_by": other.code}
    assert appoint(client, activity, place=f"unit:{unit.code}", **said)[0] == 422
    assert appoint(client, activity, place=f"track:{foreign.code}", **said)[0] == 422
    with transaction():
        make.grant(organiser, Role.ORGANISER, ScopeKind.DISTRICT, None)
    assert appoint(client, activity, place=f"unit:{unit.code}", **said)[0] == 303
    assert reviewing(other) == [(ScopeKind.UNIT, unit.code)]


def test_trying_out_phones_ends(client: FlaskClient, context: Flask) -> None:
    activity, _tracks, _organiser, _other = scene(client)
    tries = [
        appoint(client, activity, place="activity", name="某人", known_by="13899999999")[0] for _ in range(31)
    ]
    assert tries == [409] * 30 + [429]
