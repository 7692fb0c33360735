"""Document numbers as lists carry them: what a spreadsheet left of them is recognised, and said with its remedy."""

import datetime as dt
import random

from flask import Flask

from models.activity import Activity, Kind, Track
from models.person import Sex
from services import questionnaire as questionnaires
from services.intake import row as rows
from services.intake.columns import Column, columns_of
from services.intake.reading import Cell
from services.person.documents import demo_number
from tests.support import lists

TODAY = dt.date(2026, 11, 23)
NUMBER, SCIENCE, ZEROS, SEVENTEEN = "数值", "科学记数法", "末三位是 000", "17 位"


def cases() -> list[tuple[Cell, str]]:
    """A cell, and a word of what is said about it; empty where it is right."""
    dice, made = random.Random(20261124), []
    for turn in range(60):
        born = dt.date(1950, 1, 1) + dt.timedelta(days=dice.randrange(20_000))
        good = demo_number(dice, born, dice.choice(list(Sex)))
        digits = good.replace("X", "5")
        wide = good.translate({ord(digit): 0xFF10 + int(digit) for digit in "0123456789"})
        made += [
            (good, ""),
            (good.lower(), ""),
            (wide, ""),
            (f"{good[:6]} {good[6:14]} {good[14:]}", ""),
            (f"'{good}", ""),
            (f"“{good}”", ""),
            (f"\u200b{good}\u00a0", ""),
            (float(digits), NUMBER),
            (int(digits), NUMBER),
            (f"{digits[0]}.{digits[1:6]}E+17", SCIENCE),
            (f"{digits[0]}.{digits[1:3]}e17", SCIENCE),
            (good[:17], SEVENTEEN),
        ]
        if not rights(good[:15] + "000"):
            made.append((good[:15] + "000", ZEROS))
        place = dice.randrange(6, 17)
        other = str((int(good[place]) + 1 + turn % 8) % 10)
        wrong = good[:place] + other + good[place + 1 :]
        if other != good[place] and not wrong.endswith("000") and len(set(wrong)) > 1:
            made.append((wrong, "对照证件" if not rights(wrong) else ""))
    made += [
        (None, "没有填证件号码"),
        ("", "没有填证件号码"),
        ("无", "18 位"),
        ({"d": "1990-01-31"}, "日期"),
        ("500199900101003", "15 位旧号码"),
        (500199900101003, NUMBER),
        ("H12345678", "出生日期"),
        ("E12345678", "证件类型"),
        ("11010519491231002X", ""),
        ("440524188001010014", "过早"),
        ("500199199502290017", "不存在"),
    ]
    return made


def rights(number: str) -> bool:
    """MOD 11-2 of a number of the right form, and a date that exists, by the standard."""
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True))
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return "0123456789X"[(1 - total) % 11] == number[17] and dt.date(1906, 11, 24) <= born <= TODAY


def test_four_hundred_numbers_are_told_apart(context: Flask) -> None:
    track = Track(name="一组", needs_document=True)
    columns = [each for each in _columns() if each.key in ("name", "document_number", "birth_date")]
    frame = rows.frame(
        ["姓名", "证件号码"], {"姓名": "name", "证件号码": "document_number"}, columns, [track], track, TODAY
    )
    corpus = cases()
    assert len(corpus) >= 400
    wrong = []
    for cell, word in corpus:
        read = rows.read(frame, 7, ["张三", cell])
        said = [each for each in read.problems if not each.get("note")]
        text = " ".join(each["say"] % each["with"] if each["with"] else each["say"] for each in said)
        if bool(said) != bool(word) or word not in text:
            wrong.append((cell, word, text))
        for each in said:
            assert each["cell"] in ("B7", ""), each
            assert each["say"].endswith("。")
    assert not wrong, wrong[:5]


def _columns() -> tuple[Column, ...]:

    activity = Activity(kind=Kind.LECTURE, title="一场")
    return columns_of(activity, Track(name="一组", needs_document=True), questionnaires.default(activity))


def test_a_list_of_tests_is_believable() -> None:
    assert all(rights(lists.number(index)) for index in range(200))
