"""What was done, by whom, when: written with the change itself, chained by hash (R58).

`record` only notes the event. `close` runs at the end of the transaction, after all holds, locks the chain's head and
adds the links, so that two transactions with two holds each cannot block one another through the chain.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.audit import GENESIS, Head, Trace
from models.base import db
from services.audit import checkpoints
from services.audit.checkpoints import Fault
from services.stamp import Stamp

Detail = str | int | bool | None | list[str] | list[int]


def record(
    action: str, subject: object = None, *, stamp: Stamp, outcome: str = "done", **detail: Detail
) -> None:
    """Note one event: `<word>.<past participle>`, the row it was done to, facts without personal data."""
    db.session().info.setdefault("traces", []).append(
        {
            "at": stamp.when,
            "action": action,
            "actor": stamp.actor,
            "address": stamp.address,
            "subject": name_of(subject),
            "outcome": outcome,
            "detail": canonical(detail),
        }
    )


def name_of(subject: object) -> str:
    """table:code of a row; a text as it is; nothing for None."""
    if subject is None or isinstance(subject, str):
        return subject or ""
    table = getattr(subject, "__tablename__", type(subject).__name__.lower())
    return f"{table}:{getattr(subject, 'code', '')}"


def canonical(detail: object) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: str, number: int, row: dict[str, object]) -> str:
    """The hash of a link: SHA-256 over the one before and everything this one says."""
    at = row["at"]
    assert isinstance(at, dt.datetime)
    fields = [previous, number, at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")]
    fields += [row[key] for key in ("action", "actor", "address", "subject", "outcome", "detail")]
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def close(session: Session) -> None:
    """Add the noted events to the chain: the closer of `transaction`."""
    traces: list[dict[str, object]] = session.info.pop("traces", [])
    if not traces:
        return
    number, previous = session.execute(sa.select(Head.number, Head.hash).with_for_update()).one()
    for row in traces:
        number += 1
        row["number"], row["previous"] = number, previous
        previous = row["hash"] = link(previous, number, row)
    session.execute(sa.insert(Trace), traces)
    session.execute(sa.update(Head).values(number=number, hash=previous))


def checkpoint(*, stamp: Stamp) -> bool:
    """Sign how far the chain has come. A job's verb; true where there was something to sign."""
    made = checkpoints.write(stamp.when)
    if made is not None:
        record("audit.checkpointed", stamp=stamp, number=made.number)
    return made is not None


def verify() -> Iterator[Fault]:
    """What does not fit in the chain, and in the signed checkpoints. Called outside any transaction; writers may go on
    meanwhile.
    """
    session = db.session()
    session.rollback()
    if session.get_bind().dialect.name != "sqlite":  # whose readers see one moment anyway
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    yield from walk(session)
    yield from checkpoints.faults()
    session.rollback()


def walk(session: Session, batch: int = 2000) -> Iterator[Fault]:
    """The whole chain, link by link: which was changed, is missing, was added or cut."""
    expected, previous = 1, GENESIS
    columns = Trace.__table__.c
    for row in session.execute(
        sa.select(*columns).order_by(columns.number).execution_options(yield_per=batch)
    ).mappings():
        if row["number"] != expected:
            yield Fault(expected, f"links {expected} to {row['number'] - 1} are missing")
        if row["previous"] != previous:
            yield Fault(row["number"], "does not follow the link before")
        if link(row["previous"], row["number"], dict(row)) != row["hash"]:
            yield Fault(row["number"], "was changed")
        expected, previous = row["number"] + 1, row["hash"]
    head = session.execute(sa.select(Head.number, Head.hash)).one_or_none()
    if head is None or head.number != expected - 1 or head.hash != previous:
        yield Fault(expected, "the end was cut, or the head was changed")
