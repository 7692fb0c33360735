"""What is said about a unit: in an application, by its manager, at the desk; and whom it asks in."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError
from wtforms.widgets import HiddenInput

from forms.base import Form, strip
from forms.number import WholeField
from forms.registration import cleaned
from models.organisation import Organisation, Type
from services.account import Contact
from services.organisation import TOWNS, UnitEntry, credit_code
from services.text import BadText, _, clean_line, clean_paragraph
from services.words import choices


def short_line(limit: int) -> Any:
    return cleaned(lambda text: clean_line(text, limit))


def town_choices() -> list[SelectChoice]:
    return [SelectChoice("", str(_("不在本区或不便选择"))), *(SelectChoice(town, town) for town in TOWNS)]


def type_choices() -> list[SelectChoice]:
    return [
        SelectChoice("", str(_("请选择"))),
        *(SelectChoice(value, str(label)) for value, label in choices(Type)),
    ]


class UnitForm(Form):
    """A unit at the desk. Without `papers` only what its own manager may change."""

    name = StringField(
        _("单位名称"),
        description=_("与证照一致的全称"),
        filters=[strip],
        validators=[DataRequired(_("请填写单位名称")), short_line(100)],
    )
    type = SelectField(_("单位类型"), validators=[DataRequired(_("请选择单位类型"))])
    credit_code = StringField(_("统一社会信用代码"), filters=[strip], validators=[Optional()])
    short_name = StringField(
        _("简称"),
        description=_("列表中显示，可不填"),
        filters=[strip],
        validators=[Optional(), short_line(40)],
    )
    town = SelectField(_("所在镇街"), validators=[Optional()])
    contact = StringField(
        _("管理员的手机号或邮箱"),
        description=_("填写后会向对方发出邀请，7 天内有效；也可以以后再邀请"),
        filters=[strip],
        validators=[Optional()],
    )
    version = WholeField(widget=HiddenInput(), validators=[Optional()])

    def __init__(self, *args: Any, papers: bool = True, asks_contact: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.town.choices = town_choices()
        if papers:
            self["type"].choices = type_choices()
        else:
            del self.name, self.type, self.credit_code
        if not asks_contact:
            del self.contact

    def validate_credit_code(self, field: StringField) -> None:
        check_credit_code(field)

    def validate_contact(self, field: StringField) -> None:
        check_contact(field)

    def entry(self, known: Organisation | None = None) -> UnitEntry:
        """What was said; what was not asked stays as it is known."""
        if "name" in self:
            papers = (self["name"].data, Type(self["type"].data), self["credit_code"].data or None)
        else:
            assert known is not None
            papers = (known.name, known.type, known.credit_code)
        return UnitEntry(
            name=papers[0],
            type=papers[1],
            credit_code=papers[2],
            short_name=self["short_name"].data or "",
            town=self["town"].data or "",
        )


class ApplyForm(Form):
    name = StringField(
        _("单位名称"),
        description=_("与证照一致的全称"),
        filters=[strip],
        validators=[DataRequired(_("请填写单位名称")), short_line(100)],
    )
    type = SelectField(_("单位类型"), validators=[DataRequired(_("请选择单位类型"))])
    credit_code = StringField(
        _("统一社会信用代码"),
        description=_("18 位，见营业执照或法人证书"),
        filters=[strip],
        validators=[DataRequired(_("请填写统一社会信用代码"))],
    )
    town = SelectField(_("所在镇街"), validators=[Optional()])
    letter = FileField(
        _("单位授权书"),
        description=_("写明授权您管理本单位账号，加盖公章。JPG、PNG、WebP 或 PDF，不超过 10 MB"),
        validators=[FileRequired(_("请上传加盖公章的授权书"))],
    )
    promise = BooleanField(
        _("我受本单位授权办理，所填内容和上传材料真实。"),
        validators=[InputRequired(_("请确认已获得单位授权"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.town.choices = town_choices()
        self["type"].choices = type_choices()

    def validate_credit_code(self, field: StringField) -> None:
        check_credit_code(field)

    def entry(self) -> UnitEntry:
        return UnitEntry(
            name=self["name"].data,
            type=Type(self["type"].data),
            credit_code=self["credit_code"].data,
            town=self["town"].data or "",
        )

    def file(self) -> tuple[bytes, str]:
        """The letter's bytes, and what its sender calls it."""
        sent = self["letter"].data
        return sent.read(), sent.filename or ""


class DecideForm(Form):
    outcome = RadioField(_("审核结果"), validators=[DataRequired(_("请选择审核结果"))])
    reason = TextAreaField(
        _("说明"),
        description=_("不通过时必填，申请人会看到"),
        filters=[strip],
        validators=[Optional(), cleaned(lambda text: clean_paragraph(text, 200))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome.choices = [
            SelectChoice("open", str(_("开通单位账号，申请人为单位管理员"))),
            SelectChoice("refuse", str(_("不予开通"))),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        fine = bool(super().validate(extra_validators))
        if fine and self["outcome"].data == "refuse" and not self["reason"].data:
            self["reason"].errors = [str(_("请写明原因，申请人会看到这段文字"))]
            return False
        return fine


class InviteForm(Form):
    """A manager asks members in; at the desk also managers."""

    contact = StringField(
        _("手机号或邮箱"),
        description=_("邀请发到这里，7 天内有效；对方须用绑定该手机号或邮箱的账号接受"),
        filters=[strip],
        validators=[DataRequired(_("请填写对方的手机号或邮箱"))],
    )
    as_manager = BooleanField(_("邀请为单位管理员"))

    def __init__(self, *args: Any, desk: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not desk:
            del self.as_manager

    def validate_contact(self, field: StringField) -> None:
        check_contact(field)

    def invited(self) -> tuple[Contact, bool]:
        return Contact.read(self["contact"].data), bool("as_manager" in self and self["as_manager"].data)


def check_credit_code(field: StringField) -> None:
    if not field.data:
        return
    try:
        field.data = credit_code.check(field.data)
    except BadText as bad:
        raise ValidationError(str(bad.sentence)) from bad


def check_contact(field: StringField) -> None:
    if not field.data:
        return
    try:
        field.data = Contact.read(field.data).value
    except BadText as bad:
        raise ValidationError(str(bad.sentence)) from bad
