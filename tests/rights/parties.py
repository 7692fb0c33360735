"""What of those who enter together belongs to a side: a team, a unit's lists, requests, consents."""

import datetime as dt
import secrets
from typing import TYPE_CHECKING

from models.account import Account
from models.activity import Activity, EntryMode, Kind, State, Track
from models.base import db
from models.organisation import Organisation
from models.party import Role
from models.person import Sex
from models.registration import Consent, Registration
from models.registration import State as Entry
from services import party as parties
from services.account import one_time
from services.party import TeamEntry
from services.person import documents
from services.registration import Entry as Answers
from tests.support import factories

if TYPE_CHECKING:
    from tests.rights.world import Builder, Side


def gather(builder: "Builder", side: "Side", unit: Organisation) -> None:
    """The contestant's team with the member in it; the unit's list, one that was sent, one that asks for seats."""
    accounts = {
        name: builder.accounts[f"{side.letter}.{name}"] for name in ("contestant", "member", "unit_manager")
    }
    public = factories.activity(
        f"{side.letter}组队活动", Kind.LECTURE, State.PUBLISHED, unit, dt.timedelta(days=12)
    )
    team = factories.track(public, mode=EntryMode.TEAM, team_least=2, team_most=4, substitutes_most=1)
    units = [factories.track(public, mode=EntryMode.UNIT, unit_limit=2) for _each in "123"]
    single = factories.track(public)
    side.codes |= {
        "teams_activity": public.code,
        "teams": team.code,
        "units": units[1].code,
    }
    _team(builder, side, team, accounts)
    manager = accounts["unit_manager"]
    own = parties.make_list(units[0], unit, by=manager, stamp=builder.stamp(manager))
    lines = [_line(builder, own, manager) for _each in "12"]
    side.codes |= {"roll": own.code, "roll.member": lines[0].code}
    side.codes["new_number"] = documents.demo_number(builder.dice, dt.date(1990, 1, 1), Sex.MALE)
    asked = parties.ask(units[2], unit, 3, "三人备赛", by=manager, stamp=builder.stamp(manager))
    side.codes["request"] = asked.code
    group = parties.make_list(single, unit, "一班", by=manager, stamp=builder.stamp(manager))
    for _each in "12":
        _line(builder, group, manager)
    made = parties.send(group, "同意", by=manager, stamp=builder.stamp(manager))
    side.codes |= {"sent_roll": group.code, "sent_roll.entry": made[0].code}
    side.codes["sent_roll.spare"] = _line(builder, group, manager).code
    _entries(builder, side, public, unit, units[1].code, accounts["contestant"])


def _team(builder: "Builder", side: "Side", track: Track, accounts: dict[str, Account]) -> None:
    captain, member = accounts["contestant"], accounts["member"]
    row = parties.make_team(
        track,
        captain.person,
        TeamEntry(f"{side.letter}参赛队"),
        Answers(),
        by=captain,
        stamp=builder.stamp(captain),
    )
    token = parties.renew_link(row, stamp=builder.stamp(captain))
    line = parties.join(row, member.person, Answers(), Role.MEMBER, by=member, stamp=builder.stamp(member))
    side.codes |= {"team": row.code, "team.token": token, "team.member": line.code}


def _line(builder: "Builder", party: parties.Party, manager: Account) -> parties.PartyMember:
    return parties.add(party, factories.person(), Answers(), by=manager, stamp=builder.stamp(manager))


def _entries(
    builder: "Builder", side: "Side", public: Activity, unit: Organisation, track: str, contestant: Account
) -> None:
    """One that the unit made earlier, one that names it, two that wait for their person's word."""
    earlier = factories.track(factories.activity(f"{side.letter}以前的活动", organiser=unit))
    row = builder.entry(earlier, factories.account(factories.person()), Entry.ACCEPTED)
    row.organisation_id = unit.id
    side.codes["earlier"] = row.code
    units = next(each for each in public.tracks if each.code == track)
    named = builder.entry(units, factories.account(factories.person()), Entry.SUBMITTED)
    named.organisation_id = unit.id
    side.codes["named_entry"] = named.code
    for name, who in (("asked_entry", contestant), ("asked_other", factories.account(factories.person()))):
        asked = builder.entry(earlier, who, Entry.SUBMITTED)
        token = _ask(asked, unit)
        side.codes |= {name: asked.code}
        if name == "asked_other":
            assert asked.person.document is not None
            side.codes |= {"consent.token": token, "consent.digits": asked.person.document.number[-4:]}
    db.session.flush()


def _ask(row: Registration, unit: Organisation) -> str:
    token = secrets.token_urlsafe(24)
    row.consent, row.consent_hash, row.organisation_id = Consent.ASKED, one_time.token_hash(token), unit.id
    return token
