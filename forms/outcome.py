"""The sheet of a track as a form of many rows, and the forms of a confirmation and of a correction.

A row keeps what was typed, whatever becomes of it: nothing is lost where one row is wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Optional

from forms.base import Form, strip
from forms.number import is_whole
from forms.registration import cleaned
from models.outcome import Award, Verdict
from services.outcome import VERDICTS, Entry, Incomplete, Shape, faults, pasting, ranking, say
from services.text import BadText, Sentence, _, clean_line, clean_paragraph
from services.words import choices

ACTIONS = ("save", "submit", "rank", "ratio", "counts", "paste", "hours")
COLUMNS = {
    Shape.CONTEST: ("score", "verdict", "rank", "award", "title_proposed", "remark"),
    Shape.CLASS: ("verdict", "hours", "remark"),
    Shape.ASSESSMENT: ("score", "verdict", "remark"),
}
MOST_TYPED = 1000


def typed_of(entry: Entry) -> dict[str, str]:
    """An entry as it stands in the fields of its row."""
    return {
        "verdict": entry.verdict.value,
        "score": "" if entry.score is None else f"{entry.score:.2f}",
        "rank": "" if entry.rank is None else str(entry.rank),
        "award": entry.award.value if entry.award else "",
        "title_proposed": "y" if entry.title_proposed else "",
        "hours": "" if entry.hours is None else f"{entry.hours:.2f}".rstrip("0").rstrip("."),
        "remark": entry.remark,
    }


def read(shape: Shape, typed: Mapping[str, str]) -> tuple[Entry | None, dict[str, Sentence]]:
    """What was typed as an entry, or what is wrong with it, by field."""
    wrong: dict[str, Sentence] = {}
    values: dict[str, Any] = {"title_proposed": typed.get("title_proposed") == "y"}
    known = {verdict.value: verdict for verdict in VERDICTS[shape]}
    if (verdict := known.get(typed.get("verdict", ""))) is None:
        wrong["verdict"] = _("请选择结果")
    awards = {award.value: award for award in Award}
    values["award"] = awards.get(typed.get("award", ""))
    for name, label in (
        ("score", _("得分应是数，最多两位小数")),
        ("hours", _("学时应是数，最多两位小数")),
    ):
        text = typed.get(name, "").strip()
        values[name] = pasting.number(text) if text else None
        if text and values[name] is None:
            wrong[name] = label
    place = typed.get("rank", "").strip()
    values["rank"] = int(place) if is_whole(place) else None
    if place and values["rank"] is None:
        wrong["rank"] = _("名次应是从 1 开始的整数")
    try:
        remark = typed.get("remark", "")
        values["remark"] = clean_line(remark, 200) if remark.strip() else ""
    except BadText as bad:
        wrong["remark"] = bad.sentence
    if verdict is None or wrong:
        return None, wrong
    entry = Entry(verdict=verdict, **values)
    wrong = faults(shape, entry)
    return (None, wrong) if wrong else (entry, {})


@dataclass
class Row:
    """One person of a sheet: who it is, and what stands in the fields."""

    code: str
    name: str
    unit: str
    was_present: bool | None
    typed: dict[str, str]
    stored: str = ""
    """What the sheet says of them, for reading; empty where it says nothing yet."""
    line: str = ""
    """Code of the line."""
    is_new: bool = False
    """A proposal: nobody entered it."""
    is_other: bool = False
    """What is stored is not what stands in the fields: somebody else entered it meanwhile."""
    is_filled: bool = False
    """A tool has just put something here."""
    errors: dict[str, str] = field(default_factory=dict)
    entry: Entry | None = None


class SheetForm(Form):
    """`rows` come by the constructor with what is stored; what was typed takes its place."""

    version = HiddenField()
    action = StringField(validators=[AnyOf(ACTIONS, _("请选择操作"))])
    paste = TextAreaField(
        _("从表格粘贴得分"),
        description=_("每行一个“姓名 得分”；或只有一列得分，按下面名单的顺序。没有参加的写“缺赛”。"),
        validators=[Optional()],
    )
    first = StringField(_("一等奖"), filters=[strip], default="")
    second = StringField(_("二等奖"), filters=[strip], default="")
    third = StringField(_("三等奖"), filters=[strip], default="")
    merit = StringField(_("优胜奖"), filters=[strip], default="")
    all_hours = StringField(_("全班学时"), filters=[strip], default="")

    def __init__(self, *args: Any, shape: Shape, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape, self.rows = shape, list(rows)
        self.columns = COLUMNS[shape]
        self.verdicts = [(verdict.value, say(shape, verdict)) for verdict in VERDICTS[shape]]
        self.awards = choices(Award)

    def process(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        super().process(formdata, *args, **kwargs)
        self.sent = self.meta.wrap_formdata(self, formdata)

    def take_typed(self) -> None:
        """What was sent, in place of what is stored, for every row that was sent."""
        sent = self.sent
        for row in self.rows:
            if sent and f"verdict-{row.code}" in sent:
                row.typed = {
                    name: str(sent.get(f"{name}-{row.code}", ""))[:MOST_TYPED] for name in self.columns
                }

    def validate(self, extra_validators: Any = None) -> bool:
        self.take_typed()
        fine = bool(super().validate(extra_validators))
        for number, row in enumerate(self.rows, start=1):
            row.entry, wrong = read(self.shape, row.typed)
            row.errors = {name: str(sentence) for name, sentence in wrong.items()}
            for sentence in wrong.values():
                self.refuse(_("第 %(n)s 行 %(name)s：%(fault)s", n=number, name=row.name, fault=sentence))
        return fine and not any(row.errors for row in self.rows)

    def reads(self, row: Row) -> Entry | None:
        """What the fields of a row say."""
        return read(self.shape, row.typed)[0]

    def seen_version(self) -> int:
        text = str(self.version.data or "")
        return int(text) if is_whole(text) else -1

    def entries(self) -> dict[str, Entry]:
        return {row.code: row.entry for row in self.rows if row.entry is not None}

    # --- tools: they fill fields, and nothing is kept before it is saved ---------------------------------

    def apply(self) -> bool:
        """Do what the pressed tool does. False, with the reason in the form, where it cannot."""
        tool = {
            "rank": self._rank,
            "ratio": self._by_ratio,
            "counts": self._by_counts,
            "paste": self._paste,
            "hours": self._hours,
        }[self.action.data]
        tool()
        return not self.errors

    def _competing(self) -> list[Row]:
        return [row for row in self.rows if row.entry and row.entry.verdict is Verdict.COMPETED]

    def _rank(self) -> None:
        scores = {
            row.code: row.entry.score
            for row in self._competing()
            if row.entry is not None and row.entry.score is not None
        }
        if not scores:
            self.refuse(_("还没有得分，填写得分后才能排名"))
            return
        places = ranking.ranks(scores)
        for row in self.rows:
            self._fill(row, "rank", str(places.get(row.code, "")))

    def _by_ratio(self) -> None:
        self._give(ranking.bounds(len(self._competing())))

    def _by_counts(self) -> None:
        said = [self.first, self.second, self.third, self.merit]
        if any(item.data and not is_whole(item.data) for item in said) or not any(item.data for item in said):
            self.refuse(_("请填写各奖项的个数"), "first")
            return
        self._give(ranking.counted([int(item.data or 0) for item in said]))

    def _give(self, last: Sequence[int]) -> None:
        places = {
            row.code: row.entry.rank
            for row in self._competing()
            if row.entry is not None and row.entry.rank is not None
        }
        if not places:
            self.refuse(_("还没有名次，排名后才能设奖"))
            return
        given = ranking.awards(places, last)
        for row in self.rows:
            award = given.get(row.code)
            self._fill(row, "award", award.value if award else "")
            if award is None:
                row.typed["title_proposed"] = ""

    def _paste(self) -> None:
        try:
            found = pasting.read(str(self.paste.data or ""), [row.name for row in self.rows])
        except Incomplete as no:
            for problem in no.problems:
                self.refuse(problem, "paste")
            return
        for index, said in found.items():
            row = self.rows[index]
            score = "" if said.score is None else f"{said.score:.2f}"
            self._fill(row, "score", score)
            if said.is_absent:
                self._fill(row, "verdict", Verdict.ABSENT.value)
                row.typed |= {"rank": "", "award": "", "title_proposed": ""}
            elif score and row.typed.get("verdict") == Verdict.ABSENT.value:
                first = VERDICTS[self.shape][0]
                self._fill(row, "verdict", first.value)
        self.paste.data = ""

    def _hours(self) -> None:
        hours = pasting.number(self.all_hours.data or "")
        if hours is None:
            self.refuse(_("学时应是数，最多两位小数"), "all_hours")
            return
        for row in self.rows:
            if row.typed.get("verdict") == Verdict.COMPLETED.value:
                self._fill(row, "hours", self.all_hours.data)

    def _fill(self, row: Row, name: str, value: str) -> None:
        if row.typed.get(name, "") != value:
            row.typed[name] = value
            row.is_filled = True


class ConfirmForm(Form):
    """Confirm what was seen, or send it back with a note."""

    version = HiddenField()
    note = TextAreaField(
        _("退回意见"),
        filters=[strip],
        description=_("退回时必填，写明需要核对或修改的内容。"),
        validators=[cleaned(partial(clean_paragraph, limit=300))],
    )
    decision = StringField(validators=[AnyOf(("confirm", "send_back"), _("请选择确认或退回"))])

    def seen_version(self) -> int:
        text = str(self.version.data or "")
        return int(text) if is_whole(text) else -1


FIELDS = {"score": "points"}
"""Where a field of a correction has another name than what it fills."""


class CorrectionForm(Form):
    """A confirmed line as it should be, and why."""

    verdict = SelectField(_("结果"), validators=[DataRequired(_("请选择结果"))])
    points = StringField(_("得分"), filters=[strip], default="")
    rank = StringField(_("名次"), filters=[strip], default="")
    award = SelectField(_("奖项"), default="", validators=[Optional()])
    title_proposed = BooleanField(_("推荐荣誉称号"))
    hours = StringField(_("学时"), filters=[strip], default="")
    reason = TextAreaField(
        _("更正原因"),
        filters=[strip],
        description=_("写明依据，如记分表、复核记录。决定的人会看到。"),
        validators=[DataRequired(_("请写明原因")), cleaned(partial(clean_paragraph, limit=300))],
    )

    def __init__(self, *args: Any, shape: Shape, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape
        self.said: Entry | None = None
        self.verdict.choices = [(verdict.value, str(say(shape, verdict))) for verdict in VERDICTS[shape]]
        self.award.choices = [("", str(_("无"))), *((value, str(label)) for value, label in choices(Award))]
        for name in {"score", "rank", "award", "title_proposed", "hours"} - set(COLUMNS[shape]):
            del self[FIELDS.get(name, name)]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        asked = [name for name in COLUMNS[self.shape] if name != "remark"]
        typed = {name: self._typed(FIELDS.get(name, name)) for name in asked}
        self.said, wrong = read(self.shape, typed)
        for name, sentence in wrong.items():
            self.refuse(sentence, FIELDS.get(name, name))
        return fine and self.said is not None

    def _typed(self, name: str) -> str:
        data = self[name].data
        return ("y" if data else "") if isinstance(data, bool) else str(data or "")

    def entry(self) -> Entry:
        assert self.said is not None
        return self.said

    @staticmethod
    def values_of(entry: Entry) -> dict[str, Any]:
        typed = typed_of(entry)
        return {**typed, "points": typed["score"], "title_proposed": entry.title_proposed}


class CorrectionDecisionForm(Form):
    note = TextAreaField(
        _("意见"),
        filters=[strip],
        description=_("不同意时必填。"),
        validators=[cleaned(partial(clean_paragraph, limit=300))],
    )
    decision = StringField(validators=[AnyOf(("accept", "refuse"), _("请选择同意或不同意"))])
