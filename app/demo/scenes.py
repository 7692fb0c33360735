"""Doing the story: each event by the verbs of the platform, with the moment and the account that it happened to."""

from collections.abc import Callable, Sequence
from typing import Any

from app.demo import life, party, registration, reports, reserve, results
from app.demo.event import (
    Amended,
    Asked,
    CheckedIn,
    Concluded,
    Event,
    Issued,
    Joined,
    Judged,
    Left,
    Recorded,
    Reported,
    SentBack,
    TakenIn,
    Undone,
)
from app.demo.stage import Stage
from app.demo.story import (
    Answered,
    Handed,
    Mended,
    Met,
    ReadAll,
    Reviewed,
    Stepped,
    Swept,
    Withdrew,
)
from models.base import db

SCENES: dict[type[Event], Callable[[Stage, Any], None]] = {
    Stepped: life.step,
    Handed: registration.hand_in,
    Reviewed: registration.review,
    Mended: registration.mend,
    Withdrew: registration.withdraw,
    Answered: registration.answer,
    Swept: registration.sweep,
    Met: registration.meet,
    Joined: party.play,
    ReadAll: registration.read_all,
    CheckedIn: results.check_in,
    Undone: results.undo,
    Recorded: results.record,
    SentBack: results.send_back,
    Concluded: results.conclude,
    Amended: results.amend,
    Issued: results.issue,
    Asked: results.ask_changes,
    TakenIn: reserve.take_in,
    Left: reserve.leave,
    Reported: reports.report,
    Judged: reports.judge,
}


def play(stage: Stage, events: Sequence[Event]) -> None:
    """A chapter, within one transaction.

    Rows are stored event by event, not at each look, so that those of one event go in together.
    """
    kept = stage.gather(events)
    for event in events:
        with db.session.no_autoflush:
            SCENES[type(event)](stage, event)
        db.session.flush()
    kept.clear()
    stage.people = {}
