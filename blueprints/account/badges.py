"""One-day badges: an organiser hands them out; a helper opens one by its QR link and the PIN."""

from typing import Any

from flask import current_app, redirect, url_for

from blueprints import policy, web
from blueprints.account import browser
from blueprints.account.browser import door, few, page
from certificates import qr
from forms.account import BadgeForm, PinForm
from forms.base import Form
from models.account import Account, Role, ScopeKind
from models.activity import Activity
from services import account as accounts
from services import activity as activities
from services import words
from services.account import badges
from services.attendance import points
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
                answer.go_to(_first_page(account))
            browser.arrive(entered)
            return answer.response
    return page("account/badge.html", form=form)


def _first_page(account: Account) -> str:
    """The door they are sent to, where it is one; else the desk."""
    codes = [grant.scope_code for grant in account.grants if grant.scope_kind is ScopeKind.DOOR]
    point = points.find(codes[-1]) if codes and codes[-1] else None
    if point is None:
        return url_for("desk.index")
    return url_for("attendance.desk", code=point.activity.code)


def _door_names(activity: Activity) -> dict[str, str]:
    """The check-in points of an activity, closed ones too, by their codes."""
    return {point.code: point.name for point in points.of(activity)}


@door.both("/activity/<code>/badges", policy=ORGANISES)
@few
def badges_of(code: str) -> Any:
    """The badges of an activity. A new one is shown once, with its PIN, in the answer to its making."""
    activity = activities.get_run(web.principal(), code)
    choices = [(role.value, words.label(role)) for role in badges.ROLES]
    doors = [(each.code, each.name) for each in points.of(activity) if each.closed_at is None]
    form = BadgeForm(choices, doors, data={"day": clock.today()})
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
                    door_code=form.door.data or None,
                    stamp=web.stamp(),
                )
                answer.go("account.badges_of", code=code)
            activity = activities.get_run(web.principal(), code)
            base = current_app.extensions["yongjiang"].public_base_url
            link = base + url_for("account.badge", token=made.token)
            form = BadgeForm(choices, doors, formdata=None, data={"day": clock.today()})
    names = _door_names(activity)
    return page(
        "account/badges.html",
        activity=activity,
        form=form,
        rows=badges.listing(code, names),
        door_names=names,
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
    row = next(
        (g for g in badges.listing(activity.code, _door_names(activity)) if g.account.code == badge), None
    )
    if row is None:
        raise Missing
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for("account.badges_of", code=code), 303)
    with web.writing(form) as answer:
        badges.withdraw(accounts.get(badge), stamp=web.stamp())
        answer.go("account.badges_of", code=code)
    return answer.response
