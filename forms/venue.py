"""What is said about a place, and about stations added to it."""

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import HiddenInput

from forms.base import Form, strip
from forms.number import WholeField
from forms.organisation import short_line, town_choices
from forms.registration import cleaned
from services.text import _, clean_paragraph
from services.venue import MOST_STATIONS, VenueEntry


class VenueForm(Form):
    name = StringField(
        _("场地名称"), filters=[strip], validators=[DataRequired(_("请填写场地名称")), short_line(60)]
    )
    owner = SelectField(_("管理单位"), validators=[Optional()])
    address = StringField(
        _("地址"),
        filters=[strip],
        validators=[DataRequired(_("请填写地址，参加者要据此找到场地")), short_line(120)],
    )
    town = SelectField(_("所在镇街"), validators=[Optional()])
    seats = WholeField(
        _("座位数"),
        description=_("没有固定座位的可不填"),
        validators=[Optional(), NumberRange(1, 20_000, _("应在 1 到 20000 之间"))],
    )
    getting_there = TextAreaField(
        _("怎么去"),
        description=_("公交线路、停车、入口，会显示在活动页面上"),
        filters=[strip],
        validators=[Optional(), cleaned(lambda text: clean_paragraph(text, 300))],
    )
    version = WholeField(widget=HiddenInput(), validators=[Optional()])

    def __init__(self, *args: Any, owners: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.town.choices = town_choices()
        if owners is None:
            del self.owner
        else:
            self.owner.choices = [SelectChoice(value, label) for value, label in owners]

    def entry(self) -> VenueEntry:
        return VenueEntry(
            name=self["name"].data,
            address=self["address"].data,
            town=self["town"].data or "",
            seats=self["seats"].data,
            getting_there=self["getting_there"].data or "",
        )


class StationsForm(Form):
    count = WholeField(
        _("增加工位数"),
        validators=[
            InputRequired(_("请填写数量")),
            NumberRange(1, MOST_STATIONS, _("应在 1 到 %(most)s 之间", most=MOST_STATIONS)),
        ],
    )
    equipment = StringField(
        _("设备"),
        description=_("如 CAK4085 数控车床，可不填"),
        filters=[strip],
        validators=[Optional(), short_line(60)],
    )
