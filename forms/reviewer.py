"""审核员: whom an organiser appoints, for what, and until when."""

from collections.abc import Sequence
from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional

from forms.base import Form, strip
from forms.moment import DayField
from forms.registration import cleaned
from services.text import _, clean_name


class ReviewerForm(Form):
    name = StringField(
        _("姓名"),
        filters=[strip],
        validators=[DataRequired(_("请填写姓名")), Length(max=64), cleaned(clean_name)],
    )
    known_by = StringField(
        _("手机号或账号代码"),
        filters=[strip],
        validators=[DataRequired(_("请填写手机号或账号代码")), Length(max=100)],
        description=_("须与对方在平台注册的一致。"),
    )
    place = SelectField(_("审核范围"), validators=[DataRequired(_("请选择审核范围"))])
    last_day = DayField(_("有效至（含当日）"), [Optional()], description=_("到期自动失效。"))

    def __init__(self, places: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(**more)
        self.place.choices = list(places)
