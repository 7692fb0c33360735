"""Public codes that follow from a seed, so that the demonstration has the same addresses each time it is loaded.

Codes of the platform are random, and stay so: what is changed here holds for rows made inside `drawn_from`, in this
context and no other.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from models.base import CODE_ALPHABET, CODE_LENGTH, code_source


@contextmanager
def drawn_from(rng: random.Random) -> Iterator[None]:
    """Every row made in this block gets its code from the given source."""
    before = code_source.set(lambda: draw(rng))
    try:
        yield
    finally:
        code_source.reset(before)


def draw(rng: random.Random) -> str:
    return "".join(rng.choices(CODE_ALPHABET, k=CODE_LENGTH))
