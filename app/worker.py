"""The scheduler: APScheduler in memory, inside a lease, over jobs that do each slot once.

Any number of processes may carry one. Only the holder of the lease runs jobs; and should two believe that they hold
it, the claim of each slot, made in the transaction of its effect, still lets every effect happen once (R63).
"""

import atexit
import datetime as dt
import logging
import os
import secrets
import socket
import threading

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.jobs import JOBS, Job
from services import job as jobs
from services.stamp import Stamp, clock

log = logging.getLogger("yongjiang")

BEAT = dt.timedelta(seconds=4)


class Worker:
    """Keeps asking for the lease; runs the jobs while it has it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[:80]
        self.stopping = threading.Event()
        self._scheduler: BackgroundScheduler | None = None

    @property
    def leads(self) -> bool:
        return self._scheduler is not None

    def run(self) -> None:
        """Until `stopping` is set."""
        while not self.stopping.is_set():
            self._beat()
            self.stopping.wait(BEAT.total_seconds())
        self._lose()
        with self.app.app_context():
            jobs.give_back(self.owner)

    def _beat(self) -> None:
        try:
            with self.app.app_context():
                leads = jobs.lead(self.owner, now=clock.now())
        except Exception as fault:  # noqa: BLE001  a database away must not end the loop
            log.warning("lease", extra={"fault": type(fault).__name__})
            leads = False
        if leads and not self.leads:
            self._gain()
        elif not leads and self.leads:
            self._lose()

    def _gain(self) -> None:
        scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
        )
        for job in JOBS.values():
            scheduler.add_job(
                self.attempt, "interval", seconds=job.poll.total_seconds(), args=[job], id=job.name
            )
        scheduler.start()
        self._scheduler = scheduler
        log.info("leading")

    def _lose(self) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
            log.info("not leading")

    def attempt(self, job: Job) -> None:
        try:
            with self.app.app_context():
                run(job, owner=self.owner, at=clock.now())
        except Exception as fault:
            log.error("job failed", exc_info=fault, extra={"job": job.name})


def run(job: Job, *, owner: str, at: dt.datetime) -> bool:
    """One job now. A slotted job does nothing if its slot was done; an open one looks for work each time."""
    stamp = Stamp(at, f"job:{job.name}"[:40])
    if job.every is None:
        return bool(job.effect(stamp))
    return jobs.once(job.name, slot_of(at, job.every), job.effect, owner=owner, stamp=stamp)


def slot_of(moment: dt.datetime, every: dt.timedelta) -> str:
    """The start of the slot that a moment falls into, counted from midnight in UTC+8."""
    zone = dt.timezone(dt.timedelta(hours=8))
    seconds = int(every.total_seconds())
    local = moment.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = int((local - midnight).total_seconds()) // seconds * seconds
    return (midnight + dt.timedelta(seconds=passed)).strftime("%Y-%m-%dT%H:%M:%S")


def embed(app: Flask) -> Worker:
    """A worker on a thread of a web process."""
    worker = Worker(app)
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()

    def stop() -> None:
        worker.stopping.set()
        thread.join(timeout=5)

    atexit.register(stop)
    return worker
