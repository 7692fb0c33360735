"""Public codes that follow from a seed, so that the demonstration has the same addresses each time it is loaded.

Codes of the platform are random, and stay so: what is changed here holds for rows made inside `drawn_from`, in this
context and no other.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa

from models.base import CODE_ALPHABET, CODE_LENGTH, Coded
from models.registration import PASS_LENGTH, Registration

_source: ContextVar[random.Random | None] = ContextVar("demo codes", default=None)


@contextmanager
def drawn_from(rng: random.Random) -> Iterator[None]:
    """Every row made in this block gets its code from the given source."""
    if not sa.event.contains(Coded, "init", _give_code):
        sa.event.listen(Coded, "init", _give_code, propagate=True)
    before = _source.set(rng)
    try:
        yield
    finally:
        _source.reset(before)


def draw(rng: random.Random) -> str:
    return "".join(rng.choices(CODE_ALPHABET, k=CODE_LENGTH))


def _give_code(row: Coded, _args: tuple[Any, ...], values: dict[str, Any]) -> None:
    rng = _source.get()
    if rng is not None:
        values.setdefault("code", draw(rng))
        if isinstance(row, Registration):
            values.setdefault("pass_code", values["code"][:PASS_LENGTH])
