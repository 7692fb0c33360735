"""The whole database as values, to be compared; and which columns hold what people wrote."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask

from models.base import CODE_ALPHABET, CODE_LENGTH, db

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]

TRAIL = frozenset({"trace", "trace_head", "tally"})
"""What refusals and limits leave behind."""

SEEN = frozenset({("sign_in", "seen_at"), ("api_token", "used_at")})

CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LENGTH}}}|(?<=own_)[{CODE_ALPHABET}]{{8}}")
TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{32}\b")
RANDOM = re.compile(
    "_hash$|_sealed$|^badge_index$|^digest$|^key$|^hash$|^previous$|^bound_to$|^sha256$|^pass_code$"
    "|^token$|^facts$|^statement$|^signature$"
)
"""Columns that differ from run to run by themselves."""

WRITTEN: dict[str, str] = {
    "account": "display_name",
    "activity": "title summary description what_to_bring co_organisers contact_name contact_phone decision_note",
    "annex": "title",
    "batch": "true_source",
    "booking": "classes contact_name note plates insurance",
    "intake": "file_name note true_source",
    "api_token": "label",
    "answer": "workplace post coach remark",
    "indicator_evidence": "title",
    "indicator_report": "work note",
    "member": "title",
    "certificate": "end_reason",
    "checkin_point": "name",
    "certificate_change": "reason note",
    "message": "title error",
    "notice": "title body",
    "organisation": "name short_name town",
    "organisation_application": "name town reason",
    "outcome_correction": "reason note",
    "outcome_line": "remark",
    "outcome_sheet": "note",
    "quota": "name",
    "party": "name coach leader reason note opinion",
    "person": "name workplace guardian_name",
    "registration": "note opinion",
    "registration_bulk": "note",
    "registration_comment": "text",
    "merge": "reason",
    "stamped_copy": "stamped_by note",
    "reserve_entry": "reason skill",
    "registration_step": "note",
    "session": "title room",
    "sign_in": "device address",
    "slot": "room staff reason",
    "station": "equipment",
    "theme": "title summary stations staff risk_note what_to_bring room",
    "track": "name",
    "upload": "name",
    "venue": "name address town getting_there",
    "waiver": "reason",
}
"""Columns of text that people write, by table."""

NOT_WRITTEN = re.compile(
    "_index$|_hash$|_sealed$|_code$|^code$|^hash$|^digest$|^bound_to$|^sha256$|^claim$|^kind$|^link$|^purpose$"
    "|^language$|^index$|^field$|^place$|^skill_level$|^category$|^level_certificate$|^media_type$"
    "|^rule$|^facts$|^statement$|^signature$|^token$|^number$|^subject$"
)
"""Columns of text that hold words of the site's own, or nothing readable."""

GROWING = frozenset({"attendance.device_key", "attendance.place", "attendance.reason"})
"""Columns of rows that no statement may change: their text is not planted."""

FROM_FILES = frozenset(
    {"checkpoint", "clause", "deliverable", "department", "indicator", "phase", "plan", "programme", "tag"}
)
"""Tables whose texts come from the plan's file, which is part of the program."""
MACHINERY = frozenset(
    {
        "certificate_book",
        "consent",
        "job_run",
        "lease",
        "once",
        "participation",
        "tally",
        "trace",
        "trace_head",
    }
)
"""Tables that nobody writes into by hand; facts are append-only, and the database refuses to plant anything there."""


def tables() -> list[sa.Table]:
    return list(db.metadata.sorted_tables)


def dump(app: Flask) -> Rows:
    """Every row of every table."""
    found: Rows = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in tables():
            keys = [column.name for column in table.primary_key]
            names = [column.name for column in table.columns]
            found[table.name] = {}
            for row in connection.execute(sa.text(f'SELECT * FROM "{table.name}"')).mappings():  # noqa: S608
                values = {name: row[name] for name in names}
                found[table.name][tuple(values[key] for key in keys)] = values
    return found


def changes(
    before: Rows, after: Rows, but: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(table, what happened, the columns that did) of every row that is not as it was."""
    for table, rows in after.items():
        if table in but:
            continue
        old = before[table]
        for key, row in rows.items():
            if key not in old:
                yield table, "new", row
            elif row != old[key]:
                yield (
                    table,
                    "changed",
                    {
                        name: value
                        for name, value in row.items()
                        if value != old[key][name] and (table, name) not in SEEN
                    },
                )
        for key in old.keys() - rows.keys():
            yield table, "gone", old[key]


def touched(before: Rows, after: Rows, but: frozenset[str] = frozenset()) -> Counter[str]:
    """The changes as comparable text, without what is random."""
    return Counter(
        f"{table} {what} " + ", ".join(_plain(name, value) for name, value in sorted(row.items()))
        for table, what, row in changes(before, after, but)
        if row
    )


def made(found: Counter[str]) -> list[str]:
    """What was changed beside the trail."""
    return [line for line in found if line.split(" ")[0] not in TRAIL]


def _plain(name: str, value: Any) -> str:
    """One column, with its value unless that is random."""
    return name if RANDOM.search(name) else f"{name}={TOKEN.sub('<token>', CODE.sub('<code>', str(value)))}"


def unplaced() -> set[str]:
    """Columns of text that nobody has said of whether people write them."""
    written = {f"{table}.{column}" for table, columns in WRITTEN.items() for column in columns.split()}
    return (
        {
            f"{table.name}.{column.name}"
            for table in tables()
            for column in table.columns
            if isinstance(column.type, sa.String)
            and not isinstance(column.type, sa.Enum)
            and table.name not in FROM_FILES | MACHINERY
            and not NOT_WRITTEN.search(column.name)
        }
        - written
        - {"booking.visit", "quota.key", "reminded.key"}  # name what they are about
        - GROWING
    )


Maker = Callable[[str, str, int], str]


def plant(app: Flask, make: Maker) -> int:
    """Write into every text that people write: `make(table, column, row)`, cut to its length. How many."""
    count = 0
    with app.app_context(), db.engine.begin() as connection:
        for name, columns in WRITTEN.items():
            table = db.metadata.tables[name]
            for key in connection.scalars(sa.select(table.c.id)).all():
                values = {}
                for column in columns.split():
                    limit = getattr(table.c[column].type, "length", None)
                    values[column] = make(name, column, key)[:limit]
                connection.execute(sa.update(table).where(table.c.id == key).values(values))
                count += len(values)
        count += _plant_facts(connection, make)
    return count


def _plant_facts(connection: sa.Connection, make: Maker) -> int:
    """The words of certificates are people's, frozen in one column."""
    table = db.metadata.tables["certificate"]
    rows = connection.execute(sa.select(table.c.id, table.c.facts)).all()
    for key, text in rows:
        said = json.loads(text)
        words = {
            name: make("certificate", name, key)
            for name in ("name", "award", "activity", "contest", "issuer")
        }
        facts = json.dumps(said | words, ensure_ascii=False)
        connection.execute(sa.update(table).where(table.c.id == key).values(facts=facts))
    return len(rows)
