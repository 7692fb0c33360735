"""Issuing: numbers, once, all or none, two persons; signing as a job of its own."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from certificates import number
from models import vault
from models.audit import Trace
from models.base import db
from models.certificate import Book, Certificate, Kind, State
from models.notification import Channel, Message
from services import certificate as certificates
from services.transaction import transaction
from tests.services.certificate.conftest import Hall
from tests.support import factories as make
from tests.support import honours


def rows() -> list[Certificate]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Certificate).order_by(Certificate.id)))


def test_a_certificate_is_numbered_frozen_and_then_signed(hall: Hall) -> None:
    order = honours.order(hall.activity, hall.winner)
    with transaction():
        row = certificates.issue([order], by=hall.officer, stamp=make.stamp(hall.officer))[0]
    assert (row.state, row.statement, row.version_no) == (State.QUEUED, None, 1)
    known = number.parse(row.number)
    assert known is not None and (known.series, known.activity, known.serial) == (number.Series.AWARD, 1, 1)
    assert known.year == make.stamp().today.year
    assert not certificates.is_genuine(row)
    assert certificates.sign_due(stamp=make.stamp()) == 1
    assert row.state is State.ISSUED
    assert certificates.is_genuine(row)
    assert certificates.facts(row).name == "张㛃喆淼"
    assert certificates.statement(row)["name"] == "张**淼"
    assert "㛃" not in (row.statement or "")
    assert certificates.sign_due(stamp=make.stamp()) == 0


def test_the_holder_is_told_when_it_is_signed_and_not_before(hall: Hall) -> None:
    def told() -> list[Message]:
        wanted = sa.select(Message).where(
            Message.account_id == hall.account.id, Message.channel == Channel.INBOX
        )
        return list(db.session.scalars(wanted))

    with transaction():
        row = certificates.issue(
            [honours.order(hall.activity, hall.winner)], by=hall.officer, stamp=make.stamp()
        )[0]
    assert told() == []
    certificates.sign_due(stamp=make.stamp())
    assert [(one.kind, one.link) for one in told()] == [("certificate.issued", f"/certificate/{row.code}")]


def test_serials_go_on_within_an_activity_and_activities_are_counted_within_a_year(hall: Hall) -> None:
    with transaction():
        second = honours.contest("数控车工比武")
    for _turn in range(2):
        honours.issued([honours.order(hall.activity), honours.order(second)], hall.officer)
    honours.issued([honours.order(hall.activity, kind=Kind.COMPLETION)], hall.officer)
    found = [number.parse(row.number) for row in rows()]
    assert all(found)
    places = sorted((one.activity, one.serial) for one in found if one)
    assert places in ([(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)], [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3)])
    assert len({row.number for row in rows()}) == 5
    assert sum(row.number.startswith("YC-JY-") for row in rows()) == 1


def test_a_subject_has_one_live_certificate(hall: Hall) -> None:
    order = honours.order(hall.activity, hall.winner)
    honours.issued([order], hall.officer)
    with pytest.raises(certificates.AlreadyIssued), transaction():
        certificates.issue([honours.order(hall.activity), order], by=hall.officer, stamp=make.stamp())
    twice = honours.order(hall.activity)
    with pytest.raises(certificates.AlreadyIssued), transaction():
        certificates.issue([twice, twice], by=hall.officer, stamp=make.stamp())
    assert len(rows()) == 1


def test_who_prepared_the_names_does_not_issue(hall: Hall) -> None:
    assert hall.officer.person_id is not None
    order = honours.order(hall.activity, hall.winner, not_by=frozenset({hall.officer.person_id}))
    with pytest.raises(certificates.SamePerson), transaction():
        certificates.issue([honours.order(hall.activity), order], by=hall.officer, stamp=make.stamp())
    assert rows() == []
    honours.issued([order], hall.other)
    assert len(rows()) == 1


def test_another_account_of_the_same_person_is_the_same_person(hall: Hall) -> None:
    with transaction():
        hall.other.person_id = None
        db.session.flush()
        with pytest.raises(certificates.Unidentified):
            certificates.issue([honours.order(hall.activity)], by=hall.other, stamp=make.stamp())


def test_what_cannot_be_printed_stops_all_and_is_named_row_by_row(hall: Hall) -> None:
    orders = [
        honours.order(hall.activity, name="张三"),
        honours.order(hall.activity, name="李\ue000四"),
        honours.order(hall.activity, body_before="很长的话" * 400),
        honours.order(hall.activity, name="王㛃䶮堃"),
    ]
    with pytest.raises(certificates.BadOrders) as no, transaction():
        certificates.issue(orders, by=hall.officer, stamp=make.stamp())
    faults = {fault.row: str(fault.sentence) for fault in no.value.faults}
    assert set(faults) == {2, 3}
    assert "U+E000" in faults[2]
    assert "排不下" in faults[3]
    assert rows() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Book)) == 0
    assert len(honours.issued([orders[0], orders[3]], hall.officer)) == 2


def test_nothing_is_no_batch(hall: Hall) -> None:
    with pytest.raises(certificates.NothingToIssue), transaction():
        certificates.issue([], by=hall.officer, stamp=make.stamp())


def test_issuing_and_signing_leave_traces_without_names(hall: Hall) -> None:
    honours.issued([honours.order(hall.activity, hall.winner)], hall.officer)
    wanted = sa.select(Trace).where(Trace.action.startswith("certificate.")).order_by(Trace.number)
    traces = db.session.scalars(wanted).all()
    assert [trace.action for trace in traces] == ["certificate.queued", "certificate.issued"]
    assert not any("张" in trace.detail for trace in traces)


def test_a_changed_row_is_not_genuine(hall: Hall) -> None:
    row = honours.issued([honours.order(hall.activity, hall.winner)], hall.officer)[0]
    before = {name: getattr(row, name) for name in ("facts", "statement", "signature", "token", "number")}
    changes = {
        "facts": row.facts.replace("一等奖", "特等奖"),
        "statement": (row.statement or "").replace("一等奖", "特等奖"),
        "signature": (row.signature or "")[:-2]
        + ("AA" if not (row.signature or "").endswith("AA") else "BA"),
        "token": "x" * 22,
        "number": "YC-JS-2026-0001-0002-0",
    }
    for name, value in changes.items():
        assert value != before[name]
        setattr(row, name, value)
        assert not certificates.is_genuine(row), name
        setattr(row, name, before[name])
    assert certificates.is_genuine(row)
    db.session.rollback()


def test_an_old_key_still_proves_what_it_signed(hall: Hall) -> None:
    row = honours.issued([honours.order(hall.activity)], hall.officer)[0]
    ring = vault.current()
    vault.install(replace(ring, signing=ring.signing.with_new()))
    try:
        later = honours.issued([honours.order(hall.activity)], hall.officer)[0]
        assert certificates.is_genuine(row)
        assert certificates.is_genuine(later)
        assert len(certificates.keys()) == 2
        assert certificates.statement(later)["kid"] != certificates.statement(row)["kid"]
    finally:
        vault.install(ring)


def test_one_that_cannot_be_signed_stops_no_other(hall: Hall) -> None:
    with transaction():
        made = certificates.issue(
            [honours.order(hall.activity) for _each in range(3)], by=hall.officer, stamp=make.stamp()
        )
        made[1].facts = "{}"
    assert certificates.sign_due(stamp=make.stamp()) == 2
    assert [row.state for row in rows()] == [State.ISSUED, State.QUEUED, State.ISSUED]
