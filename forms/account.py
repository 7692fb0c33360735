"""Forms of entering and of one's own account."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from forms.base import Form, strip
from forms.moment import DayField
from services.account.contacts import Contact
from services.account.passwords import LONGEST, SHORTEST
from services.text import BadText, _, clean_name

REQUIRED = InputRequired(message=_("请填写。"))
LONG = Length(max=200, message=_("内容过长，请核对。"))


def options(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """(value, label) pairs as a field's choices."""
    return [SelectChoice(value, str(label)) for value, label in pairs]


def reads(clean: Callable[[str], object]) -> Callable[[Any, Any], None]:
    """A validator from a reader that raises `BadText`."""

    def check(_form: Any, field: Any) -> None:
        try:
            clean(field.data or "")
        except BadText as bad:
            raise ValidationError(str(bad.sentence)) from None

    return check


class PhoneForm(Form):
    contact = StringField(_("手机号"), [REQUIRED, LONG, reads(Contact.phone)], [strip])

    @property
    def value(self) -> Contact:
        return Contact.phone(self.contact.data)


class EmailForm(Form):
    contact = StringField(_("邮箱"), [REQUIRED, LONG, reads(Contact.email)], [strip])

    @property
    def value(self) -> Contact:
        return Contact.email(self.contact.data)


class EitherForm(Form):
    contact = StringField(_("手机号或邮箱"), [REQUIRED, LONG, reads(Contact.read)], [strip])

    @property
    def value(self) -> Contact:
        return Contact.read(self.contact.data)


class CodeForm(Form):
    code = StringField(_("验证码"), [REQUIRED, Length(max=40)])


class PasswordForm(Form):
    login = StringField(_("手机号或邮箱"), [REQUIRED, LONG], [strip])
    password = PasswordField(_("密码"), [REQUIRED])


class FinishForm(Form):
    """The last step of signing up."""

    display_name = StringField(
        _("怎么称呼您"),
        [REQUIRED, LONG, reads(clean_name)],
        [strip],
        description=_("显示在页面上，可以是姓名。报名用的真实姓名稍后填写。"),
    )
    password = PasswordField(
        _("密码（可不设）"),
        [Optional()],
        description=_(
            "不设密码也能用验证码登录。如设置，至少 %(shortest)s 个字符，可用几个不相关的词。",
            shortest=SHORTEST,
        ),
    )
    agrees = BooleanField(
        _("我已年满 14 周岁，已阅读并同意《隐私政策》"),
        [DataRequired(message=_("请先阅读并同意隐私政策。"))],
    )


class ConsentForm(Form):
    agrees = BooleanField(
        _("我已阅读并同意《隐私政策》"), [DataRequired(message=_("请先阅读并同意隐私政策。"))]
    )


class NewPasswordForm(Form):
    password = PasswordField(
        _("新密码"),
        [REQUIRED, Length(max=LONGEST, message=_("密码过长。"))],
        description=_(
            "至少 %(shortest)s 个字符；工作人员至少 12 个。可用几个不相关的词，中间可有空格。",
            shortest=SHORTEST,
        ),
    )


class ResetForm(NewPasswordForm):
    code = StringField(_("验证码"), [REQUIRED, Length(max=40)])


class SecretForm(Form):
    """One secret, whatever it is: password, code of a message, code of the authenticator."""

    secret = StringField(_("验证码"), [REQUIRED, Length(max=4 * LONGEST)])


class SecretPasswordForm(Form):
    secret = PasswordField(_("密码"), [REQUIRED, Length(max=4 * LONGEST)])


class SetUpForm(Form):
    """The drafted secret of an authenticator comes back sealed."""

    sealed = HiddenField()
    code = StringField(_("身份验证器显示的 6 位口令"), [REQUIRED, Length(max=40)])


class SettingsForm(Form):
    display_name = StringField(_("称呼"), [REQUIRED, LONG, reads(clean_name)], [strip])
    language = SelectField(
        _("通知的语言"),
        choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")],
        validators=[InputRequired()],
    )


class PinForm(Form):
    pin = PasswordField(_("口令（6 位数字）"), [REQUIRED, Length(max=40)])


class ReasonForm(Form):
    reason = TextAreaField(
        _("理由"),
        [REQUIRED, Length(min=2, max=200, message=_("请写明理由，2 至 200 个字。"))],
        [strip],
    )


class GrantForm(Form):
    role = SelectField(_("角色"), validators=[InputRequired(_("请选择角色。"))])
    scope_kind = RadioField(_("范围"), validators=[InputRequired(_("请选择范围。"))])
    scope_name = StringField(
        _("单位全称，或活动页面的链接"),
        [Optional(), LONG],
        [strip],
        description=_("范围为全区时不填。"),
    )
    last_day = DayField(_("有效至（含当日）"), [Optional()], description=_("不填表示长期有效。"))

    def __init__(self, roles: Sequence[Any], scopes: Sequence[Any], **more: Any) -> None:
        super().__init__(**more)
        self.role.choices = options(roles)
        self.scope_kind.choices = options(scopes)


class BadgeForm(Form):
    display_name = StringField(_("持有人"), [REQUIRED, LONG, reads(clean_name)], [strip])
    role = SelectField(_("角色"), validators=[InputRequired(_("请选择角色。"))])
    day = DayField(_("使用日期"), [InputRequired(message=_("请选择日期。"))])
    door = SelectField(_("签到点"), default="", description=_("签到助手可只限一个签到点；其他角色选“不限”。"))

    def __init__(self, roles: Sequence[Any], doors: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(**more)
        self.role.choices = options(roles)
        self.door.choices = [("", str(_("不限"))), *doors]

    def validate_door(self, field: SelectField) -> None:
        if field.data and self.role.data != "checkin_helper":
            raise ValidationError(str(_("只有签到助手可以限定签到点。")))
