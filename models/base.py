"""What every table shares: the session factory, identifiers, moments, choices and scarce places.

`db` is made here because Flask-SQLAlchemy wants the base class; nothing in this room knows a request.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CODE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford: no i, l, o, u
CODE_LENGTH = 16  # 5 bits a character: 80 random bits (R17)
_CHARACTERS = (CODE_ALPHABET * 8).encode()  # a byte to a character, each of the 32 equally often

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


code_source: ContextVar[Callable[[], str] | None] = ContextVar("source of codes", default=None)
"""Where a story is told twice with the same addresses, its own source of them; otherwise none."""


def new_code() -> str:
    """A public identifier: 16 characters, 80 bits from the system's random source."""
    if (draw := code_source.get()) is not None:
        return draw()
    return secrets.token_bytes(CODE_LENGTH).translate(_CHARACTERS).decode()


def is_code(text: str) -> bool:
    """Whether it can be the code of a row at all; what cannot need not reach the database."""
    return len(text) == CODE_LENGTH and set(text) <= set(CODE_ALPHABET)


class Coded(Base):
    """A row with a key for the database and a random code for everybody else.

    The code is set first, since sealed values are bound to it.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-2)
    code: Mapped[str] = mapped_column(
        sa.String(CODE_LENGTH), unique=True, sort_order=-1, default=new_code, insert_sentinel=True
    )
    """Known before the row is stored: by it many rows are inserted in one statement and still get their keys."""

    def __init__(self, **values: Any) -> None:
        super().__init__(code=values.pop("code", None) or new_code(), **values)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code}>"


class UTCDateTime(sa.TypeDecorator[dt.datetime]):
    """Aware UTC in Python; the database keeps it without a zone. A naive moment is a bug (R72)."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.replace(tzinfo=dt.UTC)


class Hundredths(sa.TypeDecorator[Decimal]):
    """A number with two places, kept as a whole number: SQLite would keep a Decimal as a float (R54)."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if hundredths != hundredths.to_integral_value():
            raise ValueError("more than two places")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Words(sa.TypeDecorator[frozenset[str]]):
    """A set of code names in one column, as ` rural digital_skills `: both databases can ask for one of them."""

    impl = sa.String
    cache_ok = True

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        words = sorted(set(value))
        if any(not word or " " in word for word in words):
            raise ValueError("a code name is not empty and has no space")
        return f" {' '.join(words)} " if words else " "

    def process_result_value(self, value: str | None, dialect: Dialect) -> frozenset[str] | None:
        return None if value is None else frozenset(value.split())


def has_word(column: Any, word: str) -> sa.ColumnElement[bool]:
    """Whether a column of `Words` holds a word, as SQL."""
    return sa.type_coerce(column, sa.String).contains(f" {word} ", autoescape=True)


def choice(kind: type[StrEnum], length: int = 24) -> sa.Enum:
    """A column of an enum kept as its value, portable between databases."""
    return sa.Enum(
        kind, native_enum=False, length=length, values_callable=lambda members: [m.value for m in members]
    )


class Scarce(Base):
    """A row that offers a number of places. `taken` is only ever changed by `services.hold`."""

    __abstract__ = True

    capacity: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)

    @property
    def left(self) -> int:
        return self.capacity - self.taken

    @property
    def is_full(self) -> bool:
        return self.taken >= self.capacity


def scarce_checks() -> tuple[sa.CheckConstraint, ...]:
    """The database's own guard behind `services.hold`."""
    return (
        sa.CheckConstraint("taken >= 0", name="taken_not_negative"),
        sa.CheckConstraint("taken <= capacity", name="taken_within_capacity"),
    )


def upsert(table: type[Base]) -> postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the database at hand; both spell it alike."""
    if db.session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)  # type: ignore[return-value]
    return postgresql.insert(table)
