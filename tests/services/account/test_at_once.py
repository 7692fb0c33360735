"""Two at the same moment: on SQLite and on PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable

from flask import Flask

from models.account import Account, Role
from models.base import db
from services import account as accounts
from services.account import grants
from services.errors import Refused
from services.transaction import transaction
from tests.support import factories as make


def both(app: Flask, does: Callable[[int], object]) -> Counter[str]:
    """Each in a thread and session of its own; what became of them."""
    start, outcomes = threading.Barrier(2), []

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

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def test_two_administrators_who_end_each_other_leave_one(app: Flask) -> None:
    for ends in (
        lambda one: accounts.disable(one, reason="离职", stamp=make.stamp()),
        lambda one: accounts.revoke(one.grants[0], stamp=make.stamp()),
    ):
        with app.app_context():
            with transaction():
                rows = [make.account(make.person()) for _n in range(2)]
                for row in rows:
                    make.grant(row, Role.SECURITY_ADMIN)
            ids = [row.id for row in rows]

        def end(number: int, ends: Callable[[Account], None] = ends, ids: list[int] = ids) -> None:
            ends(db.session.get_one(Account, ids[number]))

        assert both(app, end) == {"done": 1, "LastAdministrator": 1}
        with app.app_context():
            (left,) = grants.holders(Role.SECURITY_ADMIN, make.now())
            with transaction():
                db.session.get_one(Account, left.id).grants[0].revoked_at = make.now()
