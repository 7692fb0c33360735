"""Keys for programs: what an account gives to a program so that it may ask and write in its name."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.account import Account
from models.base import Coded, UTCDateTime


class TokenScope(StrEnum):
    READ = "read"
    WRITE = "write"


class ApiToken(Coded):
    """接口令牌. The program carries 256 random bits; the row keeps their hash."""

    __tablename__ = "api_token"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    label: Mapped[str] = mapped_column(sa.String(40))
    """What its owner calls it, to know it again in the list."""
    scopes: Mapped[list[str]] = mapped_column(sa.JSON)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship()

    @property
    def chosen(self) -> list[TokenScope]:
        return [TokenScope(value) for value in self.scopes]

    def is_good(self, moment: dt.datetime) -> bool:
        return self.revoked_at is None and moment < self.expires_at

    def allows(self, scope: TokenScope) -> bool:
        return scope in self.chosen
