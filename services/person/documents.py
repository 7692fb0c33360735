"""Identity documents: whether a number can be right, how it is kept, and how much of it is shown.

Sources: GB 11643-1999 (18 digits, birth date, order, check by ISO 7064 MOD 11-2) for resident numbers; the
residence permits of Hong Kong, Macao and Taiwan people and the permanent residence card since December 2023
use the same form. A number says where it was first registered, not where somebody lives, and districts have
been renumbered (Yongchuan was 510229, then 500383, now 500118), so the area is never a reason to refuse
(R27).

A number that passes is well-formed, not genuine: only the authority that issued it can say that.
"""

import datetime as dt
import random
import re
from dataclasses import dataclass
from typing import Final

from models.person import DocumentType, Sex
from services.text import BadText, Sentence, _, compact

OLDEST: Final = 120  # years of age
DEMO_AREA: Final = "500199"  # a county code that is not assigned

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_PROVINCES: Final = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71,),
    )
    for code in codes
)
_HMT_AREAS: Final = ("810000", "820000", "830000")

_EIGHTEEN = re.compile("[0-9]{17}[0-9X]")
_FIFTEEN = re.compile("[0-9]{15}")
_SPREADSHEET = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]+")
_HM_PERMIT = re.compile("[HM][0-9]{8}")
_HM_PERMIT_WITH_COUNT = re.compile("([HM][0-9]{8})[0-9]{2}")
_TW_PERMIT = re.compile("[0-9]{8}")
_OLD_PR_CARD = re.compile("[A-Z]{3}[0-9]{12}")
_PASSPORT = re.compile("[A-Z0-9]{5,17}")


class BadDocument(BadText):
    """The number cannot be right for this type. `sentence` says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A number that may be kept, with what it says by itself.

    `birth_date` and `sex` are None where the number does not carry them. `warnings` ask for a second look;
    they refuse nothing. The number is left out of the representation, since that ends up in logs.
    """

    number: str
    birth_date: dt.date | None
    sex: Sex | None
    warnings: tuple[Sentence, ...] = ()

    def __repr__(self) -> str:
        return "CheckedDocument(…)"


def normalise(type: DocumentType, raw: str) -> str:
    """The one spelling of a number, on which its keyed index is built. Never raises; idempotent.

    Full-width forms become ASCII, blanks go, letters are upper-case. A Hong Kong and Macao permit with its
    two-digit count of renewals (H1234567801) loses the count: the first nine characters stay with the
    person for life, and one person must not have two spellings.
    """
    number = compact(raw)
    if type is DocumentType.HM_PERMIT and (with_count := _HM_PERMIT_WITH_COUNT.fullmatch(number)):
        return with_count[1]
    return number


def check(type: DocumentType, raw: str, today: dt.date, *, stated_sex: Sex | None = None) -> CheckedDocument:
    """Check a number as typed. `today` is the day at the event's clock in Asia/Shanghai; a birth on it is
    allowed.

    Each 18-character number belongs to one type only, so nobody is entered twice under two types.
    `stated_sex` is what the person said, where the form asks: a difference is a warning. Raises
    BadDocument.
    """
    number = normalise(type, raw)
    if not number:
        raise BadDocument(_("请填写证件号码。"))
    match type:
        case DocumentType.RESIDENT_ID | DocumentType.HMT_RESIDENCE_PERMIT:
            checked = _check_resident(type, number, today)
        case DocumentType.PR_CARD:
            checked = _check_pr_card(number, today)
        case DocumentType.HM_PERMIT:
            if not _HM_PERMIT.fullmatch(number):
                raise BadDocument(_("港澳居民来往内地通行证号码应为 H 或 M 加 8 位数字，请对照证件核对。"))
            checked = CheckedDocument(number, None, None)
        case DocumentType.TW_PERMIT:
            if not _TW_PERMIT.fullmatch(number):
                raise BadDocument(_("台湾居民来往大陆通行证号码应为 8 位数字，请对照证件核对。"))
            checked = CheckedDocument(number, None, None)
        case _:
            checked = _check_passport(number)
    if stated_sex is not None and checked.sex is not None and stated_sex is not checked.sex:
        warning = _("证件号码表示的性别与所填性别不一致，请核对。")
        checked = CheckedDocument(
            checked.number, checked.birth_date, checked.sex, (*checked.warnings, warning)
        )
    return checked


def _check_resident(type: DocumentType, number: str, today: dt.date) -> CheckedDocument:
    _refuse_form(number)
    is_hmt = number[:2] in ("81", "82", "83")
    if type is DocumentType.RESIDENT_ID and is_hmt:
        raise BadDocument(_("这是港澳台居民居住证的号码，请把证件类型改为“港澳台居民居住证”。"))
    if type is DocumentType.RESIDENT_ID and number[0] == "9":
        raise BadDocument(_("这是外国人永久居留身份证的号码，请把证件类型改为“外国人永久居留身份证”。"))
    if type is DocumentType.HMT_RESIDENCE_PERMIT and not is_hmt:
        raise BadDocument(_("港澳台居民居住证号码以 81、82 或 83 开头，请核对号码，或改选证件类型。"))
    birth_date, sex = _read(number, today)
    known = number[:6] in _HMT_AREAS if is_hmt else number[:2] in _PROVINCES
    return CheckedDocument(
        number, birth_date, sex, () if known else (_("证件号码的地区码少见，请再核对一次。"),)
    )


def _check_pr_card(number: str, today: dt.date) -> CheckedDocument:
    if _OLD_PR_CARD.fullmatch(number):
        return CheckedDocument(number, None, None)
    if len(number) == 15 and not _FIFTEEN.fullmatch(number):
        raise BadDocument(_("旧版外国人永久居留身份证号码应为 3 个字母加 12 位数字，请对照证件核对。"))
    _refuse_form(number)
    if number[0] != "9":
        raise BadDocument(_("新版外国人永久居留身份证号码以 9 开头，请核对号码，或改选证件类型。"))
    birth_date, sex = _read(number, today)
    return CheckedDocument(number, birth_date, sex)


def _check_passport(number: str) -> CheckedDocument:
    if not _PASSPORT.fullmatch(number):
        raise BadDocument(_("护照号码应为 5 至 17 位字母或数字，不含空格和符号，请对照证件核对。"))
    if number.isalpha():
        return CheckedDocument(number, None, None, (_("护照号码通常含有数字，请再核对一次。"),))
    return CheckedDocument(number, None, None)


def _refuse_form(number: str) -> None:
    """Raise BadDocument unless it is 17 ASCII digits and a digit or X."""
    if _EIGHTEEN.fullmatch(number):
        return
    if _SPREADSHEET.fullmatch(number):
        raise BadDocument(_("号码已被电子表格改成数值，后几位已丢失，请把单元格设为文本后重新填写完整号码。"))
    if _FIFTEEN.fullmatch(number):
        raise BadDocument(_("15 位旧号码已停用，请填写现在的 18 位号码。"))
    if len(number) != 18:
        raise BadDocument(_("号码应为 18 位，现在是 %(length)s 位，请对照证件核对。", length=len(number)))
    raise BadDocument(_("号码前 17 位只能是数字，最后一位只能是数字或 X，请对照证件核对。"))


def _read(number: str, today: dt.date) -> tuple[dt.date, Sex]:
    """Birth date and sex of an 18-character number. Raises BadDocument where date or check character are
    wrong.
    """
    try:
        birth_date = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadDocument(_("号码中的出生日期（第 7 至 14 位）不存在，请对照证件核对。")) from None
    if birth_date > today:
        raise BadDocument(_("号码中的出生日期（第 7 至 14 位）晚于今天，请对照证件核对。"))
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    if today.year - birth_date.year - (not had_birthday) > OLDEST:
        raise BadDocument(_("号码中的出生年份（第 7 至 10 位）过早，请对照证件核对。"))
    if number[17] != _check_character(number[:17]):
        raise BadDocument(_("号码校验不通过，可能有一位输错或相邻两位颠倒，请对照证件逐位核对。"))
    return birth_date, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def _check_character(first_seventeen: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _shown(number: str) -> int:
    """How many characters may be seen at one end: 4, or a quarter of a short number."""
    return 4 if len(number) >= 12 else len(number) // 4


def mask(type: DocumentType, number: str) -> str:
    """`5001**********0011`, for signed-in pages: first 4 and last 4 (R13); of a short number a quarter at
    each end.
    """
    shown = _shown(normalise(type, number))
    number = normalise(type, number)
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]


def public_mask(type: DocumentType, number: str) -> str:
    """`**************0011`, for pages that anyone may open: the end alone, no area and no birth year."""
    number = normalise(type, number)
    shown = _shown(number)
    return "*" * (len(number) - shown) + number[len(number) - shown :]


def demo_number(rng: random.Random, birth_date: dt.date, sex: Sex) -> str:
    """A resident number that nobody has: right in form, in the county 500199 that is not assigned. For demo
    and tests.
    """
    order = 2 * rng.randrange(500) + (1 if sex is Sex.MALE else 0)
    number = f"{DEMO_AREA}{birth_date:%Y%m%d}{order:03d}"
    return number + _check_character(number)
