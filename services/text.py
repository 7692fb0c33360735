"""What text from people must look like before it is kept; and the sentences that say why not.

The rules are those of R26 and R36 for names, lines, paragraphs and login names. All lengths count code points
after cleaning, so a rare character outside the basic plane counts as one. `_("…")` marks a Chinese sentence
for translation (`services.sentence`).
"""

import re
import unicodedata

from services.sentence import LOCALES, BadText, Sentence, _, install, speaking

__all__ = [
    "LOCALES",
    "BadText",
    "Sentence",
    "_",
    "clean_line",
    "clean_name",
    "clean_paragraph",
    "compact",
    "escape_like",
    "install",
    "is_han",
    "login_key",
    "name_key",
    "speaking",
]

# --- characters -----------------------------------------------------------------------------------

NAME_LIMIT = 64
LINE_LIMIT = 200
PARAGRAPH_LIMIT = 5000
LOGIN_LIMIT = 64

# Shown as nothing at all, though Unicode files them under letters, marks or symbols: joiners, Hangul
# fillers, Khmer inherent vowels, Mongolian and other variation selectors, the empty Braille cell.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# U+F900 to FAFF and 2F800 to 2FA1F: normal forms replace most of these by another ideograph, which may not
# be the one on the identity card. They are kept as they came.
_COMPATIBLE_HAN = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_HAN_CLASS = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fffd\U00030000-\U0003fffd"
_HAN = re.compile(f"[{_HAN_CLASS}]")
# Everything that keyboards and old systems have used for the dot inside a name.
_DOTS = re.compile(" ?[\u00b7\u0387\u16eb\u2022\u2027\u2219\u22c5\u2e31\u30fb\uff65\ua78f] ?")
_FULL_STOP_BETWEEN_HAN = re.compile(f"(?<=[{_HAN_CLASS}]) ?[.\u2024] ?(?=[{_HAN_CLASS}])")
_SPACE_BETWEEN_HAN = re.compile(f"(?<=[{_HAN_CLASS}]) (?=[{_HAN_CLASS}])")
_MARKS_IN_A_ROW = 3


def is_han(character: str) -> bool:
    """Whether one character is a Chinese ideograph, in any plane, assigned or still to be assigned there."""
    return _HAN.fullmatch(character) is not None


def _refuse_unseen(text: str, allowed: str = "") -> None:
    """No control, bidirectional, zero-width or line-breaking character, none that only one machine can draw
    (R26, R36).

    Planes 2 and 3 hold nothing but ideographs, so a character there is welcome though this Python's tables
    may not know it yet: names use them the year they are published.
    """
    marks = 0
    for character in text:
        if character in allowed:
            marks = 0
            continue
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cf", "Zl", "Zp") or _INVISIBLE.match(character):
            raise BadText(_("含有换行、控制符或看不见的字符，请删去后手工重新输入。"))
        if kind in ("Co", "Cs") or (kind == "Cn" and not is_han(character)):
            raise BadText(_("含有无法通用显示的字符，请改用标准字库中的字。"))
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks > _MARKS_IN_A_ROW:
            raise BadText(_("附加符号过多，请删去多余的符号。"))


def _normal(text: str, form: str) -> str:
    pieces = _COMPATIBLE_HAN.split(text)
    # Python's type of `normalize` asks for a literal form.
    normalise = {
        "NFC": lambda s: unicodedata.normalize("NFC", s),
        "NFKC": lambda s: unicodedata.normalize("NFKC", s),
    }
    return "".join(piece if index % 2 else normalise[form](piece) for index, piece in enumerate(pieces))


def _limited(text: str, limit: int) -> str:
    if not text:
        raise BadText(_("请填写内容。"))
    if len(text) > limit:
        raise BadText(_("内容过长，最多 %(limit)s 个字符。", limit=limit))
    return text


def clean_name(text: str, limit: int = NAME_LIMIT) -> str:
    """A person's name as it is kept: 1 to 64 characters, at least one of them a letter, digit or ideograph
    (R26).

    NFKC, except that compatibility ideographs stay as on the identity card; runs of blanks become one space
    and vanish between ideographs (official lists pad two-character names); every kind of middle dot, and a
    full stop between ideographs, becomes U+00B7 without blanks around it. Raises BadText.
    """
    if len(text) > 8 * limit:
        raise BadText(_("内容过长，最多 %(limit)s 个字符。", limit=limit))
    _refuse_unseen(text)
    name = _BLANKS.sub(" ", _normal(_BLANKS.sub(" ", text).strip(" "), "NFKC")).strip(" ")
    _refuse_unseen(name)
    name = _FULL_STOP_BETWEEN_HAN.sub("\u00b7", _DOTS.sub("\u00b7", name))
    name = _limited(_SPACE_BETWEEN_HAN.sub("", name), limit)
    if not any(character.isalnum() or is_han(character) for character in name):
        raise BadText(_("请填写姓名，不能只有符号。"))
    return name


def name_key(text: str) -> str:
    """What two spellings of one name have in common: NFKC with compatibility ideographs unified, case
    folded, no blanks or dots. For comparing ("输入姓名核验"), never for showing. Never raises.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    folded = _FULL_STOP_BETWEEN_HAN.sub("", _DOTS.sub("", _BLANKS.sub("", folded)))
    return _BLANKS.sub("", folded)


def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """One line of ordinary text: a title, an address, an organisation's name. 1 to `limit` characters.

    NFC only: full-width punctuation is right in Chinese text. Blanks are collapsed and trimmed. Raises
    BadText.
    """
    if len(text) > 8 * limit:
        raise BadText(_("内容过长，最多 %(limit)s 个字符。", limit=limit))
    _refuse_unseen(text)
    return _limited(_normal(_BLANKS.sub(" ", text).strip(" "), "NFC").strip(" "), limit)


def clean_paragraph(text: str, limit: int = PARAGRAPH_LIMIT) -> str:
    """Text of several lines. 1 to `limit` characters, line ends as `\\n`, at most one empty line in a row,
    tabs as blanks.

    NFC; blanks are kept within a line (they indent) but not at its end. Raises BadText.
    """
    if len(text) > 8 * limit:
        raise BadText(_("内容过长，最多 %(limit)s 个字符。", limit=limit))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    _refuse_unseen(text, allowed="\n")
    lines = [line.rstrip(" \u00a0\u3000") for line in _normal(text, "NFC").split("\n")]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return _limited("\n".join(kept).strip("\n"), limit)


_LATIN_LOGIN = re.compile("[a-z0-9][a-z0-9._@-]*")
_HAN_LOGIN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fffd\U00030000-\U0003fffd0-9]+")
_DIGITS = re.compile("[0-9]+")


def login_key(text: str) -> str:
    """The one key of a login name: equal keys are one account (R26). 2 to 64 characters. Raises BadText.

    NFKC and case folding (Unicode's NFKC_Casefold), then one script only: either plain letters a to z with
    digits and `. _ @ -`, or Chinese ideographs with digits. Nothing else is needed for a login here, and
    what is refused includes every Cyrillic, Greek, accented or mathematical double of a Latin letter, and
    kana, strokes and radicals that pass for ideographs. Digits alone are refused, so that a login is never
    another person's phone or document number.
    """
    if len(text) > 8 * LOGIN_LIMIT:
        raise BadText(_("内容过长，最多 %(limit)s 个字符。", limit=LOGIN_LIMIT))
    _refuse_unseen(text)
    key = unicodedata.normalize("NFKC", text)
    key = _limited(unicodedata.normalize("NFKC", key.casefold()).strip(" "), LOGIN_LIMIT)
    if not (_LATIN_LOGIN.fullmatch(key) or _HAN_LOGIN.fullmatch(key)):
        raise BadText(_("登录名只能用英文字母和数字，或只用汉字和数字，不能混用，也不能有空格。"))
    if len(key) < 2:
        raise BadText(_("登录名至少 2 个字符。"))
    if _DIGITS.fullmatch(key):
        raise BadText(_("登录名不能全是数字，请加上字母或改用汉字。"))
    return key


# --- numbers and searches -------------------------------------------------------------------------

# Only what keyboards and copying do to a number: full-width forms, small letters, blanks, and the marks
# that address books put around it. Superscripts, circled and foreign digits stay as they are, and are
# refused later (R27).
_TO_ASCII = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)}
_UPPER = {small: small - 32 for small in range(ord("a"), ord("z") + 1)}
_LOOSE = re.compile("[\\s\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ufeff]+")


def compact(text: str) -> str:
    """A number or code as typed, without blanks and copying marks, full-width forms as ASCII, letters a to
    z upper-case.

    Says nothing about whether it is right. Never raises; applying it twice changes nothing.
    """
    return _LOOSE.sub("", text.translate(_TO_ASCII)).translate(_UPPER)


def escape_like(text: str, escape: str = "\\") -> str:
    """Text as a literal inside a LIKE pattern; the query says `ESCAPE` with the same character (R36)."""
    if len(escape) != 1 or escape in "%_":
        raise ValueError("one escape character other than % and _")
    for special in (escape, "%", "_"):
        text = text.replace(special, escape + special)
    return text
