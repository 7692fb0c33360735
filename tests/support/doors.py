"""Knocking at doors without a browser: a signed-in client that fills forms, and what a request changed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.globals import _cv_app
from werkzeug.test import TestResponse

from models.account import Account
from models.base import db
from services.account import sign_ins
from services.stamp import Stamp, clock
from services.transaction import transaction
from tests.support.visitors import FIELD

BASE_URL = "http://localhost"

EXTRA = {
    "id": "1", "code": "0" * 16, "role": "security_admin", "status": "opened", "state": "opened", "score": "100",
    "org_id": "1", "organisation_id": "1", "account_id": "1", "owner_id": "1", "approved": "1", "decided_by_id": "1",
    "blind_code": "x", "created_by": "1", "created_at": "2020-01-01", "closed_at": "2020-01-01", "is_demo": "1",
    "department_code": "hrss", "claim": "1:1", "token_hash": "x", "left_at": "2020-01-01", "as_admin": "1",
}  # fmt: skip
"""Fields that no form of people has (R14)."""

BYSTANDERS = frozenset({"trace", "trace_head", "once", "tally", "page_version", "sign_in", "message"})
"""Tables that every request may write: traces, one-time keys, counts, messages."""


@contextmanager
def outside() -> Iterator[None]:
    """Out of the test's own application context, in which all requests would share one visitor."""
    token = _cv_app.set(None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        _cv_app.reset(token)


class Client:
    """One signed-in person, or nobody."""

    def __init__(self, app: Flask, account: Account | None = None) -> None:
        self.http = app.test_client()
        if account is not None:
            with transaction():
                token = sign_ins.begin(account, stamp=Stamp(clock.now(), account.code, account.id))
            with outside(), self.http.session_transaction(base_url=BASE_URL) as session:
                session["_user_id"], session["_fresh"], session["_permanent"] = token, True, True

    def get(self, path: str, **options: Any) -> TestResponse:
        with outside():
            return self.http.get(path, base_url=BASE_URL, **options)

    def post(self, path: str, page: str | None = None, **values: Any) -> TestResponse:
        """Fill the form that stands on `page` (by default the same path) and send it."""
        return self._send(path, {**self.hidden(page or path), **values})

    def bare(self, path: str, **values: Any) -> TestResponse:
        """Send without having seen the form, but with what any page of theirs gives: a token and a key."""
        return self._send(path, {**self.hidden(""), **values})

    def _send(self, path: str, values: dict[str, Any]) -> TestResponse:
        with outside():
            answer = self.http.post(path, base_url=BASE_URL, data=values)
        db.session.rollback()  # what the test reads next is what the request left behind
        return answer

    def hidden(self, page: str) -> dict[str, str]:
        found: dict[str, str] = {}
        if page:
            found = dict(FIELD.findall(self.get(page).get_data(as_text=True)))
        for other in ("/privacy", "/sign-in"):
            if "csrf_token" not in found:
                found |= dict(FIELD.findall(self.get(other).get_data(as_text=True)))
        return {"idempotency_key": "k" * 20, **found}


Tables = dict[str, dict[int, Mapping[str, Any]]]


def tables() -> Tables:
    """Every row of every table that has an id."""
    db.session.rollback()
    return {
        name: {row.id: dict(row._mapping) for row in db.session.execute(sa.select(table))}
        for name, table in db.metadata.tables.items()
        if "id" in table.c and name not in BYSTANDERS
    }


def changed(before: Tables) -> set[str]:
    """What differs now: `table.column`, `table+` for a new row, `table-` for one that is gone."""
    found = set()
    for name, rows in tables().items():
        for key in rows.keys() | before[name].keys():
            if key not in before[name]:
                found.add(name + "+")
            elif key not in rows:
                found.add(name + "-")
            else:
                old, new = before[name][key], rows[key]
                found |= {f"{name}.{column}" for column in new if new[column] != old[column]}
    return found
