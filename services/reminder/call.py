"""One thing to say to one person."""

from dataclasses import dataclass, field
from typing import Any

from models.account import Account


@dataclass(frozen=True)
class Call:
    key: str
    """What this is about and until when: the same thing moved to another moment is said again."""
    kind: str
    account: Account | None
    link: str
    phone: str = ""
    params: dict[str, Any] = field(default_factory=dict)
