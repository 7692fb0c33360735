"""Proving again who one is (R07), the second factor (R05), and its setting up."""

import datetime as dt
from typing import Any

from flask import abort, redirect, request, url_for

from blueprints import policy, web
from blueprints.account import browser
from blueprints.account.browser import door, few, page
from certificates import qr
from forms.account import SecretForm, SecretPasswordForm, SetUpForm
from forms.base import Form
from models.account import Account, Purpose, SignIn
from services import throttle
from services.account import Contact, codes, factors, passwords, sign_ins
from services.account.contacts import ContactKind
from services.account.reasons import SameFactor, WrongPassword
from services.text import _

PURPOSES = {"sms": Purpose.PROVE, "mail": Purpose.PROVE}
FRESH_ANYHOW = policy.Policy(
    "signed_in_fresh_anyhow", needs_sign_in=True, fresh=True, before_second_factor=True
)


@door.both("/prove", policy=policy.signed_in_anyhow)
@few
def prove() -> Any:
    """为了安全，请再次验证身份: by whichever way the account has."""
    account = web.visitor().account
    return _challenge(_ways(account), "account.prove", second=False)


@door.both("/second-factor", policy=policy.signed_in_anyhow)
@few
def second_factor() -> Any:
    """The second factor of staff, of another kind than the sign-in began with."""
    row = _row()
    if row.second_factor_at is not None:
        return redirect(browser.after(), 302)
    found = factors.ways(row)
    if not found:
        return redirect(url_for("account.set_up_factor", next=browser.target()), 302)
    return _challenge(found, "account.second_factor", second=True)


@door.post("/prove/code", policy=policy.signed_in_anyhow)
@few
def prove_code() -> Any:
    """Send a code to one's own phone or e-mail."""
    account, way = web.visitor().account, request.args.get("by", "")
    contact = _contact(account, way)
    back = "account.second_factor" if request.args.get("for") == "second" else "account.prove"
    if contact is None:
        abort(404)
    form = Form()
    if form.validate_on_submit():
        with browser.refusals(form), browser.patience(form):
            browser.admit_code(contact)
            with web.writing(form) as answer:
                codes.send(Purpose.PROVE, contact, bound_to=browser.mark(), stamp=web.stamp())
                answer.go(back, by=way, next=browser.target(), flash=_("验证码已发送。"))
            return answer.response
    ways = factors.ways(_row()) if back == "account.second_factor" else _ways(account)
    return _page(SecretForm(formdata=None), way, ways, back, button=form)


def _challenge(ways: tuple[str, ...], endpoint: str, *, second: bool) -> Any:
    way = request.args.get("by") if request.args.get("by") in ways else ways[0]
    form = SecretPasswordForm() if way == "password" else SecretForm()
    if form.validate_on_submit():
        refused = dict.fromkeys(("BadCode", "BadFactor", "WrongPassword"), "secret")
        with browser.refusals(form, **refused), browser.patience(form):
            token = _accept(form, str(way), second=second)
            target = browser.after()
            browser.renew(token)
            return redirect(target, 303)
    return _page(form, str(way), ways, endpoint, button=Form())


def _accept(form: Any, way: str, *, second: bool) -> str:
    """Compare what was typed; the changed token of the sign-in. Raises the way's own refusal."""
    who, stamp = web.visitor(), web.stamp()
    account, typed = who.account, form.secret.data
    row_code, is_second = _row().code, second or way in factors.ways(_row())
    throttle.admit((f"prove:{account.code}", 10, dt.timedelta(minutes=15)))
    proof = None
    if way == "password" and not passwords.matches(account.password_hash, typed):
        raise WrongPassword
    if way in PURPOSES:
        contact = _contact(account, way)
        if contact is None:
            raise SameFactor
        proof = codes.evaluate(Purpose.PROVE, contact.index, typed, bound_to=browser.mark(), now=stamp.when)
    with web.writing(form) as answer:
        row = sign_ins.get(account, row_code)
        if second:
            factors.require(row, way)
        if way == "totp":
            factors.accept_totp(row.account, typed, stamp=stamp)
        if proof is not None:
            codes.spend(proof, stamp=stamp)
        token = sign_ins.prove(row, second_factor=is_second, stamp=stamp)
        answer.go_to(browser.after())
    return token


def _page(form: Any, way: str, ways: tuple[str, ...], endpoint: str, *, button: Form) -> Any:
    contact = _contact(web.visitor().account, way)
    return page(
        "account/prove.html",
        form=form,
        way=way,
        ways=ways,
        endpoint=endpoint,
        button=button,
        to=contact.masked if contact else "",
        next=browser.target(),
    )


def _row() -> SignIn:
    row = web.visitor().sign_in
    if row is None:
        abort(401)
    return row


def _ways(account: Account) -> tuple[str, ...]:
    """All by which an account can prove itself, the strongest first."""
    held = (
        ("password", account.password_hash),
        ("totp", account.totp_sealed),
        ("sms", account.phone_sealed),
        ("mail", account.email_sealed),
    )
    return tuple(way for way, value in held if value) or ("sms",)


def _contact(account: Account, way: str) -> Contact | None:
    if way == "sms" and account.phone:
        return Contact(ContactKind.PHONE, account.phone)
    if way == "mail" and account.email and account.email_verified_at:
        return Contact(ContactKind.EMAIL, account.email)
    return None


# --- setting up an authenticator ------------------------------------------------------------------


@door.both("/me/second-factor", policy=FRESH_ANYHOW)
@few
def set_up_factor() -> Any:
    """Show a new secret as a QR code; keep it once its first code was typed."""
    who = web.visitor()
    account, row = who.account, _row()
    if account.has_second_factor and row.second_factor_at is None and factors.ways(row):
        return redirect(url_for("account.second_factor", next=url_for("account.set_up_factor")), 302)
    factors.require_set_up(row)
    form = SetUpForm()
    if form.validate_on_submit():
        with browser.refusals(form, BadFactor="code"):
            with web.writing(form) as answer:
                factors.set_up(account, form.sealed.data or "", form.code.data, but=row, stamp=web.stamp())
                token = sign_ins.prove(sign_ins.get(account, row.code), second_factor=True, stamp=web.stamp())
                answer.go_to(browser.after(), flash=_("身份验证器已启用，其他设备已退出。"))
            browser.renew(token)
            return answer.response
    sealed = form.sealed.data or ""
    try:
        secret, address = factors.open_draft(account, sealed)
    except factors.BadFactor:
        sealed, secret, address = factors.draft_secret(account)
        form.sealed.data = sealed
    return page(
        "account/second_factor.html",
        form=form,
        secret=secret,
        code=qr.draw(address),
        account=account,
        button=Form(),
        next=browser.target(),
    )


@door.post("/me/second-factor/remove", policy=policy.signed_in_fresh)
def remove_factor() -> Any:
    who = web.visitor()
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("account.set_up_factor"), 303)
    row = _row()
    if row.second_factor_at is None and factors.ways(row):
        return redirect(url_for("account.second_factor", next=url_for("account.set_up_factor")), 303)
    with web.writing(form) as answer:
        factors.remove(who.account, but=row, stamp=web.stamp())
        answer.go("account.show", flash=_("身份验证器已停用。"))
    return answer.response
