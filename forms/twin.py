"""What the bureau says of two records that look like one person."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from forms.base import Form, strip
from forms.registration import cleaned
from services.text import _, clean_line


class MergeForm(Form):
    keep = RadioField(_("保留哪一份记录"), validators=[DataRequired(_("请选择保留哪一份记录"))])
    reason = StringField(
        _("合并依据"),
        filters=[strip],
        description=_("写明核对了什么，例如：当面核对居民身份证原件。"),
        validators=[DataRequired(_("请写明合并依据")), Length(max=200), cleaned(clean_line)],
    )

    def __init__(self, *args: object, one: str, other: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.keep.choices = [
            SelectChoice(one, str(_("左边的记录"))),
            SelectChoice(other, str(_("右边的记录"))),
        ]
