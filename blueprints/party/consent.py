"""Doors of somebody whom others entered: by the link sent to them, or signed in."""

import datetime as dt
from typing import Any

from flask import redirect, url_for

from blueprints import policy, web
from blueprints.party.room import door, few
from forms.party import ConsentForm
from models.registration import Consent, Registration
from services import party as parties
from services import registration as registrations
from services import throttle
from services.person.names import mask_name
from services.text import _, compact

HOUR = dt.timedelta(hours=1)


@door.both("/consent/<token>", policy=policy.everyone)
@few
def consent(token: str) -> Any:
    """What one was entered for and by whom. The link and the end of one's number say who one is; a link that is
    unknown and one that is spent look the same.
    """
    row = registrations.find_by_consent(token)
    if row is None:
        return web.page("party/consent_over.html", status=404)
    form = ConsentForm(asks_digits=not _is_own(row))
    if form.validate_on_submit():
        if "digits" in form:
            throttle.admit((f"consent:{row.code}", 5, HOUR), sentence=_("填错次数过多，请一小时后再试。"))
        with web.refusals(form, WrongDigits="digits"):
            if "digits" in form and not fits(row, form["digits"].data):
                raise parties.WrongDigits
            with web.writing(form) as answer:
                _decide(row, form)
                answer.go("party.answered", flash=_said(form))
            return answer.response
    return web.page(
        "party/consent.html", form=form, row=row, name=mask_name(row.person.name), made_by=_made_by(row)
    )


@door.get("/consent", policy=policy.everyone)
def answered() -> Any:
    """What stays on the screen afterwards: nothing of anybody."""
    return web.page("party/answered.html")


@door.post("/registration/<code>/consent", policy=policy.signed_in)
def consent_own(code: str) -> Any:
    """The same, signed in, from one's own entry."""
    row = registrations.get_own(web.principal(), code)
    form = ConsentForm(asks_digits=False)
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                _decide(row, form)
                answer.go("registration.show", code=code, flash=_said(form))
            return answer.response
    if row.consent is not Consent.ASKED:
        return redirect(url_for("registration.show", code=code), 303)
    return web.page("party/consent.html", form=form, row=row, name=row.person.name, made_by=_made_by(row))


def _is_own(row: Registration) -> bool:
    return web.principal().person_id == row.person_id


def _decide(row: Registration, form: ConsentForm) -> None:
    if form.decision.data == "confirm":
        registrations.confirm(row, stamp=web.stamp())
    else:
        registrations.object(row, form.note.data or "", stamp=web.stamp())


def _said(form: ConsentForm) -> object:
    if form.decision.data == "confirm":
        return _("已确认，报名继续审核。")
    return _("已撤销这份报名，并告知了报名单位。")


def fits(row: Registration, digits: str) -> bool:
    """Whether these are the last four of their document, or of their phone where no document is known."""
    document = row.person.document
    number = document.number if document is not None else row.person.phone
    return bool(number) and len(compact(digits)) == 4 and (number or "").upper().endswith(compact(digits))


def _made_by(row: Registration) -> str:
    """Which unit entered them, as people know it."""
    if row.organisation is not None:
        return row.organisation.name
    if row.party is not None:
        return row.party.name
    return row.batch.true_source or str(_("主办单位"))
