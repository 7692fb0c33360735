"""What a row answers to the activity's form. Asks no database."""

import unicodedata
from collections.abc import Callable, Mapping

from models.person import Category, SkillLevel
from services import questionnaire as questionnaires
from services.intake import cells as cell_words
from services.intake.cells import date_of, number_text, text_of, whole_of
from services.intake.columns import said
from services.intake.frame import Reading
from services.intake.reading import Cell
from services.intake.vocabulary import key_of, option
from services.questionnaire import YES, BadAnswers, Field, Kind
from services.registration import Entry
from services.text import BadText, Sentence, _, clean_line, clean_name, clean_paragraph

LONGEST = {"workplace": 100, "post": 60, "coach": 64, "remark": 300}

_AGREED = frozenset(
    ["是", "同意", "已同意", "已阅读", "已勾选", "勾选", "承诺", "yes", "y", "true", "√", "1"]
)
_REFUSED = frozenset(["否", "不同意", "no", "n", "false", "×", "0"])


def read(reading: Reading, known: Mapping[str, object]) -> Entry | None:
    """The entry, or None with every problem noted. `known`: what the person's own columns say is not asked twice."""
    if reading.frame.is_usual:
        return _usual(reading)
    form, workplace = reading.frame.form, reading.frame.workplace
    data, bad = _data(reading, known)
    if not data.get("workplace") and "workplace" not in bad:
        data["workplace"] = workplace
    bad = {key: bad[key] for key in questionnaires.shown(form, data) & bad.keys()}
    problems, entry = dict(bad), None
    try:
        entry = questionnaires.entry(form, data, base=Entry(workplace=workplace), asks_files=False)
    except BadAnswers as no:
        problems = no.problems | bad
    for field in form.fields:
        if field.key in problems:
            reading.wrong(field.key, problems[field.key])
    return None if problems else entry


def _data(reading: Reading, known: Mapping[str, object]) -> tuple[dict[str, object], dict[str, Sentence]]:
    """What the cells answer, and those of which it cannot be told."""
    data, bad = dict(known), {}
    for field in reading.frame.form.fields:
        if field.kind is Kind.FILE or field.key in known:
            continue
        try:
            data[field.key] = given(field, reading.cell(field.key), reading.heading(field.key))
        except BadText as no:
            bad[field.key] = no.sentence
    return data, bad


def given(field: Field, cell: Cell, heading: str) -> object:
    """A cell as the form would have sent it. Raises BadText where it cannot be told what is meant."""
    text = text_of(cell)
    if not text:
        return ""
    return _GIVEN.get(field.kind, _text)(field, cell, heading)


def _text(field: Field, cell: Cell, _heading: str) -> str:
    return _certificate(text_of(cell)) if field.key == "level_certificate" else text_of(cell)


def _number(field: Field, cell: Cell, _heading: str) -> str:
    whole = whole_of(cell)
    return str(whole) if whole is not None else unicodedata.normalize("NFKC", text_of(cell)).replace(" ", "")


def _choice(field: Field, cell: Cell, heading: str) -> str:
    text = text_of(cell)
    if field.key in ("category", "skill_level"):
        found = option(field.key, text)
    else:
        wanted = key_of(text)
        found = next(
            (
                each.value
                for each in field.options
                if wanted == key_of(said(each.label)) or (each.label_en and wanted == key_of(each.label_en))
            ),
            None,
        )
    if found is None:
        raise BadText(_("“%(heading)s”里没有这个选项。请从模板的下拉列表中选一个。", heading=heading))
    return found


def _date(_field: Field, cell: Cell, _heading: str) -> object:
    return date_of(cell) or text_of(cell)


def _agreement(_field: Field, cell: Cell, heading: str) -> str:
    word = key_of(text_of(cell))
    if word in _AGREED:
        return YES
    if word in _REFUSED or not word:
        return ""
    raise BadText(_("“%(heading)s”请填“是”，没有承诺或同意的留空。", heading=heading))


_GIVEN: dict[Kind, Callable[[Field, Cell, str], object]] = {
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.DATE: _date,
    Kind.AGREEMENT: _agreement,
    Kind.PHONE: lambda _field, cell, _heading: number_text(cell),
}


def _usual(reading: Reading) -> Entry:
    """The short way: a form that asks only what every form does."""
    frame = reading.frame
    category = reading.chosen("category", "")
    if not category and "category" in frame.places and not text_of(reading.cell("category")):
        reading.wrong("category", _("没有填参与者类别。"))
    years = None
    if text_of(reading.cell("years_at_work")):
        years = whole_of(reading.cell("years_at_work"))
        if years is None or years > 60:
            reading.wrong("years_at_work", _("年限应是 0 到 60 之间的整数。"))
            years = None
    level = reading.chosen("skill_level", SkillLevel.NONE.value)
    return Entry(
        category=Category(category) if category else Category.OTHER,
        workplace=reading.cleaned("workplace", lambda text: clean_line(text, LONGEST["workplace"]))
        or frame.workplace,
        post=reading.cleaned("post", lambda text: clean_line(text, LONGEST["post"])),
        years_at_work=years,
        skill_level=SkillLevel(level),
        level_certificate=reading.cleaned("level_certificate", _certificate),
        coach=reading.cleaned("coach", clean_name),
        remark=reading.cleaned("remark", lambda text: clean_paragraph(text, LONGEST["remark"])),
        questionnaire_id=frame.form.id,
    )


def _certificate(text: str) -> str:
    """A letter and 21 letters or digits (domain rules 3.2)."""
    number = number_text(text)
    if number in ("无", "-", "/", "暂无", "没有"):
        return ""
    if cell_words.SCIENTIFIC.fullmatch(number):
        raise BadText(_("证书编号已变成科学记数法。请把这一列设为“文本”，再重新填写。"))
    if len(number) != 22:
        raise BadText(
            _("证书编号应为 22 位，现在是 %(found)s 位，请对照证书核对；没有证书请留空。", found=len(number))
        )
    if not (number[0].isalpha() and number.isascii() and number.isalnum()):
        raise BadText(_("证书编号应以字母开头，其余为字母或数字，请对照证书核对。"))
    return number
