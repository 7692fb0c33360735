"""消息: what the platform told somebody."""

from typing import Any

from flask import request

from blueprints import policy, web
from forms.base import Form
from services import notification as notifications

door = web.Door("notification", __name__)


@door.get("/messages", policy=policy.signed_in)
def index() -> Any:
    inbox = notifications.inbox(_account_id(), request.args.get("page", 1, int))
    return web.page("notification/index.html", inbox=inbox, form=Form())


@door.post("/messages/<code>/open", policy=policy.signed_in)
def open_one(code: str) -> Any:
    """Mark it as read and go where it leads."""
    form = Form()
    if not form.validate_on_submit():
        return web.page("notification/index.html", inbox=notifications.inbox(_account_id()), form=form)
    with web.writing(form) as answer:
        row = notifications.read(_account_id(), code, stamp=web.stamp())
        path = web.safe_path(row.link)
        if path:
            answer.go_to(path)
        else:
            answer.go("notification.index")
    return answer.response


@door.post("/messages/read-all", policy=policy.signed_in)
def read_all() -> Any:
    form = Form()
    if not form.validate_on_submit():
        return web.page("notification/index.html", inbox=notifications.inbox(_account_id()), form=form)
    with web.writing(form) as answer:
        notifications.read_all(_account_id(), stamp=web.stamp())
        answer.go("notification.index")
    return answer.response


def _account_id() -> int:
    account_id = web.principal().account_id
    assert account_id is not None
    return account_id
