"""The stamped paper that comes back, and what a reviewer says to it."""

from flask_wtf.file import MultipleFileField
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from forms.base import Form, strip
from forms.registration import cleaned
from services.text import _, clean_line, clean_paragraph


class SendForm(Form):
    files = MultipleFileField(
        _("盖章后的照片或 PDF"),
        description=_("可一次选多张，或用手机直接拍照；合计不超过 10 MB。请拍全四角，印章和签名清楚。"),
    )
    stamped_by = StringField(
        _("盖章单位"),
        filters=[strip],
        description=_("写公章上的全称。没有工作单位的，由所在街道或镇盖章。"),
        validators=[DataRequired(_("请填写盖章单位")), Length(max=100), cleaned(clean_line)],
    )

    def sent(self) -> list[object]:
        """The files that were chosen."""
        return [each for each in self.files.data or () if getattr(each, "filename", "")]

    def validate_files(self, field: MultipleFileField) -> None:
        if not self.sent():
            raise ValidationError(str(_("请拍照或选择盖章后的文件。")))


class DecideForm(Form):
    decision = RadioField(_("核对结果"), validators=[DataRequired(_("请选择核对结果"))])
    note = TextAreaField(
        _("说明"),
        filters=[strip],
        description=_("不通过时必填，回传人会看到。"),
        validators=[Length(max=300), cleaned(lambda text: clean_paragraph(text, 300))],
    )

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.decision.choices = [
            SelectChoice("accept", str(_("核对无误"))),
            SelectChoice("refuse", str(_("不通过，请重新回传"))),
        ]

    def validate_note(self, field: TextAreaField) -> None:
        if self.decision.data == "refuse" and not field.data:
            raise ValidationError(str(_("请写明原因，回传人会看到这段文字。")))
