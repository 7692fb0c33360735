"""Doors of a unit's list: its people, their order, locked and sent; and how each stands afterwards (领队)."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for

from blueprints import policy, web
from blueprints.party import answers
from blueprints.party.room import account, all_stand, door
from forms.base import Form
from forms.party import LineForm, LockForm, PickForm, numbers, order_form
from models.party import Kind, Party
from models.person import Person
from models.registration import Registration, State
from models.registration import State as Standing
from services import party as parties
from services import person as people
from services import questionnaire as questionnaires
from services import registration as registrations
from services.errors import Missing
from services.party.refusals import Locked
from services.registration import Entry
from services.stamp import clock
from services.text import _


def _list(code: str) -> Party:
    party = parties.get_managed(web.principal(), code)
    if party.kind is Kind.TEAM:
        raise Missing
    return party


@door.get("/list/<code>", policy=policy.signed_in)
def roll(code: str) -> Any:
    """The list, what is next, and once it is sent how each of its people stands and what they need."""
    return _page(_list(code))


def _page(party: Party, order: Any = None, status: int | None = None) -> Any:
    here = parties.here(party)
    now = clock.now()
    entries = parties.entries(party)
    waits = [row for row in entries if row.state is Standing.WAITLISTED]
    return web.page(
        "party/roll.html",
        status=status,
        party=party,
        here=here,
        order=order or order_form(_ranked(party))(formdata=None),
        seats=parties.seats_of(party),
        needs_seats=parties.needs_seats(party.track),
        faults={fault.member.id: fault.reasons for fault in parties.faults(party, stamp=web.stamp())},
        entries=entries,
        waits=len(waits),
        place=registrations.place_in_line(waits[0]) if waits else None,
        passed=[step for step in waits[0].steps if step.note] if waits else [],
        offered=parties.offered(party),
        may_replace=parties.may_replace(party, now),
        final_at=parties.final_at(party.track),
        known=len(parties.known_people(party.organisation, party)) if party.organisation else 0,
        verb=Form(formdata=None),
        moment=now,
    )


def _ranked(party: Party) -> list[tuple[str, str, int]]:
    return [(line.code, line.person.name, line.rank) for line in parties.here(party)]


@door.post("/list/<code>/order", policy=policy.signed_in)
def order(code: str) -> Any:
    """By numbers; or one a step up or down by its own button."""
    party = _list(code)
    form = order_form(_ranked(party))()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                step = request.form.get("step", "")
                if step:
                    line, _colon, way = step.partition(":")
                    parties.move(parties.get_member(party, line), -1 if way == "up" else 1, stamp=web.stamp())
                else:
                    parties.order(party, numbers(form, "rank_"), stamp=web.stamp())
                answer.go("party.roll", code=code)
            return answer.response
    return _page(party, form)


@door.both("/list/<code>/add", policy=policy.signed_in, uploads=True)
def add(code: str) -> Any:
    """One more: who, and what the form asks."""
    party = _list(code)
    form = LineForm(needs_document=party.track.needs_document)
    asked = answers.form_of(party.track)
    if all_stand(form, asked):
        with web.refusals(form):
            try:
                with web.writing(form) as answer:
                    said = answers.said(asked)
                    person = people.enter(
                        form.person(
                            category=said.category, skill_level=said.skill_level, workplace=said.workplace
                        ),
                        guardian_confirmed=form.person_guardian_agreed.data,
                        stamp=web.stamp(),
                    )
                    parties.add(party, person, said, by=account(), stamp=web.stamp())
                    answer.go("party.roll", code=code, flash=_("已添加%(name)s。", name=person.name))
                return answer.response
            except people.BadEntry as bad:
                form.refuse(bad.sentence, f"person_{bad.field}")
    return web.page("party/add.html", form=form, asked=asked, party=party)


@door.both("/list/<code>/pick", policy=policy.signed_in)
def pick(code: str) -> Any:
    """People of earlier entries, with what they answered then."""
    party = _list(code)
    assert party.organisation is not None
    known = parties.known_people(party.organisation, party)
    form = PickForm(people=[(row.code, row.person.name) for row in known])
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                chosen = [row for row in known if row.code in form.people.data]
                known_to, wanting = _carried(party, chosen)
                parties.add_all(party, known_to, by=account(), stamp=web.stamp())
                answer.go("party.roll", code=code, flash=_picked(len(known_to), wanting))
            return answer.response
    return web.page("party/pick.html", form=form, party=party, known=known)


def _carried(party: Party, chosen: Sequence[Registration]) -> tuple[list[tuple[Person, Entry]], list[str]]:
    """What they answered then as answers to this form, and the names of those of whom it asks more."""
    asked, known, wanting = questionnaires.of(party.track.activity), [], []
    for row in chosen:
        earlier = questionnaires.entry_of(row.answer) or Entry(category=row.person.category)
        try:
            known.append((row.person, questionnaires.carry(asked, earlier)))
        except questionnaires.BadAnswers:
            wanting.append(row.person.name)
    return known, wanting


def _picked(count: int, wanting: Sequence[str]) -> object:
    if not wanting:
        return _("已添加 %(n)s 人。", n=count)
    names = str(_("、")).join(wanting[:5])
    return _(
        "已添加 %(n)s 人。本次报名表还要填写其他内容，另有 %(more)s 人请逐一添加：%(names)s。",
        n=count,
        more=len(wanting),
        names=names,
    )


@door.both("/list/<code>/lock", policy=policy.signed_in)
def lock(code: str) -> Any:
    """Lock and send: what is in the way, who has a seat and who stands by, the unit's opinion."""
    party = _list(code)
    form = LockForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                made = parties.send(
                    party,
                    form.opinion.data,
                    takes_part=form.takes_part.data,
                    by=account(),
                    stamp=web.stamp(),
                )
                answer.go("party.roll", code=code, flash=_locked(made))
            return answer.response
    return web.page(
        "party/lock.html",
        form=form,
        party=party,
        here=parties.here(party),
        seats=parties.seats_of(party),
        is_ranked=parties.is_ranked(party),
        faults=parties.faults(party, stamp=web.stamp()),
    )


def _locked(made: Sequence[Registration]) -> object:
    aside = sum(row.state is State.STANDBY for row in made)
    waits = sum(row.state is State.WAITLISTED for row in made)
    if waits:
        return _("名单已报送，%(n)s 人进入候补。已请每个人确认。", n=waits)
    return _("名单已报送：%(n)s 人报名，%(aside)s 人替补。已请每个人确认。", n=len(made) - aside, aside=aside)


@door.both("/list/<code>/member/<member>/mend", policy=policy.signed_in, uploads=True)
def mend_line(code: str, member: str) -> Any:
    """What was answered for somebody who is not entered yet."""
    party = _list(code)
    line = parties.get_member(party, member)
    form = answers.form_of(party.track, entry=parties.entry_of(line))
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.answer(line, answers.said(form), stamp=web.stamp())
                answer.go("party.roll", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("party/mend.html", form=form, party=party, person=line.person, row=None)


@door.both("/list/<code>/entry/<entry>/mend", policy=policy.signed_in, uploads=True)
def mend(code: str, entry: str) -> Any:
    """The unit mends what a reviewer returned of one of its people."""
    party = _list(code)
    row = parties.get_entry(party, entry)
    if row.state not in (State.RETURNED, State.SUBMITTED):
        if request.method == "GET":
            return redirect(url_for("party.roll", code=code))
        raise Locked
    form = answers.form_again(row)
    if form.validate_on_submit():
        with web.refusals(form, NotEligible="category"):
            with web.writing(form) as answer:
                registrations.amend(row, answers.said(form), by=account(), stamp=web.stamp())
                answer.go("party.roll", code=code, flash=_("已重新提交。"))
            return answer.response
    return web.page("party/mend.html", form=form, party=party, person=row.person, row=row)
