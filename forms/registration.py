"""What a registration asks beside the person, and what a reviewer decides."""

from wtforms import (
    BooleanField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from forms.base import Form, strip
from forms.number import WholeField
from models.activity import Kind
from models.person import Category, SkillLevel
from services.registration import Entry
from services.text import BadText, _, clean_line, clean_name, clean_paragraph
from services.words import choices

CERTIFICATE_LENGTH = 22
"""Level certificates: a letter and 21 characters (domain.md 3.2)."""

_ASKED: dict[Kind, frozenset[str]] = {
    Kind.COMPETITION: frozenset({"years_at_work", "skill_level", "level_certificate", "coach"}),
    Kind.TRAINING_CLASS: frozenset({"years_at_work", "skill_level", "level_certificate"}),
    Kind.ASSESSMENT: frozenset({"years_at_work", "skill_level", "level_certificate"}),
}
_SOMETIMES = frozenset({"years_at_work", "skill_level", "level_certificate", "coach"})


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


class RegistrationForm(Form):
    name = StringField(
        _("姓名"), filters=[strip], validators=[DataRequired(_("请填写姓名")), cleaned(clean_name)]
    )
    category = SelectField(_("参与者类别"), validators=[DataRequired(_("请选择参与者类别"))])
    workplace = StringField(
        _("工作单位或学校"), filters=[strip], validators=[Length(max=100), cleaned(clean_line)]
    )
    post = StringField(_("岗位或专业年级"), filters=[strip], validators=[Length(max=60), cleaned(clean_line)])
    years_at_work = WholeField(
        _("从事本职业年限"), validators=[Optional(), NumberRange(0, 60, _("应在 0 到 60 之间"))]
    )
    skill_level = SelectField(_("现有职业技能等级"))
    level_certificate = StringField(_("技能等级证书编号"), filters=[strip])
    coach = StringField(_("教练（可不填）"), filters=[strip], validators=[Optional(), cleaned(clean_name)])
    remark = TextAreaField(
        _("备注（可不填）"),
        filters=[strip],
        validators=[Length(max=300), cleaned(lambda text: clean_paragraph(text, 300))],
    )
    promise = BooleanField(
        _("我保证所填内容真实，同意主办单位为本次活动核对这些信息。"),
        validators=[InputRequired(_("请确认所填内容真实"))],
    )

    def __init__(self, *args: object, kind: Kind, asks_name: bool = False, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.category.choices = [SelectChoice(value, str(label)) for value, label in choices(Category)]
        self.skill_level.choices = [SelectChoice(value, str(label)) for value, label in choices(SkillLevel)]
        for name in _SOMETIMES - _ASKED.get(kind, frozenset()):
            del self[name]
        if not asks_name:
            del self.name

    def validate_level_certificate(self, field: StringField) -> None:
        text = field.data = (field.data or "").replace(" ", "").upper()
        if not text:
            return
        if len(text) != CERTIFICATE_LENGTH:
            raise ValidationError(
                str(
                    _(
                        "应为 %(wanted)s 位，现在是 %(found)s 位，请对照证书核对",
                        wanted=CERTIFICATE_LENGTH,
                        found=len(text),
                    )
                )
            )
        if not (text[0].isalpha() and text.isascii() and text.isalnum()):
            raise ValidationError(str(_("应以字母开头，其余为字母或数字，请对照证书核对")))

    def entry(self) -> Entry:
        """The values, ready for `registrations.register`."""
        return Entry(
            category=Category(self.category.data),
            workplace=self.workplace.data or "",
            post=self.post.data or "",
            years_at_work=self["years_at_work"].data if "years_at_work" in self else None,
            skill_level=SkillLevel(self["skill_level"].data) if "skill_level" in self else SkillLevel.NONE,
            level_certificate=self["level_certificate"].data or "" if "level_certificate" in self else "",
            coach=self["coach"].data or "" if "coach" in self else "",
            remark=self.remark.data or "",
        )


class VerbForm(Form):
    """One button: the hidden fields are all it has."""


class WithdrawForm(Form):
    note = StringField(
        _("退赛原因（可不填）"), filters=[strip], validators=[Length(max=200), cleaned(clean_line)]
    )
