"""Scenes in the life of an activity: from its draft to the archive, and what is said about it in public."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa

from app.demo import papers, setting
from app.demo.programme import Life, Planned
from app.demo.stage import Stage, principal, stamp_by
from app.demo.story import Step, Stepped
from models.account import Account, Role, ScopeKind
from models.activity import Activity, NoticeKind, Track
from models.base import db
from models.person import Person
from models.registration import Registration, State
from services import activity as activities
from services import registration as registrations
from services import upload as uploads
from services.activity import ActivityEntry, NoticeEntry, SessionEntry, TrackEntry
from services.activity import notice as notices
from services.stamp import Stamp

FACTS = (
    "kind", "title", "summary", "description", "what_to_bring", "level", "series", "industry", "clause", "tags",
    "skill_level", "audience", "co_organisers", "starts_at", "ends_at", "contact_phone",
)  # fmt: skip
"""What an entry takes over as it was planned."""


def step(stage: Stage, event: Stepped) -> None:
    planned = stage.programme[event.activity]
    runner = stage.actor(planned.organiser, Role.ORGANISER)
    if event.step is Step.DRAFT:
        draft(stage, planned, runner, event.at)
        return
    activity, stamp = stage.activity(event.activity), stamp_by(runner, event.at)
    match event.step:
        case Step.APPROVE | Step.SEND_BACK:
            decide(stage, planned, activity, event)
        case Step.ANNOUNCE:
            announce(stage, planned, activity, runner, stamp)
        case Step.LIST_NAMES:
            list_names(stage, planned, activity, runner, stamp)
        case Step.CANCEL:
            registrations.call_off(activity, planned.reason, stamp=stamp)
        case Step.SUBMIT:
            activities.submit(activity, by=principal(runner, event.at), stamp=stamp)
        case _:
            ONWARD[event.step](activity, stamp=stamp)


ONWARD: dict[Step, Callable[..., Activity]] = {
    Step.PUBLISH: activities.publish,
    Step.HOLD: activities.mark_held,
    Step.ARCHIVE: activities.archive,
}


def decide(stage: Stage, planned: Planned, activity: Activity, event: Stepped) -> None:
    """Somebody else than who handed it in, in the lead department."""
    approver = stage.actor(planned.lead, Role.ACTIVITY_APPROVER)
    stamp, by = stamp_by(approver, event.at), principal(approver, event.at)
    if event.step is Step.APPROVE:
        activities.approve(activity, by=by, stamp=stamp)
    else:
        activities.send_back(activity, planned.reason, by=by, stamp=stamp)


def draft(stage: Stage, planned: Planned, runner: Account, at: dt.datetime) -> None:
    stamp = stamp_by(runner, at)
    codes = {key: stage.unit(key).code for key in (planned.host, planned.organiser, planned.lead)}
    entry = ActivityEntry(
        **{name: getattr(planned, name) for name in FACTS},
        host=codes[planned.host],
        organiser=codes[planned.organiser],
        lead=codes[planned.lead],
        contact_name="赛务组" if planned.series else "活动组",
        is_demo=True,
    )
    activity = activities.draft(entry, by=principal(runner, at), stamp=stamp)
    stage.activity_ids[planned.key] = activity.id
    for path in planned.paths:
        track = activities.add_track(
            activity,
            TrackEntry(
                name=path.name,
                capacity=path.places,
                opens_at=planned.opens_at,
                closes_at=planned.closes_at,
                division=path.division,
                has_waiting_list=path.has_waiting_list,
                needs_review=path.needs_review,
                needs_document=path.needs_document,
                born_from=path.born_from,
                categories=path.categories,
                mode=path.mode,
                team_least=path.team[0],
                team_most=path.team[0],
                substitutes_most=path.team[1],
                unit_limit=path.unit_limit,
                rules=path.rules,
            ),
            stamp=stamp,
        )
        stage.track_ids[planned.key, path.name] = track.id
    tracks = {track.name: track.code for track in activity.tracks}
    for number, sitting in enumerate(planned.sittings):
        session = activities.add_session(
            activity,
            SessionEntry(
                title=sitting.title,
                starts_at=sitting.starts_at,
                ends_at=sitting.ends_at,
                venue=stage.places[sitting.place],
                track=tracks[sitting.path] if sitting.path else None,
                takes_exit=planned.life is Life.RUNNING,
                is_self_service=planned.life is Life.RUNNING,
            ),
            stamp=stamp,
        )
        stage.session_codes[planned.key, number] = session.code
    scope = (ScopeKind.ACTIVITY, activity.code)
    for actor in stage.actors:
        if planned.key in actor.scope.split():
            setting.give(stage.account(actor.human), actor.roles, scope, Stamp(at, setting.BY_ITSELF))


def announce(stage: Stage, planned: Planned, activity: Activity, runner: Account, stamp: Stamp) -> None:
    unit = stage.unit(planned.organiser)
    title, body = papers.invitation(planned, stage.unit(planned.host).name)
    entry = NoticeEntry(
        kind=NoticeKind.NOTICE, title=title, body=body, organisation=unit.code, activity=activity.code
    )
    notice = notices.draft(entry, by=principal(runner, stamp.when), stamp=stamp)
    file = uploads.receive(
        papers.summary_table(planned), "报名汇总表.xlsx", "annex", runner, stamp=stamp, kinds=frozenset({"xlsx"}),
        most_files=10_000,
    )  # fmt: skip
    notices.add_annex(notice, file, "报名汇总表", stamp=stamp)
    notices.publish(notice, stamp=stamp)


def list_names(stage: Stage, planned: Planned, activity: Activity, runner: Account, stamp: Stamp) -> None:
    rows = db.session.execute(
        sa.select(Track.name, Person.name, Person.workplace)
        .join(Registration, Registration.track_id == Track.id)
        .join(Registration.person)
        .where(Track.activity_id == activity.id, Registration.state == State.ACCEPTED)
        .order_by(Track.position, Registration.id)
    )
    accepted = [(track, name, workplace or "") for track, name, workplace in rows]
    title, body = papers.name_list(planned, stage.unit(planned.host).name, accepted, stamp.when)
    entry = NoticeEntry(
        kind=NoticeKind.NAME_LIST, title=title, body=body,
        organisation=stage.unit(planned.organiser).code, activity=activity.code,
    )  # fmt: skip
    notices.publish(notices.draft(entry, by=principal(runner, stamp.when), stamp=stamp), stamp=stamp)
