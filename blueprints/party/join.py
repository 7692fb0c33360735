"""Doors of a team's link: what it asks one into, and joining."""

from typing import Any

from flask import redirect, request, url_for

from blueprints import policy, web
from blueprints.party import answers
from blueprints.party.room import account, all_stand, door, few, own_person, to_identity
from forms.party import JoinForm
from models.party import Party, Role, State
from services import party as parties
from services.person.names import mask_name
from services.stamp import clock
from services.text import _


@door.get("/team/<token>", policy=policy.everyone)
@few
def invitation(token: str) -> Any:
    """Team, contest and who invites. Whoever is not signed in is shown the way."""
    party = parties.by_token(token)
    person_id = web.principal().person_id
    if person_id is not None and parties.member_of(party, person_id) is not None:
        return redirect(url_for("party.show", code=party.code))
    return web.page(
        "party/invitation.html",
        party=party,
        captain=mask_name(party.owner.display_name),
        count=parties.count(party),
        join=url_for("party.join", token=token),
        is_open=_is_open(party),
    )


def _is_open(party: Party) -> bool:
    if party.state is State.SENT:
        return parties.may_replace(party, clock.now())
    return party.track.is_open(clock.now())


@door.both("/team/<token>/join", policy=policy.signed_in, uploads=True)
@few
def join(token: str) -> Any:
    """One's own answers, and as what one joins."""
    party = parties.by_token(token)
    person = own_person(party.track)
    if person is None:
        return to_identity()
    if request.method == "GET" and parties.member_of(party, person.id) is not None:
        return redirect(url_for("party.show", code=party.code))
    form, asked = JoinForm(roles=_roles(party)), answers.form_of(party.track, person)
    if all_stand(form, asked):
        with web.refusals(form):
            with web.writing(form) as answer:
                parties.join(party, person, answers.said(asked), form.role(), by=account(), stamp=web.stamp())
                answer.go("party.show", code=party.code, flash=_("您已加入“%(name)s”。", name=party.name))
            return answer.response
    return web.page("party/join.html", form=form, asked=asked, party=party, person=person)


def _roles(party: Party) -> list[Role]:
    """What there is room for; a team that is full still says so itself."""
    count = parties.count(party)
    if party.state is State.SENT:
        return [Role.SUBSTITUTE]
    roles = [Role.MEMBER] if count.has_room or not count.has_room_aside else []
    return roles + ([Role.SUBSTITUTE] if count.has_room_aside else [])
