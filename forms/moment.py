"""Days, and moments typed as the clock in Yongchuan shows them and kept as aware moments (R72)."""

import datetime as dt
from typing import Any

from wtforms import DateField, DateTimeLocalField

from services.stamp import LOCAL
from services.text import _

FIRST, LAST = 1850, 2200
"""Years in which somebody alive was born, or something is planned. Nobody can reckon beyond the calendar's end."""


class DayField(DateField):
    """`data` is a date, or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and not FIRST <= self.data.year <= LAST:
            self.data = None
            raise ValueError(str(_("年份不对，请核对。")))


class MomentField(DateTimeLocalField):
    """`data` is an aware UTC datetime, or None."""

    data: Any

    def __init__(self, label: object = None, validators: Any = None, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(label, validators, format=formats, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as bad:
            raise ValueError(str(_("请按“年-月-日 时:分”填写。"))) from bad
        if isinstance(self.data, dt.datetime) and self.data.tzinfo is None:
            if not 2000 <= self.data.year <= LAST:
                self.data = None
                raise ValueError(str(_("年份不对，请核对。")))
            self.data = self.data.replace(tzinfo=LOCAL).astimezone(dt.UTC)

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        if self.data is None:
            return ""
        local: dt.datetime = self.data.astimezone(LOCAL)
        return local.strftime("%Y-%m-%dT%H:%M")
