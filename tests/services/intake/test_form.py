"""Lists by the activity's own form: its fields as columns, its conditions row by row."""

import io
from collections.abc import Sequence

import python_calamine
import sqlalchemy as sa

from models.activity import State as ActivityState
from models.base import db
from models.intake import Intake, IntakeLine, State, Verdict
from models.registration import Registration
from services import intake as intakes
from services import questionnaire as questionnaires
from services.questionnaire import YES, Condition, Field, Kind, Option
from services.transaction import transaction
from tests.services.intake.conftest import Unit
from tests.support import lists
from tests.support.statements import statements

LUNCH = Field(
    "own_lunch001",
    Kind.CHOICE,
    "午餐",
    required=True,
    options=(Option("o1", "在校用餐"), Option("o2", "自理")),
    is_own=True,
    most=200,
)
DISH = Field(
    "own_dish0001",
    Kind.TEXT,
    "忌口",
    required=True,
    shown_when=Condition("own_lunch001", ("o1",)),
    is_own=True,
    most=100,
)
OATH = Field("own_oath0001", Kind.AGREEMENT, "同意拍照", is_own=True)
HEADINGS = (*lists.HEADINGS, "午餐", "忌口", "同意拍照")


def ask(unit: Unit, *fields: Field) -> None:
    """Ask more in the activity's form."""
    with transaction():
        unit.activity.state = ActivityState.DRAFT
        form = questionnaires.of(unit.activity)
        asked = form.fields
        for field in fields:
            asked = questionnaires.put(asked, field)
        questionnaires.save(unit.activity, asked, seen=form.mark, by=None, stamp=unit.stamp)
        unit.activity.state = ActivityState.PUBLISHED


def rows_of(*answers: Sequence[object]) -> list[list[object]]:
    return [[*row, *answer] for row, answer in zip(lists.people(len(answers)), answers, strict=True)]


def problems(intake: Intake) -> list[list[tuple[str, str]]]:
    """Cell and sentence, row by row."""
    lines = db.session.scalars(
        sa.select(IntakeLine).where(IntakeLine.intake_id == intake.id).order_by(IntakeLine.number)
    )
    return [[(each["cell"], str(intakes.say(each))) for each in line.problems] for line in lines]


def test_own_fields_are_columns_and_their_answers_are_kept(unit: Unit) -> None:
    ask(unit, LUNCH, DISH, OATH)
    intake = unit.send(
        lists.workbook(rows_of(["在校用餐", "花生", "是"], [" 自理 ", "不该有的", ""]), HEADINGS)
    )
    assert (intake.state, intake.good, intake.bad) == (State.CHECKED, 2, 0), problems(intake)
    unit.enter(intake)
    first, second = db.session.scalars(sa.select(Registration).order_by(Registration.id)).all()
    form = questionnaires.of(unit.activity)
    assert first.answer is not None
    assert second.answer is not None
    assert first.answer.questionnaire_id == form.id
    said = {field.key: words for field, words in questionnaires.answers_of(first)}
    assert (said["own_lunch001"], said["own_dish0001"]) == ("在校用餐", "花生")
    assert first.answer.values["own_oath0001"] == YES
    assert "own_dish0001" not in second.answer.values
    assert second.answer.post == "钳工"


def test_each_wrong_answer_is_shown_at_its_cell(unit: Unit) -> None:
    ask(unit, LUNCH, DISH, OATH)
    rows = rows_of(
        ["打包", "", ""], ["", "", ""], ["在校用餐", "", ""], ["自理", "", "也许"], ["自理", "", "否"]
    )
    intake = unit.send(lists.workbook(rows, HEADINGS))
    assert (intake.good, intake.bad) == (1, 4)
    first, second, third, fourth, fifth = problems(intake)
    assert first == [("H2", "“午餐”里没有这个选项。请从模板的下拉列表中选一个。")]
    assert [cell for cell, _words in second] == ["H3"]
    assert "午餐" in second[0][1]
    assert [cell for cell, _words in third] == ["I4"]
    assert [cell for cell, _words in fourth] == ["J5"]
    assert fifth == []


def test_the_template_offers_the_form_and_names_its_version(unit: Unit) -> None:
    photo = questionnaires.LIBRARY["photo"]
    ask(unit, LUNCH, DISH, photo)
    data = intakes.template(unit.activity, unit.track)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    headings = book.get_sheet_by_name("名单").to_python()[0]
    assert {"姓名", "证件号码", "午餐", "忌口"} <= set(headings)
    assert "近期照片" not in headings
    told = {row[0]: row[1] for row in book.get_sheet_by_name("填写说明").to_python()}
    assert "“午餐”为“在校用餐”" in told["忌口"]
    assert "报名后" in told["近期照片"]
    hidden = book.get_sheet_by_index(2).to_python()
    assert hidden[0][3] == questionnaires.of(unit.activity).mark
    assert ["在校用餐", "自理"] in [[row[place] for row in hidden[1:3]] for place in range(len(hidden[1]))]


def test_a_list_for_an_earlier_version_is_still_read(unit: Unit) -> None:
    ask(unit, LUNCH)
    old = intakes.columns_of(unit.activity, unit.track)
    mark = questionnaires.of(unit.activity).mark
    more = Field("own_size0001", Kind.TEXT, "鞋码", required=True, is_own=True, most=100)
    with transaction():
        form = questionnaires.of(unit.activity)
        questionnaires.save(unit.activity, (*form.fields, more), seen=mark, by=None, stamp=unit.stamp)
    headings = [each.heading for each in old]
    row = dict(zip(lists.HEADINGS, lists.people(1)[0], strict=True)) | {"午餐": "自理"}
    data = lists.workbook(
        [[row.get(heading, "") for heading in headings]],
        headings,
        mark=["yongjiang.list", unit.activity.code, "-", mark],
    )
    intake = unit.send(data)
    assert (intake.state, intake.bad) == (State.CHECKED, 1)
    line = db.session.scalars(sa.select(IntakeLine)).one()
    assert [each["field"] for each in line.problems] == ["own_size0001"]
    with transaction():
        intakes.mend(intake, line, {intake.headings.index("鞋码"): "42"}, stamp=unit.stamp)
    db.session.expire_all()
    assert line.verdict is Verdict.GOOD


def test_checking_asks_the_base_no_more_for_more_rows(unit: Unit) -> None:
    ask(unit, LUNCH, DISH)
    counts = []
    for size, start in ((5, 0), (60, 100)):
        rows = [[*row, "自理", ""] for row in lists.people(size, start)]
        sheet = intakes.read(lists.workbook(rows, HEADINGS[:-1]), f"{size}.xlsx")
        with transaction():
            made = intakes.start(
                unit.activity, unit.track, unit.organisation, sheet, by=unit.manager, stamp=unit.stamp
            )
        with statements() as sent:
            unit.work(made)
        assert made.good == size
        counts.append(len(sent))
    assert counts[0] == counts[1]
