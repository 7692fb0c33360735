"""The security administrator's pages: finding an account, granting, revoking, confirming, closing; the first
one.
"""

from typing import Any

from flask import redirect, request, url_for

from blueprints import policy, web
from blueprints.account import browser
from blueprints.account.browser import door, few, page
from forms.account import GrantForm, ReasonForm
from forms.base import Form
from models.account import Account, Role, ScopeKind
from services import account as accounts
from services import activity as activities
from services import organisation as organisations
from services import words
from services.access import DISTRICT, Scope
from services.account import factors, first, grants
from services.errors import Missing, Refused
from services.stamp import clock, local_moment
from services.text import _

ADMIN = policy.holding(Role.SECURITY_ADMIN)
ADMIN_FRESH = policy.holding(Role.SECURITY_ADMIN, fresh=True)

SCOPES = [(value, name) for value, name in words.choices(ScopeKind) if value != ScopeKind.DOOR]
"""Without the one door: that is what a badge opens, for a day."""


class NoScope(Refused):
    sentence = _("没有找到这个单位或活动。请填写单位全称，或粘贴活动页面、报名页面的链接。")


@door.get("/account/grants", policy=ADMIN)
def rights() -> Any:
    """Find an account by its whole phone or e-mail, or by name; what waits for a second person."""
    text = request.args.get("q", "").strip()[:100]
    found = accounts.search(text) if text else []
    return page("account/rights.html", text=text, found=found, waiting=grants.waiting(), button=Form())


@door.both("/account/grants/<code>", policy=ADMIN_FRESH)
@few
def give(code: str) -> Any:
    """One account's rights; grant another."""
    account = accounts.get(code)
    form = GrantForm(words.choices(Role), SCOPES)
    if form.validate_on_submit():
        with browser.refusals(form, NoScope="scope_name", OnlyReviewers="scope_kind"):
            scope = _scope(form)
            last = form.last_day.data
            with web.writing(form) as answer:
                row = accounts.grant(
                    account,
                    Role(form.role.data),
                    scope,
                    ends_at=local_moment(last) + grants.ONE_DAY if last else None,
                    stamp=web.stamp(),
                )
                said = _("已提交，等待另一位安全管理员确认。") if row.awaits_second else _("已授权。")
                answer.go("account.give", code=account.code, flash=said)
            return answer.response
    return _give_page(account, form)


@door.post("/account/grants/<code>/revoke", policy=ADMIN_FRESH)
def revoke(code: str) -> Any:
    row = grants.get(code)
    return _act(row.account, lambda: accounts.revoke(row, stamp=web.stamp()), _("已撤销。"))


@door.post("/account/grants/<code>/confirm", policy=ADMIN_FRESH)
def confirm_grant(code: str) -> Any:
    """The second person agrees (R16)."""
    row = grants.get(code)
    return _act(
        row.account, lambda: grants.confirm(row, web.visitor().account, stamp=web.stamp()), _("已确认授权。")
    )


@door.both("/account/<code>/disable", policy=ADMIN_FRESH)
def disable(code: str) -> Any:
    """Close an account, with a reason."""
    account = accounts.get(code)
    form = ReasonForm()
    if form.validate_on_submit():
        with browser.refusals(form):
            with web.writing(form) as answer:
                accounts.disable(account, reason=form.reason.data, stamp=web.stamp())
                answer.go("account.give", code=code, flash=_("账号已停用，其登录已全部结束。"))
            return answer.response
    return page("account/disable.html", form=form, account=account)


@door.post("/account/<code>/enable", policy=ADMIN_FRESH)
def enable(code: str) -> Any:
    account = accounts.get(code)
    return _act(account, lambda: accounts.enable(account, stamp=web.stamp()), _("账号已恢复。"))


@door.post("/account/<code>/second-factor/reset", policy=ADMIN_FRESH)
def reset_factor(code: str) -> Any:
    """For somebody who lost it, and came in person."""
    account = accounts.get(code)
    return _act(
        account,
        lambda: factors.reset(account, by=web.visitor().account, stamp=web.stamp()),
        _("第二重验证已重置，对方须重新登录并设置。"),
    )


def _act(account: Account, verb: Any, said: object) -> Any:
    form = Form()
    if form.validate_on_submit():
        with browser.refusals(form):
            with web.writing(form) as answer:
                verb()
                answer.go("account.give", code=account.code, flash=said)
            return answer.response
    return _give_page(account, _empty_form(), refused=form)


def _empty_form() -> GrantForm:
    return GrantForm(words.choices(Role), SCOPES, formdata=None)


def _give_page(account: Account, form: GrantForm, refused: Form | None = None) -> Any:
    rows = grants.in_force_or_waiting(account, clock.now())
    return page(
        "account/give.html",
        account=account,
        form=form,
        rows=rows,
        places={row.code: _name(row.scope_kind, row.scope_code) for row in rows},
        units=organisations.search("", limit=200),
        button=refused or Form(),
    )


def _scope(form: GrantForm) -> Scope:
    """The scope that was named. Raises `NoScope`."""
    kind, name = ScopeKind(form.scope_kind.data), form.scope_name.data or ""
    if kind is ScopeKind.DISTRICT:
        return DISTRICT
    if kind in (ScopeKind.ORGANISATION, ScopeKind.UNIT):
        found = [
            unit for unit in organisations.search(name, limit=20) if name in (unit.name, unit.short_name)
        ]
        if len(found) != 1:
            raise NoScope
        return kind, found[0].code
    code = name.rstrip("/").rsplit("/", 1)[-1]
    try:
        if kind is ScopeKind.TRACK:
            return kind, activities.get_track_public(code).code
        return kind, activities.get_public(code).code
    except Missing:
        raise NoScope from None


def _name(kind: ScopeKind, code: str | None) -> str:
    """The name of a scope, or its code where it can be shown no better."""
    if code is None:
        return ""
    try:
        if kind in (ScopeKind.ORGANISATION, ScopeKind.UNIT):
            return str(organisations.get(code).name)
        if kind is ScopeKind.TRACK:
            return str(activities.get_track_public(code).full_name)
        return str(activities.get_public(code).title)
    except Missing:
        return code


# --- the first administrator ----------------------------------------------------------------------


@door.both("/first/<token>", policy=policy.everyone)
@few
def appoint(token: str) -> Any:
    """The one-time link that the shell printed: whoever is signed in becomes the security administrator."""
    if not web.visitor().is_signed_in:
        return redirect(url_for("account.sign_up", next=url_for("account.appoint", token=token)), 302)
    form = Form()
    stamp = web.stamp()
    with browser.refusals(form):
        proof = first.find(token, stamp.when)
        if form.validate_on_submit():
            with web.writing(form) as answer:
                first.appoint(proof, web.visitor().account, stamp=stamp)
                answer.go("account.sign_in", flash=_("您已成为安全管理员，请重新登录。"))
            return answer.response
    return page("account/appoint.html", form=form, account=web.visitor().account)
