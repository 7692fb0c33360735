"""What anybody may check: by number and name, by the QR code, or with the public keys on a machine of their own."""

import datetime as dt

from flask import Response

from blueprints import policy, web
from blueprints.certificate.room import door, unlisted
from certificates import signature
from forms.certificate import CheckForm, NameForm
from models.certificate import State
from services import certificate as certificates
from services import throttle
from services.text import _

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
TOO_OFTEN = _("查验过于频繁，请稍后再试，或扫描证书上的二维码。")


@door.both("/certificate", policy=policy.everyone)
def index() -> Response:
    """Number and name. The answer is yes or no, and the same no for whatever does not agree (R47)."""
    form, answer = CheckForm(), None
    if form.validate_on_submit():
        throttle.admit((f"certificate:{web.stamp().address}", 10, MINUTE), sentence=TOO_OFTEN)
        answer = certificates.agrees(form.number.data, form.name.data)
        form = CheckForm(formdata=None)
    return unlisted(web.page("certificate/index.html", form=form, answer=answer, host=certificates.site()))


@door.both("/v/<token>", policy=policy.everyone)
def proof(token: str) -> Response:
    """Where the QR code leads. An award hall shares one address, so looking is free; guessing a name is not."""
    row = certificates.find_by_token(token)
    form, answer = NameForm(), None
    is_genuine = row is not None and row.state is not State.QUEUED and certificates.is_genuine(row)
    if row is not None and row.is_valid and is_genuine and form.validate_on_submit():
        address = web.stamp().address
        throttle.admit(
            (f"certificate:{row.code}", 100, HOUR),
            (f"certificate:{row.code}:{address}", 10, MINUTE),
            sentence=TOO_OFTEN,
        )
        answer = certificates.is_named(row, form.name.data)
        form = NameForm(formdata=None)
    said = certificates.statement(row) if row is not None and is_genuine else {}
    return unlisted(
        web.page(
            "certificate/proof.html",
            status=404 if row is None else 422 if form.errors else 200,
            row=row,
            said=said,
            issued_on=dt.date.fromisoformat(said["issued_on"]) if said else None,
            is_genuine=is_genuine,
            form=form,
            answer=answer,
            host=certificates.site(),
        )
    )


@door.get("/certificate/keys.json", policy=policy.everyone)
def key_file() -> Response:
    """The public keys, for `python -m certificates.verify`."""
    return _given(signature.write_keys(certificates.keys()))


@door.get("/certificate/revoked.json", policy=policy.everyone)
def revoked_file() -> Response:
    """The signed list of what no longer holds."""
    return _given(certificates.revoked_listing())


def _given(text: str) -> Response:
    response = Response(text, 200, content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response
