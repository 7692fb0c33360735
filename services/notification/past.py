"""Histories that are told afterwards: their messages are kept as sent at their own moment, and nobody gets one now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_muted: ContextVar[bool] = ContextVar("muted notifications", default=False)


@contextmanager
def muted() -> Iterator[None]:
    """What `notify` writes in this block counts as sent when it happened."""
    before = _muted.set(True)
    try:
        yield
    finally:
        _muted.reset(before)


def is_muted() -> bool:
    return _muted.get()
