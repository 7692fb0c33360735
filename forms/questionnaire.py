"""The forms of 报名表设置: one move on the fields, one field, one waiver."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Optional, ValidationError

from forms.activity import ManyField, words_of
from forms.base import Form, strip
from forms.registration import cleaned
from models.activity import EntryMode
from models.person import DocumentType
from services import questionnaire as questionnaires
from services.questionnaire import Condition, Field, Kind, Option, Retention, Sensitivity
from services.text import BadText, Sentence, _, clean_line, clean_paragraph
from services.words import choices

MOVES = ("preset", "pick", "drop", "up", "down", "demand", "free")


class MoveForm(Form):
    """One button beside a field."""

    move = StringField(validators=[AnyOf(MOVES, _("没有这项操作"))])
    key = StringField()
    seen = StringField()
    """Not a hidden field: its empty twin on the page would be read first."""

    def fields(self, now: questionnaires.Form, kind: Any) -> tuple[Field, ...]:
        """The fields as they would then be."""
        key, fields = self.key.data or "", now.fields
        match self.move.data:
            case "preset":
                modes = {mode.value: mode for mode in EntryMode}
                return questionnaires.to_preset(fields, modes.get(key, EntryMode.SINGLE), kind)
            case "pick":
                return questionnaires.pick(fields, key)
            case "drop":
                return questionnaires.drop(fields, key)
            case "up" | "down":
                return questionnaires.move(fields, key, -1 if self.move.data == "up" else 1)
            case _:
                return questionnaires.demand(fields, key, self.move.data == "demand")


class FieldForm(Form):
    """One field: an own one whole, one of the library as far as an organiser decides it."""

    label = StringField(
        _("项目名称"),
        filters=[strip],
        validators=[DataRequired(_("请填写项目名称")), cleaned(partial(clean_line, limit=60))],
    )
    label_en = StringField(
        _("英文名称（可不填）"), filters=[strip], validators=[cleaned(partial(clean_line, limit=80))]
    )
    kind = SelectField(_("怎样填写"))
    options = TextAreaField(
        _("选项"),
        filters=[strip],
        description=_("每行一个；限名额的在后面写“ | 40”。如：上午场 | 40"),
    )
    help = StringField(
        _("填写说明（可不填）"), filters=[strip], validators=[cleaned(partial(clean_line, limit=120))]
    )
    required = BooleanField(_("必填"))
    when = ManyField(_("只在前面这样回答时显示"), description=_("都不勾选，就一直显示。"))
    purpose = StringField(
        _("用途"),
        filters=[strip],
        description=_("报名人会看到为什么要问。如：安排住宿"),
        validators=[DataRequired(_("请写明用途")), cleaned(partial(clean_line, limit=60))],
    )
    sensitivity = SelectField(_("敏感程度"))
    retention = SelectField(_("保存多久"))
    seen = HiddenField()

    def __init__(
        self, *args: Any, before: Field | None, earlier: Sequence[Field], locale: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        self.kind.choices = [
            (kind.value, str(questionnaires.KIND_WORDS[kind])) for kind in questionnaires.OWN_KINDS
        ]
        self.sensitivity.choices = words_of(
            [(each.value, word) for each, word in questionnaires.SENSITIVITY_WORDS.items()]
        )
        self.retention.choices = words_of(
            [(each.value, word) for each, word in questionnaires.RETENTION_WORDS.items()]
        )
        self.when.choices = [
            (f"{field.key}={value}", f"{field.label_in(locale)}：{field.answers_in([value], locale)[0]}")
            for field in earlier
            for value in field.answers
        ]
        if before is not None and not before.is_own:
            for name in (
                "label",
                "label_en",
                "kind",
                "options",
                "help",
                "purpose",
                "sensitivity",
                "retention",
            ):
                del self[name]
            if before.key == questionnaires.LOCKED:
                del self["required"]

    def validate_when(self, field: ManyField) -> None:
        if len({pair.partition("=")[0] for pair in field.data or ()}) > 1:
            raise ValidationError(str(_("请只勾选同一个项目的答案")))

    def validate_options(self, field: TextAreaField) -> None:
        if self.kind.data != Kind.CHOICE:
            return
        try:
            made = self.made_options()
        except BadText as bad:
            raise ValidationError(str(bad.sentence)) from bad
        if len(made) < 2:
            raise ValidationError(str(_("请至少写两个选项")))

    def made_options(self) -> tuple[Option, ...]:
        return questionnaires.options_from(
            self.options.data or "", self.before.options if self.before else ()
        )

    def condition(self) -> Condition | None:
        pairs = [pair.partition("=") for pair in self.when.data or ()]
        return Condition(pairs[0][0], tuple(value for _key, _sign, value in pairs)) if pairs else None

    def fields(self, now: questionnaires.Form) -> tuple[Field, ...]:
        """The fields as they would then be."""
        before = self.before
        if before is not None and not before.is_own:
            fields = questionnaires.depend(now.fields, before.key, self.condition())
            required = before.required if "required" not in self else bool(self.required.data)
            return questionnaires.demand(fields, before.key, required)
        kind = Kind(self.kind.data)
        made = Field(
            key=before.key if before else questionnaires.new_key(),
            kind=kind,
            label=self.label.data,
            label_en=self.label_en.data or "",
            help=self.help.data or "",
            required=bool(self.required.data),
            options=self.made_options() if kind is Kind.CHOICE else (),
            shown_when=self.condition(),
            purpose=self.purpose.data,
            sensitivity=Sensitivity(self.sensitivity.data),
            retention=Retention(self.retention.data),
            is_own=True,
            most=questionnaires.most_of(kind),
        )
        return questionnaires.put(now.fields, made)

    @staticmethod
    def values_of(field: Field | None) -> dict[str, Any]:
        if field is None:
            return {"kind": Kind.TEXT.value, "sensitivity": "personal", "retention": "registration"}
        when = field.shown_when
        return {
            "label": str(field.label),
            "label_en": field.label_en,
            "kind": field.kind.value,
            "options": "\n".join(_typed(option) for option in field.options),
            "help": str(field.help),
            "required": field.required,
            "when": [f"{when.field}={value}" for value in when.values] if when else [],
            "purpose": str(field.purpose),
            "sensitivity": field.sensitivity.value,
            "retention": field.retention.value,
        }


def _typed(option: Option) -> str:
    """An option as it is typed."""
    name = f"{option.label} / {option.label_en}" if option.label_en else str(option.label)
    return f"{name} | {option.capacity}" if option.capacity is not None else name


class WaiverForm(Form):
    """Whose rule is waived and why; the person is named, or known from their entry."""

    name = StringField(_("姓名"), filters=[strip], validators=[DataRequired(_("请填写姓名"))])
    document_type = SelectField(_("证件类型"))
    document_number = StringField(
        _("证件号码"), filters=[strip], validators=[DataRequired(_("请填写证件号码"))]
    )
    rule = SelectField(_("豁免哪一项条件"), validators=[DataRequired(_("请选择要豁免的条件"))])
    reason = TextAreaField(
        _("原因"),
        filters=[strip],
        description=_("审核和监督时会看到，本人也会看到。"),
        validators=[DataRequired(_("请写明豁免的原因")), cleaned(partial(clean_paragraph, limit=300))],
    )
    evidence = FileField(
        _("依据（可不传）"), description=_("如批复、会议纪要的照片或 PDF。"), validators=[Optional()]
    )

    def __init__(
        self, *args: Any, rules: Sequence[tuple[str, Sentence]], is_known: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rule.choices = words_of(rules, _("请选择"))
        self.document_type.choices = words_of(choices(DocumentType))
        if is_known:
            for name in ("name", "document_type", "document_number"):
                del self[name]
