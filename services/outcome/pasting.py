"""A column of scores, pasted from a spreadsheet: only scores in the order of the list, or a name and a score a line.

All or nothing: one line that cannot be read, and none is taken.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from services.outcome.refusals import Incomplete
from services.outcome.shape import MOST_SCORE
from services.text import Sentence, _, name_key

MOST = 200_000
HEADINGS = frozenset({"得分", "成绩", "分数", "总分", "总成绩", "姓名"})
"""A first line of these words is the heading of the column."""
ABSENT = frozenset({"缺考", "缺赛", "缺席", "缺勤", "弃赛", "absent"})


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a line says: a score, or that the person was not there, or (both empty) nothing."""

    score: Decimal | None = None
    is_absent: bool = False


def read(text: str, names: Sequence[str]) -> dict[int, Pasted]:
    """What was pasted, by the place of the name in the list. Raises Incomplete with the lines that cannot be read."""
    if len(text) > MOST:
        raise Incomplete([_("粘贴的内容太长")])
    lines = unicodedata.normalize("NFKC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise Incomplete([_("请先粘贴得分")])
    parts = [line.replace(",", " ").replace(";", " ").split() for line in lines]
    first = 1
    if parts[0] and HEADINGS.issuperset(parts[0]) and len(parts) > 1:
        parts, first = parts[1:], 2
    if all(len(words) <= 1 for words in parts):
        return _in_order([words[0] if words else "" for words in parts], len(names), first)
    return _by_name(parts, names, first)


def _in_order(column: list[str], people: int, first: int) -> dict[int, Pasted]:
    if len(column) != people:
        raise Incomplete([_("名单有 %(people)s 人，粘贴了 %(lines)s 行", people=people, lines=len(column))])
    found: dict[int, Pasted] = {}
    problems: list[Sentence] = []
    for index, word in enumerate(column):
        said = _said(word) if word else Pasted()
        if said is None:
            problems.append(_bad(index + first))
        else:
            found[index] = said
    if problems:
        raise Incomplete(problems)
    return found


def _by_name(parts: list[list[str]], names: Sequence[str], first: int) -> dict[int, Pasted]:
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        places.setdefault(_key(name), []).append(index)
    found: dict[int, Pasted] = {}
    problems: list[Sentence] = []
    for number, words in enumerate(parts, start=first):
        if not words:
            continue
        said = _said(words[-1]) if len(words) > 1 else None
        where = places.get(_key("".join(words[:-1])), [])
        if said is None:
            problems.append(_bad(number))
        elif not where:
            problems.append(_("第 %(n)s 行：名单中没有这个姓名", n=number))
        elif len(where) > 1:
            problems.append(_("第 %(n)s 行：名单中有同名的人，请在表中填写他们的得分", n=number))
        elif where[0] in found:
            problems.append(_("第 %(n)s 行：这个姓名前面已有一行", n=number))
        else:
            found[where[0]] = said
    if problems:
        raise Incomplete(problems)
    return found


def _bad(number: int) -> Sentence:
    return _("第 %(n)s 行：得分应是 0 到 %(most)s 的数，最多两位小数", n=number, most=MOST_SCORE)


def _key(name: str) -> str:
    return name_key("".join(name.split()))


def _said(word: str) -> Pasted | None:
    if word.casefold() in ABSENT:
        return Pasted(is_absent=True)
    score = number(word)
    return None if score is None or not 0 <= score <= MOST_SCORE else Pasted(score)


def number(text: str) -> Decimal | None:
    """A number with at most two places as people type it; None where it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or len(plain) > 12 or not set(plain) <= set("0123456789."):
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    exponent = value.normalize().as_tuple().exponent
    return value if isinstance(exponent, int) and exponent >= -2 else None
