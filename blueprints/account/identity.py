"""Who is behind the account: saying it, correcting it, claiming a record that a unit made, a guardian's
consent.
"""

from typing import Any

from flask import redirect, url_for

from blueprints import policy, web
from blueprints.account import browser
from blueprints.account.browser import door, few, page
from forms.account import CodeForm
from forms.base import Form
from forms.person import PersonForm
from models.account import Claim, Purpose
from models.person import Person
from services import person as people
from services import privacy, words
from services.account import claims, codes, consents, guardians
from services.errors import Missing
from services.stamp import clock
from services.text import Sentence, _

DECIDES = policy.holding(*claims.DECIDERS)
DECIDES_FRESH = policy.holding(*claims.DECIDERS, fresh=True)


@door.both("/me/person", policy=policy.signed_in)
@few
def person() -> Any:
    """Say or correct who one is. A document that is on record elsewhere leads to a claim, whose page shows nothing of
    the record. That there is one can be seen: what protects is that few numbers can be tried (`people.admit`), that
    each try leaves a trace under the account, and that nothing more is said before the claim is decided.
    """
    account = web.visitor().account
    known = account.person if account.person is not None and account.person.documents else None
    form = PersonForm(words.choices, known)
    if form.validate_on_submit():
        with browser.refusals(form, GuardianNeeded="guardian_phone"), browser.patience(form):
            people.admit(account.code)
            with web.writing(form) as answer:
                entry = form.entry(phone=account.phone or "")
                before = people.hold(account)
                row: Person | Claim
                if known is not None:
                    row = people.correct(known, entry, stamp=web.stamp())
                else:
                    row = people.identify(account, entry, stamp=web.stamp())
                    _bring_along(before, row)
                consents.record(account, consents.ConsentPurpose.DOCUMENT, stamp=web.stamp())
                _go_on(answer, row)
            return answer.response
    return page("account/person.html", form=form, known=known, next=browser.target())


def _bring_along(before: Person | None, person: Person | Claim) -> None:
    """What was entered under the record the account had until now goes with it to the one it has."""
    if before is not None and isinstance(person, Person) and before.id != person.id:
        privacy.merge(before, person, "identified", stamp=web.stamp())


def _go_on(answer: web.Answer, row: Person | Claim) -> None:
    if isinstance(row, Claim):
        answer.go("account.claim")
    elif people.needs_guardian(row, clock.today()):
        answer.go("account.guardian", next=browser.target(), flash=_("身份信息已保存。还差监护人确认。"))
    else:
        answer.go_to(browser.after(), flash=_("身份信息已保存。"))


@door.both("/me/claim", policy=policy.signed_in)
@few
def claim() -> Any:
    """核对中: the neutral page, and the code to the phone in the record, if somebody holds it."""
    row = people.open_claim(web.visitor().account)
    if row is None:
        return redirect(url_for("account.show"), 302)
    form = CodeForm()
    if form.validate_on_submit():
        with browser.refusals(form, BadCode="code"):
            stamp = web.stamp()
            proof = codes.evaluate(
                Purpose.CLAIM, row.code, form.code.data, bound_to=browser.mark(), now=stamp.when
            )
            with web.writing(form) as answer:
                account = web.visitor().account
                before = people.hold(account)
                _bring_along(
                    before, claims.confirm_code(claims.get_own(account, row.code), proof, stamp=stamp)
                )
                answer.go("account.show", flash=_("身份已确认。"))
            return answer.response
    return page("account/claim.html", form=form, claim=row, button=Form())


@door.post("/me/claim/code", policy=policy.signed_in)
@few
def claim_code() -> Any:
    """Send a code to the phone in the record. The answer is the same where it has none."""
    row = people.open_claim(web.visitor().account)
    if row is None:
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with browser.refusals(form), browser.patience(form):
            claims.admit_code(row)
            may = claims.may_send(row)
            with web.writing(form) as answer:
                if may:
                    claims.send_code(row, bound_to=browser.mark(), stamp=web.stamp())
                answer.go("account.claim", flash=_CLAIM_SENT)
            return answer.response
    return page("account/claim.html", form=CodeForm(formdata=None), claim=row, button=form)


_CLAIM_SENT: Sentence = _("如登记时留有手机号，验证码已发送到那个号码。")


@door.both("/me/guardian", policy=policy.signed_in)
@few
def guardian() -> Any:
    """The guardian of somebody between 14 and 18 agrees: by the code that was sent to them."""
    account = web.visitor().account
    row = account.person
    if row is None or not people.needs_guardian(row, clock.today()) or not row.guardian_phone:
        return redirect(browser.after(), 302)
    form = CodeForm()
    if form.validate_on_submit():
        with browser.refusals(form, BadCode="code"):
            stamp = web.stamp()
            proof = codes.evaluate(
                Purpose.GUARDIAN, row.code, form.code.data, bound_to=browser.mark(), now=stamp.when
            )
            with web.writing(form) as answer:
                guardians.confirm_code(account, row, proof, stamp=stamp)
                answer.go_to(browser.after(), flash=_("监护人已确认。"))
            return answer.response
    return page("account/guardian.html", form=form, person=row, button=Form(), next=browser.target())


@door.post("/me/guardian/code", policy=policy.signed_in)
@few
def guardian_code() -> Any:
    row = web.visitor().account.person
    if row is None or not people.needs_guardian(row, clock.today()):
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with browser.refusals(form), browser.patience(form):
            browser.admit_code(guardians.contact(row))
            with web.writing(form) as answer:
                guardians.send_code(row, bound_to=browser.mark(), stamp=web.stamp())
                answer.go("account.guardian", next=browser.target(), flash=_("确认码已发送给监护人。"))
            return answer.response
    return page(
        "account/guardian.html",
        form=CodeForm(formdata=None),
        person=row,
        button=form,
        next=browser.target(),
    )


# --- the bureau decides ---------------------------------------------------------------------------


@door.get("/account/claims", policy=DECIDES)
def claims_index() -> Any:
    """Claims that wait for the bureau."""
    return page("account/claims.html", rows=claims.queue(web.principal()), button=Form())


@door.post("/account/claims/<code>/confirm", policy=DECIDES_FRESH)
def confirm_claim(code: str) -> Any:
    row = claims.get_decide(web.principal(), code)
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("account.claims_index"), 303)
    with web.writing(form) as answer:
        before = people.hold(row.account)
        _bring_along(before, claims.confirm(row, by=web.principal(), stamp=web.stamp()))
        answer.go("account.claims_index", flash=_("已确认为本人。"))
    return answer.response


@door.post("/account/claims/<code>/refuse", policy=DECIDES_FRESH)
def refuse_claim(code: str) -> Any:
    row = claims.get_decide(web.principal(), code)
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("account.claims_index"), 303)
    with web.writing(form) as answer:
        claims.refuse(row, by=web.principal(), stamp=web.stamp())
        answer.go("account.claims_index", flash=_("已驳回。"))
    return answer.response
