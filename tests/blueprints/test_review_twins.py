"""The review page of an entry says that a likely twin stands beside it, and to whom who it is."""

from flask import Flask
from flask.testing import FlaskClient

from models.account import Role, ScopeKind
from models.base import db
from models.registration import Registration, State
from services import privacy
from services import registration as registrations
from services.transaction import transaction
from tests.support import factories as make
from tests.support.staff import ask, sign_in

SAID = "可能是同一个人"


def two_of_one() -> tuple[Registration, Registration]:
    with transaction():
        track = make.track()
        one, other = make.person("示例张洁珊"), make.person("示例张㛃珊")
        other.birth_date = one.birth_date
        return make.accepted(track, one), make.accepted(track, other)


def test_a_reviewer_reads_of_a_likely_twin_but_nothing_about_them(
    client: FlaskClient, context: Flask
) -> None:
    mine, theirs = two_of_one()
    with transaction():
        reviewer = make.account(make.person())
        make.grant(reviewer, Role.REVIEWER, ScopeKind.TRACK, mine.track.code)
    sign_in(client, reviewer, make.now())
    page = ask(client, "GET", f"/desk/registrations/{mine.code}").text
    assert SAID in page
    assert "/desk/twins/" not in page
    assert theirs.person.name not in page
    assert theirs.person.code not in page


def test_the_bureau_goes_from_there_to_the_comparison(client: FlaskClient, context: Flask) -> None:
    mine, theirs = two_of_one()
    with transaction():
        bureau = make.account(make.person())
        make.grant(bureau, Role.ORGANISER)
    sign_in(client, bureau, make.now())
    pair = f"/desk/twins/{mine.person.code}.{theirs.person.code}"
    assert pair in ask(client, "GET", f"/desk/registrations/{mine.code}").text
    assert ask(client, "GET", pair).status_code == 200


def test_no_twin_is_said_where_none_stands(client: FlaskClient, context: Flask) -> None:
    mine, theirs = two_of_one()
    assert privacy.standing_twins(mine.person, mine.activity_id) == [theirs.person]
    with transaction():
        registrations.withdraw(theirs, stamp=make.stamp())
    assert theirs.state is State.WITHDRAWN
    assert privacy.standing_twins(mine.person, mine.activity_id) == []
    again, beside = two_of_one()
    assert privacy.standing_twins(again.person, mine.activity_id) == []
    with transaction():
        privacy.part(again.person, beside.person, stamp=make.stamp())
    db.session.expire_all()
    assert privacy.standing_twins(again.person, again.activity_id) == []
