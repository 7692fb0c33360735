"""A phone or an e-mail in its one spelling: where a code goes, and by what an account is known (R26, R38)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from models import vault
from services.person import phones
from services.text import BadText, _

EMAIL_LIMIT: Final = 120
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")


class ContactKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Contact:
    """`value` is left out of the representation, since that ends up in logs."""

    kind: ContactKind
    value: str

    def __repr__(self) -> str:
        return f"Contact({self.kind.value} …)"

    @classmethod
    def phone(cls, typed: str) -> Self:
        """Raises BadText (`phones.BadPhone`)."""
        return cls(ContactKind.PHONE, phones.check(typed))

    @classmethod
    def email(cls, typed: str) -> Self:
        """Raises BadText."""
        return cls(ContactKind.EMAIL, check_email(typed))

    @classmethod
    def read(cls, typed: str) -> Self:
        """A phone or an e-mail, whichever it looks like. Raises BadText."""
        return cls.email(typed) if "@" in typed or "\uff20" in typed else cls.phone(typed)

    @property
    def is_phone(self) -> bool:
        return self.kind is ContactKind.PHONE

    @property
    def index(self) -> str:
        return vault.blind_index(self.kind.value, self.value)

    @property
    def indexes(self) -> tuple[str, ...]:
        """Under every key of the ring: what to look for."""
        return vault.blind_indexes(self.kind.value, self.value)

    @property
    def masked(self) -> str:
        return phones.mask(self.value) if self.is_phone else mask_email(self.value)


def check_email(typed: str) -> str:
    """The one spelling: NFKC, case folded, plain Latin letters only, so that no two look alike. Raises
    BadText.
    """
    if len(typed) > 4 * EMAIL_LIMIT:
        raise BadText(_("邮箱地址过长，请核对。"))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold()).strip()
    if not folded:
        raise BadText(_("请填写邮箱地址。"))
    if len(folded) > EMAIL_LIMIT or not _EMAIL.fullmatch(folded) or ".." in folded:
        raise BadText(_("邮箱地址格式不对，应类似 name@example.cn，请核对。"))
    return folded


def mask_email(address: str) -> str:
    """`w***@example.cn`"""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}"
