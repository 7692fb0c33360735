"""What a monitor watches, read from the database, so that every process gives the same answer."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from models.account import SignIn
from models.audit import Head
from models.base import db
from models.notification import Message, State
from models.registration import Registration
from services import job as jobs

Sample = tuple[dict[str, str], float]


def read(*, now: dt.datetime) -> Iterator[tuple[str, str, list[Sample]]]:
    """Each gauge: its name, what it says, its samples (labels and value)."""
    yield "worker_leads", "1 while a worker holds the lease", [({}, float(jobs.seen_lately(now=now)))]
    yield "messages", "messages by channel and state", _by(Message.channel, Message.state)
    oldest = db.session.scalar(
        sa.select(sa.func.min(Message.due_at)).where(Message.state.in_([State.QUEUED, State.FAILED]))
    )
    late = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    yield "message_oldest_due_seconds", "how long the oldest unsent message has been due", [({}, late)]
    yield "registrations", "registrations by state", _by(Registration.state)
    live = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(SignIn)
        .where(SignIn.ended_at.is_(None), SignIn.seen_at > now - dt.timedelta(hours=2))
    )
    yield "sign_ins_live", "sign-ins used within two hours", [({}, float(live or 0))]
    yield (
        "audit_links",
        "links of the audit chain",
        [({}, float(db.session.scalar(sa.select(Head.number)) or 0))],
    )


def _by(*columns: InstrumentedAttribute[Any]) -> list[Sample]:
    rows = db.session.execute(sa.select(*columns, sa.func.count()).group_by(*columns)).all()
    names = [column.key for column in columns]
    return [
        ({name: str(value) for name, value in zip(names, row, strict=False)}, float(row[-1])) for row in rows
    ]


def exposition(*, now: dt.datetime) -> str:
    """The gauges in the text format that Prometheus reads."""
    lines = []
    for name, what, samples in read(now=now):
        lines += [f"# HELP yongjiang_{name} {what}", f"# TYPE yongjiang_{name} gauge"]
        for labels, value in samples:
            inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
            lines.append(f"yongjiang_{name}{f'{{{inside}}}' if inside else ''} {value:g}")
    return "\n".join(lines) + "\n"
