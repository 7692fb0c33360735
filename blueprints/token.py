"""One's own tokens for programs: the list, a new one, taking one back."""

from typing import Any

from blueprints import policy, web
from forms.registration import VerbForm
from forms.token import TokenForm
from services.account import tokens
from services.stamp import clock
from services.text import _

door = web.Door("token", __name__)


@door.get("/me/tokens", policy=policy.signed_in)
def index() -> Any:
    account = web.visitor().account
    return web.page("token/index.html", rows=tokens.listing(account), verb=VerbForm(), moment=clock.now())


@door.both("/me/tokens/new", policy=policy.signed_in_fresh)
def create() -> Any:
    """A new token, shown once. A repeat of the form leads to the list, where it is not shown."""
    form = TokenForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                row, secret = tokens.create(
                    web.visitor().account,
                    form.label.data or "",
                    form.chosen(),
                    form.length(),
                    stamp=web.stamp(),
                )
                answer.go("token.index")
            return web.page("token/made.html", row=row, secret=secret)
    return web.page("token/create.html", form=form)


@door.post("/me/tokens/<code>/revoke", policy=policy.signed_in)
def revoke(code: str) -> Any:
    """It is refused from the next request on."""
    row = tokens.get(web.visitor().account, code)
    with web.writing() as answer:
        tokens.revoke(row, stamp=web.stamp())
        answer.go("token.index", flash=_("令牌已停用。"))
    return answer.response
