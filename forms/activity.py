"""The forms of the desk for activities: their facts, tracks, sessions, and the reasons of decisions.

Units, clauses, tags and venues come in by the constructor. A choice that is not offered is not taken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import Form, strip
from forms.moment import DayField, MomentField
from forms.number import WholeField, is_whole
from forms.registration import cleaned
from models.activity import Activity, Division, EntryMode, Industry, Kind, Level, Series, Session, Track
from models.organisation import Type
from models.person import Category, SkillLevel
from services.activity import ActivityEntry, SessionEntry, TrackEntry
from services.text import _, clean_line, clean_paragraph
from services.words import choices

Pairs = Sequence[tuple[str, object]]


@dataclass(frozen=True)
class Offers:
    """What the form of an activity offers to choose from: (value, label)."""

    organisers: Pairs
    hosts: Pairs
    leads: Pairs
    clauses: Pairs
    tags: Pairs


def words_of(pairs: Pairs, empty: object = None) -> list[tuple[str, str]]:
    """Choices as WTForms wants them; `empty` is the label of no choice."""
    found = [(value, str(label)) for value, label in pairs]
    return [("", str(empty)), *found] if empty is not None else found


class ManyField(SelectMultipleField):
    """Check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ShownField(SelectField):
    """A choice that the page shows only where it makes sense: not sent, it is no choice."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist or [""])


class ActivityForm(Form):
    kind = SelectField(_("活动类型"), validators=[DataRequired(_("请选择活动类型"))])
    title = StringField(
        _("活动名称"),
        filters=[strip],
        validators=[DataRequired(_("请填写活动名称")), cleaned(partial(clean_line, limit=120))],
    )
    summary = StringField(
        _("一句话简介"),
        filters=[strip],
        description=_("显示在活动列表中，如：12 位主讲嘉宾 · 扫码签到入场"),
        validators=[cleaned(partial(clean_line, limit=300))],
    )
    starts_at = MomentField(_("开始时间"), validators=[DataRequired(_("请填写开始时间"))])
    ends_at = MomentField(_("结束时间"), validators=[DataRequired(_("请填写结束时间"))])
    organiser = SelectField(_("承办单位"), validators=[DataRequired(_("请选择承办单位"))])
    host = SelectField(_("主办单位"), validators=[DataRequired(_("请选择主办单位"))])
    lead = SelectField(_("牵头部门"), default="", description=_("由其审批。不选时按所属重点任务的牵头部门。"))
    co_organisers = StringField(
        _("协办单位（可不填）"), filters=[strip], validators=[cleaned(partial(clean_line, limit=200))]
    )
    level = SelectField(_("活动级别"), validators=[DataRequired(_("请选择活动级别"))])
    series = ShownField(_("竞赛类别"))
    industry = SelectField(_("产业"), default="")
    clause = SelectField(_("所属重点任务"), default="")
    skill_level = ShownField(_("对应职业技能等级"), description=_("培训班、等级认定结束后可达到的等级。"))
    tags = ManyField(_("标签"), description=_("指标按标签归集，请如实选择。"))
    audience = ManyField(_("面向人群"), description=_("不选表示面向所有人。"))
    description = TextAreaField(
        _("活动介绍"),
        filters=[strip],
        description=_("纯文字。空一行另起一段；行首写“- ”或“1. ”成为列表。"),
        validators=[cleaned(partial(clean_paragraph, limit=5000))],
    )
    what_to_bring = TextAreaField(
        _("参加者请携带"), filters=[strip], validators=[cleaned(partial(clean_paragraph, limit=500))]
    )
    contact_name = StringField(
        _("联系人或科室"), filters=[strip], validators=[cleaned(partial(clean_line, limit=40))]
    )
    contact_phone = StringField(
        _("咨询电话"),
        filters=[strip],
        description=_("公开显示，请填办公电话。"),
        validators=[cleaned(partial(clean_line, limit=30))],
    )
    takes_several = BooleanField(
        _("一人可以报多个项目"), description=_("默认每人只报一项。有人报名后不能再改。")
    )
    version = HiddenField()

    def __init__(self, *args: Any, offers: Offers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = words_of(choices(Kind), _("请选择"))
        self.organiser.choices = words_of(offers.organisers)
        self.host.choices = words_of(offers.hosts, _("请选择"))
        self.lead.choices = words_of(offers.leads, _("按重点任务"))
        self.level.choices = words_of(choices(Level))
        self.series.choices = words_of(choices(Series), _("不是竞赛"))
        self.industry.choices = words_of(choices(Industry), _("不限产业"))
        self.clause.choices = words_of(offers.clauses, _("不属于某一项"))
        self.skill_level.choices = words_of(choices(SkillLevel)[1:], _("无"))
        self.tags.choices = words_of(offers.tags)
        self.audience.choices = words_of(choices(Category))

    def validate_ends_at(self, field: MomentField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(str(_("结束时间应晚于开始时间")))

    def validate_series(self, field: SelectField) -> None:
        if self.kind.data == Kind.COMPETITION and not field.data:
            raise ValidationError(str(_("竞赛请选择竞赛类别")))

    def clause_number(self) -> int | None:
        return int(self.clause.data) if self.clause.data else None

    def seen_version(self) -> int:
        text = str(self.version.data or "")
        return int(text) if is_whole(text) else -1

    def entry(self, *, lead: str, organiser: str | None = None) -> ActivityEntry:
        """The values. `lead`: the department to approve it, once it is known; `organiser`: where it is fixed."""
        return ActivityEntry(
            kind=Kind(self.kind.data),
            title=self.title.data,
            summary=self.summary.data or "",
            description=self.description.data or "",
            what_to_bring=self.what_to_bring.data or "",
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            host=self.host.data,
            organiser=organiser or self.organiser.data,
            lead=lead,
            co_organisers=self.co_organisers.data or "",
            level=Level(self.level.data),
            series=Series(self.series.data) if self.series.data else None,
            industry=Industry(self.industry.data) if self.industry.data else None,
            clause=self.clause_number(),
            skill_level=SkillLevel(self.skill_level.data) if self.skill_level.data else None,
            tags=tuple(self.tags.data or ()),
            audience=tuple(Category(value) for value in self.audience.data or ()),
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            takes_several=bool(self.takes_several.data),
        )

    @staticmethod
    def values_of(activity: Activity) -> dict[str, Any]:
        """What the form shows of an activity."""
        return {
            "kind": activity.kind.value,
            "title": activity.title,
            "summary": activity.summary,
            "description": activity.description,
            "what_to_bring": activity.what_to_bring,
            "starts_at": activity.starts_at,
            "ends_at": activity.ends_at,
            "organiser": activity.organiser.code,
            "host": activity.host.code,
            "lead": activity.lead.code,
            "co_organisers": activity.co_organisers,
            "level": activity.level.value,
            "series": activity.series.value if activity.series else "",
            "industry": activity.industry.value if activity.industry else "",
            "clause": str(activity.clause) if activity.clause else "",
            "skill_level": activity.skill_level or "",
            "tags": list(activity.tags),
            "audience": list(activity.audience),
            "contact_name": activity.contact_name,
            "contact_phone": activity.contact_phone,
            "takes_several": activity.takes_several,
            "version": str(activity.version),
        }


AWARD_WAYS: Pairs = (
    ("excluded-same", _("在本赛项获过奖的不能再报")),
    ("excluded-any", _("获过奖的不能再报")),
    ("required-same", _("须在本赛项获过奖")),
    ("required-any", _("须获过奖")),
)
MODES: Pairs = (
    (EntryMode.SINGLE.value, _("个人报名")),
    (EntryMode.UNIT.value, _("单位推荐")),
    (EntryMode.TEAM.value, _("团队报名")),
)


class TrackForm(Form):
    name = StringField(
        _("报名项目"),
        filters=[strip],
        description=_("写全名，如：数控铣 · 职工组。只有一个项目时可写“现场参加”。"),
        validators=[DataRequired(_("请填写报名项目")), cleaned(partial(clean_line, limit=80))],
    )
    division = SelectField(_("组别"), default="")
    capacity = WholeField(
        _("名额"),
        validators=[InputRequired(_("请填写名额")), NumberRange(1, 100_000, _("应在 1 到 100000 之间"))],
    )
    opens_at = MomentField(_("报名开始"), validators=[DataRequired(_("请填写报名开始时间"))])
    closes_at = MomentField(_("报名截止"), validators=[DataRequired(_("请填写报名截止时间"))])
    has_waiting_list = BooleanField(_("报满后接受候补"))
    needs_review = BooleanField(_("报名须经资格审查"), description=_("单位推荐的组别一律审查。"))
    needs_document = BooleanField(_("须登记证件号码"), description=_("竞赛和培训班需要，讲座一般不需要。"))
    born_from = DayField(_("出生日期不早于"), validators=[Optional()])
    born_until = DayField(_("出生日期不晚于"), validators=[Optional()])
    categories = ManyField(_("可报名人群"), description=_("不选表示不限。"))
    unit_types = ManyField(_("限这些类型的单位"), description=_("不选表示不限。"))
    units = TextAreaField(
        _("限这些单位"),
        filters=[strip],
        description=_("每行一个，写与平台登记一致的全称。不填表示不限。"),
        validators=[cleaned(partial(clean_paragraph, limit=4000))],
    )
    trades = StringField(
        _("限从事这些职业（工种）"),
        filters=[strip],
        description=_("用顿号隔开，如：铣工、加工中心操作工。报名表上须有“从事的职业（工种）”。"),
        validators=[cleaned(partial(clean_line, limit=300))],
    )
    least_level = SelectField(_("最低职业技能等级"), default="")
    least_years = WholeField(
        _("从事本职业最少年限"), validators=[Optional(), NumberRange(0, 60, _("应在 0 到 60 之间"))]
    )
    earlier_award = SelectField(_("以往获奖"), default="")
    mode = SelectField(_("报名方式"), default=EntryMode.SINGLE.value)
    team_least = WholeField(
        _("每队最少"), validators=[Optional(), NumberRange(1, 50, _("应在 1 到 50 之间"))]
    )
    team_most = WholeField(_("每队最多"), validators=[Optional(), NumberRange(1, 50, _("应在 1 到 50 之间"))])
    substitutes_most = WholeField(
        _("替补最多"), validators=[Optional(), NumberRange(0, 20, _("应在 0 到 20 之间"))]
    )
    unit_limit = WholeField(
        _("每单位限报"),
        description=_("不填表示不限；已分配名额的单位以分配为准。"),
        validators=[Optional(), NumberRange(1, 100_000, _("应在 1 到 100000 之间"))],
    )
    frozen_at = MomentField(
        _("队员锁定时间"), description=_("之后只能由单位更换。不填即报名截止时。"), validators=[Optional()]
    )
    final_at = MomentField(
        _("名单确定时间"), description=_("之后不再更换。不填即活动开始时。"), validators=[Optional()]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division.choices = words_of(choices(Division), _("不分组"))
        self.categories.choices = words_of(choices(Category))
        self.unit_types.choices = words_of(choices(Type))
        self.least_level.choices = words_of(choices(SkillLevel)[1:], _("不限"))
        self.earlier_award.choices = words_of(AWARD_WAYS, _("不限"))
        self.mode.choices = words_of(MODES)

    def rules(self) -> tuple[dict[str, Any], ...]:
        """What was chosen as rules; those left open are none."""
        made: list[dict[str, Any]] = []
        names = [line.strip() for line in (self.units.data or "").splitlines() if line.strip()]
        if names or self.unit_types.data:
            made.append({"kind": "unit", "names": names, "types": list(self.unit_types.data or ())})
        trades = [word.strip() for word in re.split("[、,，;；]", self.trades.data or "") if word.strip()]
        if trades:
            made.append({"kind": "trade", "names": trades})
        if self.least_level.data:
            made.append({"kind": "skill_level", "least": self.least_level.data})
        if self.least_years.data:
            made.append({"kind": "years", "least": self.least_years.data})
        way, _dash, where = (self.earlier_award.data or "").partition("-")
        if way:
            made.append({"kind": "earlier_award", "way": way, "same_contest": where != "any"})
        return tuple(made)

    def entry(self) -> TrackEntry:
        return TrackEntry(
            name=self.name.data,
            division=Division(self.division.data) if self.division.data else None,
            capacity=self.capacity.data,
            opens_at=self.opens_at.data,
            closes_at=self.closes_at.data,
            has_waiting_list=self.has_waiting_list.data,
            needs_review=self.needs_review.data,
            needs_document=self.needs_document.data,
            born_from=self.born_from.data,
            born_until=self.born_until.data,
            categories=tuple(Category(value) for value in self.categories.data or ()),
            rules=self.rules(),
            mode=EntryMode(self.mode.data),
            team_least=self.team_least.data or 1,
            team_most=self.team_most.data or max(self.team_least.data or 1, 1),
            substitutes_most=self.substitutes_most.data or 0,
            unit_limit=self.unit_limit.data,
            frozen_at=self.frozen_at.data,
            final_at=self.final_at.data,
        )

    @staticmethod
    def values_of(track: Track) -> dict[str, Any]:
        return _rules_shown(track) | {
            "name": track.name,
            "division": track.division.value if track.division else "",
            "capacity": track.capacity,
            "opens_at": track.opens_at,
            "closes_at": track.closes_at,
            "has_waiting_list": track.has_waiting_list,
            "needs_review": track.needs_review,
            "needs_document": track.needs_document,
            "born_from": track.born_from,
            "born_until": track.born_until,
            "categories": list(track.categories),
            "mode": track.mode.value,
            "team_least": track.team_least,
            "team_most": track.team_most,
            "substitutes_most": track.substitutes_most,
            "unit_limit": track.unit_limit,
            "frozen_at": track.frozen_at,
            "final_at": track.final_at,
        }


def _rules_shown(track: Track) -> dict[str, Any]:
    """The rules of a track as its form shows them."""
    rules = {rule["kind"]: rule for rule in track.rules or ()}
    unit, award = rules.get("unit", {}), rules.get("earlier_award")
    return {
        "units": "\n".join(unit.get("names", ())),
        "unit_types": list(unit.get("types", ())),
        "trades": "、".join(rules.get("trade", {}).get("names", ())),
        "least_level": rules.get("skill_level", {}).get("least", ""),
        "least_years": rules.get("years", {}).get("least"),
        "earlier_award": f"{award['way']}-{'same' if award['same_contest'] else 'any'}" if award else "",
    }


class SessionForm(Form):
    title = StringField(
        _("场次名称"),
        filters=[strip],
        description=_("如：检录、实操 第 1 场、开幕式"),
        validators=[DataRequired(_("请填写场次名称")), cleaned(partial(clean_line, limit=80))],
    )
    starts_at = MomentField(_("开始时间"), validators=[DataRequired(_("请填写开始时间"))])
    ends_at = MomentField(_("结束时间"), validators=[DataRequired(_("请填写结束时间"))])
    venue = SelectField(_("地点"), default="")
    room = StringField(
        _("房间、车间或工位区"), filters=[strip], validators=[cleaned(partial(clean_line, limit=40))]
    )
    track = SelectField(_("所属报名项目"), default="")
    takes_exit = BooleanField(_("登记离场，学时按入场到离场计算"))
    is_self_service = BooleanField(_("允许自助签到：参加者扫现场大屏上的码"))

    def __init__(self, *args: Any, venues: Pairs, tracks: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.venue.choices = words_of(venues, _("待定"))
        self.track.choices = words_of(tracks, _("全部参加者"))

    def validate_ends_at(self, field: MomentField) -> None:
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(str(_("结束时间应晚于开始时间")))

    def entry(self) -> SessionEntry:
        return SessionEntry(
            title=self.title.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            venue=self.venue.data or None,
            room=self.room.data or "",
            track=self.track.data or None,
            takes_exit=bool(self.takes_exit.data),
            is_self_service=bool(self.is_self_service.data),
        )

    @staticmethod
    def values_of(session: Session) -> dict[str, Any]:
        return {
            "title": session.title,
            "starts_at": session.starts_at,
            "ends_at": session.ends_at,
            "venue": session.venue.code if session.venue else "",
            "room": session.room,
            "track": session.track.code if session.track else "",
            "takes_exit": session.takes_exit,
            "is_self_service": session.is_self_service,
        }


class StepForm(Form):
    """One verb as a button."""


class DecisionForm(Form):
    """Approve, or send back with a note."""

    note = TextAreaField(
        _("退回意见"),
        filters=[strip],
        description=_("退回时必填，写明需要修改的内容，承办单位会看到。"),
        validators=[cleaned(partial(clean_paragraph, limit=300))],
    )
    decision = StringField(validators=[AnyOf(("approve", "send_back"), _("请选择批准或退回"))])
    """The pressed button's value. Not a hidden field: its empty twin on the page would be read first."""


class CancelForm(Form):
    reason = TextAreaField(
        _("取消原因"),
        filters=[strip],
        description=_("会原样发给每一位报名人，并显示在活动页面上。"),
        validators=[DataRequired(_("请写明原因")), cleaned(partial(clean_paragraph, limit=300))],
    )
