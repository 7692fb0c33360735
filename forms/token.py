"""What is asked for a new token of the API."""

import datetime as dt

from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import Form, strip
from models.token import TokenScope
from services.text import BadText, _, clean_line
from services.words import choices

TERMS = (("30", _("30 天")), ("90", _("90 天")), ("180", _("180 天")), ("365", _("365 天")))


class TokenForm(Form):
    label = StringField(
        _("名称"),
        filters=[strip],
        description=_("写明用在哪里，以后在列表中好认。"),
        validators=[DataRequired(_("请填写名称")), Length(max=40)],
    )
    scopes = SelectMultipleField(
        _("权限"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[DataRequired(_("请至少选择一项权限。"))],
    )
    term = SelectField(_("有效期"), default="90")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.scopes.choices = [SelectChoice(value, str(label)) for value, label in choices(TokenScope)]
        self.term.choices = [SelectChoice(value, str(label)) for value, label in TERMS]

    def validate_label(self, field: StringField) -> None:
        try:
            field.data = clean_line(field.data or "", 40)
        except BadText as bad:
            raise ValidationError(str(bad.sentence)) from bad

    def chosen(self) -> list[TokenScope]:
        return [TokenScope(value) for value in self.scopes.data or []]

    def length(self) -> dt.timedelta:
        return dt.timedelta(days=int(self.term.data))
