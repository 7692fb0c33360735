"""Loading the demonstration into an empty database, and emptying it again."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from flask import current_app

from app.config import Config
from app.demo import cast, codes, listing, people, programme, results, scenes, story, world
from app.demo.event import Event, Listed, Signed
from app.demo.setting import BY_ITSELF
from app.demo.stage import Stage
from models.account import Role
from models.activity import Activity
from models.base import db
from models.job import Lease
from models.organisation import Organisation
from models.person import Person
from models.registration import Registration
from services import indicator as indicators
from services import job as jobs
from services import notification as notifications
from services.audit import checkpoints
from services.stamp import Stamp, clock, local_moment
from services.transaction import transaction

PEOPLE = 2600
BEGIN = local_moment(dt.date(2023, 6, 5), dt.time(9))
"""When the units and their accounts were opened."""
CHAPTER = 400
"""Events in one transaction."""
PLANS = ("yongchuan-2023", "demo-continuation")
PLAN_FOLDER = Path(__file__).resolve().parent.parent / "plans"


class NotHere(RuntimeError):
    """The demonstration is loaded into a demo or a test, and into an empty database only."""


@dataclass(frozen=True)
class Summary:
    """What was loaded."""

    organisations: int
    people: int
    activities: int
    registrations: int
    registration_states: dict[str, int] = field(default_factory=dict)
    activity_states: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return (
            f"{self.organisations} organisations, {self.people} people, "
            f"{self.activities} activities, {self.registrations} registrations"
        )


def is_empty() -> bool:
    """Whether nothing is here that a demonstration could disturb."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == 0


def load(seed: int = 1, scale: int = 1, anchor: dt.date | None = None) -> Summary:
    """Load the whole demonstration, as if it had happened up to the eve of the anchor day (today).

    The same seed and anchor give the same content, public codes included. Raises NotHere, and ValueError for an anchor
    before 2026.
    """
    _insist_on_demo()
    if not is_empty():
        raise NotHere("there are units here already; --anew empties the demonstration first")
    anchor = anchor or clock.today()
    told = write(seed, scale, anchor)
    stage = Stage(told.world, told.actors, told.programme)
    load_plans()
    with codes.drawn_from(chance(seed, anchor, "codes")), notifications.muted():
        with transaction():
            stage.build(BEGIN)
        for chapter in story.chapters(told.events, CHAPTER):
            if isinstance(chapter[0], Signed):
                results.sign(chapter[0])
            elif isinstance(chapter[0], Listed):
                listing.send(stage, chapter[0])
            else:
                with transaction():
                    scenes.play(stage, chapter)
            db.session.expunge_all()
    return summary()


@dataclass(frozen=True)
class Told:
    """All that is known before a row is made."""

    world: world.World
    people: list[people.Human]
    actors: list[cast.Actor]
    programme: list[programme.Planned]
    events: list[Event]


def write(seed: int, scale: int, anchor: dt.date) -> Told:
    """The demonstration as a story, without a database."""
    rng = chance(seed, anchor)
    earth = world.make(rng)
    everybody = people.make(rng, earth, PEOPLE * scale, anchor)
    actors = cast.make(rng, earth, anchor)
    shows = programme.make(earth, anchor, scale)
    officers = frozenset(a.unit for a in actors if Role.CERTIFICATE_OFFICER in a.roles)
    events = story.tell(shows, everybody, actors[0].human, rng, anchor, officers)
    return Told(earth, everybody, actors, shows, events)


def chance(seed: int, anchor: dt.date, what: str = "story") -> random.Random:
    return random.Random(f"{what} {seed} {anchor}")  # noqa: S311  made-up people, not secrets


def load_plans() -> None:
    """The plan and its continuation for demonstration."""
    with transaction():
        for name in PLANS:
            document = indicators.read(PLAN_FOLDER / f"{name}.toml")
            indicators.load(document, stamp=Stamp(BEGIN, BY_ITSELF))


def summary() -> Summary:
    def count(table: type[object]) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    return Summary(
        organisations=count(Organisation),
        people=count(Person),
        activities=count(Activity),
        registrations=count(Registration),
        registration_states=dict(Counter(s.value for s in db.session.scalars(sa.select(Registration.state)))),
        activity_states=dict(Counter(s.value for s in db.session.scalars(sa.select(Activity.state)))),
    )


def empty() -> None:
    """Throw all away and begin with the tables as the migrations make them. Raises NotHere outside demo and test, and
    on SQLite while a site runs on the file: it would go on writing into one that nobody sees any more.

    On SQLite the file goes, on PostgreSQL every revision is taken back and made again.
    """
    _insist_on_demo()
    config: Config = current_app.extensions["yongjiang"]
    if config.is_sqlite and _is_running():
        raise NotHere(
            "a site is running on this database: stop the site first, and try again after half a minute"
        )
    db.session.remove()
    if config.is_sqlite:
        for engine in db.engines.values():
            name = engine.url.database
            engine.dispose()
            for suffix in ("", "-wal", "-shm"):
                if name:
                    Path(name + suffix).unlink(missing_ok=True)
    else:
        flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade()
    db.session.remove()
    checkpoints.forget()


def _is_running() -> bool:
    """Whether a scheduler holds its lease; a file without tables has none."""
    return sa.inspect(db.engine).has_table(Lease.__tablename__) and jobs.seen_lately(now=clock.now())


def _insist_on_demo() -> None:
    config: Config = current_app.extensions["yongjiang"]
    if config.env not in ("demo", "test"):
        raise NotHere("the demonstration is for APP_ENV demo or test")
