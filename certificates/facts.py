"""What one certificate says, and what of it is public and signed.

The full facts stay with the holder and the platform. The statement shows a masked name; two salted hashes in
it hold the name and every other word of the paper fast without telling them.
"""

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self

import rfc8785

from certificates.names import mask

FORM: Final = 1  # of the statement, raised when its fields change

Value = str | int


class BadFacts(ValueError):
    """Not the facts of a certificate. The message says which field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The words of a certificate in the order of the paper, and what stands behind them.

    `before_name` name `after_name` is the first line, `body_before` award `body_after` the sentence under it,
    so nothing need be searched in a text. `version` counts the issues of one number, 1 first.
    """

    version: int
    number: str
    kind: str
    heading: str
    heading_en: str
    before_name: str
    name: str
    after_name: str
    body_before: str
    award: str
    body_after: str
    closing: str
    activity: str
    contest: str
    issuer: str
    issued_on: dt.date
    salt: str

    def to_json(self) -> str:
        """The one spelling (RFC 8785)."""
        return rfc8785.dumps(self.record()).decode()

    def record(self) -> dict[str, Value]:
        return {**asdict(self), "issued_on": self.issued_on.isoformat()}

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises BadFacts."""
        try:
            return cls.from_record(json.loads(text))
        except (json.JSONDecodeError, RecursionError):
            raise BadFacts("the facts are not JSON") from None

    @classmethod
    def from_record(cls, record: object) -> Self:
        """Every field, no other, each of its type. Raises BadFacts."""
        names = [field.name for field in fields(cls)]
        if not isinstance(record, Mapping) or set(record) != set(names):
            raise BadFacts(f"the facts are {', '.join(names)}")
        for name in names:
            wanted = int if name == "version" else str
            if type(record[name]) is not wanted:
                raise BadFacts(f"{name} is not of type {wanted.__name__}")
        try:
            day = dt.date.fromisoformat(record["issued_on"])
        except ValueError:
            raise BadFacts("issued_on is not a date") from None
        if day.isoformat() != record["issued_on"]:
            raise BadFacts("issued_on is not written as YYYY-MM-DD")
        return cls(**{**record, "issued_on": day})

    @property
    def words(self) -> str:
        """All that the holder reads on the paper from the name to the closing words, without blanks."""
        parts = (
            self.before_name, self.name, self.after_name,
            self.body_before, self.award, self.body_after, self.closing,
        )  # fmt: skip
        return "".join("".join(parts).split())


def statement(facts: Facts, *, token: str, site: str, kid: str) -> dict[str, Value]:
    """What is public and signed. `site` is the host that the QR leads to, as printed; `kid` the signing key."""
    if "/" in site:
        raise ValueError(f"a site is a host, perhaps with a port, not {site!r}")
    return {
        "v": FORM,
        "number": facts.number,
        "version": facts.version,
        "kind": facts.kind,
        "heading": facts.heading,
        "name": mask(facts.name),
        "name_hash": name_hash(facts.salt, facts.name),
        "paper_hash": paper_hash(facts),
        "activity": facts.activity,
        "contest": facts.contest,
        "award": facts.award,
        "issuer": facts.issuer,
        "issued_on": facts.issued_on.isoformat(),
        "token": token,
        "site": site,
        "kid": kid,
    }


def canonical(statement: Mapping[str, Any]) -> bytes:
    """The bytes that are signed (RFC 8785)."""
    return rfc8785.dumps(dict(statement))


def name_hash(salt: str, name: str) -> str:
    """Holds a name fast; who knows the salt and guesses the name can see that it agrees."""
    return _hash(salt, unicodedata.normalize("NFC", name).encode())


def paper_hash(facts: Facts) -> str:
    """Holds every word of the paper fast."""
    return _hash(facts.salt, facts.to_json().encode())


def _hash(salt: str, message: bytes) -> str:
    return hashlib.sha256(salt.encode() + b"\n" + message).hexdigest()
