"""The audit chain: whatever is done to it is found; triggers stand in the way; writers keep it together (R58)."""

import random
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from models.audit import GENESIS, Head, Trace
from models.base import db
from services import audit as audits
from services.stamp import Stamp, machine
from services.transaction import transaction
from tests.support.crowd import Crowd, in_threads

LENGTH = 40
TEXTS = ("action", "actor", "address", "subject", "outcome", "detail", "previous", "hash")


def write(count: int, name: str = "test") -> int:
    for number in range(count):
        with transaction():
            audits.record("thing.done", f"thing:{number}", stamp=Stamp(actor=name), number=number)
    return count


def record_and_fail() -> None:
    audits.record("thing.done", stamp=machine("test"))
    raise ZeroDivisionError


def faults() -> list[audits.Fault]:
    return list(audits.verify())


def unguarded() -> None:
    """What an intruder with all rights does first."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in names.fetchall():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE trace DISABLE TRIGGER USER")
            connection.exec_driver_sql("ALTER TABLE trace_head DISABLE TRIGGER USER")


def edit(chance: random.Random, connection: sa.Connection) -> str:
    """One field of one row, changed a little."""
    number, column = chance.randint(1, LENGTH), chance.choice([*TEXTS, "at"])
    was = connection.execute(sa.select(Trace.__table__.c[column]).where(Trace.number == number)).scalar_one()
    if column == "at":
        now = was.replace(microsecond=(was.microsecond + 1) % 1_000_000)
    elif not was:
        now = "x"
    else:
        place = chance.randrange(len(was))
        now = (
            was[:place] + chance.choice([c for c in "0123456789abcdef" if c != was[place]]) + was[place + 1 :]
        )
    connection.execute(sa.update(Trace).where(Trace.number == number).values({column: now}))
    return f"{column} of {number}"


def delete(chance: random.Random, connection: sa.Connection) -> str:
    first = chance.randint(1, LENGTH - 1)
    last = min(LENGTH - 1, first + chance.randint(0, 3))
    connection.execute(sa.delete(Trace).where(Trace.number.between(first, last)))
    if chance.random() < 0.5:  # close the gap
        for number in range(last + 1, LENGTH + 1):
            connection.execute(
                sa.update(Trace).where(Trace.number == number).values(number=number - (last - first + 1))
            )
        connection.execute(sa.update(Head).values(number=LENGTH - (last - first + 1)))
    return f"{first} to {last}"


def reorder(chance: random.Random, connection: sa.Connection) -> str:
    one, other = chance.sample(range(1, LENGTH + 1), 2)
    for old, new in ((one, 0), (other, one), (0, other)):
        connection.execute(sa.update(Trace).where(Trace.number == old).values(number=new))
    return f"{one} and {other}"


def insert(chance: random.Random, connection: sa.Connection) -> str:
    """One row more, with a hash of its own that fits the one before."""
    after = chance.randint(0, LENGTH)
    for number in range(LENGTH, after, -1):
        connection.execute(sa.update(Trace).where(Trace.number == number).values(number=number + 1))
    previous = GENESIS
    if after:
        previous = connection.execute(sa.select(Trace.hash).where(Trace.number == after)).scalar_one()
    row: dict[str, object] = {
        "at": Stamp().when,
        "action": "account.granted",
        "actor": "somebody",
        "address": "",
        "subject": "account:x",
        "outcome": "done",
        "detail": "{}",
    }
    row |= {"number": after + 1, "previous": previous, "hash": audits.link(previous, after + 1, row)}
    connection.execute(sa.insert(Trace), [row])
    return f"after {after}"


def cut(chance: random.Random, connection: sa.Connection) -> str:
    keep = chance.randint(0, LENGTH - 1)
    connection.execute(sa.delete(Trace).where(Trace.number > keep))
    return f"all after {keep}"


WAYS: list[Callable[[random.Random, sa.Connection], str]] = [edit, delete, reorder, insert, cut]


def test_every_tampering_is_found(context: Flask, rounds: Callable[[int, int], int]) -> None:
    unguarded()
    write(LENGTH)
    assert faults() == []
    chance = random.Random(58)
    for number in range(rounds(20, 200)):
        way = WAYS[number % len(WAYS)]
        connection = db.session.connection()
        done = way(chance, connection)
        found = list(audits.walk(db.session()))
        db.session.rollback()
        assert found, f"{way.__name__} {done} was not found"
    assert faults() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trace SET actor = 'nobody'",
        "UPDATE trace SET detail = detail",
        "DELETE FROM trace",
        "DELETE FROM trace WHERE number = 2",
        "DELETE FROM trace_head",
        "UPDATE trace_head SET number = 1",
        "UPDATE trace_head SET number = number - 1",
    ],
)
def test_the_database_refuses_to_change_the_trail(context: Flask, statement: str) -> None:
    write(3)
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert faults() == []


def test_the_database_refuses_to_empty_or_replace_the_trail(context: Flask, database_kind: str) -> None:
    write(2)
    replaced = sa.text(
        "INSERT OR REPLACE INTO trace (number, at, action, actor, address, subject, outcome, detail, previous, hash)"
        " SELECT 1, at, 'x', actor, address, subject, outcome, detail, previous, 'y' FROM trace WHERE number = 2"
    )
    emptied = [sa.text("TRUNCATE trace"), sa.text("TRUNCATE trace_head")]
    for statement in emptied if database_kind == "postgresql" else [replaced]:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.execute(statement)
    assert faults() == []


def write_in_threads(count: int) -> int:
    from flask import current_app

    return sum(in_threads(current_app._get_current_object(), 2, write, count))


def test_writers_in_several_processes_keep_one_chain(context: Flask, crowd: Crowd) -> None:
    assert crowd.run(3, write_in_threads, 15) == [30, 30, 30]
    assert faults() == []
    assert db.session.scalars(sa.select(Head.number)).one() == 90


def test_the_walk_is_not_disturbed_by_writers(context: Flask, crowd: Crowd) -> None:
    write(5)
    writers = crowd.begin(1, write, 120)
    while writers[0].is_alive():
        assert faults() == []
    assert writers[0].exitcode == 0


def test_an_event_of_a_transaction_that_fails_is_not_recorded(context: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        record_and_fail()
    write(1)
    assert db.session.scalars(sa.select(Trace.number)).all() == [1]
    assert faults() == []


def test_an_event_names_the_row_and_carries_its_facts(context: Flask) -> None:
    with transaction():
        head = db.session.get_one(Head, 1)
        audits.record("thing.done", head, stamp=Stamp(actor="abc", address="::1"), number=1, word="好")
    row = db.session.scalars(sa.select(Trace)).one()
    assert (row.action, row.actor, row.address, row.subject) == ("thing.done", "abc", "::1", "trace_head:")
    assert row.detail == '{"number":1,"word":"好"}'
    assert row.previous == GENESIS
