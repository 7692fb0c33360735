"""The forms by which a unit reports a figure, and another person decides on it."""

import re
import unicodedata
from decimal import Decimal
from functools import partial
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, ValidationError

from forms.base import Form, strip
from forms.number import is_whole
from forms.registration import cleaned
from models.indicator import Indicator, Report
from services.indicator import words
from services.indicator.reporting import Entry, asks_figure, further_numbers
from services.text import _, clean_line, clean_paragraph

FURTHER = ("further1", "further2")
"""Fields of the further numbers, in their order: a rule asks for at most as many."""

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


class FigureField(StringField):
    """A number from 0 on with at most two places, however people type it: full-width, with commas, with spaces."""

    data: Any
    value: Decimal | None = None

    def pre_validate(self, _form: Any) -> None:
        text = re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", self.data or ""))
        self.value = None
        if not text:
            return
        if not _NUMBER.fullmatch(text):
            raise ValidationError(str(_("请填写不小于零的数字，最多两位小数")))
        self.value = Decimal(text)


class ReportForm(Form):
    """A figure with what was done; files may come along."""

    figure = FigureField(_("完成数"), filters=[strip])
    further1 = FigureField("", filters=[strip])
    further2 = FigureField("", filters=[strip])
    work = TextAreaField(
        _("做了什么"),
        filters=[strip],
        description=_("时间、地点、内容，简要写明。审核员据此核对数字。"),
        validators=[
            DataRequired(_("请写明做了什么工作")),
            cleaned(partial(clean_paragraph, limit=2000)),
        ],
    )
    files = MultipleFileField(
        _("佐证材料"),
        description=_("PDF、图片、Word 或 Excel，可一次选多个，合计不超过 10 MB；保存后可以继续添加。"),
    )

    def __init__(
        self, *args: Any, indicator: Indicator, language: str, is_correction: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = further_numbers(indicator)
        for name, (key, is_needed) in zip(FURTHER, self.asked, strict=False):
            self[name].label.text = words.input_label(key)
            self[name].key = key
            if is_needed:
                self[name].flags.required = True
        for name in FURTHER[len(self.asked) :]:
            del self[name]
        if asks_figure(indicator):
            self.figure.label.text = words.figure_label(indicator)
            self.figure.flags.required = True
            self.figure.unit = words.unit(indicator, language)
        else:
            del self.figure
        if is_correction:
            self.work.label.text = _("更正原因和实际情况")
            self.work.description = _("写明原来的数字错在哪里、为什么。审核通过后才替换原来的数字。")

    def validate_figure(self, field: Any) -> None:
        if field.value is None:
            raise ValidationError(str(_("请填写数字；没有发生填 0")))

    def entry(self) -> Entry:
        """What was said, for the verb."""
        inputs = {self[name].key: self[name].value for name in FURTHER if name in self}
        return Entry(
            figure=self.figure.value if "figure" in self else None,
            work=self.work.data,
            inputs={key: value for key, value in inputs.items() if value is not None},
        )

    @staticmethod
    def values_of(report: Report) -> dict[str, Any]:
        """The fields of a report that is there already."""
        values = {"figure": f"{report.figure.normalize():f}", "work": report.work}
        asked = further_numbers(report.indicator)
        for name, (key, _needed) in zip(FURTHER, asked, strict=False):
            values[name] = report.inputs.get(key, "")
        return values


class EvidenceForm(Form):
    files = MultipleFileField(
        _("佐证材料"), description=_("PDF、图片、Word 或 Excel，可一次选多个，合计不超过 10 MB。")
    )


class AcceptForm(Form):
    """Accept a report as it was seen."""

    version = HiddenField()

    def seen_version(self) -> int:
        text = str(self.version.data or "")
        return int(text) if is_whole(text) else -1


class ReturnForm(Form):
    """Send a report back with what is to be mended."""

    note = TextAreaField(
        _("退回原因"),
        filters=[strip],
        description=_("写明要改什么，填报人会看到。"),
        validators=[DataRequired(_("请写明退回的原因")), cleaned(partial(clean_line, limit=300))],
    )
