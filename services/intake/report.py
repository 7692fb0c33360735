"""The problems of a list, for the screen and as a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from models.base import db
from models.intake import Intake, IntakeLine, Verdict
from services import export as exports
from services.intake.cells import say
from services.intake.columns import columns_of
from services.intake.vocabulary import HEADINGS
from services.text import _

MOST = 500
HEADINGS_OF_REPORT = ("行", "单元格", "栏目", "问题和办法", "处理")


@dataclass(frozen=True)
class Found:
    row: int
    cell: str
    heading: str
    sentence: str
    verdict: Verdict


def found(intake: Intake, most: int = MOST) -> Iterator[Found]:
    """Problem by problem, in the order of the sheet; at most so many."""
    by_key = {each.key: each.heading for each in columns_of(intake.activity, intake.track)}
    by_key |= {key: heading for heading, key in intake.mapping.items() if key}
    count = 0
    for line in db.session.scalars(
        sa.select(IntakeLine)
        .where(IntakeLine.intake_id == intake.id, IntakeLine.verdict != Verdict.GOOD)
        .order_by(IntakeLine.number)
        .limit(most)
    ):
        for each in line.problems:
            if each.get("note"):
                continue
            if count >= most:
                return
            count += 1
            heading = by_key.get(each["field"]) or HEADINGS.get(each["field"], each["field"])
            yield Found(line.number, each["cell"], heading, str(say(each)), line.verdict)


def workbook(intake: Intake) -> bytes:
    """The report as a workbook; it repeats no cell."""
    words = {
        Verdict.BAD: str(_("须改正")),
        Verdict.TWICE: str(_("重复，跳过")),
        Verdict.KNOWN: str(_("已报名，跳过")),
        Verdict.GOOD: "",
    }
    rows = [
        (str(each.row), each.cell, each.heading, each.sentence, words[each.verdict]) for each in found(intake)
    ]
    title = f"{intake.file_name} 检查结果"
    return exports.workbook(title, HEADINGS_OF_REPORT, rows, widths=(8, 10, 18, 70, 16))
