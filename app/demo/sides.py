"""One of two sides: a unit with its accounts, and each kind of thing once, made by the verbs."""

import datetime as dt
import io
import random
import secrets
from dataclasses import dataclass, field
from decimal import Decimal

from PIL import Image

from app.demo import people, plan_of_side, programme, setting, world
from app.demo.people import Human
from app.demo.stage import principal, stamp_by
from models.account import ADMINISTRATORS, Account, Claim, Role, ScopeKind
from models.activity import Activity, Industry, Kind, NoticeKind, Track
from models.attendance import Way
from models.base import db
from models.certificate import Kind as CertificateKind
from models.organisation import Organisation, Type
from models.person import Category, Person, SkillLevel
from models.token import TokenScope
from services import account as accounts
from services import activity as activities
from services import attendance as attendances
from services import certificate as certificates
from services import indicator as indicators
from services import notification as notifications
from services import organisation as organisations
from services import person as persons
from services import registration as registrations
from services import upload as uploads
from services import venue as venues
from services.access import DISTRICT, Scope
from services.account import Contact, tokens
from services.activity import ActivityEntry, NoticeEntry, SessionEntry, TrackEntry
from services.activity import notice as notices
from services.certificate import Order
from services.indicator import ReportEntry
from services.organisation import UnitEntry
from services.organisation.credit_code import demo_code
from services.registration import Entry
from services.stamp import Stamp
from services.venue import VenueEntry

OF_DISTRICT = ADMINISTRATORS | {Role.AGGREGATOR}
OF_ACTIVITY = frozenset(
    {
        Role.CHECKIN_HELPER, Role.CODING_JUDGE, Role.SCORING_JUDGE, Role.CHIEF_JUDGE, Role.SCORE_CLERK,
        Role.SUPERVISOR, Role.ARBITRATOR, Role.EXPERT,
    }
)  # fmt: skip
CLAIMANT = "claimant"
"""An account that says it is somebody who was entered before."""


@dataclass
class Side:
    """What a side has: accounts by role, and the key in addresses, the owner and the mark of each kind of thing."""

    name: str
    accounts: dict[str, Account] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    bearers: dict[str, str] = field(default_factory=dict)
    """Secrets for programs that speak for an account."""
    scopes: dict[str, Scope | None] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    """A text that stands on the thing's own pages and nowhere else."""

    def keep(self, kind: str, key: str, owner: str, mark: str = "") -> None:
        self.keys[kind], self.owners[kind], self.marks[kind] = key, owner, mark


def build(name: str, seed: int, first_phone: int, stamp: Stamp) -> Side:
    """Everything of one side."""
    rng = random.Random(f"security {seed} {name}")  # noqa: S311  made-up people, not secrets
    side = Side(name)
    unit = organisations.open(
        UnitEntry(f"示例权限单位{name}{seed}", Type.ENTERPRISE, credit_code=demo_code(rng)),
        department_code=f"side-{name}-{seed}",
        stamp=stamp,
    )
    side.keep("organisation", unit.code, Role.UNIT_MANAGER, unit.name)
    for number, word in enumerate([*(role.value for role in Role), CLAIMANT]):
        _open_account(side, unit, rng, word, people.phone(first_phone + number), stamp)
    _place(side, unit, stamp)
    activity = _activity(side, unit, stamp)
    for role in OF_ACTIVITY:
        scope = (ScopeKind.ACTIVITY, activity.code)
        _give(side, role, scope, stamp)
    _notices(side, unit, activity, stamp)
    _report(side, unit, seed, stamp)
    _entries(side, activity, stamp)
    _certificate(side, activity, stamp)
    _unit_things(side, unit, rng, seed, stamp)
    _account_things(side, activity, rng, stamp)
    return side


def _open_account(
    side: Side, unit: Organisation, rng: random.Random, word: str, phone: str, stamp: Stamp
) -> None:
    one = human(rng, unit.name, phone)
    if word == CLAIMANT:
        account = accounts.open_account(one.name, phone=phone, stamp=stamp)
    else:
        account = setting.open_account(one, setting.enter(one, stamp), stamp)
    side.accounts[word], side.scopes[word] = account, None
    if word not in (CLAIMANT, Role.CONTESTANT):
        manages = word == Role.UNIT_MANAGER
        organisations.join(unit, account, title="示例", as_manager=manages, stamp=stamp)
        if manages:
            side.scopes[word] = organisations_scope(unit)
        elif Role(word) not in OF_ACTIVITY:
            scope = DISTRICT if Role(word) in OF_DISTRICT else organisations_scope(unit)
            _give(side, Role(word), scope, stamp)
    side.passwords[word] = f"Wq-{secrets.token_urlsafe(18)}"
    accounts.changing.set_password(
        account, accounts.changing.choose(account, side.passwords[word], now=stamp.when)
    )
    db.session.flush()
    own = stamp_by(account, stamp.when)
    row, side.bearers[word] = tokens.create(account, "示例程序", TokenScope, dt.timedelta(days=1), stamp=own)
    if word == Role.CONTESTANT:
        side.keep("token", row.code, word)


def organisations_scope(unit: Organisation) -> Scope:
    return (ScopeKind.ORGANISATION, unit.code)


def _give(side: Side, role: Role, scope: Scope, stamp: Stamp) -> None:
    row = accounts.grant(side.accounts[role], role, scope, stamp=stamp)
    side.scopes[role] = scope
    if role is Role.REVIEWER:
        side.keep("grant", row.code, Role.SECURITY_ADMIN)


def human(rng: random.Random, workplace: str, phone: str) -> Human:
    taken: set[str] = set()
    earth = world.make(random.Random(0))  # noqa: S311
    one = people.one(rng, earth, 0, dt.date(2026, 1, 1), taken)
    changed = {"category": Category.ENTERPRISE_EMPLOYEE, "workplace": workplace, "phone": phone}
    return Human(**{**one.__dict__, **changed, "skill_level": SkillLevel.NONE})


# --- what an organiser keeps ----------------------------------------------------------------------


def _place(side: Side, unit: Organisation, stamp: Stamp) -> None:
    venue = venues.open(
        VenueEntry(f"示例权限场地{side.name}{unit.code}", town="大安街道", seats=30), unit, stamp=stamp
    )
    station = venues.add_stations(venue, 2, "示例设备", stamp=stamp)[0]
    side.keep("venue", venue.code, Role.UNIT_MANAGER, venue.name)
    side.keep("station", station.code, Role.UNIT_MANAGER)


def _activity(side: Side, unit: Organisation, stamp: Stamp) -> Activity:
    """A published one with all that hangs on it, and a draft that nobody else may see."""
    organiser, approver = side.accounts[Role.ORGANISER], side.accounts[Role.ACTIVITY_APPROVER]
    by, own = principal(organiser, stamp.when), stamp_by(organiser, stamp.when)
    activity = _draft(side, unit, f"示例权限活动{side.name}", stamp)
    activities.submit(activity, by=by, stamp=own)
    db.session.flush()
    activities.approve(activity, by=principal(approver, stamp.when), stamp=stamp_by(approver, stamp.when))
    db.session.flush()  # the next verb reads the row anew
    activities.publish(activity, stamp=own)
    side.keep("activity", activity.code, Role.ORGANISER, activity.title)
    side.keep("track", activity.tracks[0].code, Role.ORGANISER)
    side.keep("session", activity.sessions[0].code, Role.ORGANISER)
    draft = _draft(side, unit, f"示例权限草稿{side.name}", stamp)
    side.keep("draft_activity", draft.code, Role.ORGANISER, draft.title)
    return activity


def _draft(side: Side, unit: Organisation, title: str, stamp: Stamp) -> Activity:
    organiser = side.accounts[Role.ORGANISER]
    own = stamp_by(organiser, stamp.when)
    starts_at = stamp.when + dt.timedelta(days=20)
    entry = ActivityEntry(
        kind=Kind.TRAINING_CLASS, title=f"{title}{unit.code}", summary="用于权限检查的示例活动。",
        industry=Industry.HIGH_END_EQUIPMENT, clause=5, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=4),
        host=unit.code, organiser=unit.code, lead=unit.code, contact_phone=programme.OFFICES["hrss"], is_demo=True,
    )  # fmt: skip
    activity = activities.draft(entry, by=principal(organiser, stamp.when), stamp=own)
    hour = dt.timedelta(hours=1)
    track = TrackEntry(
        name="学员",
        capacity=20,
        opens_at=stamp.when - hour,
        closes_at=starts_at - 48 * hour,
        has_waiting_list=True,
    )
    activities.add_track(activity, track, stamp=own)
    session = SessionEntry(
        title="第 1 次课", starts_at=starts_at, ends_at=starts_at + hour, venue=side.keys["venue"]
    )
    activities.add_session(activity, session, stamp=own)
    return activity


def _notices(side: Side, unit: Organisation, activity: Activity, stamp: Stamp) -> None:
    organiser = side.accounts[Role.ORGANISER]
    own, by = stamp_by(organiser, stamp.when), principal(organiser, stamp.when)
    for kind in ("notice", "draft_notice"):
        entry = NoticeEntry(
            kind=NoticeKind.NOTICE, title=f"示例权限公告{side.name}{kind}{unit.code}", body="用于权限检查的示例公告。",
            organisation=unit.code, activity=activity.code,
        )  # fmt: skip
        notice = notices.draft(entry, by=by, stamp=own)
        file = uploads.receive(picture(), "附件.png", "annex", organiser, stamp=own)
        annex = notices.add_annex(notice, file, "附件", stamp=own)
        side.keep(kind, notice.code, Role.ORGANISER, notice.title)
        side.keep(kind.replace("notice", "annex"), annex.code, Role.ORGANISER)
        if kind == "notice":
            notices.publish(notice, stamp=own)


def _report(side: Side, unit: Organisation, seed: int, stamp: Stamp) -> None:
    """A figure of a plan of the side's own, long ago, with its evidence."""
    reporter = side.accounts[Role.REPORTER]
    by, own = principal(reporter, stamp.when), stamp_by(reporter, stamp.when)
    plan = indicators.load(plan_of_side.document(side.name, seed, unit), stamp=stamp).plan
    indicator = plan.indicators[0]
    slot = indicators.slots(indicator, plan)[0]
    work = f"示例权限填报{side.name}{unit.code}"
    report = indicators.enter(indicator, slot, ReportEntry(Decimal(5), work), by=by, stamp=own)
    file = uploads.receive(picture(), "名册.png", "evidence", reporter, stamp=own)
    indicators.attach(report, [file], by=by, stamp=own)
    side.keep("report", report.code, Role.REPORTER, work)
    side.keep("evidence", report.evidence[0].code, Role.REPORTER)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (180, 60, 40)).save(buffer, "PNG")
    return buffer.getvalue()


# --- what people keep -----------------------------------------------------------------------------


def _entries(side: Side, activity: Activity, stamp: Stamp) -> None:
    contestant = side.accounts[Role.CONTESTANT]
    own = stamp_by(contestant, stamp.when)
    person = person_of(contestant)
    track: Track = activity.tracks[0]
    entry = Entry(category=Category.ENTERPRISE_EMPLOYEE, remark=f"示例权限备注{side.name}{contestant.code}")
    registration = registrations.register(track, person, entry, by=contestant, stamp=own)
    db.session.flush()
    side.keep("registration", registration.code, Role.CONTESTANT, entry.remark)
    side.keep("pass", registration.pass_code, Role.CONTESTANT)
    _check_in(side, activity, stamp)
    message = notifications.inbox(contestant.id).rows[0]
    side.keep("message", message.code, Role.CONTESTANT)


def _certificate(side: Side, activity: Activity, stamp: Stamp) -> None:
    """One of the contestant's, issued by somebody who did not enter them."""
    contestant, officer = side.accounts[Role.CONTESTANT], side.accounts[Role.CERTIFICATE_OFFICER]
    person, _other = person_of(contestant), person_of(officer)
    order = Order(
        subject=f"line:{contestant.code}",
        kind=CertificateKind.OTHER,
        person=person,
        activity=activity,
        issuer=activity.host,
        heading="参加证明",
        name=person.name,
        after_name="：",
        body_before=f"参加{activity.title}。",
        closing="特此证明。",
    )
    row = certificates.issue([order], by=officer, stamp=stamp_by(officer, stamp.when))[0]
    side.keep("certificate", row.code, Role.CONTESTANT)
    side.keep("certificate_token", row.token, Role.CONTESTANT)


def _check_in(side: Side, activity: Activity, stamp: Stamp) -> None:
    """Somebody else's entry, accepted, and there on the day."""
    manager, reviewer, helper = (
        side.accounts[role] for role in (Role.UNIT_MANAGER, Role.REVIEWER, Role.CHECKIN_HELPER)
    )
    entry = Entry(category=Category.ENTERPRISE_EMPLOYEE)
    there = registrations.register(
        activity.tracks[0],
        person_of(manager),
        entry,
        by=manager,
        stamp=stamp_by(manager, stamp.when),
    )
    db.session.flush()
    registrations.accept(there, by=reviewer, stamp=stamp_by(reviewer, stamp.when))
    db.session.flush()
    sitting = activity.sessions[0]
    on_the_day = stamp_by(helper, sitting.starts_at)
    done = attendances.check_in(there, sitting, way=Way.LIST, by=helper, stamp=on_the_day)
    side.keep("attendance", done.attendance.code, Role.CHECKIN_HELPER)
    point = attendances.points.add(activity, "东门", stamp=stamp)
    side.keep("point", point.code, Role.ORGANISER)


def person_of(account: Account) -> Person:
    db.session.flush()
    db.session.refresh(account, ["person"])
    assert account.person is not None
    return persons.get(account.person.code)


def _unit_things(side: Side, unit: Organisation, rng: random.Random, seed: int, stamp: Stamp) -> None:
    manager, contestant = side.accounts[Role.UNIT_MANAGER], side.accounts[Role.CONTESTANT]
    teacher = organisations.find_member(unit, side.accounts[Role.TEACHER].id)
    assert teacher is not None
    side.keep("member", teacher.code, Role.UNIT_MANAGER)
    own = stamp_by(manager, stamp.when)
    token = organisations.invite(
        unit,
        Contact.phone(f"1990000{9980 + (side.name == 'b')}"),
        by=principal(manager, stamp.when),
        stamp=own,
    )
    side.keep("invitation_token", token, Role.UNIT_MANAGER)
    side.keep("invitation", organisations.get_invitation(token).code, Role.UNIT_MANAGER)
    wanted = UnitEntry(f"示例申请单位{side.name}{seed}", Type.ENTERPRISE, credit_code=demo_code(rng))
    letter = uploads.check(picture(), "授权书.png")
    application = organisations.apply(contestant, wanted, letter, stamp=stamp_by(contestant, stamp.when))
    side.keep("application", application.code, Role.CONTESTANT, wanted.name)


def _account_things(side: Side, activity: Activity, rng: random.Random, stamp: Stamp) -> None:
    organiser, contestant, claimant = (side.accounts[w] for w in (Role.ORGANISER, Role.CONTESTANT, CLAIMANT))
    side.keep("account", contestant.code, Role.SECURITY_ADMIN, contestant.display_name)
    badge = accounts.badges.issue(
        activity.code,
        Role.CHECKIN_HELPER,
        f"示例工作证{side.name}",
        drawn=accounts.badges.draw(),
        day=stamp.today,
        stamp=stamp_by(organiser, stamp.when),
    )
    side.keep("badge", badge.account.code, Role.ORGANISER, badge.account.display_name)
    side.keep("badge_token", badge.token, Role.ORGANISER)
    known = human(rng, side.marks["organisation"], "")
    setting.enter(known, stamp)
    claim = persons.identify(claimant, setting.entry_of(known), stamp=stamp_by(claimant, stamp.when))
    assert isinstance(claim, Claim)
    side.keep("claim", claim.code, CLAIMANT)
