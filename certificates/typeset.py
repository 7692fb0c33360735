"""Lines of Chinese text: where a line may end, and where each part of it stands.

No line begins with a closing sign or ends with an opening one, words of letters and digits stay whole, and a
part that is kept together moves as one. Where nothing else fits, first what is kept is broken, then a word.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

NO_START: Final = frozenset(
    "，。、；：？！）》」』】〉〕］｝〗〙”’…—～·々〻ー‰℃％" + ",.;:?!)]}%>»"
)  # no line begins with them
NO_END: Final = frozenset(
    "（《「『【〈〔［｛〖〘“‘￥＄№" + "([{<«$£€#-–"
)  # no line ends with them; readers of a PDF take a hyphen at an end away
_JOINING: Final = frozenset("-–_/\\&@+=*'’.,:%‰°#")  # inside a word of letters and digits

Measure = Callable[[str, float], float]


@dataclass(frozen=True, slots=True)
class Style:
    """`gap` is the air to a neighbour of another style; `role` is for whoever draws it."""

    size: float
    gap: float = 0.0
    role: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    style: Style
    keep: bool = False  # together with the kept pieces beside it


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style, from a place of its line on."""

    text: str
    style: Style
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def end(self) -> float:
        """Where its ink ends; a blank at the end has none."""
        return max((run.x + run.width for run in self.runs), default=0.0)

    @property
    def size(self) -> float:
        return max((run.style.size for run in self.runs), default=0.0)


@dataclass(frozen=True, slots=True)
class _Mark:
    """One character."""

    text: str
    style: Style
    keep: bool
    width: float


def lines(pieces: Sequence[Piece], width: float, measure: Measure, *, indent: float = 0.0) -> list[Line]:
    """Pieces that follow each other, set into lines not wider than this. Together they are the text again."""
    marks = [
        _Mark(character, piece.style, piece.keep, measure(character, piece.style.size))
        for piece in pieces
        for character in piece.text
    ]
    found: list[Line] = []
    start = 0
    while start < len(marks):
        left = 0.0 if found else indent
        end = _end(marks, start, width - left)
        found.append(_line(marks[start:end], left, measure))
        start = end
    return found


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between two characters."""
    if after.isspace() or after in NO_START or before in NO_END:
        return False
    return not (_is_word(before) and _is_word(after))


# --- inside ---------------------------------------------------------------------------------------


def _end(marks: Sequence[_Mark], start: int, width: float) -> int:
    """Where a line that starts here ends: the last of the best places within the width."""
    furthest = _furthest(marks, start, width)
    if furthest == len(marks):
        return furthest
    for rule in (_freely, _cutting_what_is_kept, _cutting_words):
        for end in range(furthest, start, -1):
            if rule(marks[end - 1], marks[end]):
                return end
    return furthest


def _furthest(marks: Sequence[_Mark], start: int, width: float) -> int:
    """How many characters fit, one at the least; blanks hang out over the end."""
    total = 0.0
    for place in range(start, len(marks)):
        mark = marks[place]
        total += mark.width + (_gap(marks[place - 1], mark) if place > start else 0.0)
        if total > width and place > start and not mark.text.isspace():
            return place
    return len(marks)


def _freely(before: _Mark, after: _Mark) -> bool:
    return may_break(before.text, after.text) and not (before.keep and after.keep)


def _cutting_what_is_kept(before: _Mark, after: _Mark) -> bool:
    return may_break(before.text, after.text)


def _cutting_words(before: _Mark, after: _Mark) -> bool:
    return after.text not in NO_START and before.text not in NO_END and not after.text.isspace()


def _is_word(character: str) -> bool:
    """Letters and digits of scripts that put blanks between words, and what stands inside such words."""
    return character in _JOINING or (character.isalnum() and ord(character) < 0x2E80)


def _gap(before: _Mark, after: _Mark) -> float:
    return max(before.style.gap, after.style.gap) if before.style != after.style else 0.0


def _line(marks: Sequence[_Mark], left: float, measure: Measure) -> Line:
    runs: list[Run] = []
    x = left
    last: _Mark | None = None
    for style, group in groupby(marks, lambda mark: mark.style):
        members = list(group)
        text = "".join(mark.text for mark in members)
        x += _gap(last, members[0]) if last else 0.0
        runs.append(Run(text, style, x, measure(text.rstrip(), style.size)))
        x += sum(mark.width for mark in members)
        last = members[-1]
    return Line(tuple(runs))
