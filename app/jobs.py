"""The jobs of the platform, by name: what `flask job run NAME` knows and the worker polls."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from services import audit as audits
from services import booking as bookings
from services import certificate as certificates
from services import intake as intakes
from services import job as jobs
from services import notification as notifications
from services import page as pages
from services import quota as quotas
from services import registration as registrations
from services import reminder as reminders
from services import throttle
from services import upload as uploads
from services.account import codes
from services.stamp import Stamp

SECOND, MINUTE, HOUR, DAY = (dt.timedelta(seconds=n) for n in (1, 60, 3600, 86400))


@dataclass(frozen=True)
class Job:
    name: str
    effect: Callable[[Stamp], object]
    poll: dt.timedelta
    every: dt.timedelta | None = None
    """Length of a slot whose effect happens once; None for a job that finds its own work and claims it row by row."""


def _sweep(stamp: Stamp) -> int:
    """Forget what has ended: tallies, claims of slots, codes, first answers to one-time keys, rows of lists."""
    ended = throttle.sweep(now=stamp.when) + jobs.sweep(now=stamp.when) + codes.sweep(now=stamp.when)
    ended += pages.sweep_answers(now=stamp.when) + reminders.forget(now=stamp.when)
    return ended + intakes.forget(stamp=stamp) + bookings.forget(stamp=stamp)


JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job("notification.deliver", lambda stamp: notifications.deliver(stamp=stamp), poll=SECOND),
        Job("intake.run", lambda stamp: intakes.run(stamp=stamp), poll=SECOND),
        Job("certificate.sign", lambda stamp: certificates.sign_due(stamp=stamp), poll=SECOND),
        Job(
            "registration.expire",
            lambda stamp: registrations.expire_due(stamp=stamp),
            poll=MINUTE,
            every=MINUTE,
        ),
        Job("booking.lapse", lambda stamp: bookings.lapse_due(stamp=stamp), poll=MINUTE, every=MINUTE),
        Job("booking.decide", lambda stamp: bookings.decide_small(stamp=stamp), poll=HOUR, every=DAY),
        Job("quota.release", lambda stamp: quotas.release_due(stamp=stamp), poll=MINUTE, every=MINUTE),
        Job("reminder.remind", lambda stamp: reminders.remind(stamp=stamp), poll=MINUTE, every=10 * MINUTE),
        Job("audit.checkpoint", lambda stamp: audits.checkpoint(stamp=stamp), poll=10 * MINUTE, every=DAY),
        Job("house.sweep", _sweep, poll=MINUTE, every=HOUR),
        Job("upload.sweep", lambda stamp: uploads.sweep(stamp=stamp), poll=HOUR),
    )
}
