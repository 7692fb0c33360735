"""How the plan's rules read: each choice, and each counting rule as a sentence. No figures."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from models.activity import Kind, Level, Series
from models.indicator import (
    Comparator,
    CountRule,
    Indicator,
    Outcome,
    Period,
    Plan,
    ReportState,
    Source,
    TargetBasis,
    Unit,
)
from models.person import Category, SkillLevel
from services.indicator import reported
from services.indicator.judging import Standing, State
from services.indicator.reporting import say_period
from services.indicator.rules import Aspect, Condition, conditions
from services.indicator.tables import Need
from services.text import Sentence, _
from services.words import label, say_day

NEEDS: Mapping[str, Sentence] = {Need.TITLE_PROPOSAL: _("提出称号推荐")}

SOURCES: Mapping[str, Sentence] = {
    Source.AUTO: _("系统归集"),
    Source.MIXED: _("两者结合"),
    Source.MANUAL: _("部门填报"),
}

SOURCE_SENTENCES: Mapping[str, Sentence] = {
    Source.AUTO: _("只按平台上的活动记录统计，不另填报。"),
    Source.MIXED: _("平台上的活动记录，加上部门填报并附佐证材料的平台外工作。"),
    Source.MANUAL: _("由部门填报，附佐证材料，经审核后计入。"),
}

PERIODS: Mapping[str, Sentence] = {
    Period.ANNUAL: _("每年"),
    Period.BIENNIAL: _("每两年"),
    Period.CUMULATIVE: _("规划期内累计"),
    Period.RATIO: _("到期时的比例"),
    Period.PER_UNIT: _("每一个都要达到"),
    Period.TREND: _("比上一年"),
}

UNITS: Mapping[str, Sentence] = {
    Unit.PERSON: _("人"),
    Unit.PERSON_TIME: _("人次"),
    Unit.ITEM: _("个"),
    Unit.SESSION: _("场(届)"),
    Unit.PERCENT: _("%"),
    Unit.PERCENTAGE_POINT: _("个百分点"),
}

COUNT_RULES: Mapping[str, Sentence] = {
    CountRule.DISTINCT_PERSON_YEAR: _("按人统计：同一个人在一个自然年内，在本指标中只计一次。"),
    CountRule.PERSON_TIMES: _("按人次统计：每完成一次计一次，同一个人可以多次计入。"),
    CountRule.THING_COUNT: _("按件统计：每一个(场、届)登记在册的计一次。"),
    CountRule.STOCK: _("某一日期的总量，由部门填报；不是各年数字相加。"),
    CountRule.RATIO: _("到期时的比例，由总量计算得出。"),
    CountRule.PER_UNIT_MIN: _("对每一个都要达到的最低数；报告最少的一个，以及有多少个达到。"),
    CountRule.TREND: _("与上一年相比的变化。"),
}

COUNT_NAMES: Mapping[str, Sentence] = {
    CountRule.DISTINCT_PERSON_YEAR: _("按人，一年一人计一次"),
    CountRule.PERSON_TIMES: _("按人次，每完成一次计一次"),
    CountRule.THING_COUNT: _("按件登记"),
    CountRule.STOCK: _("某一日期的总量"),
    CountRule.RATIO: _("由总量计算的比例"),
    CountRule.PER_UNIT_MIN: _("每一个的最低数"),
    CountRule.TREND: _("与上一年相比"),
}

OUTCOMES: Mapping[str, Sentence] = {
    Outcome.ACTIVITY_HELD: _("活动已举办"),
    Outcome.COMPLETED: _("结业"),
    Outcome.LEVEL_ASSESSED: _("参加等级认定(不论是否通过)"),
    Outcome.LEVEL_CERTIFIED: _("取得等级证书"),
    Outcome.AWARD_WON: _("获奖"),
    Outcome.RESERVE_CONFIRMED: _("确认入库(选手储备库)"),
    Outcome.HIRED: _("签订劳动合同"),
}

COMPARATORS: Mapping[str, Sentence] = {
    Comparator.AT_LEAST: _("不少于"),
    Comparator.ABOVE: _("高于"),
    Comparator.AT_MOST: _("不多于"),
    Comparator.BELOW: _("低于"),
}

ENUMS: Mapping[Aspect, type[StrEnum]] = {
    Aspect.KIND: Kind,
    Aspect.SERIES: Series,
    Aspect.LEVEL: Level,
    Aspect.CATEGORY: Category,
    Aspect.SKILL_LEVEL: SkillLevel,
}


STATES: Mapping[str, Sentence] = {
    State.DONE: _("已完成"),
    State.ON_PACE: _("达到序时"),
    State.BEHIND: _("略滞后"),
    State.FAR_BEHIND: _("严重滞后"),
    State.OVERDUE: _("已逾期"),
    State.UNREPORTED: _("待填报"),
    State.OPEN: _("到期考核"),
    State.WATCHED: _("关注"),
}

TONES: Mapping[str, str] = {
    State.DONE: "open",
    State.ON_PACE: "open",
    State.BEHIND: "warn",
    State.FAR_BEHIND: "full",
    State.OVERDUE: "full",
    State.UNREPORTED: "plain",
    State.OPEN: "plain",
    State.WATCHED: "plain",
}
"""Of the chip."""

BARS: Mapping[str, str] = {
    "open": "open",
    "warn": "near",
    "full": "behind",
    "plain": "plain",
}
"""Of the bar, by the tone of the chip."""

REPORT_STATES: Mapping[str, Sentence] = {
    ReportState.DRAFT: _("草稿"),
    ReportState.SUBMITTED: _("待审核"),
    ReportState.RETURNED: _("已退回"),
    ReportState.ACCEPTED: _("已采用"),
    ReportState.REPLACED: _("已被更正"),
}

REPORT_TONES: Mapping[str, str] = {
    ReportState.DRAFT: "plain",
    ReportState.SUBMITTED: "warn",
    ReportState.RETURNED: "full",
    ReportState.ACCEPTED: "open",
    ReportState.REPLACED: "plain",
}

INPUTS: Mapping[str, Sentence] = {
    "employed_population": _("就业人口（人）"),
    reported.PREVIOUS: _("上一年的比例（%）"),
    reported.OF: _("共有多少个"),
    reported.REACHING: _("其中达到的个数"),
}
"""Further numbers that a report asks for."""


class Either:
    """Names of which one will do, joined only when shown, in the language of that moment."""

    def __init__(self, names: Sequence[Sentence | str]) -> None:
        self.names = tuple(names)

    def __str__(self) -> str:
        return str(_("或")).join(f"“{name}”" for name in self.names)


def _name(aspect: Aspect, value: str, plan: Plan, language: str) -> Sentence | str:
    match aspect:
        case Aspect.TAG:
            return next((tag.name_in(language) for tag in plan.tags if tag.code == value), value)
        case Aspect.NEED:
            return NEEDS[value]
        case _:
            return label(ENUMS[aspect](value))


def condition(what: Condition, plan: Plan, language: str = "zh") -> Sentence:
    """A condition as a phrase: 标签“乡村技能人才”, 竞赛类别“行业技能竞赛”."""
    names = Either([_name(what.aspect, value, plan, language) for value in what.values])
    match what.aspect:
        case Aspect.KIND:
            return _("活动类型为%(names)s", names=names)
        case Aspect.SERIES:
            return _("竞赛类别为%(names)s", names=names)
        case Aspect.LEVEL:
            return _("活动级别为%(names)s", names=names)
        case Aspect.TAG:
            return _("带有标签%(names)s", names=names)
        case Aspect.CATEGORY:
            return _("只计%(names)s", names=names)
        case Aspect.SKILL_LEVEL:
            return _("达到%(names)s及以上", names=names)
        case Aspect.NEED:
            return _("并且%(names)s", names=names)


def rule(indicator: Indicator, plan: Plan, language: str = "zh") -> list[Sentence]:
    """The counting rule in plain words, a sentence each."""
    sentences = [COUNT_RULES[indicator.count_rule]]
    if indicator.outcome is not None and (indicator.is_fed_by_activities or not indicator.activity_kinds):
        sentences.append(_("到这一步才计入：%(outcome)s。", outcome=OUTCOMES[indicator.outcome]))
    elif indicator.activity_kinds:
        kinds = Either([label(Kind(kind)) for kind in indicator.activity_kinds])
        sentences.append(_("%(kinds)s上的登记只作线索，由部门据实填报后计入。", kinds=kinds))
    if indicator.is_fed_by_activities:
        kinds = Either([label(Kind(kind)) for kind in indicator.activity_kinds])
        sentences.append(_("计入的活动：%(kinds)s。", kinds=kinds))
    sentences += [
        _("要求：%(what)s。", what=condition(what, plan, language)) for what in conditions(indicator)
    ]
    if indicator.target_basis is TargetBasis.IMPLIED:
        sentences.append(_("方案没有写明数字，按最少一次观察，不作评分。"))
    return sentences


def number(value: float | Decimal) -> str:
    """1,000 and 0.5: no more places than the plan writes."""
    return f"{int(value):,}" if value == int(value) else f"{float(value):,}"


def plain(value: Decimal | float) -> int | float:
    """For a drawing: 812 and 30.5."""
    return int(value) if value == int(value) else float(value)


def input_label(name: str) -> Sentence | str:
    return INPUTS.get(name, name)


def figure_label(indicator: Indicator) -> Sentence:
    """What the number to be entered is."""
    match indicator.count_rule:
        case CountRule.STOCK:
            return _("期末总量")
        case CountRule.PER_UNIT_MIN:
            return _("最少的一个有多少")
        case CountRule.TREND:
            return _("本年的比例（%）")
        case CountRule.RATIO:
            return _("期末比例（%）")
        case _:
            return _("本期新增完成数")


def figure_hint(indicator: Indicator) -> Sentence | None:
    """How not to count twice."""
    hint = None
    match indicator.count_rule:
        case CountRule.DISTINCT_PERSON_YEAR:
            hint = _("只填本期新增的人；同一个人本年已填过的不再计。")
        case CountRule.PERSON_TIMES:
            hint = _("只填本期的人次。")
        case CountRule.THING_COUNT:
            hint = _("只填本期新增的；以前各期已填的不再计。")
        case CountRule.STOCK:
            hint = _("填截至期末的总量，不是本期新增。")
        case _:
            pass
    return hint


def source_of(standing: Standing) -> Sentence:
    return SOURCES[standing.indicator.feed]


def period(year: int, quarter: int) -> Sentence:
    return say_period(year, quarter)


def unit(indicator: Indicator, language: str = "zh") -> str:
    """The plan's own word in Chinese, such as 场 or 届; the unit's name otherwise."""
    return str(UNITS[indicator.unit]) if language.startswith("en") else indicator.unit_zh


def target(indicator: Indicator, language: str = "zh") -> Sentence:
    """不少于 1,000 人"""
    return _(
        "%(comparator)s %(number)s %(unit)s",
        comparator=COMPARATORS[indicator.comparator],
        number=number(indicator.target),
        unit=unit(indicator, language),
    )


def departments(plan: Plan, codes: Sequence[str], language: str = "zh") -> str:
    names = {department.code: department.name_in(language) for department in plan.departments}
    return (", " if language.startswith("en") else "、").join(names.get(code, code) for code in codes)


def span(starts_on: dt.date, ends_on: dt.date) -> str:
    """2026年1月1日—2026年12月31日"""
    return f"{day(starts_on)}—{day(ends_on)}"


def day(date: dt.date) -> str:
    """With its year, always: a plan is read in other years too."""
    return say_day(date, this_year=0)
