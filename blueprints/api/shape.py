"""What the shapes of the API are made of: code names with their labels, moments in Yongchuan's time, pages.

What comes in is refused when it holds a name that its shape does not know (R14); what is wrong with it is said by name.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NoReturn

from flask import Request, current_app, request
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnprocessableEntity

from blueprints.activity import public_url
from services import words
from services.stamp import LOCAL
from services.text import BadText, Sentence, _, clean_line

MOST = 100
"""The longest page."""


class Unfit(UnprocessableEntity):
    """What was sent has the wrong shape; `errors` says what is wrong, by name."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.errors = dict(errors)


UNKNOWN = _("没有这一项。")
_SAID: dict[str, Sentence] = {
    "Unknown field.": UNKNOWN,
    "Missing data for required field.": _("必填。"),
    "Field may not be null.": _("必填。"),
    "Not a valid string.": _("应为文字。"),
    "Not a valid integer.": _("应为整数。"),
    "Not a valid boolean.": _("应为 true 或 false。"),
    "Invalid input type.": _("应为一个 JSON 对象。"),
}
_CHOICE = re.compile("Must be one of: (.*)\\.")


class Reader(FlaskParser):
    """Reads what was sent. Queries are read as strictly as bodies."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"query": None, "json": None}

    def _raw_load_json(self, req: Request) -> Any:
        try:
            return super()._raw_load_json(req)
        except RecursionError:
            raise BadRequest from None

    def handle_error(self, error: ValidationError, *_args: Any, **_more: Any) -> NoReturn:
        messages = error.messages
        assert isinstance(messages, dict)
        raise Unfit({name: texts for part in messages.values() for name, texts in _flat(part)})


def _flat(messages: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """(years_at_work, [应为整数。]) for whatever tree the library made."""
    if isinstance(messages, dict):
        for key, part in messages.items():
            yield from _flat(part, f"{name}.{key}".strip("."))
    else:
        yield name, [_say(text) for text in messages]


def _say(text: str) -> str:
    choice = _CHOICE.fullmatch(text)
    if choice:
        return str(_("应为以下之一：%(names)s。", names=choice[1]))
    if text in _SAID:
        return str(_SAID[text])
    return text if not text.isascii() else str(_("不合要求。"))


def language() -> str:
    said: str = current_app.extensions["locale"]()
    return said


# --- pieces ---------------------------------------------------------------------------------------


class Code(fields.String):
    """A public code."""


class Moment(fields.DateTime):
    """2026-12-05T09:00:00+08:00"""

    def _serialize(self, value: dt.datetime | None, *_args: Any, **_more: Any) -> str | None:
        return None if value is None else value.astimezone(LOCAL).isoformat(timespec="seconds")


class Said(fields.String):
    """A sentence in the language that was asked for."""

    def _serialize(self, value: Any, *_args: Any, **_more: Any) -> str | None:
        return None if value is None else str(value)


class Label(fields.String):
    """What people read for a code name: `kind_label = Label(attribute="kind")`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(dump_only=True, **more)

    def _serialize(self, value: Any, *_args: Any, **_more: Any) -> str | None:
        return None if value is None else str(words.label(value))


class Line(fields.String):
    """One line from a person, as it may be kept."""

    def __init__(self, most: int, **more: Any) -> None:
        super().__init__(validate=validate.Length(max=most), **more)
        self.most = most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        try:
            return clean_line(text, self.most) if text.strip() else ""
        except BadText as bad:
            raise ValidationError(str(bad.sentence)) from bad


def word(kind: type[StrEnum], **more: Any) -> Any:
    """A field that holds one of the code names of an enum."""
    return fields.Enum(kind, by_value=fields.String, **more)


# --- shapes ---------------------------------------------------------------------------------------


class ShownSchema(Schema):
    """What goes out. It may have more names one day."""

    class Meta:
        unknown = EXCLUDE


class AskSchema(Schema):
    """What comes in."""

    class Meta:
        unknown = RAISE


class NothingSchema(AskSchema):
    """Nothing is asked."""


class PagedSchema(AskSchema):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 99_999))
    per_page = fields.Integer(load_default=20, validate=validate.Range(1, MOST))


class PageSchema(ShownSchema):
    page = fields.Integer(required=True)
    pages = fields.Integer(required=True)
    total = fields.Integer(required=True)


class NamedSchema(ShownSchema):
    """A thing by its code and its name."""

    code = Code(required=True)
    name = fields.String(required=True)


class ErrorSchema(ShownSchema):
    """Every answer that is not yes."""

    code = fields.Integer(required=True, metadata={"description": "The HTTP status."})
    message = fields.String(required=True, metadata={"description": "A sentence for a person."})
    reason = fields.String(
        metadata={"description": "Which rule said no, by name: full, closed, already_registered…"}
    )
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "What is wrong with what was sent, by name."},
    )
    retry_after = fields.Integer(metadata={"description": "Seconds to wait."})
    incident = fields.String(metadata={"description": "The number of a fault, to be told to the platform."})


class DocumentSchema(ShownSchema):
    """An OpenAPI document."""

    openapi = fields.String(required=True)


def links(page: int, pages: int) -> dict[str, str]:
    """The Link header of a page: first, prev, next, last (RFC 8288)."""
    numbers = {"first": 1, "prev": page - 1, "next": page + 1, "last": pages}
    endpoint = request.endpoint or ""
    asked = (request.view_args or {}) | request.args.to_dict()
    return {
        "Link": ", ".join(
            f'<{public_url(endpoint, **{**asked, "page": str(number)})}>; rel="{name}"'
            for name, number in numbers.items()
            if 1 <= number <= pages
        )
    }
