"""Doors of whoever wants a unit account: their units, the application, where it stands."""

from typing import Any

from blueprints import download, policy, web
from blueprints.organisation.room import DAY, door
from forms.organisation import ApplyForm
from services import audit as audits
from services import organisation as organisations
from services import throttle
from services import upload as uploads
from services.text import _
from services.transaction import transaction

IN_LETTER = dict.fromkeys(
    (
        *(
            "Empty",
            "TooLarge",
            "WrongKind",
            "Damaged",
            "TooManyPixels",
            "Mixed",
            "ActivePaper",
            "LockedPaper",
        ),
        *("TooComplex", "OverAllowance"),
    ),
    "letter",
)


@door.get("/organisation", policy=policy.signed_in)
def index() -> Any:
    """My units, and what I applied for."""
    account_id = web.visitor().account.id
    return web.page(
        "organisation/index.html",
        units=organisations.of_account(account_id),
        applications=organisations.own_applications(account_id),
        manages=lambda unit: organisations.manages(web.principal(), unit),
    )


@door.both("/organisation/apply", policy=policy.signed_in, uploads=True)
def apply() -> Any:
    """Ask for a unit account, with the letter of authority."""
    form = ApplyForm()
    if form.validate_on_submit():
        account = web.visitor().account
        throttle.admit((f"organisation.apply:{account.code}", 20, DAY))
        with web.refusals(form, **IN_LETTER, Taken="credit_code"):
            letter = uploads.check(*form.file())
            with web.writing(form) as answer:
                account = web.visitor().account
                made = organisations.apply(account, form.entry(), letter, stamp=web.stamp())
                answer.go("organisation.application", code=made.code, flash=_("申请已提交。"))
            return answer.response
    return web.page("organisation/apply.html", form=form)


@door.get("/organisation/application/<code>", policy=policy.signed_in)
def application(code: str) -> Any:
    """Where an application stands, for who made it."""
    row = organisations.get_application(web.principal(), code)
    return web.page("organisation/application.html", application=row)


@door.get("/organisation/application/<code>/letter", policy=policy.signed_in)
def letter(code: str) -> Any:
    """The letter of authority, for its sender and for the desk, whose reading is recorded."""
    row = organisations.get_application(web.principal(), code)
    if row.account_id != web.principal().account_id:
        with transaction():
            audits.record("organisation.letter_read", row, stamp=web.stamp())
    return download.send(organisations.get_letter(web.principal(), code))
