"""The platform's own list: exact headings, text where numbers would be harmed, choices as drop-down lists."""

import io

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from models.activity import Activity, Track
from services import questionnaire as questionnaires
from services.intake.columns import Column, columns_of, said
from services.intake.life import MARK
from services.intake.reader import MARK as HIDDEN
from services.questionnaire import Form, Kind
from services.words import say_moment

ROWS = 2_000
"""How many rows are prepared; whoever needs more copies the last one down."""


def workbook(activity: Activity, track: Track | None = None) -> bytes:
    """The template of an activity, or of one of its tracks, for the version of its form that is in force."""
    form = questionnaires.of(activity)
    columns = columns_of(activity, track, form)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    _people(book, columns)
    _explanation(book, activity, track, columns, form)
    _hidden(book, activity, track, columns, form.mark)
    book.close()
    return buffer.getvalue()


def _people(book: xlsxwriter.Workbook, columns: tuple[Column, ...]) -> None:
    sheet = book.add_worksheet("名单")
    needed = book.add_format(
        {"bold": True, "bg_color": "#B5402F", "font_color": "#FFFFFF", "border": 1, "align": "center"}
    )
    free = book.add_format({"bold": True, "bg_color": "#EFE9DC", "border": 1, "align": "center"})
    text = book.add_format({"num_format": "@"})
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(0, place, column.heading, needed if column.is_needed else free)
        if column.options:
            sheet.data_validation(
                1,
                place,
                ROWS,
                place,
                {
                    "validate": "list",
                    "source": _range(columns, column),
                    "error_title": "请从列表中选",
                    "error_message": "请从下拉列表中选一个，不要自己填写。",
                },
            )
        elif column.kind == "document":
            sheet.data_validation(
                1,
                place,
                ROWS,
                place,
                {
                    "validate": "any",
                    "input_title": "证件号码",
                    "input_message": "本列已设为文本。粘贴时请用“选择性粘贴-数值”，末位 X 请大写。",
                },
            )
    sheet.freeze_panes(1, 1)


def _range(columns: tuple[Column, ...], wanted: Column) -> str:
    """Where the options of a column stand on the hidden sheet."""
    listed = [column for column in columns if column.options]
    place = xl_col_to_name(listed.index(wanted))
    return f"={HIDDEN}!${place}$2:${place}${len(wanted.options) + 1}"


def _explanation(
    book: xlsxwriter.Workbook,
    activity: Activity,
    track: Track | None,
    columns: tuple[Column, ...],
    form: Form,
) -> None:
    sheet = book.add_worksheet("填写说明")
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    closes = track.closes_at if track is not None else activity.closes_at
    lines = [
        ("活动", activity.title),
        ("赛项组别", track.name if track is not None else "见“赛项组别”列"),
        ("报名截止", say_moment(closes) if closes is not None else ""),
        ("怎么填", "一人一行，写在“名单”表里；红色列必填。不要改动表头，可以增加自己的列，上传时会询问。"),
        (
            "证件号码",
            "该列已设为文本。如从别处粘贴后出现 5.00E+17 或末尾变成 000，请重新填写，原号码已丢失。",
        ),
        ("上传", "保存为 .xlsx，在平台的“导入名单”页面上传。每处错误都会指出单元格，可以在网页上直接改。"),
    ]
    lines += [
        (said(field.label), "名单里不填，也不要插入图片：报名后由本人或单位在报名页面上传。")
        for field in form.fields
        if field.kind is Kind.FILE
    ]
    for number, (name, words) in enumerate(lines):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, words, wrap)
    for number, column in enumerate(columns, len(lines) + 1):
        choice = f"{column.note}。可选：{'、'.join(column.options)}" if column.options else column.note
        need = "必填。" if column.is_needed else ""
        sheet.write_string(number, 0, column.heading, bold)
        sheet.write_string(number, 1, need + choice, wrap)


def _hidden(
    book: xlsxwriter.Workbook,
    activity: Activity,
    track: Track | None,
    columns: tuple[Column, ...],
    version: str,
) -> None:
    sheet = book.add_worksheet(HIDDEN)
    mark = (MARK, activity.code, track.code if track is not None else "-", version)
    for place, each in enumerate(mark):
        sheet.write_string(0, place, each)
    listed = [column for column in columns if column.options]
    for place, column in enumerate(listed):
        for number, words in enumerate(column.options, 1):
            sheet.write_string(number, place, words)
    sheet.very_hidden()
