"""Doors of places and their stations, for those who look after them. The public meets a place on activity
pages.
"""

from typing import Any

from flask import redirect, request, url_for

from blueprints import policy, web
from forms.base import Form
from forms.venue import StationsForm, VenueForm
from models.account import ScopeKind
from models.organisation import Organisation
from models.venue import Venue
from services import organisation as organisations
from services import venue as venues
from services.access import Principal
from services.text import _
from services.venue import KEEPERS

door = web.Door("venue", __name__)

keepers = policy.holding(*KEEPERS)


@door.get("/venue", policy=keepers)
def index() -> Any:
    text, closed = request.args.get("q", "")[:100], request.args.get("closed") == "1"
    return web.page(
        "venue/index.html",
        venues=venues.listing(text, closed=closed),
        text=text,
        closed=closed,
        may_run=lambda venue: venues.may_run(web.principal(), venue),
    )


@door.both("/venue/new", policy=keepers)
def create() -> Any:
    owners = _owners(web.principal())
    form = VenueForm(owners=_choices(owners, web.principal()))
    if form.validate_on_submit():
        owner = next((unit for unit in owners if unit.code == form["owner"].data), None)
        with web.refusals(form, NameTaken="name"):
            with web.writing(form) as answer:
                venue = venues.open(form.entry(), owner, by=web.principal(), stamp=web.stamp())
                answer.go("venue.show", code=venue.code, flash=_("场地已登记，可以添加工位。"))
            return answer.response
    return web.page("venue/form.html", form=form, venue=None)


@door.get("/venue/<code>", policy=keepers)
def show(code: str) -> Any:
    """Its facts are public; what may be changed shows only to whoever looks after it."""
    return _show(venues.get(code), StationsForm())


def _show(venue: Venue, form: StationsForm) -> Any:
    runs = venues.may_run(web.principal(), venue)
    return web.page("venue/show.html", venue=venue, runs=runs, form=form, verb=Form())


@door.both("/venue/<code>/edit", policy=keepers)
def edit(code: str) -> Any:
    venue = venues.get_run(web.principal(), code)
    form = VenueForm(data=_known(venue))
    if form.validate_on_submit():
        with web.refusals(form, NameTaken="name"):
            with web.writing(form) as answer:
                venues.edit(venue, form.entry(), version=form["version"].data or 0, stamp=web.stamp())
                answer.go("venue.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("venue/form.html", form=form, venue=venue)


@door.both("/venue/<code>/close", policy=keepers)
def close(code: str) -> Any:
    venue = venues.get_run(web.principal(), code)
    form = Form()
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                venues.close(venue, stamp=web.stamp())
                answer.go("venue.show", code=code, flash=_("场地已停用。"))
            return answer.response
    return web.page("venue/close.html", form=form, venue=venue)


@door.post("/venue/<code>/reopen", policy=keepers)
def reopen(code: str) -> Any:
    venue = venues.get_run(web.principal(), code)
    form = Form()
    if form.validate_on_submit():
        with web.writing(form) as answer:
            venues.reopen(venue, stamp=web.stamp())
            answer.go("venue.show", code=code, flash=_("场地已恢复使用。"))
        return answer.response
    return redirect(url_for("venue.show", code=code), 303)


@door.post("/venue/<code>/stations", policy=keepers)
def add_stations(code: str) -> Any:
    venue = venues.get_run(web.principal(), code)
    form = StationsForm()
    if form.validate_on_submit():
        with web.refusals(form, TooManyStations="count"):
            with web.writing(form) as answer:
                venues.add_stations(
                    venue, form["count"].data, form["equipment"].data or "", stamp=web.stamp()
                )
                answer.go("venue.show", code=code, flash=_("工位已添加。"))
            return answer.response
    return _show(venue, form)


@door.both("/venue/<code>/station/<station>", policy=keepers)
def station(code: str, station: str) -> Any:
    """One station: out of use, in use again, or away."""
    venue = venues.get_run(web.principal(), code)
    row = venues.get_station(venue, station)
    form = Form()
    if form.validate_on_submit():
        wanted = request.form.get("action", "")
        with web.refusals(form):
            with web.writing(form) as answer:
                if wanted == "remove":
                    venues.remove_station(venue, row, stamp=web.stamp())
                else:
                    venues.set_out_of_use(venue, row, wanted == "stop", stamp=web.stamp())
                answer.go("venue.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("venue/station.html", form=form, venue=venue, station=row)


def _known(venue: Venue) -> dict[str, Any]:
    return {
        "name": venue.name,
        "address": venue.address,
        "town": venue.town,
        "seats": venue.seats,
        "getting_there": venue.getting_there,
        "version": venue.version,
    }


def _owners(principal: Principal) -> list[Organisation]:
    """The units in whose name they may open a place."""
    codes = principal.scope_codes(KEEPERS, ScopeKind.ORGANISATION)
    return sorted((organisations.get(code) for code in codes), key=lambda unit: unit.name)


def _choices(owners: list[Organisation], principal: Principal) -> list[tuple[str, str]]:
    district = [("", str(_("区级公共场地")))] if principal.is_district_wide(KEEPERS) else []
    return district + [(unit.code, unit.name) for unit in owners]
