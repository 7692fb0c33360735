"""Who may enter a track, with the reason for each rule. Rules are pure: a track, what is known, what is said, a day.

Each rule answers met, failed, or asked for (evidence a reviewer will look at). Shown before the form is filled as far
as it can be known, and asked again when the entry is made. What the rules need to know is gathered before, for one or
for ten thousand, by `services.registration.facts`. `Track.rules` holds what is not a column:

    {"kind": "unit", "organisations": [codes], "types": [organisation types]}
    {"kind": "trade", "names": ["铣工", …]}
    {"kind": "skill_level", "least": "advanced_worker"}
    {"kind": "years", "least": 3}
    {"kind": "earlier_award", "way": "required" | "excluded", "same_contest": true}
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from models.activity import Kind, Track
from models.organisation import Organisation, Type
from models.person import Category, Person, SkillLevel
from models.registration import Registration, Waiver
from services.registration.entry import Candidate, Entry
from services.registration.facts import NOTHING, Facts, Unit, entry_of, gather
from services.stamp import local_day
from services.text import Sentence, _, name_key
from services.words import label

LEAST_AGE = 16
"""Contests and classes take people from 16 on (domain.md 2.7)."""

WAIVABLE = ("born", "category", "unit", "trade", "skill_level", "years", "earlier_award")
"""Rules that an organiser may waive. Age, identity and what keeps a contest fair stay."""

SHORTEST_TRADE = 2
"""Characters of a trade that may stand for a longer name: 铣工 for 数控铣工, but 工 for nothing."""

RULE_WORDS: dict[str, Sentence] = {
    "identity": _("身份信息"),
    "age": _("年龄"),
    "guardian": _("监护人确认"),
    "born": _("出生日期"),
    "category": _("参与者类别"),
    "unit": _("所在单位"),
    "trade": _("从事职业"),
    "skill_level": _("技能等级"),
    "years": _("从业年限"),
    "earlier_award": _("以往获奖"),
    "one_contest": _("限报一项"),
    "not_staff": _("工作人员回避"),
}


class Verdict(StrEnum):
    MET = "ok"
    FAILED = "no"
    ASKED = "ask"


@dataclass(frozen=True)
class Reason:
    verdict: Verdict
    sentence: Sentence
    detail: object = ""
    rule: str = ""
    waiver: Waiver | None = None

    @property
    def is_waived(self) -> bool:
        """Failed or asked for, and waived for this person: it stands in nobody's way."""
        return self.waiver is not None


@dataclass(frozen=True)
class Case:
    """What one rule looks at."""

    track: Track
    facts: Facts
    entry: Entry | None
    day: dt.date

    @property
    def person(self) -> Person | None:
        return self.facts.person


def judge(
    track: Track,
    person: Person | None,
    entry: Entry | None,
    day: dt.date,
    *,
    organisation: Organisation | None = None,
) -> list[Reason]:
    """Every rule of the track that applies, in the order of the notice. Without a person, what will be asked; without
    an entry, what is known of the person. `organisation`: the unit that enters them.
    """
    if person is None:
        return weigh(track, NOTHING, entry, day)
    candidate = Candidate(track, person, entry or Entry())
    (facts,) = gather([candidate], workplaces=entry is not None, organisation=organisation)
    return weigh(track, facts, entry, day)


def judge_all(
    candidates: Sequence[Candidate], day: dt.date, *, organisation: Organisation | None = None
) -> list[list[Reason]]:
    """The same for many, in some statements whatever their number. `organisation`: of those who name none."""
    found = gather(candidates, organisation=organisation)
    return [
        weigh(candidate.track, facts, candidate.entry, day)
        for candidate, facts in zip(candidates, found, strict=True)
    ]


def judge_entry(registration: Registration) -> list[Reason]:
    """What stands for and against an entry as it was made and mended: for its review."""
    return judge(
        registration.track,
        registration.person,
        entry_of(registration.answer),
        local_day(registration.made_at),
        organisation=registration.organisation,
    )


def weigh(track: Track, facts: Facts, entry: Entry | None, day: dt.date) -> list[Reason]:
    """Pure: the rules of a track on what is known of somebody."""
    case = Case(track, facts, entry, day)
    reasons = [*_identity(case), *_age(case), *_born(case), *_category(case)]
    for rule in track.rules or ():
        if rule.get("kind") in _RULES:
            reasons += _RULES[rule["kind"]](case, rule)
    reasons += [*_one_contest(case), *_not_staff(case)]
    return [_waived(reason, facts.waivers) for reason in reasons]


def failures(reasons: list[Reason]) -> list[Reason]:
    """What says no and was not waived."""
    return [reason for reason in reasons if reason.verdict is Verdict.FAILED and not reason.is_waived]


def _waived(reason: Reason, waivers: Mapping[str, Waiver]) -> Reason:
    waiver = waivers.get(reason.rule)
    if waiver is None or reason.verdict is Verdict.MET:
        return reason
    return replace(reason, waiver=waiver, detail=_("已豁免：%(why)s", why=waiver.reason))


def _verdict(fits: bool | None) -> Verdict:
    if fits is None:
        return Verdict.ASKED
    return Verdict.MET if fits else Verdict.FAILED


# --- columns of a track -----------------------------------------------------------------------------


def _identity(case: Case) -> Iterator[Reason]:
    if not case.track.needs_document:
        return
    if case.person is None:
        yield Reason(Verdict.ASKED, _("需要填写姓名和证件信息"), rule="identity")
    elif case.person.document is None:
        yield Reason(Verdict.FAILED, _("请先补充证件信息"), rule="identity")
    else:
        yield Reason(Verdict.MET, _("身份信息已登记"), case.person.name, rule="identity")


def _age(case: Case) -> Iterator[Reason]:
    if case.track.activity.kind not in (Kind.COMPETITION, Kind.TRAINING_CLASS, Kind.ASSESSMENT):
        return
    person = case.person
    age = person.age_on(case.day) if person else None
    sentence = _("年满 %(age)s 周岁", age=LEAST_AGE)
    if age is None:
        yield Reason(Verdict.ASKED, sentence, rule="age")
        return
    yield Reason(_verdict(age >= LEAST_AGE), sentence, rule="age")
    if person is not None and person.is_minor_on(case.day):
        confirmed = person.guardian_confirmed_at is not None
        yield Reason(_verdict(confirmed), _("未满 18 周岁，须监护人确认"), rule="guardian")


def _born(case: Case) -> Iterator[Reason]:
    birth = case.person.birth_date if case.person else None
    first, last = case.track.born_from, case.track.born_until
    if first is not None:
        fits = None if birth is None else birth >= first
        yield Reason(_verdict(fits), _("%(day)s（含）以后出生", day=first.isoformat()), rule="born")
    if last is not None:
        fits = None if birth is None else birth <= last
        yield Reason(_verdict(fits), _("%(day)s（含）以前出生", day=last.isoformat()), rule="born")


def _category(case: Case) -> Iterator[Reason]:
    track = case.track
    if not track.categories:
        return
    names = str(_("、")).join(str(label(Category(value))) for value in track.categories)
    known = case.entry.category if case.entry else case.person.category if case.person else None
    fits = None if known is None else known.value in track.categories
    yield Reason(_verdict(fits), _("面向%(names)s", names=names), rule="category")


# --- rules as data ----------------------------------------------------------------------------------


def _unit(case: Case, rule: Mapping[str, Any]) -> Iterator[Reason]:
    """Somebody whom an allowed unit enters, or who belongs to one, is of it. Who only says so shows a paper."""
    codes, types = set(rule.get("organisations", ())), set(rule.get("types", ()))
    sentence = _("限%(names)s的人员", names=str(_("、")).join(str(name) for name in allowed_names(rule)))
    facts = case.facts

    def fits(unit: Unit) -> bool:
        return unit.code in codes or unit.type in types

    if any(fits(unit) for unit in facts.units):
        yield Reason(Verdict.MET, sentence, rule="unit")
    elif facts.entered_by is not None:
        yield Reason(_verdict(fits(facts.entered_by)), sentence, facts.entered_by.name, rule="unit")
    elif facts.workplace is not None and not fits(facts.workplace):
        yield Reason(Verdict.FAILED, sentence, facts.workplace.name, rule="unit")
    else:
        yield Reason(Verdict.ASKED, sentence, _("以单位证明或单位推荐为准"), rule="unit")


def allowed_names(rule: Mapping[str, Any]) -> list[object]:
    """How the allowed units of a rule are called."""
    return [*rule.get("names", ()), *(label(Type(value)) for value in rule.get("types", ()))]


def _trade(case: Case, rule: Mapping[str, Any]) -> Iterator[Reason]:
    names = [str(name) for name in rule.get("names", ())]
    sentence = _("从事%(names)s", names=str(_("、")).join(names))
    said = name_key(str(case.entry.values.get("trade", ""))) if case.entry else ""
    if not said:
        yield Reason(Verdict.ASKED, sentence, _("以在职证明或证书为准"), rule="trade")
        return
    keys = [name_key(name) for name in names]
    fits = any(key in said or (len(said) >= SHORTEST_TRADE and said in key) for key in keys)
    yield Reason(_verdict(fits), sentence, rule="trade")


def _skill_level(case: Case, rule: Mapping[str, Any]) -> Iterator[Reason]:
    """A level is believed with the number of its certificate, or where it is on record; else it is to be shown."""
    least = SkillLevel(rule["least"])
    sentence = _("具有%(level)s及以上职业技能等级", level=str(label(least)))
    recorded = case.person.skill_level if case.person else SkillLevel.NONE
    if recorded.order >= least.order:
        yield Reason(Verdict.MET, sentence, rule="skill_level")
    elif case.entry is None:
        yield Reason(Verdict.ASKED, sentence, rule="skill_level")
    elif case.entry.skill_level.order < least.order:
        yield Reason(Verdict.FAILED, sentence, str(label(case.entry.skill_level)), rule="skill_level")
    elif case.entry.level_certificate:
        yield Reason(Verdict.MET, sentence, rule="skill_level")
    else:
        yield Reason(Verdict.ASKED, sentence, _("未填证书编号，以证书为准"), rule="skill_level")


def _years(case: Case, rule: Mapping[str, Any]) -> Iterator[Reason]:
    least = int(rule["least"])
    years = case.entry.years_at_work if case.entry else None
    fits = None if years is None else years >= least
    yield Reason(_verdict(fits), _("从事本职业满 %(years)s 年", years=least), rule="years")


def _earlier_award(case: Case, rule: Mapping[str, Any]) -> Iterator[Reason]:
    """What the platform knows of. Where an award is wanted that it does not know, a paper may show it."""
    same = bool(rule.get("same_contest", True))
    contest = name_key(case.track.contest)
    won = [award for award in case.facts.awards if not same or name_key(award.contest) == contest]
    detail = str(_("；")).join(f"{award.activity} {award.detail}" for award in won)
    where = _("本赛项") if same else _("各赛项")
    if rule.get("way") == "required":
        sentence = _("以往在%(where)s获过奖", where=where)
        yield Reason(Verdict.MET if won else Verdict.ASKED, sentence, detail, rule="earlier_award")
    else:
        sentence = _("以往未在%(where)s获过奖", where=where)
        fits = None if case.person is None else not won
        yield Reason(_verdict(fits), sentence, detail, rule="earlier_award")


_RULES: dict[str, Callable[[Case, Mapping[str, Any]], Iterator[Reason]]] = {
    "unit": _unit,
    "trade": _trade,
    "skill_level": _skill_level,
    "years": _years,
    "earlier_award": _earlier_award,
}


# --- what holds of itself ---------------------------------------------------------------------------


def _one_contest(case: Case) -> Iterator[Reason]:
    activity = case.track.activity
    if activity.takes_several or len(activity.tracks) < 2:
        return
    other = case.facts.entered_for
    fits = None if case.person is None else not other
    yield Reason(_verdict(fits), _("同一活动每人限报一项"), other, rule="one_contest")


def _not_staff(case: Case) -> Iterator[Reason]:
    """Judges, setters and those who keep the scores may not enter where they serve."""
    if case.track.activity.kind is not Kind.COMPETITION:
        return
    duty = case.facts.duty
    fits = None if case.person is None else duty is None
    detail = str(label(duty)) if duty is not None else ""
    yield Reason(_verdict(fits), _("不是本赛事的裁判、命题专家或工作人员"), detail, rule="not_staff")
