"""What a helper sends from the door: a pass, typed, scanned or photographed; why a check-in is undone."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from forms.base import Form, strip
from forms.registration import cleaned
from models.attendance import Direction, Way
from services.text import _, clean_line

Pairs = Sequence[tuple[str, str]]


class CheckInForm(Form):
    """`pass_code`: what was typed or scanned; `photo`: a picture of it, where `way` says so. `sitting`: the code of
    the session, empty where there is none.
    """

    pass_code = StringField(_("入场码"), filters=[strip], validators=[Length(max=300)])
    photo = FileField(_("拍照或选图片"))
    way = HiddenField(default=Way.TYPED.value, validators=[AnyOf([way.value for way in Way])])
    sitting = HiddenField(validators=[Optional(), Length(max=16)])
    direction = HiddenField(
        default=Direction.IN.value, validators=[AnyOf([each.value for each in Direction])]
    )

    @property
    def is_photo(self) -> bool:
        return bool(self.way.data == Way.PHOTO.value)

    def chosen_way(self) -> Way:
        return Way(self.way.data)

    def chosen_direction(self) -> Direction:
        return Direction(self.direction.data)

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


class PointForm(Form):
    """A check-in point: its name, and the sitting it is for."""

    name = StringField(
        _("签到点名称"),
        filters=[strip],
        description=_("如：东门、2 号车间门口"),
        validators=[DataRequired(_("请填写签到点名称")), cleaned(partial(clean_line, limit=40))],
    )
    session = SelectField(_("办理场次"), default="")

    def __init__(self, *args: Any, sessions: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session.choices = [("", str(_("全部场次"))), *sessions]


class GroupForm(Form):
    """The people of a unit or class: who is ticked, and how many heads were counted."""

    group = HiddenField(validators=[Length(max=40)])
    ticked = SelectMultipleField(_("到场的人"), validate_choice=False)
    counted = IntegerField(
        _("清点人数"),
        validators=[InputRequired(_("请填写清点人数")), NumberRange(0, 5000, _("人数不对，请核对"))],
    )
    note = StringField(
        _("人数不符的原因"),
        filters=[strip],
        validators=[Length(max=200), cleaned(partial(clean_line, limit=180))],
    )


class PaperForm(Form):
    """What a signed list says: codes one a line, names ticked in its order, and the usual time of it."""

    noted_at = TimeField(_("纸面时间"), validators=[InputRequired(_("请填写纸面上的签到时间"))])
    codes = TextAreaField(_("入场码，一行一个"), validators=[Length(max=60_000)])
    ticked = SelectMultipleField(_("按名单勾选"), validate_choice=False)
    step = StringField(validators=[AnyOf(("check", "save", "back"))])
    """The pressed button's value."""


class RoomForm(Form):
    """The code on the screen in the room: by its QR, or its six digits."""

    code = StringField(
        _("现场签到码"),
        filters=[strip],
        validators=[DataRequired(_("请输入大屏上的 6 位数字")), Length(max=40)],
    )
    direction = HiddenField(
        default=Direction.IN.value, validators=[AnyOf([each.value for each in Direction])]
    )


class QueueForm(Form):
    """What a helper's phone noted without a network, as JSON, and the signed head of the roster it was checked
    against.
    """

    head = HiddenField(validators=[DataRequired(), Length(max=1000)])
    signature = HiddenField(validators=[DataRequired(), Length(max=200)])
    scans = HiddenField(validators=[DataRequired(), Length(max=200_000)])
