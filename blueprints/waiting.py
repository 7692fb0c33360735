"""What waits for the visitor, gathered from every room: the desk lays it out, urgent work first."""

import datetime as dt

from services import activity as activities
from services import attendance as attendances
from services import booking as bookings
from services import certificate as certificates
from services import indicator as indicators
from services import intake as intakes
from services import organisation as organisations
from services import outcome as outcomes
from services import party as parties
from services import pipeline as pipelines
from services import registration as registrations
from services import stamped_copy as stamped_copies
from services.access import Principal
from services.waiting import Waiting


def rows(who: Principal, now: dt.datetime) -> list[Waiting]:
    """For somebody who works here."""
    found = [
        *attendances.waiting(who, now=now),
        *registrations.to_review(who, now=now),
        *intakes.waiting(who),
        *parties.waiting(who, now=now),
        *stamped_copies.to_decide(who),
        *bookings.waiting(who, now=now),
        *outcomes.waiting(who),
        *certificates.waiting(who),
        *pipelines.waiting(who),
        *indicators.waiting(who),
        *activities.waiting(who, now=now),
        *organisations.waiting(who),
    ]
    return sorted(found, key=lambda row: not row.is_urgent)
