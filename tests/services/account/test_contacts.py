"""One spelling of a phone or an e-mail (R26)."""

import pytest
from flask import Flask

from services.account import Contact
from services.text import BadText

BASE = "li.ming@example.cn"
SAME = [
    BASE, "LI.MING@example.cn", "Li.Ming@Example.CN", " li.ming@example.cn ", "ｌｉ．ｍｉｎｇ＠ｅｘａｍｐｌｅ．ｃｎ",
    "𝐥𝐢.ming@example.cn", "ⓛⓘ.ming@example.cn", "ℓi.ming@example.cn", "li.mⁱng@example.cn",
]  # fmt: skip
REFUSED = [
    "lі.ming@example.cn",  # Cyrillic і
    "ӏi.ming@example.cn", "li.mıng@example.cn", "lí.ming@example.cn", "li.ming@exаmple.cn", "li.ming@еxample.cn",
    "li.ming\u200b@example.cn", "li.ming\u202e@example.cn", "li\u00ad.ming@example.cn", "li.ming@example.cn\u0000",
    "li ming@example.cn", "li..ming@example.cn", "@example.cn", "li.ming@", "li.ming@example", "li.ming",
    "li.ming@-example.cn", "li.ming@example.c", "λi.ming@example.cn", "li.ming@пример.cn", "李明@example.cn",
    "li.ming@example.cn\nbcc: x@example.cn", "a" * 65 + "@example.cn", "", "li.ming@例子.cn", "ʟi.ming@example.cn",
    "li․․ming@example.cn", "\"li\"@example.cn", "li.ming@[127.0.0.1]", "li.ming@example.cn,x@example.cn",
]  # fmt: skip


@pytest.mark.parametrize("typed", SAME)
def test_spellings_of_one_address_are_one(context: Flask, typed: str) -> None:
    assert Contact.email(typed).index == Contact.email(BASE).index


@pytest.mark.parametrize("typed", REFUSED)
def test_a_double_of_an_address_is_refused(typed: str) -> None:
    with pytest.raises(BadText):
        Contact.email(typed)


@pytest.mark.parametrize("typed", [
    "13800138000", "138 0013 8000", "+86 138-0013-8000", "１３８００１３８０００", "008613800138000", "8613800138000",
])  # fmt: skip
def test_spellings_of_one_phone_are_one(context: Flask, typed: str) -> None:
    assert Contact.read(typed).index == Contact.phone("13800138000").index


def test_a_phone_and_an_email_never_share_an_index(context: Flask) -> None:
    assert Contact.phone("13800138000").index != Contact.email(BASE).index


def test_what_is_shown_of_a_contact_is_a_part(context: Flask) -> None:
    assert Contact.phone("13800138000").masked == "138****8000"
    assert Contact.email(BASE).masked == "l***@example.cn"
    assert "1380" not in repr(Contact.phone("13800138000"))
