"""What would follow if entries ended or an activity were called off: one page before the button. Places from
`registrations`, targets by the plan of the day, other activities of the same kind that take entries now.
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from flask import current_app

from blueprints import offers
from models.activity import Activity
from models.base import db
from models.indicator import Outcome, Unit
from models.registration import HOLDING, Answer, Registration
from services import activity as activities
from services import registration as registrations
from services.activity import Query
from services.indicator import Feed
from services.registration import Consequences
from services.stamp import Stamp
from services.text import Sentence, _

MOST = 5
OF_ALL = frozenset({Outcome.ACTIVITY_HELD, Outcome.COMPLETED, Outcome.LEVEL_ASSESSED})
"""What everybody reaches who comes, as far as anybody knows before."""


def of_entries(rows: Sequence[Registration], stamp: Stamp) -> Consequences:
    """Of withdrawing these, all of one activity."""
    found = registrations.consequences(rows, stamp)
    if rows:
        categories = [row.answer.category for row in rows if row.state in HOLDING and row.answer is not None]
        found.lost_indicators = _lost(rows[0].activity, categories, gained=len(found.waiting_gets))
        found.alternatives = _others(rows[0].activity, stamp)
    return found


def of_activity(activity: Activity, stamp: Stamp) -> Consequences:
    """Of calling it off."""
    found = registrations.consequences(activity, stamp)
    categories = db.session.scalars(
        sa.select(Answer.category)
        .join(Registration, Registration.id == Answer.registration_id)
        .where(Registration.activity_id == activity.id, Registration.state.in_(HOLDING))
    ).all()
    found.lost_indicators = _lost(activity, categories, gained=None)
    found.alternatives = _others(activity, stamp)
    return found


def _lost(activity: Activity, categories: Sequence[str], *, gained: int | None) -> list[Sentence]:
    """What each indicator would be short of. Those who get a place instead make up for as many people; `gained` None:
    nobody can, and an activity that counts itself no longer does. Who will win is not known before.
    """
    language, said = current_app.extensions["locale"](), []
    for feed in offers.feeds_of(offers.profile_of(activity)).fed:
        name = feed.indicator.name_in(language)
        if feed.outcome not in OF_ALL:
            said.append(_("指标“%(name)s”按比赛或考核结果计，可能少计", name=name))
        elif feed.indicator.unit in (Unit.PERSON, Unit.PERSON_TIME):
            people = max(0, sum(_counts(feed, each) for each in categories) - (gained or 0))
            if people:
                said.append(_("指标“%(name)s”预计少计 %(n)s 人", name=name, n=people))
        elif gained is None:
            said.append(_("指标“%(name)s”将不再计入本次活动", name=name))
    return said


def _counts(feed: Feed, category: str) -> bool:
    wanted = feed.indicator.participant_categories
    return not wanted or category in wanted


def _others(activity: Activity, stamp: Stamp) -> list[Activity]:
    """Other activities of the kind that take entries and have places, those of the same trade first."""
    rows: Iterable[Activity] = activities.listing(Query(kind=activity.kind), now=stamp.when, most=100)
    fitting = [
        row
        for row in rows
        if row.id != activity.id and row.is_open(stamp.when) and any(track.left > 0 for track in row.tracks)
    ]
    contests = set(activity.contests)

    def farness(row: Activity) -> tuple[bool, bool, int]:
        return (
            contests.isdisjoint(row.contests),
            row.industry is None or row.industry != activity.industry,
            abs((row.starts_at - activity.starts_at).days),
        )

    return sorted(fitting, key=farness)[:MOST]
