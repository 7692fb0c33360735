"""Revoking and reissuing by two persons, and falling with what was certified."""

import pytest
import sqlalchemy as sa

from models.base import db
from models.certificate import Certificate, ChangeRequest, State, Wish
from models.person import Person
from services import certificate as certificates
from services.transaction import transaction
from tests.services.certificate.conftest import Hall
from tests.support import factories as make
from tests.support import honours
from tests.support.staff import principal_of


@pytest.fixture
def row(hall: Hall) -> Certificate:
    return honours.issued([honours.order(hall.activity, hall.winner)], hall.officer)[0]


def ask(hall: Hall, row: Certificate, wish: Wish, reason: str = "姓名有误") -> ChangeRequest:
    with transaction():
        return certificates.ask_change(row, wish, reason, by=hall.officer, stamp=make.stamp(hall.officer))


def test_a_revoked_one_is_no_longer_valid_and_says_so(hall: Hall, row: Certificate) -> None:
    asked = ask(hall, row, Wish.REVOKE)
    with transaction():
        certificates.decide_change(asked, True, by=hall.other, stamp=make.stamp(hall.other))
    assert (row.state, row.claim) == (State.REVOKED, None)
    assert row.ended_at is not None
    assert certificates.agrees(row.number, "张㛃喆淼") is False
    with pytest.raises(certificates.NotValid):
        certificates.pdf(row)


def test_the_same_person_does_not_decide(hall: Hall, row: Certificate) -> None:
    asked = ask(hall, row, Wish.REVOKE)
    with pytest.raises(certificates.SamePerson), transaction():
        certificates.decide_change(asked, True, by=hall.officer, stamp=make.stamp())
    with transaction():
        nobody = make.account()
    with pytest.raises(certificates.Unidentified), transaction():
        certificates.decide_change(asked, True, by=nobody, stamp=make.stamp())
    assert row.state is State.ISSUED


def test_a_reissued_one_keeps_its_number_and_takes_the_present_name(hall: Hall, row: Certificate) -> None:
    with transaction():
        db.session.get_one(Person, hall.winner.id).name = "张洁喆淼"
    asked = ask(hall, row, Wish.REISSUE)
    with transaction():
        new = certificates.decide_change(asked, True, by=hall.other, stamp=make.stamp(hall.other))
    assert (row.state, new.state) == (State.REISSUED, State.QUEUED)
    certificates.sign_due(stamp=make.stamp())
    assert (new.number, new.version_no, new.replaces_id) == (row.number, 2, row.id)
    assert new.token != row.token
    assert certificates.facts(new).name == "张洁喆淼"
    assert certificates.facts(new).issued_on == certificates.facts(row).issued_on
    assert certificates.is_genuine(new) and certificates.is_genuine(row)
    assert certificates.agrees(row.number, "张洁喆淼")
    assert not certificates.agrees(row.number, "张㛃喆淼")
    assert [one.id for one in certificates.versions_of(new)] == [new.id, row.id]


def test_a_declined_request_changes_nothing_and_needs_a_reason(hall: Hall, row: Certificate) -> None:
    asked = ask(hall, row, Wish.REVOKE)
    with pytest.raises(certificates.NoReason), transaction():
        certificates.decide_change(asked, False, " ", by=hall.other, stamp=make.stamp())
    with transaction():
        certificates.decide_change(asked, False, "原证无误", by=hall.other, stamp=make.stamp())
    assert row.state is State.ISSUED
    with pytest.raises(certificates.AlreadyDecided), transaction():
        certificates.decide_change(asked, True, by=hall.other, stamp=make.stamp())
    assert not ask(hall, row, Wish.REVOKE).is_accepted


def test_one_request_at_a_time_with_a_reason_and_for_a_live_one(hall: Hall, row: Certificate) -> None:
    with pytest.raises(certificates.NoReason):
        ask(hall, row, Wish.REVOKE, "  ")
    asked = ask(hall, row, Wish.REVOKE)
    with pytest.raises(certificates.AlreadyAsked):
        ask(hall, row, Wish.REISSUE)
    with transaction():
        certificates.decide_change(asked, True, by=hall.other, stamp=make.stamp())
    with pytest.raises(certificates.NotLive):
        ask(hall, row, Wish.REISSUE)


def test_what_was_certified_falls_and_is_certified_anew(hall: Hall, row: Certificate) -> None:
    asked = ask(hall, row, Wish.REISSUE)
    with transaction():
        fallen = certificates.fall(row.subject, "名次更正", stamp=make.stamp())
    assert fallen is row
    assert (row.state, row.end_reason) == (State.REVOKED, "名次更正")
    db.session.refresh(asked)
    assert not asked.is_open, "nothing waits for a certificate that fell"
    with transaction():
        assert certificates.fall(row.subject, "再次", stamp=make.stamp()) is None
        assert certificates.fall("line:none", "没有", stamp=make.stamp()) is None
    again = honours.order(hall.activity, hall.winner, subject=row.subject, award="二等奖")
    new = honours.issued([again], hall.officer)[0]
    assert (new.number, new.version_no, new.replaces_id) == (row.number, 2, row.id)
    assert certificates.is_genuine(new)
    assert certificates.live_of([row.subject]) == {row.subject: new}


def test_one_that_falls_before_it_is_signed_is_never_signed(hall: Hall) -> None:
    order = honours.order(hall.activity)
    with transaction():
        made = certificates.issue([order], by=hall.officer, stamp=make.stamp())[0]
    with transaction():
        certificates.fall(order.subject, "名次更正", stamp=make.stamp())
    assert certificates.sign_due(stamp=make.stamp()) == 0
    assert (made.state, made.signature) == (State.REVOKED, None)


def test_the_desk_shows_what_another_asked_for_and_not_my_own(hall: Hall, row: Certificate) -> None:
    ask(hall, row, Wish.REVOKE)
    mine, theirs = principal_of(hall.officer), principal_of(hall.other)
    assert certificates.waiting(mine) == []
    assert [(one.count, one.endpoint) for one in certificates.waiting(theirs)] == [(1, "certificate.desk")]
    assert len(certificates.open_changes(mine)) == 1


def test_a_merged_person_keeps_their_certificates(hall: Hall, row: Certificate) -> None:
    with transaction():
        other = make.person("张洁喆淼")
        account = make.account(other)
        hall.winner.merged_into_id = other.id
    assert [one.id for one in certificates.of_person(other.id)] == [row.id]
    assert certificates.is_holder(principal_of(account), row)
    assert not certificates.is_holder(principal_of(hall.account), row)
    assert db.session.scalar(sa.select(sa.func.count(Certificate.id))) == 1
