"""The form of 名额设置: one kind of quota at a time, told apart by what it limits."""

from collections.abc import Sequence
from functools import partial

from wtforms import SelectField, StringField
from wtforms.validators import NumberRange, Optional, ValidationError

from forms.activity import ManyField, Pairs, ShownField, words_of
from forms.base import Form, strip
from forms.moment import MomentField
from forms.number import WholeField
from forms.registration import cleaned
from models.person import Category
from services.text import _, clean_line
from services.words import choices

KINDS: Pairs = (
    ("total", _("整个活动的总名额")),
    ("group", _("为某类人员预留")),
    ("unit", _("分配给一个单位")),
    ("choice", _("报名表中的一个选项")),
)


class QuotaForm(Form):
    kind = SelectField(_("限制什么"))
    track = ShownField(_("报名项目"))
    name = StringField(
        _("预留名称"),
        filters=[strip],
        description=_("同名的预留会被改为新的数。"),
        validators=[cleaned(partial(clean_line, limit=80))],
    )
    categories = ManyField(_("预留给"), validators=[Optional()])
    released_at = MomentField(
        _("何时放开（可不填）"), description=_("到时剩余的预留名额向所有人放开。"), validators=[Optional()]
    )
    unit = StringField(_("单位全称"), filters=[strip], validators=[cleaned(partial(clean_line, limit=100))])
    option = ShownField(_("选项"))
    capacity = WholeField(
        _("名额"),
        description=_("留空则取消这项限制。"),
        validators=[Optional(), NumberRange(1, 100_000, _("名额应为 1 到 100000 之间的整数"))],
    )

    def __init__(self, *, tracks: Pairs, options: Pairs, **more: object) -> None:
        super().__init__(**more)
        self.kind.choices = words_of([pair for pair in KINDS if options or pair[0] != "choice"])
        self.track.choices = words_of(tracks, _("请选择"))
        self.option.choices = words_of(options, _("请选择"))
        self.categories.choices = choices(Category)

    def validate_track(self, field: ShownField) -> None:
        if self.kind.data in ("group", "unit") and not field.data:
            raise ValidationError(_("请选择报名项目"))

    def validate_option(self, field: ShownField) -> None:
        if self.kind.data == "choice" and not field.data:
            raise ValidationError(_("请选择选项"))

    def validate_name(self, field: StringField) -> None:
        if self.kind.data == "group" and not field.data:
            raise ValidationError(_("请填写预留名称"))

    def validate_categories(self, field: ManyField) -> None:
        if self.kind.data == "group" and self.capacity.data is not None and not field.data:
            raise ValidationError(_("请至少选择一类人员"))

    def validate_unit(self, field: StringField) -> None:
        if self.kind.data == "unit" and not field.data:
            raise ValidationError(_("请填写单位全称"))

    def kept_for(self) -> Sequence[Category]:
        return [Category(value) for value in self.categories.data or []]
