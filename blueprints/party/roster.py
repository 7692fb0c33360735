"""Doors of who is in a team: as what, no longer, captain, and what they answered."""

from typing import Any

from flask import redirect, url_for

from blueprints import policy, web
from blueprints.party import answers
from blueprints.party.room import account, door, home
from blueprints.party.team import of_captain
from forms.base import Form
from forms.party import RoleForm
from models.party import Role
from services import party as parties
from services.errors import Missing
from services.text import _


@door.post("/party/<code>/member/<member>/role", policy=policy.signed_in)
def role(code: str, member: str) -> Any:
    """Member or substitute."""
    party = of_captain(code)
    line = parties.get_member(party, member)
    form = RoleForm()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            parties.set_role(line, Role(form.role.data), stamp=web.stamp())
            answer.go("party.show", code=code, flash=_("已调整。"))
        return answer.response
    return redirect(url_for("party.show", code=code), 303)


@door.both("/party/<code>/member/<member>/remove", policy=policy.signed_in)
def remove(code: str, member: str) -> Any:
    """Take somebody off who is not entered, from a team or a list: asked once more."""
    party = parties.get_managed(web.principal(), code)
    line = parties.get_member(party, member)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.remove(line, by=account(), stamp=web.stamp())
                answer.go(**home(party), flash=_("已移出名单。"))
            return answer.response
    return web.page("party/remove.html", form=form, party=party, line=line, home=home(party))


@door.both("/party/<code>/captain/<member>", policy=policy.signed_in)
def hand_over(code: str, member: str) -> Any:
    """Another of the team is captain from now on: asked once more."""
    party = of_captain(code)
    line = next((row for row in party.members if row.code == member), None)
    if line is None or line.role is Role.CAPTAIN:
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.hand_over(party, line.person, stamp=web.stamp())
                answer.go("party.show", code=code, flash=_("队长已移交。"))
            return answer.response
    return web.page("party/hand_over.html", form=form, party=party, line=line)


@door.both("/party/<code>/answers", policy=policy.signed_in, uploads=True)
def answer_own(code: str) -> Any:
    """One's own answers, while nothing is sent."""
    party = parties.get_own(web.principal(), code)
    line = parties.member_of(party, web.principal().person_id)
    if line is None:
        raise Missing
    form = answers.form_of(party.track, entry=parties.entry_of(line))
    if form.validate_on_submit():
        with web.refusals(form, NotEligible="category"):
            with web.writing(form) as answer:
                parties.answer(line, answers.said(form), stamp=web.stamp())
                answer.go("party.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("party/answers.html", form=form, party=party, line=line)


@door.both("/party/<code>/leave", policy=policy.signed_in)
def leave(code: str) -> Any:
    """Leave a team that is not sent: asked once more."""
    party = parties.get_own(web.principal(), code)
    line = parties.member_of(party, web.principal().person_id)
    if line is None:
        raise Missing
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.remove(line, by=account(), stamp=web.stamp())
                answer.go("registration.mine", flash=_("您已退出参赛队。"))
            return answer.response
    return web.page("party/leave.html", form=form, party=party)
