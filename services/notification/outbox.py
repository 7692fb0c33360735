"""Sending what was written. Nothing is sent within a request, and nothing while a transaction is open (R64).

A row is claimed in one short transaction, handed over outside any, and settled in another. Whoever dies in
between leaves it claimed; after ten minutes it is anybody's again. So a letter is never lost, and is repeated
at most once a death, with the same code, by which the other side can tell.
"""

import datetime as dt
import time

import sqlalchemy as sa

from models import vault
from models.base import db
from models.notification import Channel, Message, State
from services import audit as audits
from services.notification import sending
from services.notification.sending import Letter, NotSent
from services.notification.texts import TEXTS
from services.stamp import Stamp
from services.transaction import transaction

BACK_OFF = tuple(dt.timedelta(seconds=s) for s in (1, 5, 30, 120, 600, 3600, 3600))
MOST_TRIES = len(BACK_OFF) + 1
STUCK = dt.timedelta(minutes=10)
ONE_GO = dt.timedelta(seconds=20)
"""After this long a call ends and lets the next poll go on."""

SENT_AND_BLANKED = "—"
DUE = (State.QUEUED, State.FAILED, State.SENDING)


def deliver(*, stamp: Stamp, channels: tuple[Channel, ...] = (Channel.SMS, Channel.MAIL)) -> int:
    """Send what is due, SMS first; how many were accepted. Called outside any transaction.

    A channel on which nobody answers is left alone for the rest of the call: it must not hold the others up.
    """
    began = time.monotonic()
    sent = 0
    for channel in channels:
        while sending.can(channel):
            now = stamp.when + dt.timedelta(seconds=time.monotonic() - began)
            if now - stamp.when > ONE_GO:
                return sent
            claimed = _claim(channel, now, stamp) if _any_due(channel, now) else None
            if claimed is None:
                break
            letter, tries = claimed
            try:
                sending.sender(channel)(letter)
            except NotSent as fault:
                _settle_failed(letter.code, tries, fault, stamp, now)
                if fault.unreachable:
                    break
            else:
                _settle_sent(letter.code, now)
                sent += 1
    return sent


def _any_due(channel: Channel, now: dt.datetime) -> bool:
    """Asked before claiming, since a claim takes SQLite's one writer even where there is nothing to do."""
    found = db.session.scalar(sa.select(_due(channel, now).exists()))
    db.session.rollback()
    return bool(found)


def _due(channel: Channel, now: dt.datetime) -> sa.Select[Message]:
    return sa.select(Message).where(Message.channel == channel, Message.state.in_(DUE), Message.due_at <= now)


def _claim(channel: Channel, now: dt.datetime, stamp: Stamp) -> tuple[Letter, int] | None:
    """Take one row that nobody else has. Given up on the way: a row that was tried as often as allowed, one whose
    secret is over, and one that does not open.
    """
    while True:
        with transaction():
            row = db.session.scalars(
                _due(channel, now)
                .order_by(Message.due_at, Message.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if row is None:
                return None
            if row.tries >= MOST_TRIES:
                _give_up(row, row.error or "lost", stamp)
                continue
            if _is_over(row, now):
                _give_up(row, "expired", stamp)
                continue
            row.state, row.due_at = State.SENDING, now + STUCK
            row.tries = tries = row.tries + 1
            try:
                body, address = row.body, row.address
            except vault.BadSeal:
                _give_up(row, "sealed", stamp)
                continue
            if channel == Channel.MAIL and row.link:
                body = f"{body}\n\n{sending.absolute(row.link)}"
            return Letter(row.code, address or "", row.title, body), tries


def _is_over(row: Message, now: dt.datetime) -> bool:
    """Whether it carries a secret that opens nothing any more."""
    life = TEXTS[row.kind].life
    return life is not None and now >= row.made_at + life


def _settle_sent(code: str, now: dt.datetime) -> None:
    """It was accepted, whoever may have claimed the row meanwhile: it must not be sent once more."""
    with transaction():
        row = db.session.scalars(sa.select(Message).where(Message.code == code).with_for_update()).one()
        row.state, row.sent_at, row.error = State.SENT, now, ""
        _blank(row)


def _settle_failed(code: str, tries: int, fault: NotSent, stamp: Stamp, now: dt.datetime) -> None:
    with transaction():
        row = db.session.scalars(sa.select(Message).where(Message.code == code).with_for_update()).one()
        if row.state != State.SENDING or row.tries != tries:
            return  # somebody else's by now
        if fault.for_good or tries >= MOST_TRIES:
            _give_up(row, fault.reason, stamp)
            return
        row.state, row.due_at, row.error = State.FAILED, now + BACK_OFF[tries - 1], fault.reason


def _give_up(row: Message, reason: str, stamp: Stamp) -> None:
    row.state, row.error = State.DEAD, reason
    _blank(row)
    audits.record("notification.given_up", row, stamp=stamp, reason=reason, kind=row.kind)


def _blank(row: Message) -> None:
    """A secret has no business here once it is on its way, or too old to matter."""
    if TEXTS[row.kind].private:
        row.body = SENT_AND_BLANKED
