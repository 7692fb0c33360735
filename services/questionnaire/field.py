"""One thing a form asks, and what each answer must look like. Pure: no rows, no forms of the web."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from services.text import Sentence, _

Words = Sentence | str


class Kind(StrEnum):
    TEXT = "text"
    PARAGRAPH = "paragraph"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"
    FILE = "file"
    AGREEMENT = "agreement"
    PHONE = "phone"
    NAME = "name"


class Sensitivity(StrEnum):
    OPEN = "open"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"
    """Kept sealed."""


class Retention(StrEnum):
    """How long an answer is kept after the activity has ended (domain.md 6.2)."""

    REGISTRATION = "registration"
    CONTACT = "contact"
    DAY = "day"

    @property
    def days(self) -> int:
        return {"registration": 1095, "contact": 365, "day": 30}[self.value]


KIND_WORDS: dict[Kind, Sentence] = {
    Kind.TEXT: _("一行文字"),
    Kind.PARAGRAPH: _("多行文字"),
    Kind.NUMBER: _("数字"),
    Kind.CHOICE: _("单选"),
    Kind.DATE: _("日期"),
    Kind.FILE: _("文件或照片"),
    Kind.AGREEMENT: _("承诺或同意"),
    Kind.PHONE: _("手机号"),
    Kind.NAME: _("姓名"),
}
SENSITIVITY_WORDS: dict[Sensitivity, Sentence] = {
    Sensitivity.OPEN: _("一般信息"),
    Sensitivity.PERSONAL: _("个人信息"),
    Sensitivity.SENSITIVE: _("敏感信息，加密保存"),
}
RETENTION_WORDS: dict[Retention, Sentence] = {
    Retention.REGISTRATION: _("活动结束后保存 3 年"),
    Retention.CONTACT: _("活动结束后保存 1 年"),
    Retention.DAY: _("活动结束后保存 30 天"),
}

OWN_KINDS = (Kind.TEXT, Kind.PARAGRAPH, Kind.NUMBER, Kind.CHOICE, Kind.DATE, Kind.FILE, Kind.AGREEMENT)
"""What an organiser's own field may be."""

YES = "yes"
"""The answer to an agreement that was given."""


@dataclass(frozen=True)
class Option:
    """One choice. `capacity`: how many may choose it, in the whole activity; None: as many as come."""

    value: str
    label: Words
    label_en: str = ""
    capacity: int | None = None

    def label_in(self, locale: str) -> str:
        return self.label_en if locale == "en" and self.label_en else str(self.label)


@dataclass(frozen=True)
class Condition:
    """Shown only where an earlier field, itself shown, was answered with one of these values."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    key: str
    kind: Kind
    label: Words
    label_en: str = ""
    help: Words = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    shown_when: Condition | None = None
    purpose: Words = ""
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    retention: Retention = Retention.REGISTRATION
    is_own: bool = False
    most: int = 200
    """Longest text, or largest number."""
    pictures_only: bool = False

    def label_in(self, locale: str) -> str:
        return self.label_en if locale == "en" and self.label_en else str(self.label)

    @property
    def answers(self) -> tuple[str, ...]:
        """The values that another field may depend on; empty where they cannot be listed."""
        if self.kind is Kind.CHOICE:
            return tuple(option.value for option in self.options)
        return (YES,) if self.kind is Kind.AGREEMENT else ()

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)

    def answers_in(self, values: Iterable[str], locale: str) -> list[str]:
        """How answers that another field hangs on are called."""
        found = [self.option(value) for value in values]
        return [option.label_in(locale) if option else str(_("已勾选")) for option in found]

    def to_dict(self) -> dict[str, Any]:
        """As it is kept with a version. Of a field of the library only what the organiser decides."""
        kept: dict[str, Any] = {"key": self.key, "required": self.required}
        if self.shown_when is not None:
            kept["shown_when"] = {"field": self.shown_when.field, "values": list(self.shown_when.values)}
        if not self.is_own:
            return kept
        return kept | {
            "kind": self.kind.value,
            "label": str(self.label),
            "label_en": self.label_en,
            "help": str(self.help),
            "purpose": str(self.purpose),
            "sensitivity": self.sensitivity.value,
            "retention": self.retention.value,
            "options": [
                {
                    "value": option.value,
                    "label": str(option.label),
                    "label_en": option.label_en,
                    "capacity": option.capacity,
                }
                for option in self.options
            ],
        }


def from_dict(kept: Mapping[str, Any], library: Mapping[str, Field]) -> Field:
    """A kept field. One of the library is what the library says, with the organiser's decisions."""
    when = kept.get("shown_when")
    decided: dict[str, Any] = {
        "required": bool(kept.get("required")),
        "shown_when": Condition(when["field"], tuple(when["values"])) if when else None,
    }
    known = library.get(kept["key"])
    if known is not None:
        return replace(known, **decided)
    return Field(
        key=kept["key"],
        kind=Kind(kept["kind"]),
        label=kept["label"],
        label_en=kept.get("label_en", ""),
        help=kept.get("help", ""),
        purpose=kept.get("purpose", ""),
        sensitivity=Sensitivity(kept.get("sensitivity", "personal")),
        retention=Retention(kept.get("retention", "registration")),
        options=tuple(
            Option(option["value"], option["label"], option.get("label_en", ""), option.get("capacity"))
            for option in kept.get("options", ())
        ),
        is_own=True,
        most=most_of(Kind(kept["kind"])),
        **decided,
    )


def most_of(kind: Kind) -> int:
    """The limit of an own field."""
    return {Kind.PARAGRAPH: 300, Kind.NUMBER: 999_999_999, Kind.TEXT: 100}.get(kind, 200)


@dataclass(frozen=True)
class Form:
    """The fields of one version, in order. Without an id: what the kind of activity always asks."""

    fields: tuple[Field, ...]
    id: int | None = None
    number: int = 0
    version: int = 0
    """Of its row, for telling whether somebody changed it meanwhile; 0: there is none."""
    keys: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", frozenset(each.key for each in self.fields))

    @property
    def mark(self) -> str:
        """What tells this version from any other of the activity."""
        return f"{self.number}.{self.version}"

    def find(self, key: str) -> Field | None:
        return next((each for each in self.fields if each.key == key), None)

    def with_fields(self, fields: Iterable[Field]) -> "Form":
        return replace(self, fields=tuple(fields))
