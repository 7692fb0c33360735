"""Doors of a team: made, its captain's page, its roster, sent."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, url_for

from blueprints import consequences, policy, web
from blueprints.party import answers
from blueprints.party.room import absolute, account, all_stand, door, home, own_person, own_units, to_identity
from certificates import qr
from forms.base import Form
from forms.party import NoteForm, SendForm, TeamForm
from models.activity import EntryMode
from models.organisation import Organisation
from models.party import Kind, Party, State
from services import activity as activities
from services import party as parties
from services import registration as registrations
from services.errors import Missing
from services.party import TeamEntry
from services.stamp import clock
from services.text import _


@door.both("/team/new/<code>", policy=policy.signed_in, uploads=True)
def create(code: str) -> Any:
    """A new team for a track: its name, and the captain's own answers."""
    track = activities.get_track_public(code)
    if track.mode is not EntryMode.TEAM:
        return redirect(url_for("registration.create", code=code))
    person = own_person(track)
    if person is None:
        return to_identity()
    standing = parties.team_for(track, person)
    if standing is not None and standing.track_id == track.id:
        return redirect(url_for("party.show", code=standing.code))
    units = own_units()
    form, asked = TeamForm(units=_named(units)), answers.form_of(track, person)
    if all_stand(form, asked):
        with web.refusals(form):
            with web.writing(form) as answer:
                made = parties.make_team(
                    track, person, _said(form, units), answers.said(asked), by=account(), stamp=web.stamp()
                )
                parties.renew_link(made, stamp=web.stamp())
                answer.go("party.show", code=made.code, flash=_("参赛队已建好。把邀请链接发给队员吧。"))
            return answer.response
    return web.page("party/create.html", form=form, asked=asked, track=track, person=person)


def _named(units: Sequence[Organisation]) -> list[tuple[str, str]]:
    return [(unit.code, unit.name) for unit in units]


def _said(form: TeamForm, units: Sequence[Organisation]) -> TeamEntry:
    return TeamEntry(
        name=form.team_name.data,
        coach=form.team_coach.data or "",
        leader=form.team_leader.data or "",
        leader_phone=form.team_phone.data or "",
        organisation=next((unit for unit in units if unit.code == form.team_unit.data), None),
    )


@door.get("/party/<code>", policy=policy.signed_in)
def show(code: str) -> Any:
    """The captain's page: who is in, what is still wanting, the link. A member sees the same without the buttons."""
    party = parties.get_own(web.principal(), code)
    if party.kind is not Kind.TEAM:
        return redirect(url_for("party.roll", code=code))
    runs = parties.may_manage(web.principal(), party)
    link = absolute(url_for("party.invitation", token=party.token)) if runs and party.token else ""
    now = clock.now()
    return web.page(
        "party/show.html",
        party=party,
        runs=runs,
        link=link,
        picture=qr.draw(link) if link else None,
        count=parties.count(party),
        here=parties.here(party),
        entries=parties.entries(party),
        faults={fault.member.id: fault.reasons for fault in parties.faults(party, stamp=web.stamp())},
        own=parties.member_of(party, web.principal().person_id),
        person_id=web.principal().person_id,
        may_change=parties.may_change(party, now),
        may_replace=parties.may_replace(party, now),
        frozen_at=parties.frozen_at(party.track),
        final_at=parties.final_at(party.track),
        offered=parties.offered(party),
        short=registrations.lacking([party.id]).get(party.id),
        verb=Form(),
        moment=now,
    )


@door.both("/party/<code>/edit", policy=policy.signed_in)
def edit(code: str) -> Any:
    party = of_captain(code)
    units = own_units()
    if party.organisation is not None and party.organisation not in units:
        units.append(party.organisation)
    form = TeamForm(
        units=_named(units),
        data={
            "team_name": party.name,
            "team_coach": party.coach,
            "team_leader": party.leader,
            "team_phone": party.leader_phone or "",
            "team_unit": party.organisation.code if party.organisation else "",
        },
    )
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.edit(party, _said(form, units), stamp=web.stamp())
                answer.go("party.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("party/edit.html", form=form, party=party)


def of_captain(code: str) -> Party:
    """A team one is captain of."""
    party = parties.get_managed(web.principal(), code)
    if party.kind is not Kind.TEAM:
        raise Missing
    return party


@door.post("/party/<code>/link", policy=policy.signed_in)
def link(code: str) -> Any:
    """A new link instead of the old one."""
    party = of_captain(code)
    with web.writing() as answer:
        parties.renew_link(party, stamp=web.stamp())
        answer.go("party.show", code=code, flash=_("已换成新的邀请链接，旧链接不再有效。"))
    return answer.response


@door.post("/party/<code>/link/close", policy=policy.signed_in)
def close_link(code: str) -> Any:
    party = of_captain(code)
    with web.writing() as answer:
        parties.close_link(party, stamp=web.stamp())
        answer.go("party.show", code=code, flash=_("邀请链接已停用。"))
    return answer.response


@door.both("/party/<code>/send", policy=policy.signed_in)
def send(code: str) -> Any:
    """Enter the whole team: read over once more."""
    party = of_captain(code)
    form = SendForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.send(party, takes_part=form.takes_part.data, by=account(), stamp=web.stamp())
                answer.go("party.show", code=code, flash=_("全队报名已提交。"))
            return answer.response
    return web.page(
        "party/send.html",
        form=form,
        party=party,
        here=parties.here(party),
        count=parties.count(party),
        faults=parties.faults(party, stamp=web.stamp()),
        frozen_at=parties.frozen_at(party.track),
    )


@door.both("/party/<code>/dissolve", policy=policy.signed_in)
def dissolve(code: str) -> Any:
    """A team or list ends: dissolved while it gathers, all of it withdrawn once it was sent."""
    party = parties.get_managed(web.principal(), code)
    form = NoteForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                if party.state is State.GATHERING:
                    parties.dissolve(party, stamp=web.stamp())
                    said = _("参赛队已解散。") if party.kind is Kind.TEAM else _("名单已作废。")
                else:
                    parties.withdraw_all(party, form.note.data or "", stamp=web.stamp())
                    said = _("已全部退出，名额已释放。")
                answer.go(
                    "registration.mine" if party.kind is Kind.TEAM else "organisation.index", flash=said
                )
            return answer.response
    entered = parties.entries(party, live=True)
    return web.page(
        "party/dissolve.html",
        form=form,
        party=party,
        home=home(party),
        people=entered or parties.here(party),
        found=consequences.of_entries(entered, web.stamp()) if entered else None,
    )
