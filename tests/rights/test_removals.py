"""R09, R15: a right that was taken away is gone at the next request, and what hung on it with it."""

import datetime as dt

import pytest
import sqlalchemy as sa

from models.account import Account, Grant, Role, ScopeKind
from models.base import db
from models.organisation import Member
from services.transaction import transaction
from tests.rights import registry
from tests.rights.conftest import Scene
from tests.support.application import Hand

INSIDE, OUT, DENIED, GONE = 200, 302, 403, 404


def path(scene: Scene, endpoint: str, **kinds: str) -> str:
    rule = next(rule for rule in registry.rules(scene.app) if rule.endpoint == endpoint)
    return registry.fill(rule, scene.world.a.codes | kinds)


def see(scene: Scene, name: str, where: str) -> int:
    return scene.ask(scene.world.a.people[name], "GET", where).status_code


def do(scene: Scene, name: str, where: str, **fields: str) -> None:
    answer = scene.ask(scene.world.a.people[name], "POST", where, {**fields, **scene.hidden()})
    assert answer.status_code in (200, 303), answer.status_code


def code_of(scene: Scene, name: str) -> str:
    return scene.world.a.people[name].principal.account_code


def grant_of(scene: Scene, name: str) -> str:
    with scene.app.app_context():
        wanted = sa.select(Grant.code).join(Grant.account).where(Account.code == code_of(scene, name))
        return db.session.scalars(wanted).one()


def member_of(scene: Scene, name: str) -> str:
    with scene.app.app_context():
        wanted = sa.select(Member.code).join(Member.account).where(Account.code == code_of(scene, name))
        return db.session.scalars(wanted).one()


def test_a_closed_account_is_outside(scene: Scene) -> None:
    draft = path(scene, "desk.show")
    assert see(scene, "organiser", draft) == INSIDE
    where = path(scene, "account.disable", account=code_of(scene, "organiser"))
    do(scene, "security_admin", where, reason="已离职")
    assert see(scene, "organiser", draft) == OUT
    api = scene.ask(scene.world.a.people["organiser"], "GET", "/api/v1/me")
    assert api.status_code == 401


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("organiser", "desk.show"),
        ("activity_approver", "desk.approve"),
        ("reviewer", "registration.review"),
        ("district_organiser", "organisation.decide"),
        ("activity_organiser", "account.badges_of"),
    ],
)
def test_a_revoked_right_opens_nothing(scene: Scene, name: str, endpoint: str) -> None:
    where = path(scene, endpoint)
    assert see(scene, name, where) == INSIDE
    do(scene, "security_admin", path(scene, "account.revoke", grant=grant_of(scene, name)))
    assert see(scene, name, where) == DENIED


def test_whoever_left_the_unit_has_no_right_there(scene: Scene) -> None:
    """The right lay in the unit; it went with the membership, not by a second deed."""
    own = path(scene, "organisation.edit")
    with scene.app.app_context(), transaction():
        account = db.session.scalars(sa.select(Account).where(Account.code == code_of(scene, "member"))).one()
        for role in (Role.UNIT_MANAGER, Role.ORGANISER):
            db.session.add(
                Grant(
                    account_id=account.id,
                    role=role,
                    scope_kind=ScopeKind.ORGANISATION,
                    scope_code=scene.world.a.codes["unit"],
                    starts_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
                )
            )
    draft = path(scene, "desk.edit")
    assert see(scene, "member", own) == see(scene, "member", draft) == INSIDE
    do(scene, "unit_manager", path(scene, "organisation.remove", own_member=member_of(scene, "member")))
    assert (see(scene, "member", own), see(scene, "member", draft)) == (GONE, DENIED)


def test_a_manager_who_handed_over_is_a_plain_member(scene: Scene) -> None:
    own, house = path(scene, "organisation.edit"), path(scene, "organisation.show")
    assert see(scene, "unit_manager", own) == INSIDE
    do(scene, "unit_manager", path(scene, "organisation.hand_over"))
    assert (see(scene, "unit_manager", own), see(scene, "unit_manager", house)) == (DENIED, INSIDE)
    assert see(scene, "member", own) == INSIDE


def test_a_closed_unit_gives_no_rights(scene: Scene) -> None:
    draft = path(scene, "desk.show")
    do(scene, "security_admin", path(scene, "organisation.close"))
    assert see(scene, "organiser", draft) == DENIED
    assert see(scene, "unit_manager", path(scene, "organisation.show")) == GONE


def test_a_sign_in_that_was_ended_is_outside(scene: Scene) -> None:
    do(scene, "contestant", path(scene, "account.end_sign_in"))
    assert see(scene, "contestant", "/me/registrations") == OUT


def test_a_token_that_was_taken_back_opens_nothing(scene: Scene) -> None:
    who = scene.world.a.people["contestant"]
    assert scene.ask(who, "GET", "/api/v1/me").status_code == INSIDE
    do(scene, "contestant", path(scene, "token.revoke"))
    assert scene.ask(who, "GET", "/api/v1/me").status_code == 401


def test_a_right_ends_with_its_time(scene: Scene, clock: Hand) -> None:
    where = path(scene, "registration.review")
    with scene.app.app_context(), transaction():
        row = db.session.scalars(sa.select(Grant).where(Grant.code == grant_of(scene, "reviewer"))).one()
        row.ends_at = clock.now + dt.timedelta(minutes=5)
    assert see(scene, "reviewer", where) == INSIDE
    clock.advance(minutes=5)
    assert see(scene, "reviewer", where) == DENIED


def test_a_badge_that_was_withdrawn_opens_nothing(scene: Scene) -> None:
    client = scene.app.test_client()
    where = path(scene, "account.badge")
    with client.session_transaction() as session:
        session["csrf_token"] = "5" * 40
    answer = client.post(where, data={"pin": scene.world.a.codes["badge.pin"], **scene.hidden()})
    assert answer.status_code == 303
    assert client.get("/desk/activities").status_code == INSIDE
    do(scene, "organiser", path(scene, "account.withdraw_badge"))
    assert client.get("/desk/activities").status_code == OUT
