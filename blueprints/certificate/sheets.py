"""Issuing for a whole sheet: who is to get one, how it will look, the progress, and all of them as one file."""

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from blueprints import web
from blueprints.certificate.room import door, file, officers
from forms.base import Form
from models.base import db, is_code
from models.certificate import Certificate
from models.outcome import Sheet
from services import certificate as certificates
from services import outcome as outcomes
from services.certificate import Order
from services.errors import Missing
from services.stamp import clock
from services.text import _


@dataclass(frozen=True)
class Standing:
    """Where a sheet stands: what is to be issued, and what was."""

    orders: list[Order]
    issued: list[Certificate]

    @property
    def signed(self) -> list[Certificate]:
        return [row for row in self.issued if row.is_valid]


@door.both("/desk/certificate/sheet/<code>", policy=officers)
def sheet(code: str) -> Any:
    """Every name before it is printed; then one button for all."""
    row = _get(code)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                outcomes.take(row)  # nothing is corrected between reading the lines and issuing what they say
                made = certificates.issue(outcomes.orders(row), by=web.visitor().account, stamp=web.stamp())
                said = _("已签发 %(n)s 份，正在签署。", n=len(made))
                answer.go("certificate.sheet", code=code, flash=said)
            return answer.response
    row = _get(code)  # a refusal has ended the transaction in which it was read
    standing = _standing(row)
    faults = certificates.faults_of(standing.orders, stamp=web.stamp())
    return web.page(
        "certificate/sheet.html",
        sheet=row,
        orders=list(enumerate(standing.orders, 1)),
        has_longer=len(standing.orders) > 1 and _longest(standing.orders) is not standing.orders[0],
        issued=standing.issued,
        signed=len(standing.signed),
        faults={fault.row: fault for fault in faults},
        not_me=any(web.principal().person_id in order.not_by for order in standing.orders),
        facts=certificates.facts,
        form=form,
    )


@door.get("/desk/certificate/sheet/<code>/specimen.png", policy=officers)
def specimen(code: str) -> Response:
    """The first, or the one with the longest name, as it will look."""
    orders = outcomes.orders(_get(code))
    if not orders:
        raise Missing
    chosen = _longest(orders) if "longest" in request.args else orders[0]
    drawn = certificates.specimen(chosen, stamp=web.stamp())
    return file(drawn, "image/png", "preview.png", inline=True)


@door.get("/desk/certificate/sheet/<code>/all.pdf", policy=officers)
def bundle(code: str) -> Response:
    """Everything signed of a sheet, a page each, ready to be printed."""
    row = _get(code)
    signed = _standing(row).signed
    if not signed:
        raise certificates.NotSigned
    title = f"{row.activity.title} {row.track.name}"
    day = clock.today().isoformat()
    return file(certificates.bundle(signed, title=title), "application/pdf", f"{title} {day}.pdf")


def _longest(orders: list[Order]) -> Order:
    """The one with the longest name; of those, with the most words."""
    return max(orders, key=lambda order: (len(order.name), len(order.after_name + order.body_before)))


def _get(code: str) -> Sheet:
    """A confirmed sheet of an activity whose certificates one issues."""
    row = db.session.query(Sheet).filter(Sheet.code == code).one_or_none() if is_code(code) else None
    if row is None or not row.is_final or not certificates.may_issue(web.principal(), row.activity):
        raise Missing
    return row


def _standing(row: Sheet) -> Standing:
    live = certificates.live_of([f"line:{line.code}" for line in row.lines])
    return Standing(
        list(outcomes.orders(row)), sorted(live.values(), key=lambda one: (one.number, one.version_no))
    )
