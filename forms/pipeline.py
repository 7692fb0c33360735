"""Decisions on the reserve: those ticked of a list, or one with a reason."""

from typing import Any

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from forms.account import options
from forms.base import Form, strip
from forms.registration import cleaned
from models.base import is_code
from services.text import _, clean_paragraph

MOST_TICKED = 100


class ConfirmForm(Form):
    """The ticked candidates of the list, by the codes of their persons."""

    people = SelectMultipleField(_("选择"), validate_choice=False)

    def validate_people(self, field: SelectMultipleField) -> None:
        if not self.codes():
            raise ValidationError(str(_("请先勾选要确认入库的人员。")))

    def codes(self) -> list[str]:
        """In the order of the list; what can be no code is left out."""
        return [code for code in map(str, (self.people.data or [])[:MOST_TICKED]) if is_code(code)]


class CandidateForm(Form):
    """One candidate: taken in, or not and why."""

    decision = RadioField(_("处理意见"), validators=[DataRequired(_("请选择处理意见"))])
    reason = TextAreaField(
        _("原因"),
        filters=[strip],
        description=_("不入库时必填，只供内部查看。"),
        validators=[Length(max=300), cleaned(lambda text: clean_paragraph(text, 300))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.decision.choices = options([("confirm", _("确认入库")), ("decline", _("不入库"))])


class LeaveForm(Form):
    reason = TextAreaField(
        _("出库原因"),
        filters=[strip],
        description=_("例如调离本区、本人退出、年龄超限。"),
        validators=[
            DataRequired(_("请写明出库原因")),
            Length(max=300),
            cleaned(lambda text: clean_paragraph(text, 300)),
        ],
    )
