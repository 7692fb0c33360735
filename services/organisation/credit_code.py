"""The unified social credit code of an organisation, GB 32100-2015: 18 characters with a check by MOD 31.

1 registering department, 1 kind of organisation, 6 area, 9 organisation code (GB 11714, with a check of its
own), 1 check. The letters I O S V Z are not used. Only the outer check decides: some codes carried over
from old registers are said not to keep the inner one, and a real organisation must not be turned away.
"""

import random
from typing import Final

from services.text import BadText, _, compact

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DEMO_AREA: Final = "500199"  # a county code that is not assigned

_INNER_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_UNUSED: Final = frozenset("IOSVZ")


class BadCreditCode(BadText):
    """Not a unified social credit code. `sentence` says what is wrong and what to do."""


def normalise(raw: str) -> str:
    """The one spelling of a code: no blanks or dashes, ASCII, upper-case. Never raises; idempotent."""
    return compact(raw).replace("-", "")


def check(raw: str) -> str:
    """The code as it is kept. Raises BadCreditCode."""
    code = normalise(raw)
    if not code:
        raise BadCreditCode(_("请填写统一社会信用代码。"))
    if len(code) != 18:
        raise BadCreditCode(
            _("统一社会信用代码应为 18 位，现在是 %(length)s 位，请对照证照核对。", length=len(code))
        )
    if not _UNUSED.isdisjoint(code):
        raise BadCreditCode(_("统一社会信用代码不使用字母 I、O、S、V、Z，可能是数字 1、0、5、2，请核对。"))
    if any(character not in ALPHABET for character in code) or not all(
        "0" <= digit <= "9" for digit in code[2:8]
    ):
        raise BadCreditCode(_("统一社会信用代码只能是数字和大写字母，第 3 至 8 位是数字，请核对。"))
    if code[17] != _check_character(code[:17]):
        raise BadCreditCode(_("统一社会信用代码校验不通过，可能有一位输错，请对照证照逐位核对。"))
    return code


def demo_code(rng: random.Random, kind: str = "91") -> str:
    """A code that no organisation has, right in both checks, in the county 500199 that is not assigned.

    `kind`: 91 enterprise, 12 public institution (school), 11 public body, 51 association, 52 private
    non-enterprise unit.
    """
    inner = "".join(rng.choice(ALPHABET) for _position in range(8))
    total = sum(_INNER_ALPHABET.index(c) * weight for c, weight in zip(inner, _INNER_WEIGHTS, strict=True))
    first = kind + DEMO_AREA + inner + "0123456789X0"[(11 - total % 11)]
    return first + _check_character(first)


def _check_character(first_seventeen: str) -> str:
    total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(first_seventeen))
    return ALPHABET[-total % 31]
