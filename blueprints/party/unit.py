"""Doors of a unit that enters people: 单位报名, and asking for seats."""

from typing import Any

from blueprints import policy, web
from blueprints.party.room import account, door
from forms.party import AskForm, ListForm
from models.activity import EntryMode
from models.party import Kind, State
from services import activity as activities
from services import intake as intakes
from services import organisation as organisations
from services import party as parties
from services import registration as registrations
from services import roster as rosters
from services.access import Principal
from services.errors import Denied
from services.party.refusals import NotForUnits
from services.stamp import clock
from services.text import _


@door.get("/organisation/<code>/entries", policy=policy.signed_in)
def unit(code: str) -> Any:
    """单位报名: the unit's lists, and every activity a unit may enter people for."""
    own = managed(web.principal(), code)
    now = clock.now()
    lists = parties.lists_of(own)
    return web.page(
        "party/unit.html",
        unit=own,
        lists=[party for party in lists if party.kind is not Kind.TEAM],
        teams=[party for party in lists if party.kind is Kind.TEAM],
        short=registrations.lacking(party.id for party in lists if party.kind is Kind.TEAM),
        standing={party.track_id: party for party in lists if party.kind is Kind.DELEGATION},
        activities=parties.open_to_units(now),
        to_recommend=len(parties.to_recommend(own)),
        waiting=[
            *(row for row in parties.waiting(web.principal(), now=now) if row.endpoint != "party.seats"),
            *intakes.waiting_of_units(web.principal(), own),
        ],
        listed=rosters.activities_of(own),
        needs_seats=parties.needs_seats,
        entries=parties.entries,
        moment=now,
    )


def managed(principal: Principal, code: str) -> Any:
    """A unit one speaks for: its managers alone, and not the desk that opened it."""
    own = organisations.get_own(principal, code)
    if not organisations.manages(principal, own):
        raise Denied
    return own


@door.both("/organisation/<code>/entries/<track_code>", policy=policy.signed_in)
def ask(code: str, track_code: str) -> Any:
    """One track: ask for seats, or begin the list at once where seats are not asked for."""
    own = managed(web.principal(), code)
    track = activities.get_track_public(track_code)
    if track.mode is EntryMode.TEAM:
        raise NotForUnits
    standing = parties.list_of(track, own) if track.mode is EntryMode.UNIT else None
    asks = track.mode is EntryMode.UNIT and (parties.needs_seats(track) or standing is not None)
    form: Any
    if track.mode is not EntryMode.UNIT:
        form = ListForm()
    else:
        known = {"seats": standing.asked, "reason": standing.reason} if standing is not None else {}
        form = AskForm(data=known)
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                if track.mode is EntryMode.UNIT:
                    made = parties.ask(
                        track, own, form.seats.data, form.reason.data, by=account(), stamp=web.stamp()
                    )
                    answer.go("party.roll", code=made.code, flash=_("名额申请已提交，可先准备名单。"))
                else:
                    made = parties.make_list(track, own, form.name.data, by=account(), stamp=web.stamp())
                    answer.go("party.roll", code=made.code, flash=_("名单已建好，请添加人员。"))
            return answer.response
    return web.page(
        "party/ask.html",
        form=form,
        unit=own,
        track=track,
        standing=standing,
        asks=asks,
        is_settled=standing is not None and standing.state is not State.GATHERING,
        given=parties.allotted(track),
    )


@door.post("/organisation/<code>/entries/<track_code>/list", policy=policy.signed_in)
def begin(code: str, track_code: str) -> Any:
    """A unit's list where no seats are asked for."""
    own = managed(web.principal(), code)
    track = activities.get_track_public(track_code)
    if track.mode is not EntryMode.UNIT:
        raise NotForUnits
    with web.writing() as answer:
        made = parties.make_list(track, own, by=account(), stamp=web.stamp())
        answer.go("party.roll", code=made.code)
    return answer.response
