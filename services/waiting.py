"""What waits for somebody: the rows of the desk. Each room says its own; the desk only lays them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.text import Sentence


@dataclass(frozen=True, slots=True)
class Waiting:
    """`count` things of one kind, and the page on which they are done."""

    count: int
    what: Sentence
    """报名待审核"""
    detail: Sentence | str
    """Which, and since when: 数控铣工 17 · 最早一份已等 2 天"""
    endpoint: str
    action: Sentence
    """审核"""
    values: Mapping[str, str] = field(default_factory=dict)
    is_urgent: bool = False
