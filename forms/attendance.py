"""What a helper sends from the door: a pass, typed, scanned or photographed; why a check-in is undone."""

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, DataRequired, Length, Optional, ValidationError

from forms.base import Form, strip
from forms.registration import cleaned
from models.attendance import Way
from services.text import _, clean_line


class CheckInForm(Form):
    """`pass_code`: what was typed or scanned; `photo`: a picture of it, where `way` says so. `sitting`: the code of
    the session, empty where there is none.
    """

    pass_code = StringField(_("入场码"), filters=[strip], validators=[Length(max=300)])
    photo = FileField(_("拍照或选图片"))
    way = HiddenField(default=Way.TYPED.value, validators=[AnyOf([way.value for way in Way])])
    sitting = HiddenField(validators=[Optional(), Length(max=16)])

    @property
    def is_photo(self) -> bool:
        return bool(self.way.data == Way.PHOTO.value)

    def chosen_way(self) -> Way:
        return Way(self.way.data)

    def validate_pass_code(self, field: StringField) -> None:
        if not self.is_photo and not field.data:
            raise ValidationError(str(_("请输入入场码")))

    def validate_photo(self, field: FileField) -> None:
        if self.is_photo and not field.data:
            raise ValidationError(str(_("请选择照片")))


class UndoForm(Form):
    reason = StringField(
        _("撤销原因"),
        filters=[strip],
        validators=[DataRequired(_("请写明撤销原因")), Length(max=200), cleaned(clean_line)],
    )
