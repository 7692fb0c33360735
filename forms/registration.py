"""What a registration asks beside the person, and what a reviewer decides."""

from collections.abc import Mapping
from typing import Any, Self

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import DateInput, NumberInput, TelInput, TextInput

from forms.base import Form, strip
from models.base import new_code
from services import questionnaire as questionnaires
from services import upload as uploads
from services.registration import Entry
from services.text import BadText, _, clean_line, clean_name

_SENT = object()
"""What the request carries."""


def cleaned(clean: object) -> object:
    """A validator that keeps the cleaned text, or shows why it cannot be kept."""

    def check(_form: Form, field: StringField) -> None:
        if not field.data:
            return
        try:
            field.data = clean(field.data)  # type: ignore[operator]
        except BadText as bad:
            raise ValidationError(str(bad.sentence)) from bad

    return check


class AnswersForm(Form):
    """The fields of one version of a form, made from it: `AnswersForm.of(questionnaires.of(activity))`.

    What an answer must be is judged by `questionnaires.entry`, so that a form, a list and a program are held to the
    same; here is only how it is asked.
    """

    asks: questionnaires.Form
    base: Entry | None = None
    sound: dict[str, uploads.Sound]

    @classmethod
    def of(
        cls,
        asks: questionnaires.Form,
        formdata: object = _SENT,
        *,
        base: Entry | None = None,
        locale: str = "zh",
        **kwargs: Any,
    ) -> Self:
        """`base`: what was said before; its files stay where no new one is sent."""
        made = {field.key: _asked(field, locale) for field in asks.fields} | {"promise": _promise()}
        kind = type(cls.__name__, (cls,), {name: field for name, field in made.items() if field is not None})
        data = {**questionnaires.data_of(base), **kwargs.pop("data", {})}
        given = {} if formdata is _SENT else {"formdata": formdata}
        form: Self = kind(
            data={key: _typed(asks, key, value) for key, value in data.items()}, **given, **kwargs
        )
        form.asks, form.base, form.sound = asks, base, {}
        return form

    @property
    def asked(self) -> list[tuple[questionnaires.Field, Any]]:
        """Each field of the version with the control that asks it, in order."""
        return [(field, self[field.key]) for field in self.asks.fields]

    def kept_file(self, key: str) -> str:
        """The code of the file that was sent before; empty where there was none."""
        return str(questionnaires.data_of(self.base).get(key) or "") if self.base is not None else ""

    def validate(self, extra_validators: Any = None) -> bool:
        is_fine = bool(super().validate(extra_validators))
        for field in self.asks.fields:
            if field.kind is questionnaires.Kind.FILE:
                self._check_file(field)
        try:
            self.entry({key: new_code() for key in self.sound})
        except questionnaires.BadAnswers as no:
            for key, sentence in no.problems.items():
                if not self[key].errors:
                    self[key].errors = [str(sentence)]
            return False
        return is_fine and not any(self[field.key].errors for field in self.asks.fields)

    def _check_file(self, field: questionnaires.Field) -> None:
        sent = self[field.key].data
        if not getattr(sent, "filename", ""):
            return
        kinds = uploads.PICTURES if field.pictures_only else uploads.PAPERS
        try:
            self.sound[field.key] = uploads.check(sent.read(), sent.filename, kinds)
        except uploads.BadFile as bad:
            self[field.key].errors = [str(bad.sentence)]

    def entry(self, files: Mapping[str, str] | None = None) -> Entry:
        """The values, ready for `registrations.register`. `files`: codes of the files kept just now."""
        data: dict[str, object] = {}
        for field in self.asks.fields:
            if field.kind is questionnaires.Kind.FILE:
                data[field.key] = (files or {}).get(field.key) or self.kept_file(field.key)
            else:
                data[field.key] = self[field.key].data
        return questionnaires.entry(self.asks, data, base=self.base)


class RegistrationForm(AnswersForm):
    """An entry of one's own: the fields of the form, and the name where the account has no person yet."""

    name = StringField(
        _("姓名"), filters=[strip], validators=[DataRequired(_("请填写姓名")), cleaned(clean_name)]
    )

    @classmethod
    def of(
        cls, asks: questionnaires.Form, formdata: object = _SENT, *, asks_name: bool = False, **kwargs: Any
    ) -> Self:
        form = super().of(asks, formdata, **kwargs)
        if not asks_name:
            del form.name
        return form


def _promise() -> Any:
    return BooleanField(
        _("我保证所填内容真实，同意主办单位为本次活动核对这些信息。"),
        validators=[InputRequired(_("请确认所填内容真实"))],
    )


def _typed(asks: questionnaires.Form, key: str, value: Any) -> Any:
    """An answer as its control holds it."""
    field = asks.find(key)
    if field is not None and field.kind is questionnaires.Kind.AGREEMENT:
        return bool(value)
    if field is not None and field.kind is questionnaires.Kind.FILE:
        return None
    return value if value is None or isinstance(value, bool) else str(value)


class Demanded:
    """Marks a field that has to be answered where it is shown; whether it was is judged with all the others."""

    field_flags = {"required": True}

    def __call__(self, _form: Form, _field: object) -> None:
        return


_INPUTS = {
    questionnaires.Kind.NUMBER: NumberInput,
    questionnaires.Kind.DATE: DateInput,
    questionnaires.Kind.PHONE: TelInput,
}


def _asked(field: questionnaires.Field, locale: str) -> Any:
    """The control that asks a field."""
    label = field.label_in(locale)
    more: dict[str, Any] = {"description": str(field.help)}
    if field.required:
        more["validators"] = [Demanded()]
    match field.kind:
        case questionnaires.Kind.CHOICE:
            options = [SelectChoice(option.value, option.label_in(locale)) for option in field.options]
            empty = SelectChoice("", str(_("请选择")))
            starts_empty = field.is_own or field.key not in ("category", "skill_level")
            control = SelectField(
                label, choices=[empty, *options] if starts_empty else options, validate_choice=False, **more
            )
        case questionnaires.Kind.AGREEMENT:
            control = BooleanField(label, **more)
        case questionnaires.Kind.FILE:
            control = FileField(label, **more)
        case questionnaires.Kind.PARAGRAPH:
            control = TextAreaField(label, filters=[strip], **more)
        case kind:
            widget = _INPUTS[kind]() if kind in _INPUTS else TextInput()
            control = StringField(label, filters=[strip], widget=widget, **more)
    return control


class VerbForm(Form):
    """One button: the hidden fields are all it has."""


class WithdrawForm(Form):
    note = StringField(
        _("退赛原因（可不填）"), filters=[strip], validators=[Length(max=200), cleaned(clean_line)]
    )
