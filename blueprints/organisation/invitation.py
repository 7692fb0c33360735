"""Doors of an invitation: what a link asks one into, and accepting it."""

from typing import Any

from flask import request

from blueprints import policy, web
from blueprints.organisation.room import door
from forms.base import Form
from services import organisation as organisations
from services.stamp import clock
from services.text import _


@door.get("/invitation/<token>", policy=policy.everyone)
def invitation(token: str) -> Any:
    """What a link asks one into. Whoever is not signed in is shown the way."""
    return _invitation(token, Form())


@door.post("/invitation/<token>", policy=policy.signed_in)
def accept(token: str) -> Any:
    row = organisations.get_invitation(token)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                member = organisations.accept(row, web.visitor().account, stamp=web.stamp())
                unit = member.organisation
                answer.go("organisation.show", code=unit.code, flash=_("您已加入%(unit)s。", unit=unit.label))
            return answer.response
    return _invitation(token, form)


def _invitation(token: str, form: Form) -> Any:
    row = organisations.get_invitation(token)
    account = web.visitor().account if web.visitor().is_signed_in else None
    return web.page(
        "organisation/invitation.html",
        form=form,
        invitation=row,
        is_open=row.is_open(clock.now()) and not row.organisation.is_closed,
        fits=account is not None and organisations.fits(row, account),
        contact=organisations.contact_of(row).masked,
        here=request.path,
    )
