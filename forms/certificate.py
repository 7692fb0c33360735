"""Forms of checking, revoking and reissuing certificates."""

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from forms.base import Form, strip
from forms.registration import cleaned
from models.certificate import Wish
from services.text import _, clean_line

LONGEST_NAME = 100


class NameForm(Form):
    """The name on the paper. What cannot be a name is simply another name: the answer is yes or no."""

    name = StringField(
        _("纸质证书上的姓名"),
        filters=[strip],
        validators=[DataRequired(_("请输入纸质证书上的姓名")), Length(max=LONGEST_NAME)],
    )


class CheckForm(Form):
    """Number and name together. A number that cannot be one is not told apart from one that nobody has (R47)."""

    number = StringField(
        _("证书编号"),
        filters=[strip],
        validators=[DataRequired(_("请输入证书编号")), Length(max=60)],
    )
    name = StringField(
        _("姓名"),
        filters=[strip],
        validators=[DataRequired(_("请输入证书上的姓名")), Length(max=LONGEST_NAME)],
    )


class ChangeForm(Form):
    wish = RadioField(_("变更"), validators=[DataRequired(_("请选择撤销或换发"))])
    reason = TextAreaField(
        _("原因"),
        filters=[strip],
        description=_("供复核人员核对，不对外公开。"),
        validators=[DataRequired(_("请写明原因")), cleaned(lambda text: clean_line(text, 300))],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        ways = {
            Wish.REISSUE: _("换发：按持证人现在的姓名重新签发，编号不变，原证书作废"),
            Wish.REVOKE: _("撤销：证书作废，查验页显示已撤销"),
        }
        self.wish.choices = [SelectChoice(wish.value, str(said)) for wish, said in ways.items()]

    def chosen(self) -> Wish:
        return Wish(self.wish.data)


class DecideForm(Form):
    decision = RadioField(_("复核意见"), validators=[DataRequired(_("请选择复核意见"))])
    note = TextAreaField(
        _("说明"),
        filters=[strip],
        description=_("不同意时必填。"),
        validators=[Length(max=300), cleaned(lambda text: clean_line(text, 300))],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        ways = {"accept": _("同意"), "decline": _("不同意")}
        self.decision.choices = [SelectChoice(way, str(said)) for way, said in ways.items()]

    def validate_note(self, field: TextAreaField) -> None:
        if self.decision.data == "decline" and not field.data:
            raise ValidationError(str(_("请写明不同意的原因")))

    @property
    def accepts(self) -> bool:
        return bool(self.decision.data == "accept")
