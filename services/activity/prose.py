"""Plain text laid out for reading: paragraphs, simple lists and headings, as values. No markup in or out."""

import re
from dataclasses import dataclass
from typing import Literal

_BULLET = re.compile("[-•·*] ?(?=[^-•·*])")
_NUMBERED = re.compile(r"([0-9]{1,2})[.、．)）] ?(?=[^0-9])")
_HEADING = re.compile("[一二三四五六七八九十]{1,3}、.{1,38}")
_SENTENCE_END = "。；，"

Form = Literal["paragraph", "heading", "bullets", "numbers"]


@dataclass(frozen=True)
class Block:
    form: Form
    lines: tuple[str, ...]
    start: int = 1
    """The first number of a numbered list."""


def blocks(text: str) -> list[Block]:
    """The text as blocks, in order. An empty line ends a paragraph or a list."""
    found: list[Block] = []
    was_empty = True
    for raw in text.splitlines():
        line = raw.strip(" \u3000")
        if line:
            block = _read(line)
            last = found[-1] if found and not was_empty else None
            if last is not None and last.form == block.form != "heading":
                found[-1] = Block(last.form, last.lines + block.lines, last.start)
            else:
                found.append(block)
        was_empty = not line
    return found


def _read(line: str) -> Block:
    if bullet := _BULLET.match(line):
        return Block("bullets", (line[bullet.end() :],))
    if number := _NUMBERED.match(line):
        return Block("numbers", (line[number.end() :],), int(number[1]))
    if _HEADING.fullmatch(line) and line[-1] not in _SENTENCE_END:
        return Block("heading", (line,))
    return Block("paragraph", (line,))
