"""One's own page: what the platform knows of the visitor, and what they may change about it."""

from typing import Any

from flask import redirect, session, url_for

from blueprints import policy, web
from blueprints.account import browser
from blueprints.account.browser import door, few, page
from forms.account import CodeForm, ConsentForm, EmailForm, NewPasswordForm, PhoneForm, SettingsForm
from forms.base import Form
from models.account import Purpose
from services import account as accounts
from services import organisation as organisations
from services import person as people
from services.account import claims, codes, consents, grants, sign_ins
from services.stamp import clock
from services.text import _


@door.get("/me", policy=policy.signed_in_anyhow)
def show() -> Any:
    """账号与安全"""
    who = web.visitor()
    account, now = who.account, clock.now()
    return page(
        "account/show.html",
        account=account,
        person=account.person,
        is_checking=people.has_open_claim(account),
        claim=people.open_claim(account),
        needs_guardian=account.person is not None and people.needs_guardian(account.person, clock.today()),
        settings=SettingsForm(data={"display_name": account.display_name, "language": account.language}),
        sign_ins=[row for row in sign_ins.listing(account) if sign_ins.is_live(row, now)],
        here=who.sign_in,
        consents=consents.listing(account),
        grants=grants.in_force_or_waiting(account, now),
        decides_claims=who.principal.is_district_wide(claims.DECIDERS),
        organisations=organisations.of_account(account.id),
        button=Form(),
    )


@door.both("/me/consent", policy=policy.signed_in_anyhow)
def consent() -> Any:
    """The privacy notice has a new version: ask again."""
    form = ConsentForm()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            consents.record(web.visitor().account, consents.ConsentPurpose.PRIVACY, stamp=web.stamp())
            answer.go_to(browser.after())
        return answer.response
    return page("account/consent.html", form=form, version=consents.PRIVACY.version, next=browser.target())


@door.post("/me/settings", policy=policy.signed_in)
def settings() -> Any:
    form = SettingsForm()
    account = web.visitor().account
    if form.validate_on_submit():
        with browser.refusals(form):
            with web.writing(form) as answer:
                accounts.rename(account, form.display_name.data, stamp=web.stamp())
                accounts.choose_language(account, form.language.data, stamp=web.stamp())
                answer.go("account.show", flash=_("已保存。"))
            session["locale"] = form.language.data
            return answer.response
    return page("account/settings.html", form=form)


@door.both("/me/password", policy=policy.signed_in_fresh)
@few
def password() -> Any:
    """Set or change the password; the other sign-ins end."""
    who = web.visitor()
    form = NewPasswordForm()
    if form.validate_on_submit():
        with browser.refusals(form, WeakPassword="password"):
            chosen = accounts.changing.choose(who.account, form.password.data, now=web.stamp().when)
            with web.writing(form) as answer:
                accounts.change_password(who.account, chosen, but=who.sign_in, stamp=web.stamp())
                answer.go("account.show", flash=_("密码已更新，其他设备已退出，接口令牌已停用。"))
            return answer.response
    return page("account/password.html", form=form, account=who.account, button=Form())


@door.post("/me/password/drop", policy=policy.signed_in_fresh)
def drop_password() -> Any:
    """From now on by code only."""
    who = web.visitor()
    form = Form()
    if form.validate_on_submit():
        with browser.refusals(form):
            with web.writing(form) as answer:
                accounts.drop_password(who.account, but=who.sign_in, stamp=web.stamp())
                answer.go("account.show", flash=_("已取消密码，今后用验证码登录。"))
            return answer.response
    return page(
        "account/password.html", form=NewPasswordForm(formdata=None), account=who.account, button=form
    )


@door.both("/me/phone", policy=policy.signed_in_fresh)
@few
def phone() -> Any:
    return _new_contact(PhoneForm(), "phone")


@door.both("/me/email", policy=policy.signed_in_fresh)
@few
def email() -> Any:
    return _new_contact(EmailForm(), "email")


def _new_contact(form: Any, kind: str) -> Any:
    """Name a new phone or e-mail; a code goes there."""
    if form.validate_on_submit():
        with browser.refusals(form), browser.patience(form):
            contact = form.value
            browser.admit_code(contact)
            with web.writing(form) as answer:
                codes.send(Purpose.CONFIRM, contact, bound_to=browser.mark(), stamp=web.stamp())
                answer.go("account.confirm_contact")
            browser.ask(Purpose.CONFIRM, contact)
            return answer.response
    return page("account/contact.html", form=form, kind=kind, account=web.visitor().account)


@door.both("/me/contact/code", policy=policy.signed_in_fresh)
@few
def confirm_contact() -> Any:
    """Type the code that went to the new phone or e-mail; the old one is told."""
    contact = browser.asked(Purpose.CONFIRM)
    if contact is None:
        return redirect(url_for("account.show"), 302)
    who = web.visitor()
    form = CodeForm()
    if form.validate_on_submit():
        with browser.refusals(form, BadCode="code"):
            stamp = web.stamp()
            proof = codes.evaluate(
                Purpose.CONFIRM, contact.index, form.code.data, bound_to=browser.mark(), now=stamp.when
            )
            with web.writing(form) as answer:
                accounts.change_contact(who.account, proof, contact, but=who.sign_in, stamp=stamp)
                answer.go("account.show", flash=_("已更新，其他设备已退出。"))
            session.pop("asked", None)
            return answer.response
    return page("account/confirm_contact.html", form=form, contact=contact)


@door.post("/me/sign-ins/<code>/end", policy=policy.signed_in)
def end_sign_in(code: str) -> Any:
    """End one of one's own sign-ins, from another device."""
    account = web.visitor().account
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("account.show"), 303)
    with web.writing(form) as answer:
        sign_ins.end(sign_ins.get(account, code), stamp=web.stamp())
        answer.go("account.show", flash=_("该设备已退出。"))
    return answer.response


@door.post("/me/sign-ins/end-others", policy=policy.signed_in)
def end_others() -> Any:
    who = web.visitor()
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("account.show"), 303)
    with web.writing(form) as answer:
        sign_ins.end_all(who.account, but=who.sign_in, stamp=web.stamp())
        answer.go("account.show", flash=_("其他设备已全部退出。"))
    return answer.response
