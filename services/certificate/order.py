"""What is to be certified: an order comes from the room that knows why, with every word of the paper."""

import datetime as dt
import secrets
from dataclasses import dataclass, field

from certificates.facts import Facts
from models.activity import Activity
from models.certificate import Kind
from models.organisation import Organisation
from models.person import Person
from models.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One certificate that somebody deserves.

    `subject` is what is certified, as `line:<code>`: it has at most one live certificate. `not_by` are the ids of the
    people who prepared it, and so may not issue it.
    """

    subject: str
    kind: Kind
    activity: Activity
    issuer: Organisation
    heading: str
    name: str
    person: Person | None = None
    registration: Registration | None = None
    heading_en: str = ""
    before_name: str = ""
    after_name: str = ""
    body_before: str = ""
    award: str = ""
    body_after: str = ""
    closing: str = ""
    contest: str = ""
    not_by: frozenset[int] = field(default_factory=frozenset)


def facts_of(order: Order, *, number: str, version: int, day: dt.date) -> Facts:
    """The order frozen: what the paper will say, with a salt of its own."""
    return Facts(
        version=version,
        number=number,
        kind=order.kind.value,
        heading=order.heading,
        heading_en=order.heading_en,
        before_name=order.before_name,
        name=order.name,
        after_name=order.after_name,
        body_before=order.body_before,
        award=order.award,
        body_after=order.body_after,
        closing=order.closing,
        activity=order.activity.title,
        contest=order.contest,
        issuer=order.issuer.name,
        issued_on=day,
        salt=new_salt(),
    )


def new_salt() -> str:
    return secrets.token_urlsafe(16)
