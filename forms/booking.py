"""What schools and the centre say about visits. Counts and a contact; no pupil's name is asked anywhere."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget, TelInput

from forms.base import Form, strip
from forms.moment import DayField, MomentField
from forms.number import WholeField
from forms.organisation import short_line
from forms.registration import cleaned
from models.booking import NEEDS, Grade, Transport
from services.booking import Closure, Details, Repeat, TermsEntry, ThemeEntry
from services.person import phones
from services.text import BadText, Sentence, _, clean_name, clean_paragraph
from services.words import label

MOST_PUPILS = 200
CLASSES = re.compile(r"[0-9]{1,2}(?:[-、][0-9]{1,2}){0,5}")
TIME = re.compile(r"([01]?[0-9]|2[0-3])[:：]([0-5][0-9])")
WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
NEED_NAMES: dict[str, Sentence] = {
    "wheelchair": _("轮椅"),
    "hearing": _("听力辅助"),
    "sight": _("视力辅助"),
    "allergy": _("过敏"),
    "other": _("其他"),
}


def grade_choices(grades: Sequence[str] = ()) -> list[SelectChoice]:
    """All grades, or those of a school."""
    return [SelectChoice(grade.value, label(grade)) for grade in Grade if not grades or grade.value in grades]


def phone_number(_form: Form, field: StringField) -> None:
    try:
        field.data = phones.check(field.data or "", None)
    except BadText as bad:
        raise ValidationError(str(bad.sentence)) from bad


class KeepForm(Form):
    """A class chooses a slot."""

    grade = SelectField(_("年级"), validators=[InputRequired(_("请选择年级"))])
    heads = WholeField(
        _("学生人数（不填姓名）"),
        validators=[
            InputRequired(_("请填写学生人数")),
            NumberRange(1, MOST_PUPILS, _("应在 1 到 %(most)s 之间", most=MOST_PUPILS)),
        ],
    )

    def __init__(self, *args: Any, grades: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grade.choices = grade_choices(grades)


class ClassForm(KeepForm):
    """班级与带队教师."""

    classes = StringField(
        _("班级"),
        description=_("只填班号，如 2；合班填 1-3 或 1、2"),
        filters=[strip],
        validators=[DataRequired(_("请填写班号")), Length(max=20)],
    )
    teachers = WholeField(
        _("带队教师"),
        validators=[InputRequired(_("请填写带队教师人数")), NumberRange(1, 50, _("应在 1 到 50 之间"))],
    )
    contact_name = StringField(
        _("联系人"),
        description=_("带队的教师"),
        filters=[strip],
        validators=[DataRequired(_("请填写联系人")), cleaned(clean_name)],
    )
    contact = StringField(
        _("联系人手机"),
        filters=[strip],
        validators=[DataRequired(_("请填写联系人手机")), phone_number],
        widget=TelInput(),
    )
    wheelchair = WholeField(NEED_NAMES["wheelchair"], validators=[Optional(), NumberRange(0, 200)])
    hearing = WholeField(NEED_NAMES["hearing"], validators=[Optional(), NumberRange(0, 200)])
    sight = WholeField(NEED_NAMES["sight"], validators=[Optional(), NumberRange(0, 200)])
    allergy = WholeField(NEED_NAMES["allergy"], validators=[Optional(), NumberRange(0, 200)])
    other = WholeField(NEED_NAMES["other"], validators=[Optional(), NumberRange(0, 200)])

    def validate_classes(self, field: StringField) -> None:
        if not CLASSES.fullmatch(field.data or ""):
            raise ValidationError(str(_("只填班号，如 2；合班填 1-3 或 1、2。")))

    def details(self) -> Details:
        return Details(
            grade=Grade(self["grade"].data),
            classes=self["classes"].data,
            heads=self["heads"].data,
            teachers=self["teachers"].data,
            contact_name=self["contact_name"].data,
            contact=self["contact"].data,
            needs={kind: self[kind].data for kind in NEEDS if self[kind].data},
        )


class ProposeForm(ClassForm):
    """送课进校: a school asks a master into its own room."""

    starts_at = MomentField(_("希望的时间"), validators=[InputRequired(_("请选择时间"))])
    room = StringField(
        _("本校教室"),
        description=_("如 综合楼 302 技能体验室"),
        filters=[strip],
        validators=[DataRequired(_("请填写教室")), short_line(40)],
    )


class AgreeForm(Form):
    agreed = BooleanField(
        _("我已阅读安全责任书，代表学校同意"), validators=[DataRequired(_("请阅读并同意安全责任书"))]
    )


class SupplementForm(Form):
    """Insurance, bus and the stamped agreement: they may follow until the day before."""

    transport = SelectField(_("怎么来"), validators=[Optional()])
    plates = StringField(_("车牌号"), filters=[strip], validators=[Optional(), short_line(60)])
    insurance = StringField(
        _("保险单号"),
        description=_("校方责任险或活动意外险"),
        filters=[strip],
        validators=[Optional(), short_line(60)],
    )
    scan = FileField(_("盖章的安全责任书"), description=_("拍照或扫描，可以晚些再传"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [SelectChoice(kind.value, label(kind)) for kind in Transport]
        self.transport.choices = [SelectChoice("", _("还没有定")), *kinds]

    def chosen(self) -> Transport | None:
        return Transport(self["transport"].data) if self["transport"].data else None


class SingleForm(Form):
    """A citizen."""

    contact_name = StringField(
        _("姓名"), filters=[strip], validators=[DataRequired(_("请填写姓名")), cleaned(clean_name)]
    )
    contact = StringField(
        _("手机"),
        filters=[strip],
        validators=[DataRequired(_("请填写手机")), phone_number],
        widget=TelInput(),
    )


class SayForm(Form):
    """A verb with a word to it: cancelling, calling off."""

    note = TextAreaField(
        _("说明"),
        filters=[strip],
        validators=[Optional(), cleaned(lambda text: clean_paragraph(text, 200))],
    )


class DecideForm(SayForm):
    decision = RadioField(
        _("决定"),
        choices=[SelectChoice("confirm", _("确认")), SelectChoice("refuse", _("不能安排"))],
        validators=[InputRequired(_("请选择"))],
    )


class ArriveForm(Form):
    heads = WholeField(
        _("实到学生"),
        validators=[InputRequired(_("请填写实到学生人数")), NumberRange(0, 500, _("应在 0 到 500 之间"))],
    )
    teachers = WholeField(
        _("实到教师"),
        validators=[InputRequired(_("请填写实到教师人数")), NumberRange(0, 100, _("应在 0 到 100 之间"))],
    )


class CorrectForm(SayForm):
    heads = WholeField(
        _("实到学生"),
        description=_("没有来的填 0"),
        validators=[InputRequired(_("请填写实到学生人数")), NumberRange(0, 500, _("应在 0 到 500 之间"))],
    )


class _Days(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ThemeForm(Form):
    title = StringField(
        _("主题"), filters=[strip], validators=[DataRequired(_("请填写主题")), short_line(40)]
    )
    summary = TextAreaField(
        _("做什么"),
        filters=[strip],
        validators=[Optional(), cleaned(lambda text: clean_paragraph(text, 300))],
    )
    grades = _Days(_("适合年级"), description=_("都不选表示不限"), validators=[Optional()])
    takes_citizens = BooleanField(_("市民也可以单人预约"))
    is_visiting = BooleanField(_("送课进校：由学校提出时间，在学校的教室上课"))
    capacity = WholeField(
        _("每场名额"),
        validators=[InputRequired(_("请填写每场名额")), NumberRange(1, 200, _("应在 1 到 200 之间"))],
    )
    least = WholeField(
        _("成行人数"),
        description=_("不足时并场或取消；0 表示不限"),
        validators=[Optional(), NumberRange(0, 200)],
    )
    minutes = WholeField(
        _("时长"),
        validators=[InputRequired(_("请填写时长")), NumberRange(10, 480, _("应在 10 到 480 分钟之间"))],
    )
    stations = StringField(
        _("设备工位"),
        description=_("如 机械臂 6 台"),
        filters=[strip],
        validators=[Optional(), short_line(120)],
    )
    staff = StringField(_("指导人员"), filters=[strip], validators=[Optional(), short_line(120)])
    risk_note = TextAreaField(
        _("安全提示"),
        filters=[strip],
        validators=[Optional(), cleaned(lambda text: clean_paragraph(text, 300))],
    )
    what_to_bring = StringField(_("要带什么"), filters=[strip], validators=[Optional(), short_line(200)])
    venue = SelectField(_("场地"), validators=[Optional()])
    room = StringField(_("教室"), filters=[strip], validators=[Optional(), short_line(40)])

    def __init__(self, *args: Any, venues: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grades.choices = grade_choices()
        self.venue.choices = [SelectChoice("", _("未定")), *(SelectChoice(*pair) for pair in venues)]

    def entry(self) -> ThemeEntry:
        texts = ("title", "summary", "stations", "staff", "risk_note", "what_to_bring", "room")
        return ThemeEntry(
            **{name: self[name].data or "" for name in texts},
            grades=frozenset(self["grades"].data or ()),
            takes_citizens=bool(self["takes_citizens"].data),
            is_visiting=bool(self["is_visiting"].data),
            capacity=self["capacity"].data,
            least=self["least"].data or 0,
            minutes=self["minutes"].data,
        )


class RepeatForm(Form):
    """按周重复排场次."""

    first = DayField(_("从"), validators=[InputRequired(_("请选择日期"))])
    last = DayField(_("到"), validators=[InputRequired(_("请选择日期"))])
    weekdays = _Days(_("星期"), validators=[DataRequired(_("请至少选一天"))])
    times = StringField(
        _("开始时间"),
        description=_("可写几个，如 09:00、14:00"),
        filters=[strip],
        validators=[DataRequired(_("请填写开始时间")), Length(max=60)],
    )
    parallel = WholeField(
        _("同时开几场"), default=1, validators=[InputRequired(), NumberRange(1, 10, _("应在 1 到 10 之间"))]
    )
    seen = WholeField(widget=HiddenInput(), validators=[Optional()])
    """How many slots the preview showed; 0: nothing was shown yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = [SelectChoice(str(day), name) for day, name in enumerate(WEEKDAYS)]

    def validate_times(self, field: StringField) -> None:
        if not self.moments() or len(self.moments()) > 8:
            raise ValidationError(str(_("请按“时:分”填写，如 09:00、14:00，最多 8 个。")))

    def moments(self) -> tuple[dt.time, ...]:
        found = {dt.time(int(hour), int(minute)) for hour, minute in TIME.findall(self["times"].data or "")}
        return tuple(sorted(found))

    def repeat(self) -> Repeat:
        days = frozenset(int(day) for day in self["weekdays"].data)
        return Repeat(self["first"].data, self["last"].data, days, self.moments(), self["parallel"].data)


def _rule(name: Sentence, least: int, most: int) -> WholeField:
    return WholeField(
        name,
        validators=[
            InputRequired(_("请填写数字")),
            NumberRange(least, most, _("应在 %(least)s 到 %(most)s 之间", least=least, most=most)),
        ],
    )


class TermsForm(Form):
    """预约规则."""

    days_least = _rule(_("至少提前"), 0, 60)
    days_most = _rule(_("最多提前"), 1, 365)
    first_days = _rule(_("首次来访和乡村学校提前"), 0, 180)
    visits_most = _rule(_("每校每学期"), 1, 200)
    pupils_a_teacher = _rule(_("小学每名教师带"), 1, 100)
    pupils_a_teacher_secondary = _rule(_("中学每名教师带"), 1, 100)
    hold_minutes = _rule(_("选场次后保留"), 1, 1440)
    offer_hours = _rule(_("候补名额保留"), 1, 336)
    notice_days = _rule(_("更改和取消须提前"), 0, 30)
    decide_days = _rule(_("人数不足的提前取消"), 0, 30)
    no_shows_most = _rule(_("爽约几次后须说明理由才确认"), 1, 50)
    closures = TextAreaField(
        _("停约日"),
        description=_("一行一段：2026-10-01 到 2026-10-07 国庆节"),
        filters=[strip],
        validators=[Optional(), Length(max=2000)],
    )
    version = WholeField(widget=HiddenInput(), validators=[Optional()])

    def validate_closures(self, field: TextAreaField) -> None:
        self.read_closures()

    def read_closures(self) -> tuple[Closure, ...]:
        """Raises ValidationError with the line that cannot be read."""
        found = []
        for line in (self["closures"].data or "").splitlines():
            if not line.strip():
                continue
            days = re.findall(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", line)
            try:
                first, last = (dt.date(*map(int, day.split("-"))) for day in (days[0], days[-1]))
            except (ValueError, IndexError) as bad:
                said = _("这一行看不懂：%(line)s", line=line[:40])
                raise ValidationError(str(said)) from bad
            why = re.sub(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|到|至|~|—", "", line).strip()
            found.append(Closure(first, last, why))
        return tuple(found)

    def entry(self) -> TermsEntry:
        names = [name for name in TermsEntry.__dataclass_fields__ if name != "closures"]
        return TermsEntry(**{name: self[name].data for name in names}, closures=self.read_closures())


class SchoolsForm(Form):
    """教委学校名单."""

    file = FileField(_("学校名单"), description=_("Excel，表头为 学校名称、学段、所在镇街、城乡"))
