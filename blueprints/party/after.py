"""Doors of a party that was sent: an offer, a substitution, somebody who goes or comes late."""

from typing import Any

from blueprints import consequences, policy, web
from blueprints.party.room import account, door, home
from forms.party import NoteForm, OfferForm, ReplaceForm
from models.party import Party, PartyMember, Role
from models.registration import Registration
from models.registration import State as Entry
from services import party as parties
from services.stamp import clock
from services.text import _


@door.both("/party/<code>/offer", policy=policy.signed_in)
def offer(code: str) -> Any:
    """Places came free: all come, or those who are ticked."""
    party = parties.get_managed(web.principal(), code)
    rows = parties.offered(party)
    form = OfferForm(
        people=[(row.code, row.person.name) for row in rows], data={"keep": [row.code for row in rows]}
    )
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                keep = [row for row in rows if row.code in form.keep.data]
                parties.accept_offer(party, keep, stamp=web.stamp())
                answer.go(**home(party), flash=_("名额已保留。"))
            return answer.response
    return web.page("party/offer.html", form=form, party=party, rows=rows, home=home(party))


@door.both("/party/<code>/entry/<entry>/replace", policy=policy.signed_in)
def replace(code: str, entry: str) -> Any:
    """更换选手: what it means, who comes, why."""
    party = parties.get_managed(web.principal(), code)
    out = parties.get_entry(party, entry)
    comes = _comes(party, out)
    form = ReplaceForm(people=[(row.code, _named(row)) for row in comes])
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                to = next(row for row in comes if row.code == form.comes.data)
                parties.replace(party, out, to, by=account(), note=form.note.data, stamp=web.stamp())
                answer.go(**home(party), flash=_("已更换，新选手的资格会重新审核。"))
            return answer.response
    return web.page(
        "party/replace.html",
        form=form,
        party=party,
        out=out,
        comes=comes,
        home=home(party),
        final_at=parties.final_at(party.track),
        moment=clock.now(),
    )


def _comes(party: Party, out: Registration) -> list[Registration | PartyMember]:
    """Who may take the place: those who stand by, in order, and those on the list who are not entered."""
    standing = [
        row for row in parties.entries(party, live=True) if row.state is Entry.STANDBY and row is not out
    ]
    return [*standing, *parties.here(party)]


def _named(row: Registration | PartyMember) -> str:
    if isinstance(row, Registration):
        return str(_("%(name)s（替补）", name=row.person.name))
    return str(_("%(name)s（尚未报名）", name=row.person.name))


@door.both("/party/<code>/entry/<entry>/withdraw", policy=policy.signed_in)
def withdraw_one(code: str, entry: str) -> Any:
    """One of a party goes: what follows from it, then the button."""
    party = parties.get_managed(web.principal(), code)
    out = parties.get_entry(party, entry)
    form = NoteForm()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.withdraw_one(party, out, form.note.data or "", stamp=web.stamp())
                answer.go(**home(party), flash=_("已办理退出，已通知本人。"))
            return answer.response
    return web.page(
        "party/withdraw_one.html",
        found=consequences.of_entries([out], web.stamp()),
        form=form,
        party=party,
        out=out,
        home=home(party),
        left=parties.left_without(party, out),
        counts=out.party_role is not Role.SUBSTITUTE,
    )


@door.post("/party/<code>/member/<member>/enter", policy=policy.signed_in)
def add_late(code: str, member: str) -> Any:
    """Before the team is frozen, somebody who came by the link is entered too."""
    party = parties.get_managed(web.principal(), code)
    line = parties.get_member(party, member)
    with web.writing() as answer:
        parties.add_late(party, line, by=account(), stamp=web.stamp())
        answer.go(**home(party), flash=_("已加入报名。"))
    return answer.response
