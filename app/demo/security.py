"""Two of everything, so that a test of rights can swap them: two units, two activities, two accounts a role, and each
kind of thing once on either side. Made by the verbs; only where APP_ENV is test.

The same seed gives the same public codes. Passwords, tokens and cookies are new each time and shown once.
"""

import random
from typing import Any

from flask import Flask, current_app
from flask.sessions import SecureCookieSessionInterface

from app.config import Config
from app.demo import codes, joined, reached, routes, sides, visits
from app.demo.sides import Side
from models.account import Account
from models.base import db
from services import account as accounts
from services import notification as notifications
from services.access import SECOND_FACTOR
from services.stamp import Stamp, clock
from services.transaction import transaction

ACTOR = "seed security"
FIRST_PHONE = 9000
"""199-0000-9000 and on; a hundred for each of the last ten seeds."""


class NotHere(RuntimeError):
    """Two of everything are for tests only."""


def seed(number: int) -> dict[str, Any]:
    """Make both sides; everything a test needs, as JSON. Raises NotHere unless APP_ENV is test."""
    config: Config = current_app.extensions["yongjiang"]
    if config.env != "test":
        raise NotHere("seed security is for APP_ENV=test")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stamp = Stamp(clock.now(), ACTOR)
    source = random.Random(f"security {number}")  # noqa: S311  addresses of made-up rows, not secrets
    first_phone = FIRST_PHONE + number % 10 * 100
    with codes.drawn_from(source), notifications.muted(), transaction():
        both = [
            sides.build("a", number, first_phone, stamp),
            sides.build("b", number, first_phone + 50, stamp),
        ]
        for side in both:
            reached.build(side, stamp)
            joined.build(side, number, stamp)
            visits.build(side, stamp)
        tokens = {
            (side.name, word): _sign_in(side, word, account, stamp)
            for side in both
            for word, account in side.accounts.items()
        }
    with app.test_request_context(base_url=config.public_base_url):
        return _said(app, number, both, tokens)


def _sign_in(side: Side, word: str, account: Account, stamp: Stamp) -> str:
    """A live sign-in, proven with a second factor. The contestant's is also a thing that may be swapped."""
    token = accounts.sign_ins.begin(account, device=f"示例设备{side.name}", second_factor=True, stamp=stamp)
    db.session.flush()
    if word == "contestant":
        side.keep("sign_in", accounts.sign_ins.listing(account)[0].code, word)
    return token


def _said(app: Flask, number: int, both: list[Side], tokens: dict[tuple[str, str], str]) -> dict[str, Any]:
    known, unknown = routes.with_objects(app)
    config: Config = app.extensions["yongjiang"]
    return {
        "seed": number,
        "base_url": config.public_base_url,
        "cookie": app.config["SESSION_COOKIE_NAME"],
        "accounts": [
            _account(app, side, word, tokens[side.name, word]) for side in both for word in side.accounts
        ],
        "objects": {
            kind: {side.name: _thing(side, kind, known) for side in both} for kind in sorted(both[0].keys)
        },
        "routes": known,
        "unmapped": unknown,
    }


def _account(app: Flask, side: Side, word: str, token: str) -> dict[str, Any]:
    account, scope = side.accounts[word], side.scopes[word]
    return {
        "role": word,
        "side": side.name,
        "code": account.code,
        "name": account.display_name,
        "phone": account.phone,
        "organisation": side.keys["organisation"],
        "activity": side.keys["activity"],
        "scope": {"kind": scope[0].value, "code": scope[1]} if scope else None,
        "needs_second_factor": word in {role.value for role in SECOND_FACTOR},
        "password": side.passwords[word],
        "bearer": side.bearers[word],
        "cookie": _cookie(app, token),
    }


def _thing(side: Side, kind: str, known: list[dict[str, Any]]) -> dict[str, Any]:
    owner = str(side.owners[kind])
    return {
        "code": side.keys[kind],
        "owner": {"role": owner, "account": side.accounts[owner].code},
        "mark": side.marks[kind],
        "urls": routes.addresses(known, side.keys, kind),
    }


def _cookie(app: Flask, token: str) -> str:
    """The value of the session cookie of a browser in which this sign-in was made."""
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    signer = interface.get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps({"_user_id": token, "_fresh": True, "_permanent": True}))
