"""Who may enter a track, with the reason for each rule. Pure: a track's rules, a person, what they say, a day.

Each rule answers met, failed, or asked for (evidence a reviewer will look at). Shown before the form is filled as far
as it can be known, and asked again when the entry is made.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.activity import Kind, Track
from models.person import Category, Person
from services.registration.entry import Entry
from services.text import Sentence, _
from services.words import label

LEAST_AGE = 16
"""Contests and classes take people from 16 on (domain.md 2.7)."""


class Verdict(StrEnum):
    MET = "ok"
    FAILED = "no"
    ASKED = "ask"


@dataclass(frozen=True)
class Reason:
    verdict: Verdict
    sentence: Sentence
    detail: str = ""


def judge(track: Track, person: Person | None, entry: Entry | None, day: dt.date) -> list[Reason]:
    """Every rule of the track that applies, in the order of the notice. Without a person, what will be asked."""
    return [
        *_identity(track, person),
        *_age(track, person, day),
        *_born(track, person),
        *_category(track, entry),
    ]


def failures(reasons: list[Reason]) -> list[Reason]:
    return [reason for reason in reasons if reason.verdict is Verdict.FAILED]


def _identity(track: Track, person: Person | None) -> Iterator[Reason]:
    if not track.needs_document:
        return
    if person is None:
        yield Reason(Verdict.ASKED, _("需要填写姓名和证件信息"))
    elif person.document is None:
        yield Reason(Verdict.FAILED, _("请先补充证件信息"))
    else:
        yield Reason(Verdict.MET, _("身份信息已登记"), person.name)


def _age(track: Track, person: Person | None, day: dt.date) -> Iterator[Reason]:
    if track.activity.kind not in (Kind.COMPETITION, Kind.TRAINING_CLASS, Kind.ASSESSMENT):
        return
    age = person.age_on(day) if person else None
    sentence = _("年满 %(age)s 周岁", age=LEAST_AGE)
    if age is None:
        yield Reason(Verdict.ASKED, sentence)
        return
    yield Reason(_verdict(age >= LEAST_AGE), sentence)
    if person is not None and person.is_minor_on(day):
        yield Reason(_verdict(person.guardian_confirmed_at is not None), _("未满 18 周岁，须监护人确认"))


def _born(track: Track, person: Person | None) -> Iterator[Reason]:
    birth = person.birth_date if person else None
    first, last = track.born_from, track.born_until
    if first is not None:
        fits = None if birth is None else birth >= first
        yield Reason(_verdict(fits), _("%(day)s（含）以后出生", day=first.isoformat()))
    if last is not None:
        fits = None if birth is None else birth <= last
        yield Reason(_verdict(fits), _("%(day)s（含）以前出生", day=last.isoformat()))


def _verdict(fits: bool | None) -> Verdict:
    if fits is None:
        return Verdict.ASKED
    return Verdict.MET if fits else Verdict.FAILED


def _category(track: Track, entry: Entry | None) -> Iterator[Reason]:
    if not track.categories:
        return
    names = str(_("、")).join(str(label(Category(value))) for value in track.categories)
    sentence = _("面向%(names)s", names=names)
    if entry is None:
        yield Reason(Verdict.ASKED, sentence)
    else:
        yield Reason(_verdict(entry.category.value in track.categories), sentence)
