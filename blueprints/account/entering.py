"""Ways in and out: a code to the phone, a code by e-mail, a password; signing up; resetting; one click in
the demo.

A code goes to whatever phone is named. Whether it has an account is said only to who has read the code, so
every page before that is the same for all (R03).
"""

from typing import Any

from flask import abort, current_app, redirect, request, session, url_for

from blueprints import policy, web
from blueprints.account import browser
from blueprints.account.browser import door, few, page
from forms.account import CodeForm, EitherForm, EmailForm, FinishForm, PasswordForm, PhoneForm, ResetForm
from forms.base import Form
from models.account import FirstFactor, Purpose
from services import account as accounts
from services.account import Contact, changing, codes, entering, sign_ins
from services.account.reasons import BadCode
from services.text import _
from services.transaction import transaction


def _send(form: Any, contact: Contact, purpose: Purpose, then: str) -> Any:
    """Send a code and go on to where it is typed; None where that was refused."""
    with browser.refusals(form), browser.patience(form):
        browser.admit_code(contact)
        with web.writing(form) as answer:
            codes.send(purpose, contact, bound_to=browser.mark(), stamp=web.stamp())
            answer.go(then, next=browser.target())
        browser.ask(purpose, contact)
        return answer.response
    return None  # type: ignore[unreachable]  # a manager that swallows a refusal


def _ask_code(form: Any, template: str, **context: Any) -> Any:
    if web.visitor().is_signed_in:
        return redirect(browser.after(), 302)
    if form.validate_on_submit():
        sent = _send(form, form.value, Purpose.SIGN_IN, "account.enter_code")
        if sent is not None:
            return sent
    return page(template, form=form, next=browser.target(), **context)


@door.both("/sign-in", policy=policy.everyone)
@few
def sign_in() -> Any:
    """By a code to the phone: the ordinary way."""
    return _ask_code(PhoneForm(), "account/sign_in.html", by="phone", demo=_demo_accounts(), button=Form())


@door.both("/sign-in/email", policy=policy.everyone)
@few
def sign_in_email() -> Any:
    return _ask_code(EmailForm(), "account/sign_in.html", by="email", demo=_demo_accounts(), button=Form())


@door.both("/sign-up", policy=policy.everyone)
@few
def sign_up() -> Any:
    return _ask_code(PhoneForm(), "account/sign_up.html", by="phone")


@door.both("/sign-up/email", policy=policy.everyone)
@few
def sign_up_email() -> Any:
    return _ask_code(EmailForm(), "account/sign_up.html", by="email")


@door.both("/sign-in/code", policy=policy.everyone)
@few
def enter_code() -> Any:
    """Type the code. Who has an account is inside; who has none goes on to sign up."""
    contact = browser.asked(Purpose.SIGN_IN)
    if contact is None:
        return redirect(url_for("account.sign_in", next=browser.target()), 302)
    form = CodeForm()
    if form.validate_on_submit():
        with browser.refusals(form, BadCode="code"):
            stamp = web.stamp()
            proof = codes.evaluate(
                Purpose.SIGN_IN, contact.index, form.code.data, bound_to=browser.mark(), now=stamp.when
            )
            token = ""
            with web.writing(form) as answer:
                entered = accounts.by_code(proof, contact, device=browser.device_name(), stamp=stamp)
                if entered is None:
                    token = entering.invite_to_sign_up(contact, bound_to=browser.mark(), stamp=stamp)
                    answer.go("account.finish", next=browser.target())
                else:
                    answer.go_to(browser.welcome(entered.account))
            if entered is None:
                session["sign_up"] = token
            else:
                browser.arrive(entered)
            return answer.response
    return page("account/code.html", form=form, contact=contact, again=Form(), next=browser.target())


@door.post("/sign-in/code/again", policy=policy.everyone)
@few
def send_again() -> Any:
    """Another code to the same phone or e-mail."""
    contact = browser.asked(Purpose.SIGN_IN)
    if contact is None:
        return redirect(url_for("account.sign_in", next=browser.target()), 303)
    again = Form()
    if not again.validate_on_submit():
        abort(400)
    sent = _send(again, contact, Purpose.SIGN_IN, "account.enter_code")
    if sent is not None:
        return sent
    form = CodeForm(formdata=None)
    return page("account/code.html", form=form, contact=contact, again=again, next=browser.target())


@door.both("/sign-up/finish", policy=policy.everyone)
@few
def finish() -> Any:
    """The last step: a name, perhaps a password, and consent."""
    contact, token = browser.asked(Purpose.SIGN_IN), str(session.get("sign_up", ""))
    if contact is None or not token:
        return redirect(url_for("account.sign_up", next=browser.target()), 302)
    form = FinishForm()
    if form.validate_on_submit():
        with browser.refusals(form, WeakPassword="password"):
            stamp = web.stamp()
            try:
                proof = codes.find_token(
                    Purpose.SIGN_UP, token, subject=contact.index, bound_to=browser.mark(), now=stamp.when
                )
            except BadCode:
                return redirect(url_for("account.sign_up", next=browser.target()), 303)
            name, password = form.display_name.data, form.password.data
            chosen = changing.choose_first(contact, name, password, now=stamp.when) if password else None
            with web.writing(form) as answer:
                entered = accounts.sign_up(
                    proof,
                    contact,
                    display_name=name,
                    password=chosen,
                    agrees=form.agrees.data,
                    language=current_app.extensions["locale"](),
                    device=browser.device_name(),
                    stamp=stamp,
                )
                answer.go_to(browser.after(), flash=_("账号已开通。"))
            browser.arrive(entered)
            return answer.response
    return page("account/finish.html", form=form, contact=contact)


@door.both("/sign-in/password", policy=policy.everyone)
@few
def sign_in_password() -> Any:
    if web.visitor().is_signed_in:
        return redirect(browser.after(), 302)
    form = PasswordForm()
    if form.validate_on_submit():
        login, address = form.login.data, request.remote_addr or ""
        known = browser.known_device(login)
        with browser.refusals(form, WrongPassword="password"), browser.patience(form):
            entering.admit_password(login, address=address, known_device=known)
            matched = entering.match_password(login, form.password.data)
            with web.writing(form) as answer:
                entered = accounts.by_password(matched, device=browser.device_name(), stamp=web.stamp())
                answer.go_to(browser.welcome(entered.account))
            entering.forgive_password(login, address=address, known_device=known)
            browser.arrive(entered)
            return answer.response
    return page(
        "account/sign_in.html",
        form=form,
        by="password",
        next=browser.target(),
        demo=_demo_accounts(),
        button=Form(),
    )


@door.post("/sign-out", policy=policy.signed_in_anyhow)
def sign_out() -> Any:
    """Ends this sign-in. The button of the page's head carries no one-time key; ending twice is ending once."""
    row = web.visitor().sign_in
    if row is not None:
        code, account = row.code, row.account.code
        with transaction():
            sign_ins.end(sign_ins.get(accounts.get(account), code), stamp=web.stamp())
    browser.depart()
    return redirect(url_for("activity.index"), 303)


# --- reset ----------------------------------------------------------------------------------------


@door.both("/reset", policy=policy.everyone)
@few
def reset() -> Any:
    form = EitherForm()
    if form.validate_on_submit():
        sent = _send(form, form.value, Purpose.RESET, "account.reset_code")
        if sent is not None:
            return sent
    return page("account/reset.html", form=form, next=browser.target())


@door.both("/reset/code", policy=policy.everyone)
@few
def reset_code() -> Any:
    """Code and new password together. All sign-ins of the account end."""
    contact = browser.asked(Purpose.RESET)
    if contact is None:
        return redirect(url_for("account.reset"), 302)
    form = ResetForm()
    if form.validate_on_submit():
        with browser.refusals(form, BadCode="code", WeakPassword="password"):
            stamp = web.stamp()
            proof = codes.evaluate(
                Purpose.RESET, contact.index, form.code.data, bound_to=browser.mark(), now=stamp.when
            )
            chosen = changing.choose(accounts.find(contact), form.password.data, now=stamp.when)
            with web.writing(form) as answer:
                accounts.reset_password(proof, contact, chosen, stamp=stamp)
                answer.go("account.sign_in_password", flash=_("密码已重设，请用新密码登录。"))
            session.pop("asked", None)
            return answer.response
    return page("account/reset_code.html", form=form, contact=contact)


# --- the demo -------------------------------------------------------------------------------------


def _is_demo() -> bool:
    return bool(current_app.extensions["yongjiang"].env == "demo")


def _demo_accounts() -> list[Any]:
    """One account a role, as the demo lists them: each with `code`, `title` and `note`."""
    listing = current_app.extensions.get("demo_accounts")
    return list(listing()) if listing and _is_demo() else []


@door.post("/sign-in/demo/<code>", policy=policy.everyone)
def demo_sign_in(code: str) -> Any:
    """One click for each role: in the demo only, and only for the accounts that it lists."""
    if not _is_demo() or code not in {item.code for item in _demo_accounts()}:
        abort(404)
    form = Form()
    if not form.validate_on_submit():
        abort(400)
    with web.writing(form) as answer:
        account = accounts.get(code)
        token = sign_ins.begin(
            account,
            device=browser.device_name(),
            first_factor=FirstFactor.DEMO,
            second_factor=True,
            stamp=web.stamp(),
        )
        answer.go_to(browser.target() or url_for("activity.index"))
    browser.arrive(accounts.Entered(account, token))
    return answer.response
