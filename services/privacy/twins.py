"""Records that may be one person: the same or a look-alike name and the same birth date or phone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from models.base import db, new_code, upsert
from models.person import Person
from models.privacy import Merge, NoTwins
from models.registration import Registration
from services import audit as audits
from services import person as people
from services.access import DISTRICT, Principal
from services.account.claims import DECIDERS
from services.errors import Denied, Missing
from services.stamp import Stamp
from services.text import is_han, name_key

MOST = 100
ROOM = 40
"""People of one birth date or phone who are compared with one another: more are no coincidence but bad data."""


@dataclass(frozen=True)
class Twins:
    one: Person
    other: Person
    has_same_name: bool
    has_same_day: bool
    has_same_phone: bool


def looks_alike(name: str, other: str) -> bool:
    """Whether two names may be one: the same but for blanks, dots and case; or of three signs and more and the same
    length, with one of them another (张㛃珊, 张洁珊). Two signs with one of them another are two names.
    """
    mine, theirs = _bare(name), _bare(other)
    if mine == theirs:
        return True
    if len(mine) != len(theirs) or len(mine) < 3 or not all(map(is_han, mine + theirs)):
        return False
    return sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1


def _bare(name: str) -> str:
    return "".join(sign for sign in name_key(name) if sign.isalnum())


def likely_twins(most: int = MOST) -> list[Twins]:
    """Pairs that nobody has looked at yet, the surest first."""
    rows = db.session.execute(
        sa.select(Person.id, Person.name, Person.birth_date, Person.phone_index)
        .where(Person.merged_into_id.is_(None))
        .order_by(Person.id)
    ).all()
    by_day: dict[dt.date, list[int]] = defaultdict(list)
    by_phone: dict[str, list[int]] = defaultdict(list)
    names, days, phone = {}, {}, {}
    for key, name, day, index in rows:
        names[key], days[key], phone[key] = name, day, index
        if day is not None:
            by_day[day].append(key)
        if index is not None:
            by_phone[index].append(key)
    found = {
        pair
        for group in (*by_day.values(), *by_phone.values())
        for pair in _pairs(group)
        if looks_alike(names[pair[0]], names[pair[1]])
    }
    found -= {(one, other) for one, other in db.session.execute(sa.select(NoTwins.one_id, NoTwins.other_id))}

    def weight(pair: tuple[int, int]) -> tuple[bool, bool, bool, tuple[int, int]]:
        one, other = pair
        return (
            _bare(names[one]) != _bare(names[other]),
            days[one] is None or days[one] != days[other],
            phone[one] is None or phone[one] != phone[other],
            pair,
        )

    chosen = sorted(found, key=weight)[:most]
    known = _load({key for pair in chosen for key in pair})
    return [
        Twins(known[one], known[other], *(not unlike for unlike in weight((one, other))[:3]))
        for one, other in chosen
    ]


def standing_twins(person: Person, activity_id: int) -> list[Person]:
    """Others with a live entry for an activity who may be the same person, and whom nobody told apart yet."""
    alike = []
    if person.birth_date is not None:
        alike.append(Person.birth_date == person.birth_date)
    if person.phone_index is not None:
        alike.append(Person.phone_index == person.phone_index)
    if not alike:
        return []
    apart = sa.exists().where(
        sa.or_(
            sa.and_(NoTwins.one_id == person.id, NoTwins.other_id == Person.id),
            sa.and_(NoTwins.other_id == person.id, NoTwins.one_id == Person.id),
        )
    )
    stands = sa.exists().where(
        Registration.person_id == Person.id,
        Registration.activity_id == activity_id,
        Registration.claim.is_not(None),
    )
    rows = db.session.scalars(
        sa.select(Person)
        .where(Person.id != person.id, Person.merged_into_id.is_(None), sa.or_(*alike), stands, ~apart)
        .order_by(Person.id)
    )
    return [row for row in rows if looks_alike(person.name, row.name)]


def _pairs(keys: Sequence[int]) -> Iterable[tuple[int, int]]:
    if len(keys) > ROOM:
        return
    for index, one in enumerate(keys):
        for other in keys[index + 1 :]:
            yield one, other


def _load(keys: set[int]) -> dict[int, Person]:
    return {row.id: row for row in db.session.scalars(sa.select(Person).where(Person.id.in_(keys)))}


# --- deciding ------------------------------------------------------------------------------------


def may_decide(principal: Principal) -> None:
    """The bureau's desk, as for claims of identity. Raises `Denied`."""
    if not principal.may(DECIDERS, [DISTRICT]):
        raise Denied


def may_compare(principal: Principal, one: Person, other: Person) -> bool:
    """Whether somebody decides on records, and neither is their own."""
    return principal.may(DECIDERS, [DISTRICT]) and principal.person_id not in (one.id, other.id)


def get_pair(principal: Principal, pair: str) -> tuple[Person, Person]:
    """Two records to be compared, by both codes with a dot between. Raises `Denied`, also for those who are one of the
    two; `Missing`.
    """
    may_decide(principal)
    code, _dot, other = pair.partition(".")
    one, two = people.get(code), people.get(other)
    if one.id == two.id:
        raise Missing
    if principal.person_id in (one.id, two.id):
        raise Denied
    return one, two


def part(one: Person, other: Person, *, stamp: Stamp) -> None:
    """不是同一人: they are not shown as likely twins again."""
    first, second = sorted((one.id, other.id))
    db.session.execute(
        upsert(NoTwins)
        .values(code=new_code(), one_id=first, other_id=second, at=stamp.when, by_id=stamp.account_id)
        .on_conflict_do_nothing()
    )
    audits.record("person.told_apart", one, stamp=stamp, other=other.code)


def recent_merges(most: int = 30) -> Sequence[Merge]:
    return db.session.scalars(sa.select(Merge).order_by(Merge.id.desc()).limit(most)).all()


def get_merge(principal: Principal, code: str) -> Merge:
    """Raises `Denied`, also for the person it is about; `Missing`."""
    may_decide(principal)
    row = db.session.scalars(sa.select(Merge).where(Merge.code == code)).one_or_none()
    if row is None:
        raise Missing
    if principal.person_id in (row.old_id, row.new_id):
        raise Denied
    return row
