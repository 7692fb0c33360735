"""Notices of the demonstration and what is annexed to them. Pure: texts and a spreadsheet, no rows."""

import datetime as dt
import io
from collections.abc import Iterable

import xlsxwriter

from app.demo.programme import Planned
from models.activity import Kind
from services.stamp import LOCAL

HEADINGS = (
    "序号", "代表队", "姓名", "性别", "证件号（后四位）", "单位", "赛项", "组别", "教练", "手机", "领队及电话", "备注",
)  # fmt: skip
"""报名汇总表, as competitions ask for it."""

ROWS = 30
MADE = dt.datetime(2023, 6, 1, 9)  # noqa: DTZ001  the moment that the file bears; spreadsheets know no zone


def say(moment: dt.datetime) -> str:
    local = moment.astimezone(LOCAL)
    return f"{local.year}年{local.month}月{local.day}日"


def invitation(planned: Planned, host: str) -> tuple[str, str]:
    """Title and body of the notice by which an activity is made known."""
    paths = "、".join(f"{path.name}（{path.places} 人）" for path in planned.paths[:24])
    word = "赛项与组别" if planned.kind is Kind.COMPETITION else "报名项目"
    body = f"""各镇人民政府、街道办事处，各职业院校，各有关企业：

现将“{planned.title}”有关事项通知如下。

一、时间：{say(planned.starts_at)}至{say(planned.ends_at)}。

二、{word}：{paths}。

三、报名：{say(planned.opens_at)} 9:00 至 {say(planned.closes_at)} 18:00，在本平台报名。单位可集中报名，也可由本人报名。

四、资格审查：报名后两个工作日内完成，结果以站内消息和短信通知。需要补正的，请在规定期限内更正，逾期名额不再保留。

五、{planned.summary}

六、联系电话：{planned.contact_phone}（工作日 9:00 至 17:30）。

（演示数据）

{host}
{say(planned.published_at)}"""
    return f"关于举办“{planned.title}”的通知", body


def name_list(
    planned: Planned, host: str, accepted: Iterable[tuple[str, str, str]], day: dt.datetime
) -> tuple[str, str]:
    """Title and body of the list of those who may take part: track, name and unit of each, in that order."""
    lines: list[str] = []
    last = ""
    for path, name, unit in accepted:
        if path != last:
            lines += ["", f"【{path}】"]
            last = path
        lines.append(f"{name}  {unit}".rstrip())
    body = (
        f"经资格审查，“{planned.title}”参赛选手名单公示如下。公示期 3 天，如有异议请致电 {planned.contact_phone}。"
        + "\n".join(lines)
        + f"\n\n（演示数据）\n\n{host}\n{say(day)}"
    )
    return f"“{planned.title}”参赛选手名单公示", body


def summary_table(planned: Planned) -> bytes:
    """An empty 报名汇总表 for units to fill in. The same bytes each time."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": f"{planned.title}报名汇总表", "created": MADE})
    sheet = book.add_worksheet("报名汇总表")
    bold = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
    title = book.add_format({"bold": True, "font_size": 14, "align": "center"})
    cell = book.add_format({"border": 1})
    sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, f"{planned.title}报名汇总表（演示数据）", title)
    sheet.write_row(1, 0, HEADINGS, bold)
    for row in range(ROWS):
        sheet.write_row(row + 2, 0, [row + 1, *[""] * (len(HEADINGS) - 1)], cell)
    sheet.set_column(0, len(HEADINGS) - 1, 12)
    sheet.set_landscape()
    sheet.set_paper(9)
    book.close()
    return buffer.getvalue()


def evidence(unit: str, year: int, quarter: int) -> bytes:
    """A table that stands for the papers behind a figure. The same bytes each time."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": "佐证材料（演示数据）", "created": MADE})
    sheet = book.add_worksheet("佐证材料")
    when = f"{year} 年" + (f"第 {quarter} 季度" if quarter else "全年")
    for row, text in enumerate(("佐证材料（演示数据）", unit, when, "名册、签到册与结业材料存单位备查。")):
        sheet.write_string(row, 0, text)
    sheet.set_column(0, 0, 48)
    book.close()
    return buffer.getvalue()
