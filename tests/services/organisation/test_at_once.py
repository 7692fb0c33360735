"""What many do at the same moment happens once: on SQLite and on PostgreSQL."""

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from models.account import Account, Grant
from models.base import db
from models.organisation import Application, Member, Organisation, Type
from services import account as accounts
from services import organisation as organisations
from services import upload as uploads
from services.errors import Refused
from services.organisation import Contact, UnitEntry, credit_code
from services.transaction import transaction
from tests.services.organisation.conftest import House, principal
from tests.support import factories
from tests.support.files import paper

TOGETHER = 6


def at_once(app: Flask, does: Callable[[int], object]) -> Counter[str]:
    """Each in a thread and session of its own; what became of them."""
    start, outcomes = threading.Barrier(TOGETHER), []

    def work(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    does(number)
                outcomes.append("done")
            except Refused as no:
                outcomes.append(type(no).__name__)
            except Exception as fault:  # noqa: BLE001  a fault is an outcome too, and fails the test
                outcomes.append(repr(fault))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


@pytest.fixture
def guest(house: House) -> Account:
    with transaction():
        return accounts.open_account("客人", "19912345678", "guest@example.org", stamp=factories.stamp())


def test_one_invitation_makes_one_member(app: Flask, house: House, guest: Account) -> None:
    with transaction():
        token = organisations.invite(
            house.unit,
            Contact.read("19912345678"),
            as_manager=True,
            by=principal(house.desk),
            stamp=factories.stamp(),
        )
    guest_id = guest.id

    def accept(_number: int) -> None:
        account = db.session.get_one(Account, guest_id)
        organisations.accept(organisations.get_invitation(token), account, stamp=factories.stamp(account))

    assert at_once(app, accept) == {"done": 1, "InvitationOver": TOGETHER - 1}
    db.session.rollback()
    assert _count(Member, Member.account_id == guest_id) == 1
    assert _count(Grant, Grant.account_id == guest_id) == 1


def test_several_ways_into_a_unit_make_one_member(app: Flask, house: House, guest: Account) -> None:
    unit_id, guest_id = house.unit.id, guest.id

    def join(_number: int) -> None:
        unit, account = db.session.get_one(Organisation, unit_id), db.session.get_one(Account, guest_id)
        organisations.join(unit, account, stamp=factories.stamp())

    assert at_once(app, join) == {"done": 1, "AlreadyMember": TOGETHER - 1}
    db.session.rollback()
    assert _count(Member, Member.account_id == guest_id, Member.claim.is_not(None)) == 1


def test_one_credit_code_has_one_open_application(app: Flask, house: House) -> None:
    with transaction():
        people = [factories.account(factories.person()).id for _number in range(TOGETHER)]
    code = credit_code.demo_code(random.Random(3))
    letter = uploads.check(paper(), "授权书.pdf")

    def apply(number: int) -> None:
        account = db.session.get_one(Account, people[number])
        entry = UnitEntry(f"同码厂{number}", Type.ENTERPRISE, credit_code=code)
        organisations.apply(account, entry, letter, stamp=factories.stamp(account))

    assert at_once(app, apply) == {"done": 1, "Taken": TOGETHER - 1}
    db.session.rollback()
    assert _count(Application) == 1


def test_one_application_is_decided_once(app: Flask, house: House, guest: Account) -> None:
    with transaction():
        entry = UnitEntry("待审厂", Type.ENTERPRISE, credit_code=credit_code.demo_code(random.Random(4)))
        row_id = organisations.apply(
            guest, entry, uploads.check(paper(), "授权书.pdf"), stamp=factories.stamp()
        ).id
    desk = principal(house.desk)

    def decide(number: int) -> None:
        row = db.session.get_one(Application, row_id)
        organisations.decide(row, opened=number % 2 == 0, reason="x", by=desk, stamp=factories.stamp())

    assert at_once(app, decide) == {"done": 1, "Decided": TOGETHER - 1}
    db.session.rollback()
    assert _count(Organisation, Organisation.name == "待审厂") == _count(
        Application, Application.organisation_id.is_not(None)
    )


def _count(kind: type[Member] | type[Grant] | type[Application] | type[Organisation], *where: object) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(kind).where(*where)) or 0  # type: ignore[arg-type]
