"""The blueprint that the doors of this room hang on, and what they share."""

from typing import Any

from flask import current_app, redirect, request, url_for

from blueprints import web
from models.account import Account
from models.activity import Track
from models.organisation import Organisation
from models.party import Kind, Party
from models.person import Person
from services import account as accounts
from services import organisation as organisations

door = web.Door("party", __name__)

PER_ADDRESS = "120 per minute; 2400 per hour"
"""Of a link that anybody may open: generous, since a school shares one address; the token itself has 192 bits."""

few = web.limiter.limit(PER_ADDRESS)


def absolute(path: str) -> str:
    """A path of this site as people copy it."""
    base: str = current_app.extensions["yongjiang"].public_base_url
    return base.rstrip("/") + path


def own_units() -> list[Organisation]:
    """The units somebody belongs to: those a team may stand for."""
    return list(organisations.of_account(web.visitor().account.id))


def own_person(track: Track) -> Person | None:
    """Who is signed in, if what the track asks of a person is known already."""
    account = web.visitor().account
    person = account.person
    if person is None or accounts.claims.find_open(account) is not None:
        return None
    return None if track.needs_document and person.document is None else person


def to_identity() -> Any:
    """First say who you are; then here again."""
    return redirect(url_for("account.person", next=request.path))


def home(party: Party) -> dict[str, Any]:
    """Where a party's own page is."""
    return {"endpoint": "party.show" if party.kind is Kind.TEAM else "party.roll", "code": party.code}


def account() -> Account:
    return web.visitor().account


def all_stand(*forms: Any) -> bool:
    """Whether all forms of one page stand; each shows its own faults."""
    stands = [form.validate_on_submit() for form in forms]
    return all(stands)
