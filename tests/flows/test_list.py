"""A unit's manager has a list of 300 people with twenty kinds of errors: sees them, mends, enters, undoes."""

import datetime as dt
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from models.account import Role, ScopeKind
from models.activity import Kind
from models.base import db
from models.organisation import Organisation
from models.registration import Registration, State
from services.transaction import transaction
from tests.flows.conftest import Stage
from tests.flows.walk import look
from tests.support import factories as make
from tests.support import lists
from tests.support.browser import Browse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = (
    "序号", "选手姓名", "证件类型", "身份证号", "联系电话", "人员类别", "工作单位", "岗位", "工龄", "技能等级",
    "证书编号", "备注", "车牌",
)  # fmt: skip
ROWS = 300
NAME, TYPE, NUMBER, PHONE, CATEGORY, UNIT, POST, YEARS, LEVEL, PAPER = range(1, 11)

WRONG: dict[int, tuple[int, Any, str]] = {
    0: (NAME, "", "没有填姓名"),
    1: (NAME, "13900000001", "姓名里有数字"),
    2: (NAME, "张\u202e三", "控制符"),
    3: (TYPE, "学生证", "没有这个选项"),
    4: (NUMBER, "", "没有填证件号码"),
    5: (NUMBER, 500199197001060012, "Excel 只保留前 15 位"),
    6: (NUMBER, "5.00199E+17", "科学记数法"),
    7: (NUMBER, "500199197001081000", "末三位是 000"),
    8: (NUMBER, lists.number(8)[:17], "只有 17 位"),
    9: (NUMBER, "500199700110001", "15 位旧号码"),
    10: (NUMBER, "50019919900230001X", "出生日期"),
    11: (NUMBER, lists.number(11)[:16] + "77", "对照证件"),
    12: (NUMBER, dt.date(1990, 1, 1), "单元格是日期"),
    13: (NUMBER, "E12345678", "证件类型"),
    14: (PHONE, "1390000001", "11 位数字"),
    15: (PHONE, "023-49800000", "座机号码"),
    16: (PHONE, "1.39E+10", "科学记数法"),
    17: (CATEGORY, "临时工甲", "没有这个选项"),
    18: (CATEGORY, "", "没有填参与者类别"),
    19: (YEARS, "很多年", "0 到 60"),
    20: (LEVEL, "九段", "没有这个选项"),
    21: (PAPER, "A123", "应为 22 位"),
    22: (CATEGORY, "学生", "不符合报名条件"),
}
"""Row of the list, column, what stands there, and what is said about it."""


def people() -> list[list[Any]]:
    rows = [
        [str(number), name, "", document, phone, "职工", unit, post, "5年", "高级工", "", "", "渝C"]
        for number, (name, document, phone, _kind, unit, post, _note) in enumerate(lists.people(ROWS), 1)
    ]
    for row, (column, value, _said) in WRONG.items():
        rows[row][column] = value
    rows[30] = list(rows[29])
    rows[41][NUMBER] = rows[40][NUMBER]
    rows[50][PHONE] = 13900000050
    rows[51][NUMBER] = f"'{rows[51][NUMBER]} "
    return rows


def a_contest(stage: Stage) -> str:
    """A contest that takes employees, and the manager of the unit that was there before."""
    with stage.site.app.app_context(), transaction():
        unit = db.session.query(Organisation).filter_by(name=stage.unit).one()
        activity = make.activity("数控车床技能竞赛", kind=Kind.COMPETITION)
        make.track(activity, capacity=500, categories=["enterprise_employee"])
        code, unit_code = activity.code, unit.code
    stage.enlist("list_manager", "示例管", (Role.UNIT_MANAGER, ScopeKind.ORGANISATION, unit_code))
    return code


def count(stage: Stage, *states: State) -> int:
    with stage.site.app.app_context():
        return db.session.query(Registration).filter(Registration.state.in_(states)).count()


def mend(page: Page, row: int, text: str) -> None:
    """Type into the marked cell of a row and save the row."""
    line = page.locator(f"#row-{row}")
    line.locator("td.wrong input").fill(text)
    line.get_by_role("button", name="保存这一行").click()
    expect(page.locator(".flashes")).to_contain_text(f"第 {row} 行已改好")


def test_a_list_of_three_hundred_with_twenty_kinds_of_errors(stage: Stage, browse: Browse) -> None:
    page, code = browse(), a_contest(stage)
    stage.sign_in(page, "list_manager")
    page.goto(f"{stage.base_url}/intake/new?activity={code}")
    look(page, "list-new")
    file: FilePayload = {
        "name": "某厂报名表.xlsx",
        "mimeType": XLSX,
        "buffer": lists.workbook(people(), HEADINGS, titles=["某厂参赛人员报名表"]),
    }
    page.get_by_label("名单文件").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name="核对列名")).to_be_visible()
    look(page, "list-columns")
    page.get_by_role("button", name="开始检查").click()
    expect(page.get_by_role("heading", name="某厂报名表")).to_be_visible()
    for row, (_column, _value, said) in WRONG.items():
        expect(page.locator(f"#row-{row + 3}")).to_contain_text(said)
    expect(page.locator("#row-44")).to_contain_text("与第 43 行证件号码相同而姓名不同")
    look(page, "list-bad")

    mend(page, 3, lists.people(1)[0][0])
    mend(page, 8, lists.number(5))
    mend(page, 17, "13900000014")
    page.locator("#row-44").get_by_role("button", name="去掉").click()
    expect(page.locator(".flashes")).to_contain_text("第 44 行已去掉")
    good = ROWS - len(WRONG) - 3 + 3 + 1
    page.get_by_role("button", name=f"导入全部合格的 {good} 行").click()
    expect(page.locator("main")).to_contain_text(f"导入 {good} 人")
    assert count(stage, State.SUBMITTED) == good
    look(page, "list-entered")

    page.get_by_role("link", name="整批撤销").click()
    look(page, "list-undo")
    page.get_by_role("button", name=f"撤销这 {good} 人").click()
    expect(page.locator("main")).to_contain_text("撤销")
    assert count(stage, State.SUBMITTED) == 0
    page.get_by_role("button", name="重新检查后再导入").click()
    page.get_by_role("button", name=f"导入全部合格的 {good} 行").click()
    expect(page.locator("main")).to_contain_text(f"导入 {good} 人")
    assert count(stage, State.SUBMITTED) == good

    page.goto(f"{stage.base_url}/intake/new?activity={code}")
    page.get_by_label("名单文件").set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()
    expect(page.locator(".flashes")).to_contain_text("已经上传过")
    assert count(stage, State.SUBMITTED) == good
