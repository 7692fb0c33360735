"""How much there is in the corpus: each case counted once, by what it is and not by its name."""

import hashlib
from collections import Counter

from flask import Flask

from tests.corpus import hostile, test_numbers, test_through
from tests.services.person import test_documents

ROOMS = (
    hostile.bombs, hostile.packages, hostile.active, hostile.declared, hostile.damaged, hostile.others,
    hostile.polyglots, hostile.sheets, hostile.flipped,
)  # fmt: skip
"""By what each would do to who reads it: R29 and, of what is no list at all, R31."""


def test_a_hundred_and_twenty_files_without_one_twice() -> None:
    cases = hostile.cases()
    distinct = {(name, hashlib.sha256(data).digest()) for _case, name, data, _verdict in cases}
    assert len(distinct) >= 120
    turned = sum(case.startswith("byte ") for case, _name, _data, _verdict in cases)
    assert len(distinct) - turned >= 120, "the bytes that were turned do not count"
    said = Counter(verdict for _case, _name, _data, verdict in cases)
    assert set(said) == {"refused", "either"}
    assert said["refused"] >= 100
    assert all(list(room()) for room in ROOMS)


def test_four_hundred_numbers_without_one_twice(context: Flask) -> None:
    cells = {repr(cell) for cell, _word in test_numbers.cases()}
    assert len(cells) >= 400
    words = {word for _cell, word in test_numbers.cases()}
    assert len(words) >= 10, "so many ways of being wrong, each with its own sentence"
    typed = {(type, number) for type, number, _accepted in test_documents.RULED}
    assert len(typed) >= 400


def test_a_hundred_and_fifty_words_without_one_twice() -> None:
    assert len(set(test_through.WORDS)) == len(test_through.WORDS) >= 150
