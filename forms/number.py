"""A whole number as people count: what has more digits is none, whatever the framework would make of it (R25)."""

from typing import Any

from wtforms import IntegerField

DIGITS = 9


def is_whole(text: str) -> bool:
    """Whether it is a number from 0 on that a column holds."""
    return 0 < len(text) <= DIGITS and text.isascii() and text.isdecimal()


class WholeField(IntegerField):
    """`data` is an int of at most nine digits, or None."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and len(valuelist[0].strip().lstrip("-")) > DIGITS:
            valuelist = ["-"]
        super().process_formdata(valuelist)
