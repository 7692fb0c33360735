"""Doors of the stamped paper: printing it, sending it back by phone, looking at it, deciding on it."""

from typing import Any

from flask import Response

from blueprints import download, policy, web
from forms.stamped_copy import DecideForm, SendForm
from models.base import db
from models.party import Party
from models.registration import Batch, Registration
from services import audit as audits
from services import stamped_copy as stamped_copies
from services import upload as uploads
from services.errors import Missing
from services.organisation import TOWNS
from services.registration import REVIEWERS
from services.stamped_copy import StampedCopy
from services.text import _
from services.transaction import transaction

door = web.Door("stamped_copy", __name__)

review_policy = policy.holding(*REVIEWERS)
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


# --- printing ------------------------------------------------------------------------------------


@door.get("/registration/<code>/form.pdf", policy=policy.signed_in)
def form(code: str) -> Any:
    """报名表, filled, to be printed and stamped."""
    row = stamped_copies.get_entry(web.principal(), code)
    return _paper(stamped_copies.form_pdf(row, stamp=web.stamp()), f"form-{code}")


@door.get("/party/<code>/list.pdf", policy=policy.signed_in)
def list_(code: str) -> Any:
    """报名汇总表 of a party, to be printed and stamped."""
    row = stamped_copies.get_party(web.principal(), code)
    entries = stamped_copies.entries_of(row)
    return _paper(stamped_copies.list_pdf(row, entries, stamp=web.stamp()), f"list-{code}")


def _paper(pdf: bytes, name: str) -> Response:
    response = Response(pdf, 200, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


# --- sending it back -----------------------------------------------------------------------------


@door.both("/registration/<code>/stamped", policy=policy.signed_in, uploads=True)
def send(code: str) -> Any:
    """盖章回传 of one entry: where the QR on its form leads."""
    return _send(stamped_copies.get_entry(web.principal(), code), "stamped_copy.send")


@door.both("/party/<code>/stamped", policy=policy.signed_in, uploads=True)
def send_list(code: str) -> Any:
    """盖章回传 of a unit's list."""
    return _send(stamped_copies.get_party(web.principal(), code), "stamped_copy.send_list")


@door.both("/batch/<code>/stamped", policy=review_policy, uploads=True)
def send_batch(code: str) -> Any:
    """盖章回传 of a list that the organisers entered for a unit or a town."""
    return _send(stamped_copies.get_batch(web.principal(), code), "stamped_copy.send_batch")


def _send(owner: Registration | Party | Batch, endpoint: str) -> Any:
    form = SendForm(data={"stamped_by": stamped_copies.usual_stamp(owner)})
    if form.validate_on_submit():
        with web.refusals(form, NoPages="files", TooMany="files", WhoseStamp="stamped_by"):
            if len(form.sent()) > stamped_copies.MOST_PAGES:
                raise stamped_copies.TooMany
            pages = [uploads.check(each.read(), each.filename or "") for each in form.sent()]  # type: ignore[attr-defined]
            with web.writing(form) as answer:
                stamped_copies.receive(
                    owner,
                    pages,
                    stamped_by=form.stamped_by.data or "",
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go(endpoint, code=owner.code, flash=_("已收到，核对结果会通知您。"))
            return answer.response
    return web.page(
        "stamped_copy/send.html",
        form=form,
        owner=owner,
        name=stamped_copies.name_of(owner),
        title=stamped_copies.title_of(owner),
        is_list=not isinstance(owner, Registration),
        is_printed=not isinstance(owner, Batch),
        sendings=stamped_copies.sendings(owner),
        towns=TOWNS,
        pictures=PICTURES,
    )


# --- looking at it -------------------------------------------------------------------------------


@door.get("/stamped/<code>/picture", policy=policy.signed_in)
def picture(code: str) -> Any:
    """A page as a picture within a page of this site; a reviewer's look is recorded."""
    row = _looked_at(code)
    if row.upload.media_type not in PICTURES:
        raise Missing
    response = Response(uploads.content(row.upload), 200, content_type=row.upload.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@door.get("/stamped/<code>/file", policy=policy.signed_in)
def file(code: str) -> Any:
    return download.send(_looked_at(code).upload)


def _looked_at(code: str) -> StampedCopy:
    row = stamped_copies.get(web.principal(), code)
    if row.sent_by_id != web.principal().account_id:
        with transaction():
            audits.record("stamped_copy.file_read", row, stamp=web.stamp())
    return stamped_copies.get(web.principal(), code)


# --- deciding ------------------------------------------------------------------------------------


@door.get("/desk/stamped", policy=review_policy)
def queue() -> Any:
    """盖章件待核对, the oldest first."""
    rows = [(row, stamped_copies.owner_of(row)) for row in stamped_copies.waiting_copies(web.principal())]
    return web.page(
        "stamped_copy/queue.html",
        rows=[(row, stamped_copies.name_of(owner), stamped_copies.title_of(owner)) for row, owner in rows],
    )


@door.both("/desk/stamped/<code>", policy=review_policy)
def decide(code: str) -> Any:
    """The scan beside what was entered, and the decision on all pages of the sending."""
    row = stamped_copies.get_decide(web.principal(), code)
    form = DecideForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                stamped_copies.decide(
                    row,
                    form.decision.data == "accept",
                    form.note.data or "",
                    by=web.visitor().account,
                    stamp=web.stamp(),
                )
                answer.go("stamped_copy.queue", flash=_("已核对，回传人会收到通知。"))
            return answer.response
    db.session.expire_all()
    row = stamped_copies.get_decide(web.principal(), code)
    owner = stamped_copies.owner_of(row)
    return web.page(
        "stamped_copy/decide.html",
        form=form,
        row=row,
        owner=owner,
        name=stamped_copies.name_of(owner),
        title=stamped_copies.title_of(owner),
        is_behalf=isinstance(owner, Batch),
        pages=stamped_copies.pages_of(row),
        entries=stamped_copies.entries_of(owner),
        pictures=PICTURES,
    )
