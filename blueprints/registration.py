"""Doors of registration: entering, and following one's entries. The review desk is in `review`."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for

from blueprints import consequences, policy, web
from blueprints.answering import known, locale, said
from forms.registration import RegistrationForm, VerbForm, WithdrawForm
from models.account import Account
from models.activity import EntryMode, Kind
from models.base import new_code
from models.party import Kind as PartyKind
from models.person import Person
from models.registration import Registration, State
from services import account as accounts
from services import activity as activities
from services import attendance as attendances
from services import intake as intakes
from services import outcome as outcomes
from services import party as parties
from services import person as people
from services import questionnaire as questionnaires
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services.errors import Denied
from services.person import documents
from services.stamp import clock, local_day
from services.text import _

door = web.Door("registration", __name__)


# --- entering ------------------------------------------------------------------------------------


@door.both("/register/<code>", policy=policy.signed_in, uploads=True)
def create(code: str) -> Any:
    """The form of one track: the rules first, then what is asked; a refusal stands in place, nothing is lost."""
    track = activities.get_track_public(code)
    if track.mode is EntryMode.TEAM:
        return redirect(url_for("party.create", code=code))
    account = web.visitor().account
    person = account.person
    if person is not None:
        live = registrations.find_live(track.activity_id, person.id, track.id)
        if live is not None and request.method == "GET":
            if live.track_id != track.id:
                flash(str(_("同一活动每人只报一项。您已报这一项；要改报，请先退出。")), "warning")
            return redirect(url_for("registration.show", code=live.code))
    checking = accounts.claims.find_open(account) is not None
    if track.needs_document and not checking and (person is None or person.document is None):
        return redirect(url_for("account.person", next=url_for("registration.create", code=code)))

    form = RegistrationForm.of(
        questionnaires.of(track.activity), asks_name=person is None, data=_known(person), locale=locale()
    )
    entry = None
    if form.validate_on_submit():
        entry = form.entry(dict.fromkeys(form.sound, new_code()))
        with web.refusals(form, NotEligible="category"):
            with web.writing(form) as answer:
                account = web.visitor().account
                who = account.person or identified(account, form["name"].data)
                made = registrations.register(track, who, said(form), by=account, stamp=web.stamp())
                answer.go("registration.show", code=made.code, flash=_said(made))
            return answer.response
    reasons = registrations.judge(track, person, entry, local_day(clock.now()))
    return web.page(
        "registration/create.html", form=form, track=track, person=person, reasons=reasons, checking=checking
    )


def identified(account: Account, name: str) -> Person:
    """Who is behind an account that gave no document: known by name and verified phone. Raises while being checked."""
    if accounts.claims.find_open(account) is not None:
        raise people.IdentityChecking
    found = people.identify(
        account, people.PersonEntry(name=name, phone=account.phone or ""), stamp=web.stamp()
    )
    if not isinstance(found, Person):
        raise people.IdentityChecking
    return found


def _known(person: Person | None) -> dict[str, Any]:
    return known(person) or {"name": web.visitor().account.display_name}


def _said(made: Registration) -> object:
    if made.state is State.WAITLISTED:
        return _("已进入候补，您排在第 %(place)s 位。", place=registrations.place_in_line(made))
    if made.state is State.ACCEPTED:
        return _("报名成功。")
    return _("报名已提交，审核结果会通知您。")


# --- one's own entries ---------------------------------------------------------------------------


@door.get("/me/registrations", policy=policy.signed_in)
def mine() -> Any:
    """我的报名: every entry in plain words, and what to do next. The pass that is wanted next stands first."""
    now = clock.now()
    rows = list(registrations.of_person(web.principal().person_id))
    passes = _passes(rows)
    soon = sorted((row for row in rows if row.id in passes), key=lambda row: row.activity.starts_at)
    return web.page(
        "registration/mine.html",
        waiting=[
            *registrations.to_mend(web.principal().person_id),
            *parties.waiting(web.principal(), now=now),
            *intakes.waiting_of_units(web.principal()),
        ],
        teams=parties.teams_of(web.principal()),
        rows=[*soon, *(row for row in rows if row.id not in passes)],
        passes=passes,
        arrivals=attendances.arrivals(rows),
        reached={key: outcomes.say_line(line) for key, line in outcomes.finals_of(rows).items()},
        places={row.id: registrations.place_in_line(row) for row in rows if row.state is State.WAITLISTED},
        verb=VerbForm(),
        moment=now,
    )


def _passes(rows: Sequence[Registration]) -> dict[int, str]:
    """The codes of the passes that are of use now, as they are read out, by entry."""
    now = clock.now()
    return {row.id: attendances.say_pass(row) for row in rows if attendances.shows_pass(row, now)}


@door.get("/registration/<code>", policy=policy.signed_in)
def show(code: str) -> Any:
    row = registrations.get_own(web.principal(), code)
    line = outcomes.find_final(row)
    answers = questionnaires.answers_of(row)
    return web.page(
        "registration/show.html",
        row=row,
        answers=answers,
        reached=outcomes.say_line(line) if line is not None else None,
        place=registrations.place_in_line(row),
        passed=_passes([row]).get(row.id),
        arrivals=attendances.arrivals([row]).get(row.id, []),
        comments=registrations.open_comments(row),
        said=registrations.all_comments(row),
        names={field.key: str(field.label) for field, _said in answers}
        | {key: str(name) for key, name in registrations.PERSONAL.items()},
        behalf=stamped_copies.behalf_of(row),
        verb=VerbForm(),
        moment=clock.now(),
    )


@door.both("/registration/<code>/edit", policy=policy.signed_in, uploads=True)
def edit(code: str) -> Any:
    """Mend what was returned, or what nobody has reviewed yet."""
    row = registrations.get_own(web.principal(), code)
    before = questionnaires.entry_of(row.answer)
    asks = (
        questionnaires.of_answer(row.answer, row.activity) if row.answer else questionnaires.of(row.activity)
    )
    form = RegistrationForm.of(asks, base=before, locale=locale())
    if form.validate_on_submit():
        with web.refusals(form, NotEligible="category"):
            with web.writing(form) as answer:
                registrations.amend(row, said(form), stamp=web.stamp())
                answer.go("registration.show", code=row.code, flash=_("已重新提交。"))
            return answer.response
    return web.page("registration/edit.html", form=form, row=row, comments=registrations.open_comments(row))


@door.both("/registration/<code>/withdraw", policy=policy.signed_in)
def withdraw(code: str) -> Any:
    """退赛, asked once more: the place is gone at once."""
    row = registrations.get_own(web.principal(), code)
    form = WithdrawForm()
    if form.validate_on_submit():
        waited = row.state in (State.WAITLISTED, State.OFFERED)
        is_contest = row.activity.kind is Kind.COMPETITION
        left = _("已退赛，名额已释放。") if is_contest else _("已取消报名，名额已释放。")
        said = _("已放弃候补。") if waited else left
        with web.refusals(form):
            with web.writing(form) as answer:
                registrations.withdraw(row, note=form.note.data or "", stamp=web.stamp())
                answer.go("registration.mine", flash=said)
            return answer.response
    return web.page(
        "registration/withdraw.html",
        form=form,
        row=row,
        found=consequences.of_entries([row], web.stamp()),
        short=registrations.would_lack(row),
    )


@door.post("/registration/<code>/offer", policy=policy.signed_in)
def accept_offer(code: str) -> Any:
    """Take the place that came free. A team's or class's is taken by whoever speaks for it."""
    row = registrations.get_own(web.principal(), code)
    party = row.party
    is_placed_whole = party is not None and party.kind is not PartyKind.DELEGATION
    if party is not None and is_placed_whole and not parties.may_manage(web.principal(), party):
        raise Denied
    with web.writing() as answer:
        registrations.accept_offer(row, stamp=web.stamp())
        answer.go("registration.show", code=row.code, flash=_("名额已为您保留。"))
    return answer.response


def mask(person: Person) -> str:
    """The masked number of the document that identifies a person."""
    document = person.document
    return documents.mask(document.type, document.number) if document else ""
