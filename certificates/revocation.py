"""The signed list of certificates that no longer hold, for those who check without asking the site.

It names certificates by number and version, never by token: a token opens the public page. Whoever signs calls
`listing`, signs `canonical` of it for the purpose "revocation", and gives out `envelope`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import rfc8785

from certificates.signature import REVOCATION, Keys, is_signed

FORM: Final = 1

State = Literal["revoked", "replaced"]


class BadListing(ValueError):
    """Not a list that a known key signed."""


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """`replaced`: another version of the same number holds instead."""

    number: str
    version: int
    state: State = "revoked"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that was checked."""

    sequence: int
    issued_at: dt.datetime
    next_update: dt.datetime
    entries: frozenset[Entry]

    def state(self, number: str, version: int) -> State | None:
        found = {one.state for one in self.entries if (one.number, one.version) == (number, version)}
        return "revoked" if "revoked" in found else next(iter(found), None)

    def is_stale(self, moment: dt.datetime) -> bool:
        return moment > self.next_update

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        entries = frozenset(Entry(*_row(row)) for row in record["entries"])
        if record["v"] != FORM or type(record["sequence"]) is not int:
            raise ValueError("another form of list")
        return cls(record["sequence"], _moment(record["issued_at"]), _moment(record["next_update"]), entries)


def listing(
    entries: Iterable[Entry], sequence: int, issued_at: dt.datetime, next_update: dt.datetime
) -> dict[str, Any]:
    """The list to be signed. `sequence` grows with every list; `next_update` is when a later one will be out."""
    return {
        "v": FORM,
        "sequence": sequence,
        "issued_at": issued_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "next_update": next_update.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "entries": [[one.number, one.version, one.state] for one in sorted(set(entries))],
    }


def canonical(listing: Mapping[str, Any]) -> bytes:
    """The bytes that are signed (RFC 8785)."""
    return rfc8785.dumps(dict(listing))


def envelope(listing: Mapping[str, Any], signature: str) -> str:
    """The file that is given out."""
    return rfc8785.dumps({"list": dict(listing), "signature": signature}).decode()


def read(text: str | bytes, keys: Keys) -> Listing:
    """The list in a file. Raises BadListing where it is damaged or nobody known signed it."""
    try:
        record = json.loads(text)
        body, signature = record["list"], record["signature"]
        if not is_signed(REVOCATION, canonical(body), signature, keys):
            raise BadListing("no known key signed this list")
        return Listing.from_record(body)
    except BadListing:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise BadListing(f"not a list of revoked certificates: {type(fault).__name__}") from None


def _row(row: Any) -> tuple[str, int, State]:
    number, version, state = row
    if type(number) is not str or type(version) is not int or state not in ("revoked", "replaced"):
        raise ValueError("an entry is number, version and state")
    return number, version, state


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment has its zone")
    return moment
