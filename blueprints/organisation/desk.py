"""Doors of the desk for units: applications, all units, opening and closing.
 At this desk sit security administrators, and organisers whose scope is the district: an organiser of one
unit or of one activity knocks in vain. Figures are the aggregator's, who therefore decides nothing here.
"""

from typing import Any

from flask import request

from blueprints import policy, web
from blueprints.organisation.room import DAY, door
from forms.base import Form
from forms.organisation import DecideForm, UnitForm
from models.organisation import Type
from services import activity as activities
from services import organisation as organisations
from services import throttle
from services.access import STAFF
from services.account import Contact
from services.errors import Missing
from services.text import _

at_desk = policy.holding(*organisations.DESK)


@door.get("/organisation/applications", policy=at_desk)
def applications() -> Any:
    """What waits, and what was decided lately."""
    return web.page(
        "organisation/applications.html",
        waiting=organisations.waiting_applications(web.principal()),
        decided=organisations.decided_applications(web.principal()),
    )


@door.both("/organisation/applications/<code>", policy=at_desk)
def decide(code: str) -> Any:
    """One application with its letter: open the unit account, or say why not."""
    organisations.require_desk(web.principal())
    row = organisations.get_application(web.principal(), code)
    form = DecideForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="reason"):
            with web.writing(form) as answer:
                opened = form["outcome"].data == "open"
                organisations.decide(
                    row,
                    opened=opened,
                    reason=form["reason"].data or "",
                    by=web.principal(),
                    stamp=web.stamp(),
                )
                answer.go(
                    "organisation.applications",
                    flash=_("单位账号已开通，已通知申请人。") if opened else _("已退回，已通知申请人。"),
                )
            return answer.response
    return web.page("organisation/decide.html", form=form, application=row)


@door.get("/organisation/all", policy=policy.holding(*STAFF))
def listing() -> Any:
    """All units, for staff; only the desk goes further."""
    text, kind = request.args.get("q", "")[:100], request.args.get("type", "")
    closed = request.args.get("closed") == "1" and organisations.is_desk(web.principal())
    chosen = Type(kind) if kind in set(Type) else None
    found = organisations.listing(text, chosen, request.args.get("page", 1, int), closed=closed)
    return web.page(
        "organisation/all.html",
        found=found,
        text=text,
        kind=kind,
        closed=closed,
        types=list(Type),
        is_desk=organisations.is_desk(web.principal()),
    )


@door.both("/organisation/open", policy=at_desk)
def open_unit() -> Any:
    """A unit opened by the desk, its manager asked in at once where a contact is given."""
    organisations.require_desk(web.principal())
    form = UnitForm(asks_contact=True)
    if form.validate_on_submit():
        throttle.admit((f"organisation.invite:{web.principal().account_code}", 50, DAY))
        contact = Contact.read(form["contact"].data) if form["contact"].data else None
        if contact is not None:
            organisations.admit_invitation(contact)
        with web.refusals(form, NameTaken="name", CreditCodeTaken="credit_code"):
            with web.writing(form) as answer:
                unit = organisations.open(form.entry(), stamp=web.stamp())
                if contact is not None:
                    organisations.invite(
                        unit, contact, as_manager=True, by=web.principal(), stamp=web.stamp()
                    )
                answer.go("organisation.show", code=unit.code, flash=_("单位账号已开通。"))
            return answer.response
    return web.page("organisation/open.html", form=form)


@door.both("/organisation/<code>/close", policy=at_desk)
def close(code: str) -> Any:
    """End a unit account: asked once more."""
    organisations.require_desk(web.principal())
    unit = organisations.get(code)
    if unit.is_closed:
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                activities.close_unit(unit, stamp=web.stamp())
                answer.go("organisation.listing", flash=_("单位账号已停用。"))
            return answer.response
    return web.page("organisation/close.html", form=form, unit=unit, members=organisations.members(unit))
