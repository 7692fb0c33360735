"""Lists that are sent as spreadsheets: as a unit makes them, some with all that goes wrong in them."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from app.demo import setting
from app.demo.event import Listed
from app.demo.papers import MADE
from app.demo.people import Human
from app.demo.stage import Stage, stamp_by
from models.account import Account, Role
from models.activity import Track
from models.base import db
from models.intake import Intake
from services import intake as intakes
from services.stamp import LOCAL, Stamp
from services.transaction import transaction
from services.words import label

HEADINGS = (
    "序号", "姓名", "身份证号", "手机号码", "人员类别", "单位", "岗位", "工龄", "技能等级", "备注"
)  # fmt: skip
NAME, NUMBER, PHONE, CATEGORY, WORKPLACE, POST, YEARS, LEVEL = range(1, 9)

Row = list[Any]


def send(stage: Stage, event: Listed) -> None:
    """Outside any transaction: reading, checking and entering make their own."""
    rows = [_row(place, human) for place, human in enumerate(event.humans, 1)]
    if event.is_spoilt:
        _spoil(rows)
    when = event.at.astimezone(LOCAL)
    name = f"{'班组长名单' if event.unit else event.source + '盖章名单'}{when.month}月{when.day}日.xlsx"
    sheet = intakes.read(_workbook(rows), name)
    with transaction():
        if event.is_entered:
            stage.meet(event.humans[:3], Stamp(event.at, setting.BY_ITSELF))
        by = _sender(stage, event)
        stamp = stamp_by(by, event.at)
        track = db.session.get_one(Track, stage.track_ids[event.activity, event.path])
        unit = stage.unit(event.unit) if event.unit else None
        made = intakes.start(track.activity, track, unit, sheet, by=by, true_source=event.source, stamp=stamp)
        id = made.id
    intakes.work(id, stamp=stamp)
    if event.is_entered:
        with transaction():
            by = _sender(stage, event)
            intakes.enter(db.session.get_one(Intake, id), only_good=True, by=by, stamp=stamp)
        intakes.work(id, stamp=stamp)
    stage.people = {}


def _sender(stage: Stage, event: Listed) -> Account:
    if event.unit:
        return stage.actor(event.unit, Role.UNIT_MANAGER)
    return stage.actor(stage.programme[event.activity].organiser, Role.ORGANISER)


def _row(place: int, human: Human) -> Row:
    return [
        place,
        human.name,
        human.document,
        human.phone,
        "企业职工",
        human.workplace,
        human.post,
        6,
        label(human.skill_level).message,
        "",
    ]


def _spoil(rows: list[Row]) -> None:
    """What a unit's list comes with: nothing of it is an invention."""
    rows[1][NUMBER] = float(rows[1][NUMBER][:15] + "000")  # a number to Excel, which keeps fifteen digits
    rows[2][NUMBER] = rows[2][NUMBER][:-2] + str((int(rows[2][NUMBER][-2]) + 2) % 10) + rows[2][NUMBER][-1]
    rows[3][PHONE] = rows[3][PHONE][:-1]
    rows[4][CATEGORY] = "班长"
    rows[5][NAME] = ""
    rows[6][YEARS] = "三年多"
    rows[7][NUMBER] = rows[7][NUMBER][:-1]
    rows[8][LEVEL] = "老师傅"
    rows[9][CATEGORY] = "职业院校学生"
    rows[10][NUMBER] = ""
    rows.append([len(rows) + 1, *rows[0][1:]])  # somebody twice


def _workbook(rows: Sequence[Row]) -> bytes:
    """The same bytes each time."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "报名名单（演示数据）", "created": MADE})
    sheet = book.add_worksheet("名单")
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "班组长技能提升班报名名单（演示数据）")
    sheet.write_row(1, 0, HEADINGS)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value)
    book.close()
    return buffer.getvalue()
