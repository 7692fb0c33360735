"""A program that asks the API with a token, or without one."""

import itertools
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from models.account import Account
from models.base import db
from models.token import TokenScope
from services.account import tokens
from services.account.tokens import LONGEST
from services.stamp import Stamp, clock
from services.transaction import transaction
from tests.support.doors import BASE_URL, outside

ALL = (TokenScope.READ, TokenScope.WRITE)
_keys = itertools.count(1)


class Program:
    def __init__(
        self, app: Flask, account: Account | None = None, scopes: tuple[TokenScope, ...] = ALL
    ) -> None:
        self.http = app.test_client()
        self.secret = ""
        if account is not None:
            with transaction():
                stamp = Stamp(clock.now(), account.code, account.id)
                self.key, self.secret = tokens.create(account, "示例程序", scopes, LONGEST, stamp=stamp)

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._ask("GET", path, headers)

    def post(self, path: str, said: Any = None, key: str | None = None, **headers: str) -> TestResponse:
        """With a new one-time key, unless one is given; `key=""` sends none."""
        key = f"key-{next(_keys)}" if key is None else key
        return self._ask("POST", path, headers | ({"Idempotency-Key": key} if key else {}), said)

    def _ask(self, method: str, path: str, headers: dict[str, str], said: Any = None) -> TestResponse:
        if self.secret:
            headers = {"Authorization": f"Bearer {self.secret}"} | headers
        options: dict[str, Any] = {} if said is None else {"json": said}
        with outside():
            answer = self.http.open(
                f"/api/v1{path}", method=method, base_url=BASE_URL, headers=headers, **options
            )
        db.session.rollback()  # what the test reads next is what the request left behind
        return answer
