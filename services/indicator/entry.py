"""One table of a plan file, read field by field. What is wrong becomes a sentence that names the place."""

import contextlib
import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from services.text import Sentence, _

Choice = TypeVar("Choice", bound=StrEnum)

NO_DAY = dt.date.min


class Problems(list[Sentence]):
    """Sentences, in the order of the file."""

    def tell(self, place: str, key: str, reason: Sentence) -> None:
        self.append(_("%(place)s 的 %(key)s：%(reason)s", place=place, key=key, reason=reason))


class Entry:
    """A table. Each reading method notes what is wrong and returns a value of its type all the same.

    So the whole file is checked in one go, and its writer sees every mistake at once.
    """

    def __init__(self, place: str, table: Mapping[str, Any], problems: Problems) -> None:
        self.place = place
        self.table = table
        self.problems = problems
        self.asked: set[str] = set()

    def tell(self, key: str, reason: Sentence) -> None:
        self.problems.tell(self.place, key, reason)

    def has(self, key: str) -> bool:
        return key in self.table

    def _take(self, key: str) -> Any:
        self.asked.add(key)
        if key not in self.table:
            self.tell(key, _("缺少此项。"))
        return self.table.get(key)

    def text(self, key: str, pattern: str = r"(?s).*\S.*", limit: int | None = None) -> str:
        value = self._take(key)
        if key not in self.table:
            return ""
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            self.tell(key, _("“%(value)s”不是合格的文字。", value=value))
            return ""
        if limit is not None and len(value) > limit:
            self.tell(key, _("超过 %(limit)s 个字符。", limit=limit))
        return value

    def maybe_text(self, key: str, limit: int | None = None) -> str | None:
        self.asked.add(key)
        return self.text(key, limit=limit) if key in self.table else None

    def number(self, key: str) -> float:
        value = self._take(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
            return value
        if key in self.table:
            self.tell(key, _("“%(value)s”不是不小于零的数。", value=value))
        return 0

    def whole(self, key: str) -> int:
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        if key in self.table:
            self.tell(key, _("“%(value)s”不是不小于零的整数。", value=value))
        return -1

    def flag(self, key: str) -> bool:
        """Absent means no."""
        self.asked.add(key)
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.tell(key, _("只能是 true 或 false。"))
        return value is True

    def day(self, key: str) -> dt.date:
        value = self._take(key)
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = dt.date.fromisoformat(value)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        if key in self.table:
            self.tell(key, _("“%(value)s”不是日期。", value=value))
        return NO_DAY

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        if default is not None and key not in self.table:
            self.asked.add(key)
            return default
        value = self._take(key)
        if isinstance(value, str) and value in list(kind):
            return kind(value)
        if key in self.table:
            self.tell(
                key,
                _("没有“%(value)s”这一选项，可选：%(known)s。", value=value, known=" ".join(kind)),
            )
        return next(iter(kind))

    def maybe_choice(self, key: str, kind: type[Choice]) -> Choice | None:
        self.asked.add(key)
        return self.choice(key, kind) if key in self.table else None

    def texts(self, key: str, optional: bool = False) -> list[str]:
        if optional and key not in self.table:
            self.asked.add(key)
            return []
        value = self._take(key)
        if isinstance(value, list) and all(isinstance(each, str) and each.strip() for each in value):
            if len(set(value)) < len(value):
                self.tell(key, _("有重复的内容。"))
            return value
        if key in self.table:
            self.tell(key, _("应是一列文字。"))
        return []

    def codes(self, key: str, known: Collection[str], thing: Sentence, optional: bool = False) -> list[str]:
        """A list whose every member must be known. `thing` names what it should be the code of."""
        found = self.texts(key, optional=optional)
        for code in found:
            self.know(key, code, known, thing)
        return found

    def know(self, key: str, code: str, known: Collection[str], thing: Sentence) -> None:
        if code not in known:
            self.tell(key, _("没有代码为“%(code)s”的%(thing)s。", code=code, thing=thing))

    def close(self) -> None:
        """Call when every field was read: what is left over is a misspelt name."""
        for key in sorted(set(self.table) - self.asked):
            self.tell(key, _("不认识此项。"))


def entries(
    document: Mapping[str, Any], name: str, problems: Problems, key: str = "code"
) -> Iterable[tuple[int, Entry]]:
    """The tables `[[name]]` of a file, numbered from one; a second one with the same code is a problem."""
    tables = document.get(name, [])
    if not isinstance(tables, list):
        problems.append(_("%(name)s 应写作 [[%(name)s]]。", name=name))
        return
    seen: set[Any] = set()
    for number, table in enumerate(tables, 1):
        if not isinstance(table, Mapping):
            problems.append(_("第 %(number)s 个 [[%(name)s]] 不是表。", number=number, name=name))
            continue
        code = table.get(key)
        place = f"[[{name}]] {number} {code}" if isinstance(code, str | int) else f"[[{name}]] {number}"
        entry = Entry(place, table, problems)
        if isinstance(code, str | int) and code in seen:
            entry.tell(key, _("与前面的重复。"))
        elif isinstance(code, str | int):
            seen.add(code)
        yield number, entry
