"""The public doors of activities: the list, one activity, calendars, text for a group chat."""

from typing import Any

from flask import Response, current_app, request, url_for

from blueprints import policy, web
from models.activity import Activity, Division, Industry, Kind
from models.person import Category
from services import activity as activities
from services import indicator as indicators
from services import words
from services.activity import Query, calendar, leaflet, prose, standing
from services.activity import notice as notices
from services.stamp import clock
from services.text import _

door = web.Door("activity", __name__)

CHIPS = (Kind.COMPETITION, Kind.FORUM, Kind.TRAINING_CLASS, Kind.EXPERIENCE)
"""Kinds that stand above the list; the others are among the filters."""
MANY_TRACKS = 6
LONGEST = 60
FILTERS = ("industry", "audience", "town", "venue", "month", "when")


@door.get("/", policy=policy.everyone, cached=True)
def index() -> Response:
    query = _query()
    now = clock.now()
    found = activities.search(query, now=now)
    plan = indicators.current_plan(clock.today())
    venues = activities.venues()
    return web.page(
        "activity/index.html",
        found=found,
        query=query,
        kinds=CHIPS,
        more_kinds=[kind for kind in Kind if kind not in CHIPS],
        venues=venues,
        towns=sorted({venue.town for venue in venues if venue.town}),
        months=_months(),
        industries=words.choices(Industry),
        audiences=words.choices(Category),
        is_narrowed=any(request.args.get(name) for name in (*FILTERS, "q", "kind")),
        is_folded=not any(request.args.get(name) for name in FILTERS if name != "when"),
        feed_query=_feed_query(),
        standing=lambda activity: standing.of_activity(activity, now),
        note=_note,
        plan=plan,
        notices=notices.latest(),
    )


@door.get("/activity/<code>", policy=policy.everyone, cached=True)
def show(code: str) -> Response:
    activity, now = activities.get_public(code), clock.now()
    divisions = sorted(
        {track.division for track in activity.tracks if track.division}, key=list(Division).index
    )
    division = _choice(Division, request.args.get("division", ""))
    url = public_url("activity.show", code=activity.code)
    return web.page(
        "activity/show.html",
        activity=activity,
        standing=standing.of_activity(activity, now),
        track_standing=lambda track: standing.of_track(track, now),
        tracks=[track for track in activity.tracks if division is None or track.division == division],
        division=division,
        divisions=divisions if len(divisions) > 1 else [],
        is_compact=len(activity.tracks) >= MANY_TRACKS,
        description=prose.blocks(activity.description),
        what_to_bring=prose.blocks(activity.what_to_bring),
        notices=[notice for notice in activity.notices if notice.is_public],
        leaflet=leaflet.of_activity(activity, url, now=now),
        timeline=_timeline(activity),
    )


@door.get("/activity/<code>/text", policy=policy.everyone)
def text(code: str) -> Response:
    """The activity as plain text, to be copied."""
    activity = activities.get_public(code)
    said = leaflet.of_activity(activity, public_url("activity.show", code=code), now=clock.now())
    return Response(said + "\n", 200, content_type="text/plain; charset=utf-8")


@door.get("/activity/calendar.ics", policy=policy.everyone)
def feed() -> Response:
    """What the list shows, as a calendar to subscribe to."""
    return as_calendar(_feed())


@door.get("/activity/<code>.ics", policy=policy.everyone)
def event(code: str) -> Response:
    """One activity for one's own calendar."""
    return as_calendar(_event(code=code))


@web.page_cached
def _feed() -> Response:
    found = activities.listing(_query(), now=clock.now())
    return Response(calendar.feed(found, _url_of, str(_("永川技能活动"))))


@web.page_cached
def _event(code: str) -> Response:
    activity = activities.get_public(code)
    return Response(calendar.feed([activity], _url_of, activity.title))


def as_calendar(made: Any) -> Response:
    """The page cache knows bodies only: the type is said here."""
    response: Response = current_app.make_response(made)
    if response.status_code == 200:
        response.content_type = "text/calendar; charset=utf-8"
    return response


def public_url(endpoint: str, **values: Any) -> str:
    """An address that works outside this site: in a calendar, in a chat."""
    base: str = current_app.extensions["yongjiang"].public_base_url
    return base.rstrip("/") + url_for(endpoint, **values)


def _url_of(activity: Activity) -> str:
    return public_url("activity.show", code=activity.code)


def _query() -> Query:
    """What the address asks for. What is not known is not asked."""
    args = request.args
    month = args.get("month", "")
    when = args.get("when", "")
    return Query(
        kind=_choice(Kind, args.get("kind", "")),
        industry=_choice(Industry, args.get("industry", "")),
        audience=_choice(Category, args.get("audience", "")),
        town=args.get("town", "")[:LONGEST].replace("\0", ""),
        venue=args.get("venue", "")[:LONGEST].replace("\0", ""),
        month=month,
        text=args.get("q", "").strip()[:LONGEST],
        when="past" if when == "past" else "all" if month else "upcoming",
        page=web.page_number(),
    )


def _choice(kind: Any, value: str) -> Any:
    return kind(value) if value in list(kind) else None


def _feed_query() -> dict[str, str]:
    kept = ("kind", "industry", "audience", "town", "venue", "q")
    return {name: request.args[name][:LONGEST] for name in kept if request.args.get(name)}


def _months() -> list[str]:
    """This month and the eleven that follow, as 2026-12."""
    today = clock.today()
    first = today.year * 12 + today.month - 1
    return [f"{(first + n) // 12}-{(first + n) % 12 + 1:02d}" for n in range(12)]


def _note(activity: Activity) -> str:
    """The soft line of a card: contests and divisions, place, span of days."""
    parts: list[object] = []
    if activity.kind is Kind.COMPETITION and len(activity.contests) > 1:
        parts.append(_("%(n)s 个赛项", n=len(activity.contests)))
        present = {track.division for track in activity.tracks}
        parts.append(
            str(_("、")).join(str(words.label(division)) for division in Division if division in present)
        )
    else:
        parts.append(activity.summary.rstrip("。"))
    venues = activity.venues
    if len(venues) > 1:
        parts.append(_("%(name)s等 %(n)s 处", name=venues[0].name, n=len(venues)))
    elif venues:
        parts.append(venues[0].name)
    parts.append(words.say_span(activity.starts_at, activity.ends_at, this_year=clock.today().year))
    return " · ".join(str(part) for part in parts if part)


def _timeline(activity: Activity) -> list[tuple[str, str, str]]:
    """Closing of registration and the sessions, in order, as rows for the timeline."""
    now, year = clock.now(), clock.today().year
    rows: list[tuple[Any, str, str, bool]] = []
    if activity.closes_at is not None:
        rows.append((activity.closes_at, str(_("报名截止")), "", activity.closes_at < now))
    for session in activity.sessions:
        place = " ".join(part for part in (session.venue.name if session.venue else "", session.room) if part)
        about = session.title
        if session.track and session.track.name not in session.title:
            about = str(_("%(name)s（%(more)s）", name=session.title, more=session.track.name))
        rows.append((session.starts_at, about, place, session.ends_at < now))
    rows.sort(key=lambda row: row[0])
    return [
        ("done" if is_over else "next", f"{words.say_moment(moment, this_year=year)} {about}", place)
        for moment, about, place, is_over in rows
    ]
