"""The forms of a list: sending it, naming its columns, mending a row, entering it."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, Length, Optional

from forms.base import Form, strip
from forms.registration import cleaned
from services.text import _, clean_line

MOST_TYPED = 2_000
"""As many characters as a cell of a list may hold."""


class StartForm(Form):
    """A file, and what it is for where the address does not say."""

    file = FileField(
        _("名单文件"),
        validators=[FileRequired(_("请选择 .xlsx 文件"))],
        description=_(".xlsx 格式，不超过 10 MB、20,000 行。"),
    )
    track = SelectField(_("赛项组别"))
    unit = SelectField(_("代表单位"))
    source = StringField(
        _("名单来自"),
        filters=[strip],
        description=_("写明盖章的单位或镇街；名单和报名记录会一直注明。"),
        validators=[DataRequired(_("请写明名单来自哪个单位或镇街")), Length(max=100), cleaned(clean_line)],
    )

    def __init__(
        self,
        *args: Any,
        tracks: Sequence[tuple[str, str]] = (),
        units: Sequence[tuple[str, str]] = (),
        on_behalf: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if len(tracks) > 1:
            several = SelectChoice("", str(_("名单里有一列写明赛项组别")))
            self.track.choices = [several, *(SelectChoice(code, name) for code, name in tracks)]
        else:
            del self.track
        if len(units) > 1:
            self.unit.choices = [SelectChoice(code, name) for code, name in units]
        else:
            del self.unit
        if not on_behalf:
            del self.source


def place_name(place: int) -> str:
    """The name of the field that speaks of a column, counted from 0."""
    return f"c{place}"


def columns_form(
    headings: Sequence[str], columns: Sequence[tuple[str, str]], chosen: Mapping[str, str]
) -> "ColumnsForm":
    """One choice a heading: which field it is, or none."""
    fields: dict[str, Any] = {
        place_name(place): SelectField(heading, default=chosen.get(heading, ""))
        for place, heading in enumerate(headings)
        if heading
    }
    made: ColumnsForm = type("NamedColumnsForm", (ColumnsForm,), fields)()
    none = SelectChoice("", str(_("不导入这一列")))
    for name in fields:
        made[name].choices = [none, *(SelectChoice(key, words) for key, words in columns)]
    made.headings = headings
    return made


class ColumnsForm(Form):
    headings: Sequence[str] = ()

    def mapping(self) -> dict[str, str]:
        """Field by heading; empty where the column is left out."""
        return {
            heading: self[place_name(place)].data or ""
            for place, heading in enumerate(self.headings)
            if heading
        }


def line_form(
    headings: Sequence[str], values: Mapping[int, str], places: Sequence[int], **kwargs: Any
) -> "LineForm":
    """Some cells of one row, each as a line of text."""
    fields: dict[str, Any] = {
        place_name(place): StringField(
            headings[place] or f"{place + 1}",
            filters=[strip],
            default=values.get(place, ""),
            validators=[Optional(), Length(max=MOST_TYPED)],
        )
        for place in places
    }
    made: LineForm = type("NamedLineForm", (LineForm,), fields)(**kwargs)
    made.places = tuple(places)
    return made


class LineForm(Form):
    places: Sequence[int] = ()

    def values(self) -> dict[int, str]:
        """What was typed, by column; cells that the page did not show stay as they are."""
        return {
            place: self[place_name(place)].data or ""
            for place in self.places
            if self[place_name(place)].raw_data
        }


class EnterForm(Form):
    """Enter what is right, or everything once all is."""

    which = HiddenField(default="good", validators=[AnyOf(("good", "all"))])
    scan = FileField(
        _("盖章名单的照片或扫描件"),
        description=_("代填须附原件。JPG、PNG 或 PDF，不超过 10 MB。"),
    )

    def __init__(self, *args: Any, needs_scan: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_scan:
            del self.scan
