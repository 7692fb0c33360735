"""The versions of an activity's form: which one is in force, how one follows another."""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.account import Account
from models.activity import Activity, EntryMode, State
from models.activity import Kind as ActivityKind
from models.base import db
from models.questionnaire import Questionnaire
from models.registration import Answer
from services import audit as audits
from services import quota as quotas
from services.activity import change
from services.errors import Refused, Stale
from services.questionnaire import editing
from services.questionnaire.field import Field, Form, Kind, Sensitivity, from_dict
from services.questionnaire.library import LIBRARY, LOCKED, preset
from services.stamp import Stamp
from services.text import Sentence, _

MOST_FIELDS = 60
MOST_OPTIONS = 40


class BadForm(Refused):
    """The fields do not make a form."""


class OnlyAdds(Refused):
    """A public form only grows: people have answered, or are answering, what it asks."""

    def __init__(self, label: object) -> None:
        super().__init__(
            _(
                "活动已发布，报名表只能增加项目或选项。“%(label)s”已在表上，不能删除、改名、改为必填或调整顺序。",
                label=label,
            )
        )


def of(activity: Activity) -> Form:
    """The version in force; where nobody made one, what the kind of activity always asks."""
    row = db.session.scalars(
        sa.select(Questionnaire)
        .where(Questionnaire.activity_id == activity.id)
        .order_by(Questionnaire.number.desc())
        .limit(1)
    ).one_or_none()
    return form_of(row) if row is not None else default(activity)


def default(activity: Activity) -> Form:
    return Form(completed(preset(EntryMode.SINGLE, activity.kind), activity))


FIELDS_OF_RULES = {
    "trade": ("trade",),
    "skill_level": ("skill_level", "level_certificate"),
    "years": ("years_at_work",),
}
"""What a rule of a track looks at in an entry."""


def completed(fields: Sequence[Field], activity: Activity) -> tuple[Field, ...]:
    """A form with what the rules of the tracks look at: nobody is judged on what they were not asked."""
    rules = {rule.get("kind") for track in activity.tracks for rule in track.rules or ()}
    done = tuple(fields)
    for rule in sorted(FIELDS_OF_RULES.keys() & rules):
        for key in FIELDS_OF_RULES[rule]:
            done = editing.pick(done, key)
    return done


def form_of(row: Questionnaire) -> Form:
    fields = tuple(from_dict(kept, LIBRARY) for kept in row.fields)
    return Form(fields, id=row.id, number=row.number, version=row.version)


def of_answer(answer: Answer, activity: Activity) -> Form:
    """The version that was answered."""
    return form_of(answer.questionnaire) if answer.questionnaire is not None else default(activity)


def fitting(form: Form, kind: ActivityKind) -> EntryMode | None:
    """The preset that a form is; None where somebody changed it."""
    return next((mode for mode in EntryMode if preset(mode, kind) == form.fields), None)


def is_public(activity: Activity) -> bool:
    """Whether people may have seen the form, so that it only grows."""
    return activity.state not in (State.DRAFT, State.APPROVED)


def save(activity: Activity, fields: Sequence[Field], *, seen: str, by: Account | None, stamp: Stamp) -> Form:
    """Put a form in force that was made from the version with the mark `seen`. That of a draft is changed where it
    lies, that of a public activity gets a next version which only adds.

    Raises `BadForm`, `OnlyAdds`, `Stale` where somebody else was faster, and what `quotas.set_choice` raises where
    more have chosen an option than it would take.
    """
    change.must_be_editable(activity)
    now = of(activity)
    if now.mark != seen:
        raise Stale
    must_be_sound(fields)
    fields = completed(fields, activity)
    if list(fields) == list(now.fields) and now.id is not None:
        return now
    if is_public(activity):
        must_only_add(now.fields, fields)
    kept = [field.to_dict() for field in fields]
    row = db.session.get(Questionnaire, now.id) if now.id is not None else None
    if row is None or is_public(activity):
        row = Questionnaire(
            activity_id=activity.id,
            number=now.number + 1,
            fields=kept,
            made_at=stamp.when,
            made_by_id=by.id if by else None,
        )
        db.session.add(row)
    else:
        row.fields, row.made_at, row.made_by_id = kept, stamp.when, by.id if by else None
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise Stale from clash
    _set_capacities(activity, now.fields, fields, stamp)
    audits.record(
        "questionnaire.saved", row, stamp=stamp, activity=activity.code, number=row.number, fields=len(kept)
    )
    return form_of(row)


def _set_capacities(
    activity: Activity, before: Sequence[Field], after: Sequence[Field], stamp: Stamp
) -> None:
    old, new = _capacities(before), _capacities(after)
    names = {(field.key, option.value): str(option.label) for field in after for option in field.options}
    for field, option in sorted(old.keys() | new.keys()):
        if old.get((field, option)) != new.get((field, option)):
            quota = quotas.set_choice(activity, field, option, new.get((field, option)), stamp=stamp)
            if quota is not None:
                quota.name = names[field, option][:80]


def _capacities(fields: Sequence[Field]) -> dict[tuple[str, str], int]:
    return {
        (field.key, option.value): option.capacity
        for field in fields
        for option in field.options
        if option.capacity is not None
    }


def must_be_sound(fields: Sequence[Field]) -> None:
    """Raises `BadForm`: each field once, the category first, conditions on earlier fields only, real choices."""
    if not fields or fields[0].key != LOCKED:
        raise BadForm(_("“参与者类别”用于统计，应排在第一项并保留。"))
    if not fields[0].required or fields[0].shown_when:
        raise BadForm(_("“参与者类别”用于统计，应为必填。"))
    if len(fields) > MOST_FIELDS:
        raise BadForm(_("报名表最多 %(most)s 项。", most=MOST_FIELDS))
    earlier: dict[str, Field] = {}
    for field in fields:
        if field.key in earlier:
            raise BadForm(_("“%(label)s”重复了。", label=field.label))
        if lacking := _lacking(field, earlier):
            raise BadForm(lacking)
        earlier[field.key] = field


def _lacking(field: Field, earlier: dict[str, Field]) -> Sentence | None:
    if field.kind is Kind.CHOICE:
        values = [option.value for option in field.options]
        labels = [str(option.label) for option in field.options]
        if not 2 <= len(values) <= MOST_OPTIONS:
            return _("“%(label)s”应有 2 到 %(most)s 个选项。", label=field.label, most=MOST_OPTIONS)
        if len(set(values)) < len(values) or len(set(labels)) < len(labels):
            return _("“%(label)s”有相同的选项。", label=field.label)
        if field.sensitivity is Sensitivity.SENSITIVE and any(option.capacity for option in field.options):
            return _("“%(label)s”的回答只限活动当天照顾使用，不能按选项限名额。", label=field.label)
    when = field.shown_when
    if when is not None:
        above = earlier.get(when.field)
        if above is None:
            return _("“%(label)s”只能取决于排在它前面的项目。", label=field.label)
        if not when.values or not set(when.values) <= set(above.answers):
            return _("“%(label)s”的显示条件应是前面某个单选或承诺项的答案。", label=field.label)
    return None


def must_only_add(old: Sequence[Field], new: Sequence[Field]) -> None:
    """Raises `OnlyAdds` where anything that was asked is gone, renamed, newly demanded, moved or shown to others than
    before. Options may be added, and how many may choose one may change.
    """
    known = {field.key for field in old}
    kept = [field for field in new if field.key in known]
    for index, before in enumerate(old):
        if index >= len(kept) or kept[index].key != before.key or not _grew(before, kept[index]):
            raise OnlyAdds(before.label)


def _grew(before: Field, after: Field) -> bool:
    options = {option.value: replace(option, capacity=None) for option in after.options}
    has_all = all(options.get(option.value) == replace(option, capacity=None) for option in before.options)
    return has_all and replace(after, options=()) == replace(before, options=())
