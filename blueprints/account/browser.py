"""The door of the room, and what one browser remembers between two steps of entering.

The session cookie is signed, not secret, so a contact in it is sealed. `known` names, by prefixes of blind
indexes, the accounts that were signed in here before: their owners are counted apart from strangers (R04).
It outlives a sign-in, opens nothing, and stays within the one cookie.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, current_app, g, request, session, url_for

from blueprints import web
from forms.base import Form
from models import vault
from models.account import Account, Grant, Purpose
from models.person import Person
from services import words
from services.account import Contact, Entered, codes, consents
from services.account.contacts import ContactKind, mask_email
from services.errors import TooOften
from services.person import BadEntry, documents, phones
from services.stamp import local_day
from services.text import BadText

door = web.Door("account", __name__)

MOST_KNOWN = 5
KEPT = ("known", "device")
PLACE = vault.context("session", "asked", "contact")

PER_ADDRESS = "60 per minute; 1200 per hour"
"""Generous: a school or an award hall shares one address. What guards an account is counted by the account.
"""

few = web.limiter.limit(PER_ADDRESS, methods=["POST"])


def mark() -> str:
    """What binds a code to this browser: the hash of a random value in its session."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(16)
        session.permanent = True
    return hashlib.sha256(str(session["browser"]).encode()).hexdigest()


def ask(purpose: Purpose, contact: Contact) -> None:
    """Remember where a code went."""
    session["asked"] = [purpose.value, contact.kind.value, vault.seal(contact.value, PLACE)]
    session.permanent = True


def asked(purpose: Purpose) -> Contact | None:
    """Where the code of this purpose went, if this browser asked for one."""
    kept = session.get("asked")
    if not isinstance(kept, list) or len(kept) != 3 or kept[0] != purpose.value:
        return None
    try:
        return Contact(ContactKind(kept[1]), vault.open(kept[2], PLACE))
    except ValueError:
        return None


def target() -> str | None:
    """Where the visitor was going, if it is a page of ours (R22)."""
    return web.safe_path(request.args.get("next"))


def after() -> str:
    """Where to go once inside."""
    return target() or url_for("account.show")


def welcome(account: Account) -> str:
    """Where a new sign-in goes first: to the privacy notice, where it changed since they agreed."""
    if consents.is_current(account):
        return after()
    return url_for("account.consent", next=target())


def arrive(entered: Entered) -> None:
    """Carry a new sign-in; the account is known here from now on."""
    known = [*_marks(entered.account), *session.get("known", [])]
    device = session.get("device") or secrets.token_hex(8)
    web.enter(entered.token)
    session["known"] = list(dict.fromkeys(known))[:MOST_KNOWN]
    session["device"] = device


def depart() -> None:
    kept = {key: session[key] for key in KEPT if key in session}
    web.leave()
    session.update(kept)


def renew(token: str) -> None:
    """Carry a changed token of the same sign-in."""
    kept = {key: session[key] for key in KEPT if key in session}
    web.enter(token)
    session.update(kept)


def admit_code(contact: Contact) -> None:
    """Count a request for a code from this browser. Raises `TooOften`."""
    codes.admit(contact, address=request.remote_addr or "", known_device=known_device(contact.value))


def known_device(login: str) -> str | None:
    """The name of this browser, if the account of a login was signed in here before."""
    try:
        index = Contact.read(login).index[:16]
    except BadText:
        return None
    return str(session["device"]) if index in session.get("known", []) and "device" in session else None


def _marks(account: Account) -> list[str]:
    return [index[:16] for index in (account.phone_index, account.email_index) if index]


_BROWSERS = (
    ("MicroMessenger", "微信"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_name() -> str:
    """Enough to recognise one's own browser in a list: Chrome · Android."""
    agent = request.headers.get("User-Agent", "")[:400]
    found = [next((name for sign, name in signs if sign in agent), "") for signs in (_BROWSERS, _SYSTEMS)]
    return " · ".join(part for part in found if part)


@contextmanager
def refusals(form: Form, **fields: str) -> Iterator[None]:
    """As `web.refusals`; also for what is tried too often, and for text that cannot be kept."""
    try:
        with web.refusals(form, **fields):
            try:
                yield
            except BadEntry as no:
                form.refuse(no.sentence, no.field)
                g.unfit = True
    except BadText as no:
        form.refuse(no.sentence)
        g.unfit = True


@contextmanager
def patience(form: Form) -> Iterator[None]:
    """Say in place that it was tried too often; the page is then a 429 with its waiting time."""
    try:
        yield
    except TooOften as no:
        form.refuse(no.sentence)
        g.too_often = no
        current_app.extensions["note_refusal"](no)


def phone_of(account: Account) -> str:
    """The phone of an account, masked (R13)."""
    return phones.mask(account.phone) if account.phone else ""


def email_of(account: Account) -> str:
    return mask_email(account.email) if account.email else ""


def documents_of(person: Person) -> list[str]:
    """Each document by type and masked number."""
    return [f"{words.label(row.type)} {documents.mask(row.type, row.number)}" for row in person.documents]


def last_day(row: Grant) -> dt.date:
    """The last day on which a grant holds, in Yongchuan."""
    if row.ends_at is None:
        raise ValueError("a grant without an end")
    return local_day(row.ends_at - dt.timedelta(microseconds=1))


def page(template: str, **context: Any) -> Response:
    """`web.page`, with the status of what was tried too often."""
    status = 429 if "too_often" in g else 422 if "unfit" in g else None
    shown = {"phone_of": phone_of, "email_of": email_of, "documents_of": documents_of, "last_day": last_day}
    response = web.page(template, status=status, **shown, **context)
    if "too_often" in g:
        response.headers["Retry-After"] = str(g.too_often.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response
