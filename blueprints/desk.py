"""The organisers' desk: what waits for me, the activities, and their life step by step."""

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, request, url_for

from blueprints import consequences, offers, policy, waiting, web
from forms.activity import ActivityForm, CancelForm, DecisionForm, SessionForm, StepForm, TrackForm
from models.account import Role
from models.activity import Activity, Session, State
from models.person import Category
from services import activity as activities
from services import attendance as attendances
from services import booking as bookings
from services import outcome as outcomes
from services import pipeline as pipelines
from services import registration as registrations
from services import words
from services.access import Principal
from services.activity import prose
from services.indicator import words as rule_words
from services.stamp import Stamp, clock
from services.text import Sentence, _

door = web.Door("desk", __name__)

reading = policy.holding(*activities.READ, *activities.APPROVE)
running = policy.holding(*activities.RUN)
approving = policy.holding(*activities.APPROVE)

LIFE = (State.DRAFT, State.PENDING_APPROVAL, State.APPROVED, State.PUBLISHED, State.HELD, State.ARCHIVED)


# --- the desk --------------------------------------------------------------------------------------


@door.get("/desk", policy=policy.signed_in)
def index() -> Any:
    """What waits for me. Who does not work here is led to their own registrations."""
    who = web.principal()
    if not who.is_staff:
        return redirect(url_for("registration.mine"), 302)
    now = clock.now()
    return web.page(
        "desk/index.html",
        running=activities.counts(who, now=now).running,
        rows=waiting.rows(who, now),
        reserve=_reserve(who),
        week=activities.week(who, now=now),
        may_run=who.may(activities.RUN),
        may_list=who.may(activities.READ | activities.APPROVE),
        may_review=who.may(registrations.REVIEWERS),
        today=now,
    )


def _reserve(who: Principal) -> dict[str, Any] | None:
    """The year's reserve beside the work, for those who may see it."""
    if not who.may(pipelines.READERS):
        return None
    year, target = clock.today().year, pipelines.target()
    found = pipelines.funnel(year)
    return {"year": year, "target": int(target.target) if target else None, **found}


@door.get("/desk/activities", policy=reading)
def listing() -> Response:
    state = request.args.get("state", "")
    text = request.args.get("q", "").strip()[:60]
    chosen = State(state) if state in list(State) else None
    return web.page(
        "desk/activities.html",
        found=activities.of_desk(web.principal(), chosen, text, web.page_number()),
        state=chosen,
        text=text,
        states=list(State),
        may_run=web.principal().may(activities.RUN),
    )


# --- one activity ----------------------------------------------------------------------------------


@door.both("/desk/activity/new", policy=running)
def create() -> Any:
    offered = offers.of_activity(web.principal())
    form = ActivityForm(offers=offered)
    if form.validate_on_submit() and (lead := _lead(form)):
        with web.refusals(form, NoSuchUnit="organiser", EndsBeforeStart="ends_at"):
            with web.writing(form) as answer:
                entry = form.entry(lead=lead)
                made = activities.draft(entry, by=web.principal(), stamp=web.stamp())
                answer.go("desk.show", code=made.code, flash=_("草稿已保存。请接着添加报名项目和场次。"))
            return answer.response
    return web.page("desk/edit.html", form=form, activity=None, feeds=_feeds_of(form), rules=rule_words)


@door.get("/desk/activity/feeds", policy=running)
def feeds() -> Response:
    """Which indicators an activity like this would feed: a piece of the form's page."""
    profile = offers.profile_asked(request.args)
    return web.page("desk/_feeds.html", feeds=offers.feeds_of(profile), rules=rule_words)


@door.get("/desk/activity/<code>", policy=reading)
def show(code: str) -> Response:
    return _overview(activities.get_read(web.principal(), code), StepForm())


@door.both("/desk/activity/<code>/edit", policy=running)
def edit(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    offered = offers.of_activity(web.principal(), activity)
    form = ActivityForm(offers=offered, data=ActivityForm.values_of(activity))
    if form.validate_on_submit() and (lead := _lead(form)):
        with web.refusals(form, NoSuchUnit="host", EndsBeforeStart="ends_at"):
            with web.writing(form) as answer:
                entry = form.entry(lead=lead, organiser=activity.organiser.code)
                activities.edit(activity, entry, version=form.seen_version(), stamp=web.stamp())
                answer.go("desk.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page("desk/edit.html", form=form, activity=activity, feeds=_feeds_of(form), rules=rule_words)


def _lead(form: ActivityForm) -> str:
    """The department to approve: the one chosen, else the lead of the clause. Empty, and said, where none is known."""
    lead = form.lead.data or offers.lead_of_clause(form.clause_number())
    if not lead:
        form.refuse(_("请选择牵头部门，或选择所属重点任务"), "lead")
    return lead or ""


def _feeds_of(form: ActivityForm) -> offers.Feeds:
    return offers.feeds_of(offers.profile_said(form.data))


def _overview(activity: Activity, form: StepForm) -> Response:
    who, now = web.principal(), clock.now()
    may_run = activities.may_run(who, activity)
    queued = registrations.waiting_counts(who) if who.may(registrations.REVIEWERS) else []
    sheets = outcomes.sheets_of(activity)
    return web.page(
        "desk/show.html",
        form=form,
        activity=activity,
        may_run=may_run,
        may_approve=activities.may_approve(who, activity),
        missing=activities.missing(activity, now) if activity.state in (State.DRAFT, State.APPROVED) else [],
        life=LIFE,
        description=prose.blocks(activity.description),
        feeds=offers.feeds_of(offers.profile_of(activity)),
        rules=rule_words,
        clause=offers.clause(activity.clause),
        tags=offers.tag_names(activity.tags),
        people=[words.label(Category(value)) for value in activity.audience],
        door=_door_of(activity),
        waiting=sum(each.count for each in queued if each.activity.id == activity.id),
        may_review=who.may(registrations.REVIEWERS, activity.scopes),
        sheets=sheets,
        unfinished=outcomes.unfinished(activity, sheets),
        shows_outcomes=outcomes.has_sheet(activity)
        and outcomes.takes(activity)
        and who.may(outcomes.CONFIRM, activity.scopes),
        write_notices=who.may([Role.ORGANISER], activity.scopes),
    )


def _door_of(activity: Activity) -> tuple[Session | None, attendances.Tally] | None:
    """The sitting that is checked in now or next, and how many are there: for those who may stand at its door."""
    if activity.state not in (State.PUBLISHED, State.HELD):
        return None
    if not web.principal().may(attendances.CHECKERS, activity.scopes):
        return None
    sitting = attendances.usual_sitting(activity.sessions, clock.now())
    return sitting, attendances.count(activity, sitting)


# --- tracks ----------------------------------------------------------------------------------------

TRACK_FIELDS = {
    "SameName": "name",
    "BelowTaken": "capacity",
    "BadCapacity": "capacity",
    "ClosesBeforeOpening": "closes_at",
    "ClosesAfterStart": "closes_at",
    "BornTheWrongWay": "born_until",
    "BadTeam": "team_most",
    "BadLimit": "unit_limit",
    "FinalTooLate": "final_at",
    "UnknownUnit": "units",
}


@door.both("/desk/activity/<code>/track", policy=running)
def add_track(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    now = clock.now().replace(second=0, microsecond=0)
    form = TrackForm(
        data={
            "opens_at": now,
            "closes_at": activity.starts_at,
            "has_waiting_list": True,
            "needs_review": True,
        }
        | {"needs_document": activity.kind in offers.WITH_DOCUMENTS}
    )
    if form.validate_on_submit():
        with web.refusals(form, **TRACK_FIELDS):
            with web.writing(form) as answer:
                activities.add_track(activity, form.entry(), stamp=web.stamp())
                answer.go("desk.show", code=code, flash=_("报名项目已添加。"))
            return answer.response
    return web.page("desk/track.html", form=form, activity=activity, track=None, remove=None)


@door.both("/desk/activity/<code>/track/<track_code>", policy=running)
def edit_track(code: str, track_code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    track = activities.get_track(activity, track_code)
    form = TrackForm(data=TrackForm.values_of(track))
    if form.validate_on_submit():
        with web.refusals(form, **TRACK_FIELDS):
            with web.writing(form) as answer:
                registrations.edit_track(track, form.entry(), stamp=web.stamp())
                answer.go("desk.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page(
        "desk/track.html", form=form, activity=activity, track=track, remove=StepForm(formdata=None)
    )


@door.post("/desk/activity/<code>/track/<track_code>/remove", policy=running)
def remove_track(code: str, track_code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    track = activities.get_track(activity, track_code)
    return _step(activity, lambda stamp: activities.remove_track(track, stamp=stamp), _("报名项目已删除。"))


# --- sessions --------------------------------------------------------------------------------------

SESSION_FIELDS = {"OutsideActivity": "starts_at", "NoSuchVenue": "venue", "EndsBeforeStart": "ends_at"}


@door.both("/desk/activity/<code>/session", policy=running)
def add_session(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    form = SessionForm(
        venues=offers.venues(),
        tracks=[(track.code, track.name) for track in activity.tracks],
        data={"starts_at": activity.starts_at, "ends_at": activity.ends_at},
    )
    if form.validate_on_submit():
        with web.refusals(form, **SESSION_FIELDS):
            with web.writing(form) as answer:
                activities.add_session(activity, form.entry(), stamp=web.stamp())
                answer.go("desk.show", code=code, flash=_("场次已添加。"))
            return answer.response
    return web.page("desk/session.html", form=form, activity=activity, session=None, remove=None)


@door.both("/desk/activity/<code>/session/<session_code>", policy=running)
def edit_session(code: str, session_code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    session = activities.get_session(activity, session_code)
    form = SessionForm(
        venues=offers.venues(session.venue),
        tracks=[(track.code, track.name) for track in activity.tracks],
        data=SessionForm.values_of(session),
    )
    if form.validate_on_submit():
        with web.refusals(form, **SESSION_FIELDS):
            with web.writing(form) as answer:
                activities.edit_session(session, form.entry(), stamp=web.stamp())
                answer.go("desk.show", code=code, flash=_("已保存。"))
            return answer.response
    return web.page(
        "desk/session.html", form=form, activity=activity, session=session, remove=StepForm(formdata=None)
    )


@door.post("/desk/activity/<code>/session/<session_code>/remove", policy=running)
def remove_session(code: str, session_code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    session = activities.get_session(activity, session_code)
    return _step(activity, lambda stamp: activities.remove_session(session, stamp=stamp), _("场次已删除。"))


# --- the life of an activity -----------------------------------------------------------------------


@door.post("/desk/activity/<code>/submit", policy=running)
def submit(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    said = _("已提交审批。审批结果会通知您。")
    return _step(activity, lambda stamp: activities.submit(activity, by=web.principal(), stamp=stamp), said)


@door.post("/desk/activity/<code>/publish", policy=running)
def publish(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    said = _("已发布，公众现在可以看到。")
    return _step(activity, lambda stamp: activities.publish(activity, stamp=stamp), said)


@door.post("/desk/activity/<code>/held", policy=running)
def mark_held(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    said = _("已登记为举办完毕。")
    return _step(activity, lambda stamp: activities.mark_held(activity, stamp=stamp), said)


@door.post("/desk/activity/<code>/archive", policy=running)
def archive(code: str) -> Any:
    activity = activities.get_run(web.principal(), code)
    return _step(activity, lambda stamp: activities.archive(activity, stamp=stamp), _("已归档。"))


@door.both("/desk/activity/<code>/approve", policy=approving)
def approve(code: str) -> Any:
    """Read what was handed in, and decide."""
    activity = activities.get_approve(web.principal(), code)
    form = DecisionForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="note"):
            with web.writing(form) as answer:
                if form.decision.data == "approve":
                    activities.approve(activity, by=web.principal(), stamp=web.stamp())
                    answer.go("desk.index", flash=_("已批准。承办单位会收到通知。"))
                else:
                    activities.send_back(
                        activity, form.note.data or "", by=web.principal(), stamp=web.stamp()
                    )
                    answer.go("desk.index", flash=_("已退回。承办单位会收到您的意见。"))
            return answer.response
    return web.page(
        "desk/approve.html",
        form=form,
        activity=activity,
        description=prose.blocks(activity.description),
        feeds=offers.feeds_of(offers.profile_of(activity)),
        rules=rule_words,
        clause=offers.clause(activity.clause),
        tags=offers.tag_names(activity.tags),
        people=[words.label(Category(value)) for value in activity.audience],
    )


@door.both("/desk/activity/<code>/cancel", policy=running)
def cancel(code: str) -> Any:
    """Call it off, after seeing whom that concerns."""
    activity = activities.get_run(web.principal(), code)
    form = CancelForm()
    if form.validate_on_submit():
        with web.refusals(form, NoReason="reason"):
            with web.writing(form) as answer:
                outcomes.call_off(activity, form.reason.data, stamp=web.stamp())
                bookings.end_season(activity, form.reason.data, stamp=web.stamp())
                answer.go("desk.show", code=code, flash=_("活动已取消，已报名的人会收到通知。"))
            return answer.response
    affected = activities.affected(activity)
    return web.page(
        "desk/cancel.html",
        form=form,
        activity=activity,
        affected=affected,
        found=consequences.of_activity(activity, web.stamp()),
    )


def _step(activity: Activity, verb: Callable[[Stamp], object], said: Sentence) -> Any:
    """One verb behind one button; a refusal is shown on the page of the activity."""
    form, code = StepForm(), activity.code
    if form.validate_on_submit():
        with web.refusals(form):
            with web.writing(form) as answer:
                verb(web.stamp())
                answer.go("desk.show", code=code, flash=said)
            return answer.response
    return _overview(activities.get_run(web.principal(), code), form)
