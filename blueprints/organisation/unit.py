"""Doors of a unit: its page, what is known of it, its members."""

from typing import Any

from flask import redirect, url_for

from blueprints import policy, web
from blueprints.organisation.room import DAY, door
from forms.base import Form
from forms.organisation import InviteForm, UnitForm
from models.organisation import Organisation
from services import activity as activities
from services import organisation as organisations
from services import throttle
from services.text import _


@door.get("/organisation/<code>", policy=policy.signed_in)
def show(code: str) -> Any:
    """A unit for its members; for its manager also who is asked in."""
    unit = organisations.get_own(web.principal(), code)
    is_desk = organisations.is_desk(web.principal())
    runs = is_desk or organisations.manages(web.principal(), unit)
    return web.page(
        "organisation/show.html",
        unit=unit,
        members=organisations.members(unit),
        managers={grant.account_id for grant in organisations.managers(unit, web.stamp())},
        invitations=organisations.open_invitations(unit, web.stamp()) if runs else [],
        contact_of=organisations.contact_of,
        own=organisations.find_member(unit, web.visitor().account.id),
        runs=runs,
        is_desk=is_desk,
        verb=Form(),
    )


@door.both("/organisation/<code>/edit", policy=policy.signed_in)
def edit(code: str) -> Any:
    unit = organisations.get_managed(web.principal(), code)
    form = UnitForm(papers=organisations.is_desk(web.principal()), data=_known(unit))
    if form.validate_on_submit():
        with web.refusals(form, NameTaken="name", CreditCodeTaken="credit_code"):
            with web.writing(form) as answer:
                organisations.edit(
                    unit,
                    form.entry(unit),
                    version=form["version"].data or 0,
                    by=web.principal(),
                    stamp=web.stamp(),
                )
                answer.go("organisation.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("organisation/edit.html", form=form, unit=unit)


def _known(unit: Organisation) -> dict[str, Any]:
    return {
        "name": unit.name,
        "type": unit.type.value,
        "credit_code": unit.credit_code or "",
        "short_name": unit.short_name,
        "town": unit.town,
        "version": unit.version,
    }


@door.both("/organisation/<code>/invite", policy=policy.signed_in)
def invite(code: str) -> Any:
    """Ask somebody in by phone or e-mail."""
    unit = organisations.get_managed(web.principal(), code)
    form = InviteForm(desk=organisations.is_desk(web.principal()))
    if form.validate_on_submit():
        throttle.admit(
            (f"organisation.invite:{web.principal().account_code}", 50, DAY),
            (f"organisation.invite:{unit.code}", 100, DAY),
        )
        contact, as_manager = form.invited()
        organisations.admit_invitation(contact)
        with web.refusals(form, AlreadyMember="contact"):
            with web.writing(form) as answer:
                organisations.invite(
                    unit, contact, as_manager=as_manager, by=web.principal(), stamp=web.stamp()
                )
                answer.go("organisation.show", code=code, flash=_("邀请已发出，7 天内有效。"))
            return answer.response
    return web.page("organisation/invite.html", form=form, unit=unit)


@door.post("/organisation/<code>/invitation/<invitation>/take-back", policy=policy.signed_in)
def take_back(code: str, invitation: str) -> Any:
    unit = organisations.get_managed(web.principal(), code)
    row = organisations.get_open(unit, invitation)
    form = Form()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            organisations.take_back(row, stamp=web.stamp())
            answer.go("organisation.show", code=code, flash=_("邀请已撤回。"))
        return answer.response
    return redirect(url_for("organisation.show", code=code), 303)


@door.both("/organisation/<code>/leave", policy=policy.signed_in)
def leave(code: str) -> Any:
    """Leave a unit by oneself: asked once more."""
    unit = organisations.get_own(web.principal(), code)
    own = organisations.find_member(unit, web.visitor().account.id)
    if own is None:
        return redirect(url_for("organisation.show", code=code), 302)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                activities.leave_unit(own, stamp=web.stamp())
                answer.go("organisation.index", flash=_("您已退出%(unit)s。", unit=unit.label))
            return answer.response
    return web.page("organisation/leave.html", form=form, unit=unit)


@door.both("/organisation/<code>/member/<member>/remove", policy=policy.signed_in)
def remove(code: str, member: str) -> Any:
    unit = organisations.get_managed(web.principal(), code)
    row = organisations.get_member(unit, member)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                activities.remove_member(row, by=web.principal(), stamp=web.stamp())
                answer.go("organisation.show", code=code, flash=_("已移出本单位，相应权限已收回。"))
            return answer.response
    return web.page("organisation/remove.html", form=form, unit=unit, member=row)


@door.both("/organisation/<code>/member/<member>/manager", policy=policy.signed_in_fresh)
def hand_over(code: str, member: str) -> Any:
    """Another member manages the unit from now on."""
    unit = organisations.get_managed(web.principal(), code)
    row = organisations.get_member(unit, member)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                organisations.hand_over(unit, row, by=web.principal(), stamp=web.stamp())
                answer.go("organisation.show", code=code, flash=_("管理权已移交。"))
            return answer.response
    return web.page("organisation/hand_over.html", form=form, unit=unit, member=row)
