"""A visitor by hand: fills in forms as a browser would, and reads the messages that were sent to them."""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from models.base import db
from models.notification import Message

HIDDEN = re.compile(r'<input[^>]*name="(csrf_token|idempotency_key|sealed)"[^>]*value="([^"]*)"')
SIX = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")


class Hand:
    """One browser: its cookies, and the page it last saw."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.app = app
        self.client = app.test_client()
        self.address = address

    def get(self, path: str, **settings: Any) -> TestResponse:
        return self.client.get(path, environ_base={"REMOTE_ADDR": self.address}, **settings)

    def post(self, path: str, page: str | None = None, **values: Any) -> TestResponse:
        """Open the page of a form, and send it filled in."""
        hidden = dict(HIDDEN.findall(self.get(page or path).get_data(as_text=True)))
        return self.send(path, **{**hidden, **values})

    def send(self, path: str, **values: Any) -> TestResponse:
        """Send what is given and nothing else."""
        return self.client.post(path, data=values, environ_base={"REMOTE_ADDR": self.address})

    @property
    def is_inside(self) -> bool:
        return self.get("/me").status_code == 200

    def enter(self, phone: str) -> TestResponse:
        """Sign in by a code to the phone."""
        self.post("/sign-in", contact=phone)
        return self.post("/sign-in/code", code=code_to(self.app, phone))

    def sign_up(self, phone: str, name: str = "周晓岚", password: str = "") -> TestResponse:
        self.enter(phone)
        return self.post("/sign-up/finish", display_name=name, password=password, agrees="y")


def messages(app: Flask, address: str) -> list[str]:
    """The texts that went to a phone or an e-mail, oldest first."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Message).order_by(Message.id)).all()
        return [row.body for row in rows if row.address == address]


def code_to(app: Flask, address: str) -> str:
    """The code in the newest message to an address."""
    found = SIX.findall(messages(app, address)[-1])
    return str(found[-1] if len(found) == 1 else found[0])
