"""Two sides that have nothing to do with each other: each a unit, its people, and one object of every type.

Every side is made by the same hand, so whatever side A may do with its own, side B may do with its own, and
nothing of the other's.
"""

import datetime as dt
import itertools
import random
from dataclasses import dataclass, field
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from models.account import Account, Claim, Grant, Role, ScopeKind
from models.activity import Activity, Annex, Kind, Notice, Session, State, Track
from models.attendance import Point, Way
from models.base import db
from models.certificate import Wish
from models.indicator import Outcome
from models.notification import Channel, Message
from models.organisation import Application, Invitation, Organisation, Type
from models.outcome import Award, Verdict
from models.person import Person
from models.registration import Answer, Batch, Bulk, Registration, Source, Step
from models.registration import State as Entry
from models.token import TokenScope
from models.venue import Station, Venue
from services import attendance as attendances
from services import certificate as certificates
from services import indicator as indicators
from services import notification as notifications
from services import organisation as organisations
from services import outcome as outcomes
from services import participation as participations
from services import pipeline as pipelines
from services import privacy
from services import questionnaire as questionnaires
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services import upload as uploads
from services.access import DISTRICT, Principal, Right, Scope
from services.account import Contact, badges, first, sign_ins, tokens
from services.indicator import owing, reporting
from services.indicator.reporting import Entry as Figure
from services.organisation import UnitEntry, credit_code
from services.outcome import Entry as OutcomeEntry
from services.participation import Fact
from services.stamp import Stamp, clock
from services.transaction import transaction
from tests.rights import bookings, intakes, parties
from tests.support import factories, files, honours
from tests.support.plan import document

NOW = dt.datetime(2026, 11, 23, 1, 30, tzinfo=dt.UTC)
CSRF = "5" * 40
"""What every session of these tests holds; the token of a form is made of it."""

DAY = dt.timedelta(days=1)

IN_ACTIVITY = frozenset(
    {
        Role.REVIEWER,
        Role.CHECKIN_HELPER,
        Role.CODING_JUDGE,
        Role.SCORING_JUDGE,
        Role.CHIEF_JUDGE,
        Role.SCORE_CLERK,
        Role.SUPERVISOR,
        Role.ARBITRATOR,
        Role.CERTIFICATE_OFFICER,
        Role.EXPERT,
    }
)
IN_DEPARTMENT = frozenset({Role.REPORTER, Role.LEAD_REVIEWER})
DEPARTMENTS = {"A": ("hightech", "T09.programmes"), "B": ("econ", "T17.eight_level_firms")}
"""Which department of the plan a side's lead is, and what it alone leads: neither answers for the other's."""
IN_DISTRICT = frozenset(
    {
        Role.CONTESTANT,
        Role.AGGREGATOR,
        Role.AUDITOR,
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDIT_ADMIN,
    }
)


@dataclass
class Who:
    """Somebody at the door: a name, and the cookie of their browser."""

    name: str
    cookie: str = ""
    principal: Principal = field(default_factory=Principal)
    sign_in: str = ""
    """Code of their sign-in."""
    phone: str = ""
    bearer: str = ""
    """Secret of their token for programs."""
    half_cookie: str = ""
    """The cookie of another browser of theirs, in which no second factor was given."""


@dataclass
class Side:
    letter: str
    codes: dict[str, str] = field(default_factory=dict)
    """Public code or token by kind of object."""
    people: dict[str, Who] = field(default_factory=dict)


@dataclass
class World:
    a: Side
    b: Side
    secrets: list[str]
    """Whole document numbers and phones of everybody."""

    def own(self, column: str) -> set[str]:
        """What one may see of oneself."""
        return {self.a.people[column].phone} if column in self.a.people else set()


class Builder:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.dice = random.Random(20261123)
        self.numbers = itertools.count()
        self.accounts: dict[str, Account] = {}
        self.sides: dict[str, Side] = {}

    def world(self) -> World:
        """Everything, in one transaction."""
        with transaction():
            indicators.load(document(), stamp=self.stamp())
            sides = [self.side(letter) for letter in "AB"]
            token = first.invite(force=True, stamp=self.stamp())
            for side in sides:
                side.codes["first"] = token
            people = {who.name: who for side in sides for who in side.people.values()}
            for name, account in self.accounts.items():
                db.session.flush()
                db.session.expire(account, ["grants"])
                self.enter(people[name], account)
            for side in sides:
                side.codes["sign_in"] = side.people["contestant"].sign_in
        with self.app.app_context():
            said = [person.phone for person in db.session.scalars(sa.select(Person))]
            said += [account.phone for account in db.session.scalars(sa.select(Account))]
            said += [
                document.number
                for person in db.session.scalars(sa.select(Person))
                for document in person.documents
            ]
        return World(sides[0], sides[1], sorted({text for text in said if text}))

    def stamp(self, by: Account | None = None) -> Stamp:
        return Stamp(clock.now(), by.code if by else "test", by.id if by else None, "127.0.0.1")

    def account(self, side: Side, name: str, *grants: tuple[Role, Scope]) -> Account:
        made = factories.account(factories.person(f"{side.letter}示例{name}"))
        for role, (kind, code) in grants:
            factories.grant(made, role, kind, code)
        self.accounts[f"{side.letter}.{name}"] = made
        side.people[name] = Who(f"{side.letter}.{name}", phone=made.phone or "")
        return made

    def enter(self, who: Who, account: Account) -> None:
        token = sign_ins.begin(account, second_factor=True, stamp=self.stamp(account))
        row = sign_ins.find(token, clock.now())
        assert row is not None
        who.principal, who.sign_in = sign_ins.principal(row, clock.now()), row.code
        both = (TokenScope.READ, TokenScope.WRITE)
        token_row, who.bearer = tokens.create(account, "程序", both, 30 * DAY, stamp=self.stamp(account))
        if who.name.endswith(".contestant"):
            self.sides[who.name[0]].codes["api_token"] = token_row.code
        who.cookie = cookie(self.app, {"_user_id": token, "_fresh": True})
        half = sign_ins.begin(account, stamp=self.stamp(account))
        who.half_cookie = cookie(self.app, {"_user_id": half, "_fresh": True})

    def side(self, letter: str) -> Side:
        side = self.sides[letter] = Side(letter)
        unit = factories.organisation(f"{letter}示例机械厂")
        department, _indicator = DEPARTMENTS[letter]
        lead = factories.organisation(f"{letter}牵头部门", Type.GOVERNMENT, department_code=department)
        side.codes |= {"unit": unit.code, "lead": lead.code}
        of_unit: Scope = (ScopeKind.ORGANISATION, unit.code)
        of_lead: Scope = (ScopeKind.ORGANISATION, lead.code)
        organiser = self.account(side, "organiser", (Role.ORGANISER, of_unit))
        approver = self.account(side, "activity_approver", (Role.ACTIVITY_APPROVER, of_lead))
        self.venues(side, unit)
        public = self.activities(side, unit, lead, organiser, approver)
        of_activity: Scope = (ScopeKind.ACTIVITY, public.code)
        for role in Role:
            if role.value not in side.people and role is not Role.UNIT_MANAGER:
                scope = of_activity if role in IN_ACTIVITY else DISTRICT if role in IN_DISTRICT else of_unit
                self.account(side, role.value, (role, of_lead if role in IN_DEPARTMENT else scope))
        self.account(side, "district_organiser", (Role.ORGANISER, DISTRICT))
        self.account(side, "activity_organiser", (Role.ORGANISER, of_activity))
        self.account(side, "other_organiser", (Role.ORGANISER, (ScopeKind.ACTIVITY, side.codes["other"])))
        self.account(side, "signed_in")
        self.units(side, unit)
        self.entries(side, public)
        self.asked(side, public, organiser)
        parties.gather(self, side, unit)
        intakes.send(self, side, unit, public)
        bookings.gather(self, side, unit)
        self.outcomes(side, unit, organiser)
        self.certificates(side, public)
        self.papers(side, public, organiser)
        self.reserve(side, public)
        self.reports(side, of_lead)
        return side

    def reports(self, side: Side, of_lead: Scope) -> None:
        """Of the lead department, each with a file behind it: one begun, one handed in, one that counts."""
        plan = indicators.current_plan(clock.today())
        assert plan is not None
        indicator = indicators.get_indicator(plan, DEPARTMENTS[side.letter][1])
        reporter, reviewer = (
            self.accounts[f"{side.letter}.{role}"] for role in ("reporter", "lead_reviewer")
        )
        by, stamp = self.principal(reporter, Role.REPORTER, of_lead), self.stamp(reporter)
        for year, name in zip(plan.years, ("report.draft", "report.handed", "report.final"), strict=False):
            slot = owing.find_slot(indicator, plan, year, 0)
            assert slot is not None
            row = reporting.enter(indicator, slot, Figure(Decimal(3), "建成三个。"), by=by, stamp=stamp)
            kept = uploads.receive(files.paper(), f"{side.letter}佐证.pdf", "evidence", reporter, stamp=stamp)
            reporting.attach(row, [kept], by=by, stamp=stamp)
            if name != "report.draft":
                reporting.submit(row, by=by, stamp=stamp)
            if name == "report.final":
                other = self.principal(reviewer, Role.LEAD_REVIEWER, of_lead)
                reporting.accept(row, by=other, stamp=self.stamp(reviewer))
            side.codes |= {name: row.code, f"{name}.evidence": row.evidence[0].code}
            side.codes[f"{name}.version"] = str(row.version)

    def principal(self, account: Account, role: Role, scope: Scope) -> Principal:
        """Somebody before they entered."""
        right = Right(role, scope)
        return Principal(account.id, account.code, account.person_id, frozenset({right}), clock.now(), True)

    def reserve(self, side: Side, public: Activity) -> None:
        """Two who won at a contest: one waits to be confirmed, one is in reserve."""
        contest = factories.activity(f"{side.letter}竞赛", Kind.COMPETITION, State.HELD, public.organiser)
        for name in ("reserve", "candidate"):
            person = factories.person(f"{side.letter}选手{name}")
            won = Fact(
                f"line:{side.letter}{name}:award_won",
                Outcome.AWARD_WON,
                day=clock.today(),
                activity=contest,
                person=person,
                skill="电工",
                detail="一等奖",
            )
            participations.record(won, stamp=self.stamp())
            side.codes[name] = person.code
            if name == "reserve":
                chosen = pipelines.candidates(clock.today().year, [person.id])
                officer = self.accounts[f"{side.letter}.aggregator"]
                (entry,) = pipelines.confirm(chosen, by=officer, stamp=self.stamp(officer))
                side.codes[name] = entry.code

    def venues(self, side: Side, unit: Organisation) -> None:
        for name, closed in (("venue", False), ("idle_venue", False), ("closed_venue", True)):
            row = Venue(
                name=f"{side.letter}场地{name}",
                address="示例路 1 号",
                organisation_id=unit.id,
                closed_at=clock.now() if closed else None,
            )
            db.session.add(row)
            db.session.flush()
            stations = [Station(venue_id=row.id, number=number, equipment="车床") for number in (1, 2)]
            db.session.add_all(stations)
            db.session.flush()
            side.codes |= {name: row.code, f"{name}.station": stations[0].code}

    def activities(
        self, side: Side, unit: Organisation, lead: Organisation, organiser: Account, approver: Account
    ) -> Activity:
        """One in each state of its life, and one that is over; each ready to go on."""
        wanted = {
            "activity": (State.PUBLISHED, 10),
            "other": (State.PUBLISHED, 11),
            "draft": (State.DRAFT, 10),
            "pending": (State.PENDING_APPROVAL, 10),
            "approved": (State.APPROVED, 10),
            "over": (State.PUBLISHED, -10),
            "held": (State.HELD, -20),
        }
        for name, (state, days) in wanted.items():
            row = factories.activity(
                f"{side.letter}活动{name}", Kind.LECTURE, state, unit, dt.timedelta(days=days)
            )
            row.lead_id, row.summary, row.contact_phone = lead.id, "简介", "023-49800000"
            row.contact_name, row.created_by_id, row.description = "办公室", organiser.id, "介绍"
            row.submitted_by_id = None if state is State.DRAFT else organiser.id
            if state in (State.PENDING_APPROVAL, State.APPROVED):
                row.published_at = None
            tracks = [
                factories.track(row, closes_at=min(row.starts_at, clock.now() + 5 * DAY)) for _each in "12"
            ]
            venue = db.session.scalars(sa.select(Venue).where(Venue.code == side.codes["venue"])).one()
            spare = Session(activity_id=row.id, title="第二场", starts_at=row.starts_at, ends_at=row.ends_at)
            db.session.add(spare)
            db.session.flush()
            db.session.expire(row, ["sessions", "tracks"])
            for session in row.sessions:
                session.venue_id = venue.id
            db.session.flush()
            side.codes |= {
                name: row.code,
                f"{name}.track": tracks[0].code,
                f"{name}.track2": tracks[1].code,
                f"{name}.session": spare.code,
                f"{name}.version": str(row.version),
            }
        return db.session.scalars(sa.select(Activity).where(Activity.code == side.codes["activity"])).one()

    def units(self, side: Side, unit: Organisation) -> None:
        manager, member = self.account(side, "unit_manager"), self.account(side, "member")
        organisations.join(unit, manager, as_manager=True, stamp=self.stamp())
        side.codes["own_member"] = organisations.join(unit, member, stamp=self.stamp()).code
        by = self.principal(manager, Role.UNIT_MANAGER, (ScopeKind.ORGANISATION, unit.code))
        invited = self.account(side, "invited")
        for name, contact in (("invitation", invited.phone or ""), ("invitation2", "13900009999")):
            side.codes[f"{name}.token"] = organisations.invite(
                unit, Contact.phone(contact), by=by, stamp=self.stamp(manager)
            )
            newest = sa.select(Invitation.code).order_by(Invitation.id.desc()).limit(1)
            side.codes[name] = db.session.scalars(newest).one()
        waiting = Grant(
            account_id=invited.id,
            role=Role.AUDIT_ADMIN,
            scope_kind=ScopeKind.DISTRICT,
            starts_at=clock.now(),
            granted_by_id=self.accounts[f"{side.letter}.system_admin"].id,
            awaits_second=True,
        )
        given = factories.grant(
            factories.account(factories.person()), Role.TEACHER, ScopeKind.ORGANISATION, unit.code
        )
        disabled = factories.account(factories.person(), disabled_at=clock.now())
        reviewing = factories.grant(
            factories.account(factories.person()), Role.REVIEWER, ScopeKind.ACTIVITY, side.codes["activity"]
        )
        db.session.add(waiting)
        db.session.flush()
        side.codes |= {
            "account": member.code,
            "disabled_account": disabled.code,
            "grant": given.code,
            "reviewer_grant": reviewing.code,
            "account.name": member.person.name if member.person else member.display_name,
            "waiting_grant": waiting.code,
        }

    def entries(self, side: Side, public: Activity) -> None:
        """The contestant's: one that waits for review, one that has an offer."""
        who = self.accounts[f"{side.letter}.contestant"]
        other = db.session.scalars(sa.select(Activity).where(Activity.code == side.codes["other"])).one()
        for name, activity, state in (
            ("registration", public, Entry.SUBMITTED),
            ("offer", other, Entry.OFFERED),
        ):
            side.codes[name] = self.entry(activity.tracks[0], who, state).code
        self.review(side)
        self.door(side, public)
        notifications.notify(who, "account.granted", stamp=self.stamp(), link="/me", role="某角色")
        newest = (
            sa.select(Message.code)
            .where(Message.account_id == who.id, Message.channel == Channel.INBOX)
            .order_by(Message.id.desc())
            .limit(1)
        )
        side.codes["message"] = db.session.scalars(newest).one()
        claimant = self.account(side, "claimant")
        claimant.person_id = None
        row = Claim(account_id=claimant.id, person_id=factories.person().id, made_at=clock.now())
        db.session.add(row)
        db.session.flush()
        side.codes["claim"] = row.code
        ward = self.account(side, "ward")
        assert ward.person is not None
        ward.person.birth_date = dt.date(2010, 1, 1)
        ward.person.guardian_name, ward.person.guardian_phone = "监护人", "13800007777"

    def asked(self, side: Side, public: Activity, organiser: Account) -> None:
        """A form that asks for a photo, the contestant's photo, and a rule waived for somebody."""
        stamp = self.stamp(organiser)
        who = self.accounts[f"{side.letter}.contestant"]
        draft = db.session.scalars(sa.select(Activity).where(Activity.code == side.codes["draft"])).one()
        made_of: dict[str, questionnaires.Form] = {}
        for name, activity, kind in (
            ("form_field", draft, questionnaires.Kind.TEXT),
            ("file_field", public, questionnaires.Kind.FILE),
        ):
            key = f"own_{name}{side.letter}"
            own = questionnaires.Field(key, kind, f"自设{name}", purpose="核对", is_own=True)
            fields = questionnaires.put(questionnaires.of(activity).fields, own)
            made_of[name] = questionnaires.save(activity, fields, seen="0.0", by=organiser, stamp=stamp)
            side.codes[name] = key
        wanted = sa.select(Registration).where(Registration.code == side.codes["registration"])
        answer = db.session.scalars(wanted).one().answer
        assert answer is not None
        kept = uploads.receive(
            files.picture(), f"{side.letter}照片.png", "answer", who, stamp=self.stamp(who)
        )
        answer.questionnaire_id, answer.values = (
            made_of["file_field"].id,
            {side.codes["file_field"]: kept.code},
        )
        track = db.session.scalars(sa.select(Track).where(Track.code == side.codes["draft.track"])).one()
        track.born_until = dt.date(2010, 1, 1)
        paper = uploads.receive(files.paper(), f"{side.letter}批复.pdf", "waiver", organiser, stamp=stamp)
        waived, other = factories.person(), factories.person()
        made = registrations.waive(
            track, waived, "born", "经组委会同意", by=organiser, stamp=stamp, evidence=paper
        )
        assert other.document is not None
        side.codes |= {
            "waiver": made.code,
            "waived.name": other.name,
            "waived.number": other.document.number,
        }
        db.session.flush()

    def review(self, side: Side) -> None:
        """A stamped copy of the contestant's entry; a decision on many; two records that look alike, and two merged."""
        who, reviewer = (self.accounts[f"{side.letter}.{role}"] for role in ("contestant", "reviewer"))
        wanted = sa.select(Registration).where(Registration.code == side.codes["registration"])
        row = db.session.scalars(wanted).one()
        page = uploads.check(files.picture("JPEG"), f"{side.letter}盖章.jpg")
        (copy,) = stamped_copies.receive(row, [page], stamped_by="单位", by=who, stamp=self.stamp(who))
        (listed,) = registrations.register_batch(
            [registrations.Candidate(row.track, factories.person(), registrations.Entry())],
            by=self.accounts[f"{side.letter}.organiser"],
            source=Source.ON_BEHALF,
            true_source=f"{side.letter}镇",
            stamp=self.stamp(),
        )
        bulk = Bulk(state=Entry.ACCEPTED, note="说明", rows={}, made_at=clock.now(), made_by_id=reviewer.id)
        db.session.add(bulk)
        one, other, old, new = (factories.person() for _ in range(4))
        merge = privacy.merge(old, new, "同一人", stamp=self.stamp())
        side.codes |= {
            "copy": copy.code,
            "behalf": listed.batch.code,
            "bulk": bulk.code,
            "twin": one.code,
            "pair": f"{one.code}.{other.code}",
            "merge": merge.code,
        }

    def outcomes(self, side: Side, unit: Organisation, organiser: Account) -> None:
        """A contest that is over: a sheet to enter, one to confirm, one that is final with a line and a correction."""
        row = factories.activity(
            f"{side.letter}竞赛", Kind.COMPETITION, State.HELD, unit, dt.timedelta(days=-5)
        )
        row.submitted_by_id, row.contact_phone = organiser.id, "023-49800000"
        side.codes["contest"] = row.code
        factories.grant(
            self.accounts[f"{side.letter}.certificate_officer"],
            Role.CERTIFICATE_OFFICER,
            ScopeKind.ACTIVITY,
            row.code,
        )
        second = factories.account(factories.person())
        for name in ("empty", "handed", "final"):
            track = factories.track(row, closes_at=row.starts_at)
            entries = [
                self.entry(track, factories.account(factories.person()), Entry.ACCEPTED) for _each in "12"
            ]
            side.codes |= {f"contest.{name}": track.code, f"contest.{name}.entry": entries[0].code}
            if name == "empty":
                continue
            sheet = outcomes.sheet_of(track, stamp=self.stamp(second))
            said = {entry.code: OutcomeEntry(Verdict.COMPETED, remark="备注") for entry in entries}
            if name == "final":
                said[entries[0].code] = OutcomeEntry(
                    Verdict.COMPETED, rank=1, award=Award.FIRST_PRIZE, remark="备注"
                )
            outcomes.enter(sheet, said, by=second, stamp=self.stamp(second))
            outcomes.submit(sheet, by=second, stamp=self.stamp(second))
            side.codes[f"contest.{name}.version"] = str(sheet.version)
            if name == "final":
                side.codes["sheet"] = sheet.code
                outcomes.confirm(sheet, by=organiser, stamp=self.stamp(organiser))
                line, other = sheet.lines
                better = OutcomeEntry(Verdict.COMPETED, rank=2)
                asked = outcomes.ask_correction(
                    other, better, "漏登名次", by=second, stamp=self.stamp(second)
                )
                side.codes |= {"line": line.code, "correction": asked.code}

    def certificates(self, side: Side, public: Activity) -> None:
        """Two of the contestant's, signed: one as it is, and one that an officer asked to revoke."""
        holder = self.accounts[f"{side.letter}.contestant"].person
        issuing = factories.account(factories.person())
        for name in ("certificate", "asked"):
            order = honours.order(public, holder)
            row = certificates.issue([order], by=issuing, stamp=self.stamp(issuing))[0]
            honours.sign(row)
            side.codes |= {name: row.code, f"{name}.token": row.token}
        certificates.ask_change(row, Wish.REVOKE, "原因", by=issuing, stamp=self.stamp(issuing))

    def door(self, side: Side, public: Activity) -> None:
        """A sitting of today; the member's pass for it, and the manager's, who is there already."""
        today = Session(
            activity_id=public.id,
            title="今天这一场",
            starts_at=clock.now() + dt.timedelta(hours=2),
            ends_at=clock.now() + dt.timedelta(hours=4),
            is_self_service=True,
        )
        point = Point(activity_id=public.id, name=f"{side.letter}东门")
        db.session.add_all([today, point])
        db.session.flush()
        db.session.expire(public, ["sessions"])
        people = (self.accounts[f"{side.letter}.{name}"] for name in ("member", "unit_manager"))
        ticket, there = (self.entry(public.tracks[0], account, Entry.ACCEPTED) for account in people)
        helper = self.accounts[f"{side.letter}.checkin_helper"]
        done = attendances.check_in(there, today, way=Way.LIST, by=helper, stamp=self.stamp(helper))
        roster = attendances.field.roster(public, today, None, by=helper, now=clock.now())
        side.codes |= {
            "today": today.code,
            "point": point.code,
            "roster.head": roster["head"],
            "roster.signature": roster["signature"],
            "ticket": ticket.code,
            "pass": ticket.pass_code,
            "attendance": done.attendance.code,
        }

    def entry(self, track: Track, who: Account, state: Entry) -> Registration:
        batch = Batch(source=Source.SELF, made_by_id=who.id, size=1, made_at=clock.now())
        db.session.add(batch)
        db.session.flush()
        row = Registration(
            track_id=track.id,
            activity_id=track.activity_id,
            person_id=who.person_id,
            batch_id=batch.id,
            state=state,
            claim=f"{track.activity_id}:{who.person_id}",
            queue_position=1 if state is Entry.OFFERED else None,
            due_at=clock.now() + DAY if state is Entry.OFFERED else None,
            made_at=clock.now(),
        )
        row.answer = Answer(category="enterprise_employee", workplace="单位", post="钳工", remark="备注")
        db.session.add(row)
        track.taken += 1
        db.session.flush()
        db.session.add(Step(registration_id=row.id, state=state, at=clock.now(), note="说明"))
        return row

    def papers(self, side: Side, public: Activity, organiser: Account) -> None:
        """Notices with annexes, an application with its letter, a badge."""
        unit = public.organiser
        for name, published in (("notice", True), ("draft_notice", False), ("bare_notice", True)):
            notice = Notice(
                activity_id=None if name == "bare_notice" else public.id,
                organisation_id=unit.id,
                title=f"{side.letter}公告{name}",
                body="正文",
                created_at=clock.now(),
                created_by_id=organiser.id,
                published_at=clock.now() if published else None,
            )
            kept = uploads.receive(
                files.paper(), f"{side.letter}附件.pdf", "annex", organiser, stamp=self.stamp()
            )
            notice.annexes.append(Annex(upload_id=kept.id, title=f"{side.letter}附件"))
            db.session.add(notice)
            db.session.flush()
            side.codes |= {name: notice.code, f"{name}.annex": notice.annexes[0].code}
        applicant = self.accounts[f"{side.letter}.contestant"]
        entry = UnitEntry(
            name=f"{side.letter}申请单位",
            type=Type.ENTERPRISE,
            credit_code=credit_code.demo_code(self.dice),
        )
        letter = uploads.check(files.paper(), f"{side.letter}授权书.pdf")
        row: Application = organisations.apply(applicant, entry, letter, stamp=self.stamp(applicant))
        badge = badges.issue(
            public.code,
            Role.CHECKIN_HELPER,
            f"{side.letter}胸牌",
            drawn=badges.draw(),
            day=clock.today(),
            stamp=self.stamp(organiser),
        )
        side.codes |= {
            "application": row.code,
            "badge": badge.account.code,
            "badge.token": badge.token,
            "badge.pin": badge.pin,
        }


def cookie(app: Flask, session: dict[str, object] | None = None, csrf: str = CSRF) -> str:
    """The cookie of a browser whose session holds this."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    held = {"_permanent": True, "csrf_token": csrf, **(session or {})}
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(held)}"


def csrf_token(app: Flask, csrf: str = CSRF) -> str:
    """The token that a form in such a session carries."""
    return str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(csrf))
