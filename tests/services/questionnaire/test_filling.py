"""What a form asks of whom: conditions, demands, and what hostile hands may send."""

import random
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from models.activity import EntryMode
from models.activity import Kind as ActivityKind
from models.base import db
from models.person import Category
from services import questionnaire as questionnaires
from services.questionnaire import LIBRARY, Condition, Field, Form, Kind, Option
from services.registration import Entry
from services.transaction import transaction
from tests.support import factories as make

CATEGORY = LIBRARY["category"]
TEAM = Field(
    "own_side", Kind.CHOICE, "参加方式", required=True, is_own=True,
    options=(Option("o1", "现场"), Option("o2", "线上")),
)  # fmt: skip
SEAT = Field(
    "own_seat", Kind.TEXT, "工位要求", required=True, is_own=True, shown_when=Condition("own_side", ("o1",))
)
FORM = Form((CATEGORY, TEAM, SEAT), id=7)


def fill(form: Form = FORM, **data: object) -> Entry:
    return questionnaires.entry(form, {"category": "citizen", **data})


def problems(form: Form = FORM, **data: object) -> set[str]:
    with pytest.raises(questionnaires.BadAnswers) as no:
        fill(form, **data)
    return set(no.value.problems)


def test_a_field_that_is_shown_and_demanded_must_be_answered() -> None:
    assert fill(own_side="o1", own_seat="靠窗").values == {"own_side": "o1", "own_seat": "靠窗"}
    assert problems(own_side="o1") == {"own_seat"}
    assert problems(own_side="o1", own_seat="  ") == {"own_seat"}


def test_what_a_hidden_field_carries_is_dropped_and_not_even_judged() -> None:
    made = fill(own_side="o2", own_seat="x" * 5000)
    assert (made.values, made.questionnaire_id) == ({"own_side": "o2"}, 7)


def test_unknown_fields_and_forged_choices_are_not_taken() -> None:
    assert fill(own_side="o2", state="accepted", own_other="1").values == {"own_side": "o2"}
    assert problems(own_side="o3") == {"own_side"}
    assert problems(category="king", own_side="o2") == {"category"}
    assert problems(own_side=["o1"]) == {"own_side"}


def test_sensitive_answers_are_kept_apart_and_columns_in_their_own() -> None:
    form = Form((CATEGORY, LIBRARY["workplace"], LIBRARY["diet"], LIBRARY["size"]))
    made = fill(form, workplace="某厂", diet="halal", size="xl")
    assert (made.workplace, dict(made.values), dict(made.private)) == (
        "某厂",
        {"size": "xl"},
        {"diet": "halal"},
    )
    assert Entry.from_json(made.to_json()) == made


def test_a_column_the_form_does_not_ask_keeps_what_was_said_before() -> None:
    before = Entry(Category.CITIZEN, coach="示例甲", post="钳工")
    made = questionnaires.entry(
        Form((CATEGORY, LIBRARY["post"])), {"category": "citizen", "post": "铣工"}, base=before
    )
    assert (made.coach, made.post) == ("示例甲", "铣工")


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("years_at_work", "12", "61"),
        ("years_at_work", 0, "-1"),
        ("years_at_work", " 7 ", "１２"),
        ("level_certificate", "S000050000010000001234", "123"),
        ("birth_date", "1990-02-28", "1990-02-30"),
        ("birth_date", "2000-01-01", "20000101"),
        ("phone", "138 0000 0000", "12345"),
        ("coach", "示例甲", "\u202e甲"),
        ("workplace", "某厂", "x" * 101),
        ("remark", "两\n行", "x" * 301),
        ("photo", "0123456789abcdef", "../etc/passwd"),
        ("skill_level", "technician", "Technician"),
    ],
)
def test_each_kind_of_answer_has_a_good_and_a_bad_one(key: str, good: object, bad: object) -> None:
    form = Form((CATEGORY, LIBRARY[key]))
    assert questionnaires.data_of(fill(form, **{key: good}))[key] not in (None, "")
    assert problems(form, **{key: bad}) == {key}


@pytest.mark.parametrize("given", ["y", "yes", True, "on"])
def test_an_agreement_is_given_or_not(given: object) -> None:
    form = Form((CATEGORY, Field("own_rule", Kind.AGREEMENT, "我已阅读竞赛规程", required=True, is_own=True)))
    assert fill(form, own_rule=given).values == {"own_rule": "yes"}
    for no in ("", "no", False, None):
        assert problems(form, own_rule=no) == {"own_rule"}


def test_files_may_come_later_where_a_list_is_entered() -> None:
    form = Form((CATEGORY, replace(LIBRARY["photo"], required=True)))
    assert problems(form) == {"photo"}
    assert questionnaires.entry(form, {"category": "citizen"}, asks_files=False).private == {}


def test_every_field_of_the_library_says_what_it_is_for_and_how_long_it_is_kept() -> None:
    for field in LIBRARY.values():
        assert str(field.label) and field.label_en and str(field.purpose), field.key
        assert field.retention.days in (30, 365, 1095)
    for mode in EntryMode:
        for kind in ActivityKind:
            questionnaires.must_be_sound(questionnaires.preset(mode, kind))


def test_conditions_hold_for_any_form_and_any_answers() -> None:
    """Nothing hidden is kept; whatever is kept was shown; what is shown and demanded is there."""
    draw = random.Random(20261123)
    for _round in range(400):
        form, data = _random_form(draw), {}
        questionnaires.must_be_sound(form.fields)
        data = {
            field.key: draw.choice([*field.answers, "", "forged"] if field.answers else ["", "一些字", "x"])
            for field in form.fields
        }
        data["category"] = draw.choice(["citizen", "pupil"])
        seen = questionnaires.shown(form, data)
        for field in form.fields:
            when = field.shown_when
            fits = when is None or (when.field in seen and data[when.field] in when.values)
            assert (field.key in seen) == fits
        try:
            made = questionnaires.entry(form, data)
        except questionnaires.BadAnswers as no:
            assert set(no.problems) <= seen
            continue
        kept = {**made.values, **made.private}
        assert set(kept) <= seen
        assert all(
            field.key in kept
            for field in form.fields
            if field.required and field.is_own and field.key in seen
        )
        assert questionnaires.shown(form, questionnaires.data_of(made)) == seen


def _random_form(draw: random.Random) -> Form:
    fields = [CATEGORY]
    for number in range(draw.randint(1, 7)):
        kind = draw.choice([Kind.CHOICE, Kind.AGREEMENT, Kind.TEXT])
        options = tuple(Option(f"o{n}", f"选项{n}") for n in range(1, 4)) if kind is Kind.CHOICE else ()
        above: Any = draw.choice([*[each for each in fields if each.answers], None])
        when = (
            Condition(above.key, tuple(draw.sample(above.answers, draw.randint(1, len(above.answers)))))
            if above
            else None
        )
        fields.append(
            Field(
                f"own_{number}", kind, f"项目{number}", options=options, required=draw.random() < 0.5,
                shown_when=when, is_own=True,
            )
        )  # fmt: skip
    return Form(tuple(fields))


def test_a_form_asks_what_the_rules_of_its_tracks_look_at(context: Flask) -> None:
    with transaction():
        activity = make.activity(kind=ActivityKind.LECTURE)
        make.track(activity)
    assert "skill_level" not in questionnaires.of(activity).keys
    with transaction():
        make.track(
            activity,
            rules=[{"kind": "skill_level", "least": "advanced_worker"}, {"kind": "trade", "names": ["铣工"]}],
        )
    db.session.expire_all()
    form = questionnaires.of(activity)
    assert {"skill_level", "level_certificate", "trade"} <= set(form.keys)
    without = questionnaires.drop(form.fields, "trade")
    with transaction():
        saved = questionnaires.save(activity, without, seen=form.mark, by=None, stamp=make.stamp())
    assert "trade" in saved.keys


def test_a_sensitive_choice_has_no_places_of_its_own(context: Flask) -> None:
    """Who holds such a place would say what is sealed elsewhere."""
    diet = questionnaires.LIBRARY["diet"]
    limited = replace(diet, options=tuple(replace(option, capacity=3) for option in diet.options))
    with pytest.raises(questionnaires.BadForm, match="不能按选项限名额"):
        questionnaires.must_be_sound((questionnaires.LIBRARY["category"], limited))


def test_an_earlier_answer_carries_over_what_both_forms_ask_and_may_be_kept(context: Flask) -> None:
    lecture = questionnaires.Form(
        tuple(questionnaires.LIBRARY[key] for key in ("category", "workplace", "diet", "remark"))
    )
    earlier = Entry(
        Category.ENTERPRISE_EMPLOYEE,
        workplace="示例公司",
        post="钳工",
        values={"own_1": "上午"},
        private={"diet": "halal"},
        questionnaire_id=77,
    )
    carried = questionnaires.carry(lecture, earlier)
    assert (carried.category, carried.workplace) == (Category.ENTERPRISE_EMPLOYEE, "示例公司")
    assert (carried.post, carried.values, carried.private, carried.questionnaire_id) == ("", {}, {}, None)
    own = questionnaires.Field("own_2", questionnaires.Kind.TEXT, "住宿", required=True, is_own=True)
    with pytest.raises(questionnaires.BadAnswers):
        questionnaires.carry(questionnaires.Form((*lecture.fields, own)), earlier)
