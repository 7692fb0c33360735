"""The officers' desk: what is to be issued, what is being signed, the register, and changes by two persons."""

from typing import Any

from flask import Response, request, url_for

from blueprints import web
from blueprints.certificate.room import door, officers
from forms.certificate import ChangeForm, DecideForm
from models.certificate import Certificate, State
from services import certificate as certificates
from services import outcome as outcomes
from services.text import _


@door.get("/desk/certificate", policy=officers)
def desk() -> Response:
    who = web.principal()
    state, text = request.args.get("state", ""), request.args.get("q", "").strip()[:60]
    chosen = State(state) if state in list(State) else None
    return web.page(
        "certificate/desk.html",
        sheets=outcomes.uncertified(who),
        changes=certificates.open_changes(who),
        unsigned=certificates.unsigned(who),
        found=certificates.register(who, text=text, state=chosen, page=web.page_number()),
        facts=certificates.facts,
        text=text,
        state=chosen,
        states=list(State),
        own=who.person_id,
    )


@door.get("/desk/certificate/<code>", policy=officers)
def record(code: str) -> Response:
    """One certificate with its versions and what was asked about it."""
    return _record(certificates.get_run(web.principal(), code), DecideForm())


@door.both("/desk/certificate/<code>/change", policy=officers)
def change(code: str) -> Any:
    """Ask to revoke or reissue it; somebody else decides."""
    row = certificates.get_run(web.principal(), code)
    form = ChangeForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="reason"):
            with web.writing(form) as answer:
                certificates.ask_change(
                    row, form.chosen(), form.reason.data, by=web.visitor().account, stamp=web.stamp()
                )
                answer.go("certificate.record", code=code, flash=_("已提交，请另一位证书管理员复核。"))
            return answer.response
    return web.page("certificate/change.html", form=form, row=row, facts=certificates.facts(row))


@door.post("/desk/certificate/<code>/decide", policy=officers)
def decide(code: str) -> Any:
    """Decide what another asked for."""
    row = certificates.get_run(web.principal(), code)
    asked = certificates.get_change(row)
    form = DecideForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                if asked is None:
                    raise certificates.AlreadyDecided
                now = certificates.decide_change(
                    asked, form.accepts, form.note.data or "", by=web.visitor().account, stamp=web.stamp()
                )
                said = _("已办理。") if form.accepts else _("已退回申请。")
                answer.go("certificate.record", code=now.code, flash=said)
            return answer.response
    return _record(row, form)


def _record(row: Certificate, form: DecideForm) -> Response:
    return web.page(
        "certificate/record.html",
        row=row,
        facts=certificates.facts(row),
        is_genuine=certificates.is_genuine(row),
        versions=certificates.versions_of(row),
        changes=certificates.changes_of(row),
        asked=certificates.get_change(row),
        own=web.principal().person_id,
        form=form,
        proof=url_for("certificate.proof", token=row.token),
    )
