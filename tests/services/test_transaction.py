"""The only commit: all or nothing, the write lock from the start, closers in order."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from models.base import db
from models.visit import Once
from services import transaction as transactions
from services.stamp import clock
from services.transaction import afterwards, transaction


def put(key: str) -> None:
    db.session.add(Once(key=key, answer="", at=clock.now()))


def fail(before: Callable[[], object] = lambda: None) -> None:
    before()
    db.session.flush()
    raise ZeroDivisionError


def put_and(interrupt: BaseException) -> None:
    put("a")
    raise interrupt


def nest() -> None:
    put("a")
    with transaction():
        put("b")


def stored() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(Once.key)))


def test_what_a_block_wrote_is_there_after_it(context: Flask) -> None:
    with transaction():
        put("a")
    db.session.remove()
    assert stored() == {"a"}


def test_a_block_that_raises_leaves_nothing(context: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        fail(lambda: put("a"))
    assert stored() == set()


def test_an_interrupt_leaves_nothing_either(context: Flask) -> None:
    with pytest.raises(KeyboardInterrupt), transaction():
        put_and(KeyboardInterrupt())
    assert stored() == set()


def test_a_transaction_inside_a_transaction_is_a_bug(context: Flask) -> None:
    with pytest.raises(RuntimeError, match="inside a transaction"), transaction():
        nest()
    assert stored() == set()


def test_after_a_nested_one_was_refused_the_next_one_works(context: Flask) -> None:
    with pytest.raises(RuntimeError), transaction(), transaction():
        pass
    with transaction():
        put("c")
    assert stored() == {"c"}


def test_what_was_read_before_does_not_keep_its_transaction(context: Flask) -> None:
    db.session.scalars(sa.select(Once)).all()
    with transaction():
        put("a")
    assert stored() == {"a"}


def test_on_sqlite_it_is_immediate(context: Flask, database_kind: str) -> None:
    """The write lock is taken before anything is read, so a second writer waits instead of failing late."""
    said: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda _c, _k, text, *_more: said.append(text))
    with transaction() as session:
        if database_kind == "sqlite":
            options = session.connection().get_execution_options()
            assert options["sqlite_begin"] == "IMMEDIATE"
            assert is_write_locked()
        put("a")
    if database_kind == "sqlite":
        assert not is_write_locked()


def is_write_locked() -> bool:
    """Whether another connection would have to wait for writing."""
    raw = db.engine.raw_connection()
    try:
        assert raw.driver_connection is not None
        raw.driver_connection.execute("PRAGMA busy_timeout=0")
        try:
            raw.driver_connection.execute("BEGIN IMMEDIATE")
        except Exception as fault:  # noqa: BLE001 - of the driver, whichever it is
            return "locked" in str(fault)
        raw.driver_connection.execute("ROLLBACK")
        return False
    finally:
        raw.driver_connection.execute("PRAGMA busy_timeout=15000")
        raw.close()


@pytest.fixture
def closers() -> list[transactions.Closer]:
    before = list(transactions._closers)
    mine: list[transactions.Closer] = []
    transactions.install(mine)
    yield transactions._closers
    transactions.install(before)


def test_closers_run_last_and_in_order(context: Flask, closers: list[transactions.Closer]) -> None:
    order: list[str] = []

    def note(name: str) -> transactions.Closer:
        def close(session: Session) -> None:
            assert not session.new, "a closer sees everything flushed"
            order.append(name)

        return close

    closers += [note("page"), note("audit")]
    with transaction():
        put("a")
        order.append("verb")
    assert order == ["verb", "page", "audit"]


def test_a_closer_that_fails_takes_everything_back(
    context: Flask, closers: list[transactions.Closer]
) -> None:
    def fail(_session: Session) -> None:
        raise ZeroDivisionError

    closers.append(fail)
    with pytest.raises(ZeroDivisionError), transaction():
        put("a")
    assert stored() == set()


def test_what_comes_afterwards_comes_only_if_it_is_durable(context: Flask) -> None:
    called: list[set[str]] = []
    with transaction():
        put("a")
        afterwards(lambda: called.append(stored()))
    assert called == [{"a"}]
    with pytest.raises(ZeroDivisionError), transaction():
        fail(lambda: afterwards(lambda: called.append(stored())))
    assert len(called) == 1


def test_the_house_closes_pages_before_the_chain(app: Flask) -> None:
    from services import audit, page

    assert transactions._closers == [page.close, audit.close]
