"""Mobile numbers: one spelling, a check of form, and a mask.

Mainland numbers are kept as 11 digits; those of Hong Kong and Macao with their country code
(`+85291234567`), and only for people whose document is of there (domain rules 6.1). Whether a number is in
use is shown by a code sent to it.
"""

import re

from models.person import DocumentType
from services.text import BadText, _, compact

HMT_TYPES = frozenset({DocumentType.HMT_RESIDENCE_PERMIT, DocumentType.HM_PERMIT, DocumentType.TW_PERMIT})

_PUNCTUATION = str.maketrans("", "", "-()\u2010\u2011\u2012\u2013\u2014\u2212")
_MAINLAND = re.compile("1[3-9][0-9]{9}")
_MAINLAND_ABROAD = re.compile(r"(?:\+|00)?86(1[3-9][0-9]{9})")
_NEIGHBOUR_ABROAD = re.compile(r"(?:\+|00)?(852[4-9][0-9]{7}|8536[0-9]{7})")
_NEIGHBOUR = re.compile(r"\+(?:852[4-9][0-9]{7}|8536[0-9]{7})")


class BadPhone(BadText):
    """Not a mobile number that can be used here. `sentence` says what is wrong and what to do."""


def normalise(raw: str) -> str:
    """The one spelling of a number, on which its keyed index is built. Never raises; idempotent.

    Full-width forms become ASCII; blanks, dashes and brackets go; +86, 0086 and 86 go from a mainland
    mobile number.
    """
    number = compact(raw).translate(_PUNCTUATION)
    if mainland := _MAINLAND_ABROAD.fullmatch(number):
        return mainland[1]
    if neighbour := _NEIGHBOUR_ABROAD.fullmatch(number):
        return "+" + neighbour[1]
    return number


def check(raw: str, document_type: DocumentType | None = None) -> str:
    """The number as it is kept. `document_type` is that of its owner; None where it is not known. Raises
    BadPhone.
    """
    number = normalise(raw)
    if _MAINLAND.fullmatch(number):
        return number
    if not number:
        raise BadPhone(_("请填写手机号。"))
    if _NEIGHBOUR.fullmatch(number):
        if document_type in HMT_TYPES:
            return number
        raise BadPhone(_("香港、澳门手机号仅供持港澳台证件的人员使用，请填写 11 位内地手机号。"))
    if document_type in HMT_TYPES:
        raise BadPhone(_("请填写 11 位内地手机号，或带 +852、+853 的香港、澳门手机号。"))
    if number.startswith("0"):
        raise BadPhone(_("这像是座机号码，请填写 11 位手机号。"))
    raise BadPhone(_("手机号应为以 1 开头的 11 位数字，请核对。"))


def mask(number: str) -> str:
    """`138****1234`; of a neighbour's number `+852****4567`; of anything else the last two of at most a
    third.
    """
    number = normalise(number)
    if _MAINLAND.fullmatch(number):
        return f"{number[:3]}****{number[7:]}"
    if _NEIGHBOUR.fullmatch(number):
        return f"{number[:4]}****{number[8:]}"
    shown = min(2, len(number) // 3)
    return "*" * (len(number) - shown) + number[len(number) - shown :]
