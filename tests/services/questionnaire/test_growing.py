"""Random lives of a form: while it is a draft anything goes; once published it only grows, and old answers stay."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.activity import Activity, Track
from models.activity import Kind as ActivityKind
from models.base import db
from models.questionnaire import Questionnaire
from models.registration import Registration, Source
from services import questionnaire as questionnaires
from services import registration as registrations
from services.questionnaire import LIBRARY, OWN_KINDS, Condition, Field, Form, Kind, OnlyAdds, Option
from services.questionnaire.library import LOCKED
from services.registration import Candidate
from services.transaction import transaction
from tests.support import factories as make

Fields = tuple[Field, ...]
Draw = Callable[..., Any]

OWN_KEYS = [f"own_{letter}" for letter in "abcd"]
WORDS = ["上午场", "下午场", "靠窗", "=1+1", "<b>餐</b>", "𰻞面", "无"]
STEPS = 8


@st.composite
def own(draw: Draw, before: Sequence[Field] = ()) -> Field:
    """A field of the organiser's own; of a key that is there already perhaps another."""
    kind = draw(st.sampled_from(OWN_KINDS))
    options: tuple[Option, ...] = ()
    if kind is Kind.CHOICE:
        labels = draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=4, unique=True))
        options = tuple(
            Option(f"o{number}", label, capacity=draw(st.sampled_from([None, None, 500])))
            for number, label in enumerate(labels, 1)
        )
    return Field(
        draw(st.sampled_from(OWN_KEYS)),
        kind,
        draw(st.sampled_from(WORDS)),
        required=draw(st.booleans()),
        options=options,
        sensitivity=draw(st.sampled_from(list(questionnaires.Sensitivity))),
        is_own=True,
        most=questionnaires.most_of(kind),
    )


@st.composite
def moved(draw: Draw, fields: Fields) -> Fields:
    """One move of an organiser, by the verbs of the page."""
    key = draw(st.sampled_from([field.key for field in fields]))
    field = next(each for each in fields if each.key == key)
    way = draw(
        st.sampled_from(["pick", "put", "put", "option", "drop", "move", "demand", "depend", "rename"])
    )
    match way:
        case "pick":
            return questionnaires.pick(fields, draw(st.sampled_from(sorted(LIBRARY))))
        case "put":
            return questionnaires.put(fields, draw(own()))
        case "option" if field.is_own and field.kind is Kind.CHOICE:
            number = len(field.options) + 1
            more = Option(f"o{number}", f"另一项{number}")
            return questionnaires.put(fields, replace(field, options=(*field.options, more)))
        case "drop":
            return questionnaires.drop(fields, key)
        case "move":
            return questionnaires.move(fields, key, draw(st.sampled_from([-1, 1])))
        case "demand":
            return questionnaires.demand(fields, key, draw(st.booleans()))
        case "depend":
            above = [each for each in fields[: fields.index(field)] if each.answers]
            if not above or key == LOCKED:
                return fields
            on = draw(st.sampled_from(above))
            when = Condition(on.key, (draw(st.sampled_from(on.answers)),))
            return questionnaires.depend(fields, key, draw(st.sampled_from([when, None])))
        case "rename" if field.is_own:
            return questionnaires.put(fields, replace(field, label=draw(st.sampled_from(WORDS))))
    return fields


def grew(old: Fields, new: Fields) -> bool:
    """The rule said otherwise: of what is kept of both, nothing that was there is lost, changed or out of its order."""
    kept = {field.key: field.to_dict() for field in new}
    order = [field.key for field in new if field.key in {each.key for each in old}]
    if order != [field.key for field in old]:
        return False
    for field in old:
        before, after = field.to_dict(), kept[field.key]
        has, wants = (
            {(option["value"], option["label"], option["label_en"]) for option in each.pop("options", [])}
            for each in (after, before)
        )
        if before != after or not wants <= has:
            return False
    return True


def answer(draw: Draw, field: Field) -> object:
    """Something right for a field; now and then nothing, where nothing is demanded."""
    if not field.required and draw(st.booleans()):
        return ""
    match field.kind:
        case Kind.CHOICE:
            return draw(st.sampled_from([option.value for option in field.options]))
        case Kind.NUMBER:
            return draw(st.integers(0, min(field.most, 60)))
        case Kind.DATE:
            return "2026-12-05"
        case Kind.AGREEMENT:
            return "yes"
        case Kind.PHONE:
            return "19900001234"
        case Kind.NAME:
            return "示例张三"
        case Kind.FILE:
            return ""
    return "T123456789012345678901" if field.key == "level_certificate" else draw(st.sampled_from(WORDS))


def said(row: Registration) -> list[tuple[str, str, str]]:
    return [(field.key, str(field.label), words) for field, words in questionnaires.answers_of(row)]


class Life:
    """A form, those who answered it, and what they saw when they did."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        with transaction():
            self.activity: Activity = make.activity(kind=ActivityKind.LECTURE)
            self.track: Track = make.track(self.activity, capacity=900, needs_document=False)
        self.answered: dict[int, list[tuple[str, str, str]]] = {}
        self.versions: dict[int, list[dict[str, Any]]] = {}

    def live(self) -> None:
        for _ in range(STEPS):
            self.change()
            self.enter()
            self.look()

    def change(self) -> None:
        form = questionnaires.of(self.activity)
        fields = form.fields
        for _ in range(self.draw(st.integers(1, 3))):
            fields = self.draw(moved(fields))
        may = grew(form.fields, fields)
        try:
            with transaction():
                made = questionnaires.save(self.activity, fields, seen=form.mark, by=None, stamp=make.stamp())
        except OnlyAdds:
            assert not may, (form.fields, fields)
            assert questionnaires.of(self.activity).mark == form.mark
            return
        except questionnaires.BadForm:
            return
        assert may, (form.fields, fields)
        assert made.number in (form.number, form.number + 1)

    def enter(self) -> None:
        form = questionnaires.of(self.activity)
        data = {field.key: answer(self.draw, field) for field in form.fields}
        with transaction():
            entry = questionnaires.entry(form, data, asks_files=False)
            (row,) = registrations.register_batch(
                [Candidate(self.track, make.person(documented=False), entry)],
                by=None,
                source=Source.SELF,
                stamp=make.stamp(),
            )
        self.answered[row.id] = said(row)
        seen = questionnaires.shown(form, data)
        assert [key for key, _label, _words in self.answered[row.id]] == [
            field.key for field in form.fields if field.key in seen
        ]

    def look(self) -> None:
        """From the base, not from what the session remembers."""
        db.session.expire_all()
        for row in db.session.scalars(
            sa.select(Questionnaire).where(Questionnaire.activity_id == self.activity.id)
        ):
            assert self.versions.setdefault(row.number, row.fields) == row.fields
        for id, then in self.answered.items():
            assert said(db.session.get_one(Registration, id)) == then


def test_a_published_form_only_grows_and_old_answers_stay_readable(
    context: Flask, rounds: Callable[[int, int], int]
) -> None:
    grown: list[int] = []

    @settings(
        max_examples=rounds(25, 1000),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=rounds(1, 0) == 1,
    )
    @given(st.data())
    def lives(data: st.DataObject) -> None:
        life = Life(data.draw)
        life.live()
        grown.append(len(life.versions))
        db.session.expunge_all()

    lives()
    assert max(grown) > 3


def test_what_the_rule_lets_through_is_what_only_adds(rounds: Callable[[int, int], int]) -> None:
    """Any two forms, compared by the rule and by what is kept of them."""
    told: set[bool] = set()

    @settings(max_examples=rounds(200, 5000), deadline=None, database=None)
    @given(st.data())
    def pairs(data: st.DataObject) -> None:
        old = Form((LIBRARY[LOCKED], LIBRARY["workplace"], LIBRARY["remark"])).fields
        for _ in range(data.draw(st.integers(0, 4))):
            old = data.draw(moved(old))
        new = old
        for _ in range(data.draw(st.integers(0, 4))):
            new = data.draw(moved(new))
        may = grew(old, new)
        told.add(may)
        if may:
            questionnaires.must_only_add(old, new)
        else:
            with pytest.raises(OnlyAdds):
                questionnaires.must_only_add(old, new)

    pairs()
    assert told == {True, False}
