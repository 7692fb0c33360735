"""A unit's lists: one that was checked, with a row that is wrong, and one that was entered."""

import json
import random
from typing import TYPE_CHECKING

from models.activity import Activity
from models.base import db
from models.intake import Intake, IntakeLine, State, Verdict
from models.organisation import Organisation
from models.person import Sex
from services.person import documents
from tests.support import factories

if TYPE_CHECKING:
    from tests.rights.world import Builder, Side

HEADINGS = ("姓名", "证件号码", "参与者类别")
KEYS = ("name", "document_number", "category")


def send(builder: "Builder", side: "Side", unit: Organisation, activity: Activity) -> None:
    """What the unit's manager has sent for the published activity."""
    by = builder.accounts[f"{side.letter}.unit_manager"]
    for name, state in (("list", State.CHECKED), ("entered_list", State.ENTERED)):
        row = Intake(
            activity=activity,
            track=activity.tracks[0],
            organisation=unit,
            file_name=f"{side.letter}名单.xlsx",
            sha256=f"{side.letter}{name}".ljust(64, "0"),
            headings=list(HEADINGS),
            mapping=dict(zip(HEADINGS, KEYS, strict=True)),
            state=state,
            rows=2,
            good=1,
            bad=1,
            made_at=factories.now(),
            made_by=by,
            entered_at=factories.now() if state is State.ENTERED else None,
        )
        db.session.add(row)
        db.session.flush()
        good = _line(row, 2, Verdict.GOOD, _number(side, 1), [])
        wrong = {"field": "document_number", "cell": "B3", "say": "没有填证件号码。", "with": {}}
        bad = _line(row, 3, Verdict.BAD, "", [wrong])
        side.codes |= {name: row.code, f"{name}.good": good.code, f"{name}.line": bad.code}


def _number(side: "Side", index: int) -> str:
    dice = random.Random(f"{side.letter}{index}")
    return documents.demo_number(dice, factories.now().date().replace(year=1980), Sex.MALE)


def _line(
    intake: Intake, number: int, verdict: Verdict, document: str, problems: list[dict[str, object]]
) -> IntakeLine:
    made = IntakeLine(intake_id=intake.id, number=number, verdict=verdict, problems=problems)
    made.cells = json.dumps([f"示例{number}", document, "企业职工"], ensure_ascii=False)
    db.session.add(made)
    db.session.flush()
    return made
