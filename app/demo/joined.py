"""What a side's people do together, and what reviewers keep: a team, a unit's list, a stamped copy, twins."""

import datetime as dt
import json
import random

from app.demo import programme, setting, sides
from app.demo.sides import Side, person_of
from app.demo.stage import principal, stamp_by
from models.account import Role
from models.activity import Activity, EntryMode, Kind, Track
from models.base import db
from models.intake import Intake, IntakeLine, Verdict
from models.intake import State as Step
from models.organisation import Organisation
from models.party import Role as As
from models.person import Person
from models.registration import Bulk, Source, Waiver
from models.registration import State as Entry
from services import activity as activities
from services import organisation as organisations
from services import party as parties
from services import privacy
from services import questionnaire as questionnaires
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services import upload as uploads
from services.activity import ActivityEntry, SessionEntry, TrackEntry
from services.party import TeamEntry
from services.registration import Candidate
from services.registration import Entry as Answer
from services.stamp import Stamp

DAY = dt.timedelta(days=1)
MODES = (EntryMode.TEAM, EntryMode.UNIT, EntryMode.SINGLE)


def build(side: Side, seed: int, stamp: Stamp) -> None:
    """Needs the side's unit, its accounts and their rights."""
    rng = random.Random(f"joined {seed} {side.name}")  # noqa: S311  made-up people, not secrets
    unit = organisations.get(side.keys["organisation"])
    activity = _activity(side, unit, stamp)
    team, ranked, single = activity.tracks
    side.keep("team_track", team.code, Role.ORGANISER)
    side.keep("unit_track", ranked.code, Role.ORGANISER)
    _team(side, team, stamp)
    manager = side.accounts[Role.UNIT_MANAGER]
    own = stamp_by(manager, stamp.when)
    row = parties.make_list(single, unit, f"示例权限名单{side.name}{unit.code}", by=manager, stamp=own)
    line = parties.add(row, _somebody(rng, unit, stamp), Answer(), by=manager, stamp=own)
    side.keep("party", row.code, Role.UNIT_MANAGER, row.name)
    side.keep("party_member", line.code, Role.UNIT_MANAGER)
    candidate = Candidate(single, _somebody(rng, unit, stamp), Answer())
    (asked,) = registrations.register_batch(
        [candidate], by=manager, source=Source.UNIT, organisation=unit, stamp=own
    )
    side.keep("consent_token", registrations.new_consent_token(asked), Role.UNIT_MANAGER)
    db.session.flush()
    page = uploads.check(sides.picture(), "盖章件.png")
    (copy,) = stamped_copies.receive(asked, [page], stamped_by=unit.label, by=manager, stamp=own)
    side.keep("stamped_copy", copy.code, Role.UNIT_MANAGER)
    (listed,) = registrations.register_batch(
        [Candidate(single, _somebody(rng, unit, stamp), Answer())],
        by=side.accounts[Role.ORGANISER],
        source=Source.ON_BEHALF,
        true_source=unit.label,
        stamp=stamp,
    )
    side.keep("behalf", listed.batch.code, Role.ORGANISER)
    _intake(side, activity, single, unit, stamp)
    _desk(side, stamp)
    reviewer = side.accounts[Role.REVIEWER]
    bulk = Bulk(state=Entry.ACCEPTED, rows={}, made_at=stamp.when, made_by_id=reviewer.id)
    db.session.add(bulk)
    one, other, old, new = (_somebody(rng, unit, stamp) for _each in range(4))
    merge = privacy.merge(old, new, "同一人", stamp=stamp)
    db.session.flush()
    side.keep("bulk", bulk.code, Role.REVIEWER)
    side.keep("twins", f"{one.code}.{other.code}", Role.SECURITY_ADMIN)
    side.keep("merge", merge.code, Role.SECURITY_ADMIN)


def _somebody(rng: random.Random, unit: Organisation, stamp: Stamp) -> Person:
    return setting.enter(sides.human(rng, unit.name, ""), stamp)


def _activity(side: Side, unit: Organisation, stamp: Stamp) -> Activity:
    """A published one with a track of each mode."""
    organiser = side.accounts[Role.ORGANISER]
    by, own = principal(organiser, stamp.when), stamp_by(organiser, stamp.when)
    starts_at = stamp.when + 20 * DAY
    entry = ActivityEntry(
        kind=Kind.TRAINING_CLASS, title=f"示例权限组队{side.name}{unit.code}", summary="用于权限检查的示例活动。",
        starts_at=starts_at, ends_at=starts_at + DAY / 3, host=unit.code, organiser=unit.code, lead=unit.code,
        contact_phone=programme.OFFICES["hrss"], is_demo=True,
    )  # fmt: skip
    activity = activities.draft(entry, by=by, stamp=own)
    for mode in MODES:
        track = TrackEntry(
            name=mode.value, capacity=20, opens_at=stamp.when - DAY, closes_at=starts_at - DAY, mode=mode,
            team_least=2, team_most=4, substitutes_most=1,
        )  # fmt: skip
        activities.add_track(activity, track, stamp=own)
    session = SessionEntry(
        title="第 1 次课", starts_at=starts_at, ends_at=starts_at + DAY / 8, venue=side.keys["venue"]
    )
    activities.add_session(activity, session, stamp=own)
    return publish(side, activity, stamp)


def publish(side: Side, activity: Activity, stamp: Stamp) -> Activity:
    """Handed in by one, approved by another."""
    organiser, approver = side.accounts[Role.ORGANISER], side.accounts[Role.ACTIVITY_APPROVER]
    by, own = principal(organiser, stamp.when), stamp_by(organiser, stamp.when)
    activities.submit(activity, by=by, stamp=own)
    db.session.flush()
    theirs = stamp_by(approver, stamp.when)
    activities.approve(activity, by=principal(approver, stamp.when), stamp=theirs)
    db.session.flush()
    activities.publish(activity, stamp=own)
    db.session.flush()
    return activity


def _team(side: Side, track: Track, stamp: Stamp) -> None:
    captain, member = side.accounts[Role.CONTESTANT], side.accounts[Role.TEACHER]
    own = stamp_by(captain, stamp.when)
    team = TeamEntry(f"示例权限队{side.name}")
    row = parties.make_team(track, person_of(captain), team, Answer(), by=captain, stamp=own)
    side.keep("party_token", parties.renew_link(row, stamp=own), Role.CONTESTANT)
    theirs = stamp_by(member, stamp.when)
    parties.join(row, person_of(member), Answer(), As.MEMBER, by=member, stamp=theirs)


def _intake(side: Side, activity: Activity, track: Track, unit: Organisation, stamp: Stamp) -> None:
    """A list that was checked, with a row that is wrong."""
    row = Intake(
        activity=activity, track=track, organisation=unit, file_name="名单.xlsx", sha256=side.name.ljust(64, "0"),
        headings=["姓名", "证件号码"], mapping={"姓名": "name", "证件号码": "document_number"}, state=Step.CHECKED,
        rows=1, bad=1, made_at=stamp.when, made_by=side.accounts[Role.UNIT_MANAGER],
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    wrong = {"field": "document_number", "cell": "B2", "say": "没有填证件号码。", "with": {}}
    line = IntakeLine(intake_id=row.id, number=2, verdict=Verdict.BAD, problems=[wrong])
    line.cells = json.dumps(["示例", ""], ensure_ascii=False)
    db.session.add(line)
    db.session.flush()
    side.keep("intake", row.code, Role.UNIT_MANAGER)
    side.keep("intake_line", line.code, Role.UNIT_MANAGER)


def _desk(side: Side, stamp: Stamp) -> None:
    """A field of its own and a waiver of the side's first activity."""
    organiser = side.accounts[Role.ORGANISER]
    own = stamp_by(organiser, stamp.when)
    activity = activities.get_public(side.keys["activity"])
    form = questionnaires.of(activity)
    field = questionnaires.Field(questionnaires.new_key(), questionnaires.Kind.TEXT, "工号", is_own=True)
    questionnaires.save(
        activity, questionnaires.put(form.fields, field), seen=form.mark, by=organiser, stamp=own
    )
    side.keep("field", field.key, Role.ORGANISER)
    waived = Waiver(
        track_id=activity.tracks[0].id,
        person_id=person_of(side.accounts[Role.COACH]).id,
        rule="categories",
        reason="经核对符合条件",
        made_at=stamp.when,
        made_by_id=organiser.id,
    )
    db.session.add(waived)
    db.session.flush()
    side.keep("waiver", waived.code, Role.ORGANISER)
