"""Whether an answer may be kept, field by field. Pure."""

import datetime as dt
import re
from collections.abc import Callable, Mapping

from models.base import is_code
from models.person import DocumentType
from services.person import phones
from services.questionnaire.field import YES, Field, Form, Kind
from services.text import BadText, Sentence, _, clean_line, clean_name, clean_paragraph

CERTIFICATE_LENGTH = 22
"""Level certificates: a letter and 21 characters (domain.md 3.2)."""

_TRUE = frozenset({"y", "yes", "true", "on", "1"})
_NUMBER = re.compile("[0-9]{1,9}")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")


def text_of(field: Field, given: object) -> str:
    """An answer as text, empty where there is none."""
    if given is None or given is False:
        return ""
    if isinstance(given, dt.date):
        return given.isoformat()
    text = str(getattr(given, "value", given)).strip()
    if field.kind is Kind.AGREEMENT:
        return YES if text.lower() in _TRUE else ""
    return text


def shown(form: Form, data: Mapping[str, object]) -> set[str]:
    """The fields that a person sees who answered so. One that hangs on a hidden one is hidden too."""
    seen: set[str] = set()
    for field in form.fields:
        when = field.shown_when
        if when is not None:
            above = form.find(when.field)
            if above is None or above.key not in seen:
                continue
            if text_of(above, data.get(above.key)) not in when.values:
                continue
        seen.add(field.key)
    return seen


def check(field: Field, given: object) -> str | int | None:
    """The answer as it is kept; None where nothing was answered and nothing is demanded. Raises BadText."""
    text = text_of(field, given)
    if not text:
        if field.required:
            raise BadText(_demand(field))
        return None
    return _CHECKS[field.kind](field, text)


def _demand(field: Field) -> Sentence:
    if field.kind is Kind.CHOICE:
        return _("请选择%(label)s", label=field.label)
    if field.kind is Kind.FILE:
        return _("请上传%(label)s", label=field.label)
    if field.kind is Kind.AGREEMENT:
        return _("请先阅读并勾选")
    return _("请填写%(label)s", label=field.label)


def _line(field: Field, text: str) -> str:
    return _certificate(text) if field.key == "level_certificate" else clean_line(text, field.most)


def _certificate(text: str) -> str:
    text = text.replace(" ", "").upper()
    if len(text) != CERTIFICATE_LENGTH:
        raise BadText(
            _(
                "应为 %(wanted)s 位，现在是 %(found)s 位，请对照证书核对",
                wanted=CERTIFICATE_LENGTH,
                found=len(text),
            )
        )
    if not (text[0].isalpha() and text.isascii() and text.isalnum()):
        raise BadText(_("应以字母开头，其余为字母或数字，请对照证书核对"))
    return text


def _number(field: Field, text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise BadText(_("请填写整数"))
    if int(text) > field.most:
        raise BadText(_("应在 0 到 %(most)s 之间", most=field.most))
    return int(text)


def _choice(field: Field, text: str) -> str:
    if field.option(text) is None:
        raise BadText(_("请从所列选项中选择"))
    return text


def _date(_field: Field, text: str) -> str:
    try:
        day = dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not 1850 <= day.year <= 2200:
        raise BadText(_("请按“年-月-日”填写日期，如 2026-12-05"))
    return day.isoformat()


def _file(_field: Field, text: str) -> str:
    if not is_code(text):
        raise BadText(_("请重新选择文件"))
    return text


_CHECKS: dict[Kind, Callable[[Field, str], str | int]] = {
    Kind.TEXT: _line,
    Kind.PARAGRAPH: lambda field, text: clean_paragraph(text, field.most),
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
    Kind.DATE: _date,
    Kind.FILE: _file,
    Kind.AGREEMENT: lambda _field, text: text,
    Kind.PHONE: lambda _field, text: phones.check(text, DocumentType.HM_PERMIT),
    Kind.NAME: lambda _field, text: clean_name(text),
}
