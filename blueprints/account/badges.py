"""One-day badges: an organiser hands them out; a helper opens one by its QR link and the PIN."""

from typing import Any

from flask import current_app, redirect, url_for

from blueprints import policy, web
from blueprints.account import browser
from blueprints.account.browser import door, few, page
from certificates import qr
from forms.account import BadgeForm, PinForm
from forms.base import Form
from models.account import Role
from services import account as accounts
from services import activity as activities
from services import words
from services.account import badges
from services.errors import Missing
from services.stamp import clock

ORGANISES = policy.holding(Role.ORGANISER)


@door.both("/badge/<token>", policy=policy.everyone)
@few
def badge(token: str) -> Any:
    """The page behind a badge's QR code: type the PIN."""
    form = PinForm()
    if form.validate_on_submit():
        with browser.refusals(form, WrongPin="pin"), browser.patience(form):
            badges.admit(token)
            account = badges.match(token, form.pin.data, clock.now())
            with web.writing(form) as answer:
                entered = badges.enter(account, device=browser.device_name(), stamp=web.stamp())
                answer.go("desk.index")
            browser.arrive(entered)
            return answer.response
    return page("account/badge.html", form=form)


@door.both("/activity/<code>/badges", policy=ORGANISES)
@few
def badges_of(code: str) -> Any:
    """The badges of an activity. A new one is shown once, with its PIN, in the answer to its making."""
    activity = activities.get_run(web.principal(), code)
    choices = [(role.value, words.label(role)) for role in badges.ROLES]
    form = BadgeForm(choices, data={"day": clock.today()})
    made, link = None, ""
    if form.validate_on_submit():
        with browser.refusals(form):
            drawn = badges.draw()
            with web.writing(form) as answer:
                made = badges.issue(
                    activity.code,
                    Role(form.role.data),
                    form.display_name.data,
                    drawn=drawn,
                    day=form.day.data,
                    stamp=web.stamp(),
                )
                answer.go("account.badges_of", code=code)
            activity = activities.get_run(web.principal(), code)
            base = current_app.extensions["yongjiang"].public_base_url
            link = base + url_for("account.badge", token=made.token)
            form = BadgeForm(choices, formdata=None, data={"day": clock.today()})
    return page(
        "account/badges.html",
        activity=activity,
        form=form,
        rows=badges.listing(code),
        made=made,
        link=link,
        drawing=qr.draw(link) if link else None,
        button=Form(),
        moment=clock.now(),
    )


@door.post("/activity/<code>/badges/<badge>/withdraw", policy=ORGANISES)
def withdraw_badge(code: str, badge: str) -> Any:
    """A lost badge opens nothing any more."""
    activity = activities.get_run(web.principal(), code)
    row = next((g for g in badges.listing(activity.code) if g.account.code == badge), None)
    if row is None:
        raise Missing
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("account.badges_of", code=code), 303)
    with web.writing(form) as answer:
        badges.withdraw(accounts.get(badge), stamp=web.stamp())
        answer.go("account.badges_of", code=code)
    return answer.response
