"""What the forms of the desk offer to choose from, and which indicators an activity would feed.

Units, venues and the plan of the day meet here, since the room of activities knows nothing of plans.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from forms.activity import Offers, Pairs
from models.account import ScopeKind
from models.activity import Activity, Kind, Level, Series
from models.indicator import Clause, Plan
from models.organisation import Organisation
from models.person import Category, SkillLevel
from models.venue import Venue
from services import activity as activities
from services import indicator as indicators
from services import organisation as organisations
from services import venue as places
from services.access import Principal
from services.indicator import Feed, Profile
from services.stamp import clock
from services.text import _

WITH_DOCUMENTS = frozenset({Kind.COMPETITION, Kind.TRAINING_CLASS, Kind.ASSESSMENT})
MOST = 500
NEARLY = 4


@dataclass(frozen=True)
class Feeds:
    """Indicators that are fed, some that nearly are, and the plan they belong to."""

    fed: list[Feed]
    nearly: list[Feed]
    plan: Plan | None


def of_activity(principal: Principal, activity: Activity | None = None) -> Offers:
    units = list(organisations.search("", limit=MOST))
    if activity is not None:
        units += [unit for unit in (activity.host, activity.organiser, activity.lead) if unit not in units]
    plan = _plan()
    return Offers(
        organisers=_pairs([activity.organiser] if activity else organisers(principal, units)),
        hosts=_pairs(units),
        leads=_pairs(unit for unit in units if unit.department_code or (activity and unit is activity.lead)),
        clauses=[(str(row.number), f"{row.number} {row.name_zh}") for row in plan.clauses] if plan else [],
        tags=_tags(plan, activity.tags if activity else ()),
    )


def organisers(principal: Principal, units: Iterable[Organisation] | None = None) -> list[Organisation]:
    """Units for which they may organise."""
    found = list(units if units is not None else organisations.search("", limit=MOST))
    if principal.is_district_wide(activities.RUN):
        return found
    own = principal.scope_codes(activities.RUN, ScopeKind.ORGANISATION)
    return [unit for unit in found if unit.code in own] + [
        organisations.get(code) for code in sorted(own - {unit.code for unit in found})
    ]


def venues(present: Venue | None = None) -> Pairs:
    rows = list(places.listing())
    if present is not None and present not in rows:
        rows.append(present)
    return [(row.code, _named(row)) for row in rows]


def _named(venue: Venue) -> str:
    if not venue.town:
        return venue.name
    return str(_("%(name)s（%(more)s）", name=venue.name, more=venue.town))


def lead_of_clause(number: int | None) -> str | None:
    """Code of the unit that leads a clause of the plan."""
    found = clause(number)
    for department in found.lead if found else ():
        unit = organisations.find_department(department)
        if unit is not None:
            return unit.code
    return None


def clause(number: int | None) -> Clause | None:
    plan = _plan()
    return plan.clause(number) if plan and number else None


def tag_names(codes: Iterable[str], language: str = "zh") -> list[str]:
    plan = _plan()
    names = {tag.code: tag.name_in(language) for tag in plan.tags} if plan else {}
    return [names.get(code, code) for code in codes]


# --- feeds -----------------------------------------------------------------------------------------


def feeds_of(profile: Profile | None) -> Feeds:
    """By the plan of the day. Without a kind nothing can be said yet."""
    plan = _plan()
    if plan is None or profile is None:
        return Feeds([], [], plan)
    rows = plan.indicators
    return Feeds(indicators.feeds(profile, rows), indicators.nearly(profile, rows)[:NEARLY], plan)


def profile_of(activity: Activity) -> Profile:
    return indicators.profile_of(activity)


def profile_asked(args: MultiDict[str, str]) -> Profile | None:
    """The profile that an address speaks of."""
    said: dict[str, Any] = {
        name: args.get(name, "") for name in ("kind", "series", "level", "clause", "skill_level")
    }
    return profile_said(said | {"tags": args.getlist("tags"), "audience": args.getlist("audience")})


def profile_said(values: Mapping[str, Any]) -> Profile | None:
    """The profile of a form that may be half filled. What no enum knows is not said."""
    kind = _known(Kind, values.get("kind"))
    if kind is None:
        return None
    number = str(values.get("clause") or "")
    return Profile(
        kind=kind,
        series=_known(Series, values.get("series")) if kind == Kind.COMPETITION else None,
        level=_known(Level, values.get("level")),
        clause=int(number[:4]) if number.isascii() and number.isdecimal() else None,
        tags=frozenset(str(tag)[:64] for tag in values.get("tags") or ()),
        participant_categories=frozenset(
            str(each) for each in values.get("audience") or () if each in list(Category)
        ),
        skill_level=_known(SkillLevel, values.get("skill_level")),
    )


def _known(kind: Any, value: object) -> str | None:
    return str(value) if value in list(kind) else None


def _plan() -> Plan | None:
    return indicators.current_plan(clock.today())


def _pairs(units: Iterable[Organisation]) -> Pairs:
    return [(unit.code, unit.name) for unit in units]


def _tags(plan: Plan | None, present: Iterable[str]) -> Pairs:
    """Tags of the plan of the day, and those that the activity has from an earlier one."""
    rows = [(tag.code, tag.name_zh) for tag in plan.tags] if plan else []
    known = {code for code, _name in rows}
    return [*rows, *((code, code) for code in present if code not in known)]
