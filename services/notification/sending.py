"""What a sender is: a function that hands one letter over, or raises `NotSent`."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models.notification import Channel


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it goes out. Its `code` stays the same at every try: by it a repeat is known."""

    code: str
    address: str = field(repr=False)
    title: str = field(repr=False)
    body: str = field(repr=False)


class NotSent(Exception):
    """A letter was not accepted. `reason` is kept for administrators: a status, never what was written.

    `for_good`: trying again is useless. `unreachable`: nobody answered, so others need not be tried now.
    """

    def __init__(self, reason: str, *, for_good: bool = False, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.for_good, self.unreachable = reason[:200], for_good, unreachable


Sender = Callable[[Letter], None]


@dataclass
class _PostOffice:
    senders: dict[Channel, Sender] = field(default_factory=dict)
    base_url: str = ""


_office = _PostOffice()


def use(*, sms: Sender | None = None, mail: Sender | None = None, base_url: str = "") -> None:
    """Hand in the senders and the site's public address. Without a sender its channel is not used at all."""
    given = {Channel.SMS: sms, Channel.MAIL: mail}
    _office.senders = {channel: sender for channel, sender in given.items() if sender is not None}
    _office.base_url = base_url.rstrip("/")


def can(channel: Channel) -> bool:
    return channel in _office.senders


def sender(channel: Channel) -> Sender:
    return _office.senders[channel]


def absolute(link: str) -> str:
    """A path on this site as an address that works outside it."""
    return f"{_office.base_url}{link}" if link else ""
