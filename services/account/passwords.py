"""Passwords: how they are stored, and which are refused.

Stored as Argon2id with 19 MiB, two passes, one lane (R01, the OWASP figures): about 20 ms of one core.
Refused when short, made of the user's own particulars, or easily guessed; there are no rules of
composition. A phone code is the ordinary way in, so a password is for those who want one, and for staff.

How easily one is guessed is the least number of tries, as a power of ten, over all ways to cut it into
parts that a guesser tries first: common passwords and words by their rank, the platform's and the user's
own words, dates, repeats, runs along the alphabet or the keyboard, and single characters for the rest. (The
idea is Wheeler's, "zxcvbn", USENIX Security 2016. Only the frequency lists of the package of that name are
used, not its matcher, which is slow on long input.)
"""

import base64
import functools
import importlib
import math
import re
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from services.text import Sentence, _

SHORTEST: Final = 10  # characters
SHORTEST_FOR_STAFF: Final = 12
LONGEST: Final = 128  # refused before hashing, so that hashing has a bounded cost
HARD_ENOUGH: Final = 7.0  # ten to this power of tries

# What anybody who attacks this site tries first.
SITE_WORDS: Final = (
    "永川", "重庆", "巴渝", "工匠", "永匠", "竞赛", "技能", "密码", "管理员", "我爱你", "你好",
    "yongchuan", "chongqing", "bayu", "gongjiang", "yongjiang", "jineng", "jingsai", "rencai", "peixun",
    "woaini", "woaiwojia", "aini", "nihao", "mima", "wodemima", "zhongguo", "guanliyuan", "woshi", "yanzhengma",
    "admin", "administrator", "root", "test", "guest", "demo", "qwe", "abc", "asd", "zxc", "qaz", "wsx",
    "1314", "520", "521", "888", "666", "168", "qq", "weixin", "wechat", "yc", "cq", "changeme", "letmein",
)  # fmt: skip

_hasher = PasswordHasher(
    time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)


def _nobody() -> str:
    """A stored hash that no password has: random bytes in place of a result. Checking against it costs the
    same.
    """
    salt, result = (base64.b64encode(secrets.token_bytes(n)).decode().rstrip("=") for n in (16, 32))
    return f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}${salt}${result}"


_NOBODY: Final = _nobody()


def _prepared(password: str) -> str:
    """One spelling of what was typed: NFC, every kind of space as the plain one (RFC 8265, OpaqueString)."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in password)
    return unicodedata.normalize("NFC", spaced)


def _is_storable(password: str) -> bool:
    return 0 < len(password) <= LONGEST and not any(0xD800 <= ord(c) <= 0xDFFF for c in password)


def hashed(password: str) -> str:
    """What is stored. Raises ValueError for what `refusal` would not have let through: empty, too long, not
    text.
    """
    prepared = _prepared(password) if len(password) <= LONGEST else password
    if not _is_storable(prepared):
        raise ValueError("a password that must be refused before hashing")
    return _hasher.hash(prepared)


def matches(stored: str | None, typed: str) -> bool:
    """Whether this is the password. `stored` is None for an unknown account or one without a password: the
    same work is done and the answer is no, so that the time tells nothing (R03). Never raises.
    """
    prepared = _prepared(typed) if len(typed) <= LONGEST else typed
    possible = stored is not None and _is_storable(prepared)
    try:
        verified = _hasher.verify(stored if possible and stored else _NOBODY, prepared if possible else "-")
    except InvalidHashError:  # a stored value that is not a hash: pay the price all the same
        return matches(None, typed)
    except VerificationError:
        return False
    return verified and possible


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's; ask after `matches`, then store `hashed`
    again.
    """
    return _hasher.check_needs_rehash(stored)


def refusal(password: str, context_words: Iterable[str] = (), *, staff: bool = False) -> Sentence | None:
    """Why a password cannot be chosen, or None. `context_words`: the user's login, name, unit, phone,
    document number.

    Six digits or more in a row of an own number refuse by themselves; other own words count as guessed.
    Never raises.
    """
    shortest = SHORTEST_FOR_STAFF if staff else SHORTEST
    if len(password) > LONGEST:
        return _("密码最多 %(longest)s 个字符。", longest=LONGEST)
    password = _prepared(password)
    if len(password) < shortest:
        return _("密码至少 %(shortest)s 个字符，可以用几个不相关的词，中间可有空格。", shortest=shortest)
    if not _is_storable(password):
        return _("密码含有无法保存的字符，请换一个。")
    folded = _folded(password)
    words = [word for word in map(_folded, context_words) if word]
    if any(_has_own_number(folded, word) for word in words):
        return _("密码不能包含本人手机号或证件号码中的数字。")
    if folded in _ranks() or len(set(folded)) <= 3:
        return _("这个密码太常见，请换一个。")
    if difficulty(password, words) < HARD_ENOUGH:
        return _("这个密码容易被猜到，请避开常用词、姓名、单位、年份和连续字符，改用几个不相关的词。")
    return None


# --- how easily it is guessed ---------------------------------------------------------------------

_LONGEST_PART = 32
_RUNS: Final = tuple(
    run + "\n" + run[::-1]
    for run in (
        "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "!@#$%^&*()_+",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp", "q1w2e3r4t5y6u7i8o9p0",
        "1q2w3e4r5t6y7u8i9o0p", "qweasdzxc", "147258369", "一二三四五六七八九十", "天地玄黄宇宙洪荒",
    )
)  # fmt: skip
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(f"(?:19|20)?[0-9]{{2}}{_MONTH_DAY}")
_YEAR = re.compile("(?:19|20)[0-9]{2}年?")
_MOBILE = re.compile("1[3-9][0-9]{9}")
_SWAPS: Final = tuple(
    str.maketrans(swaps)
    for swaps in (
        {"@": "a", "4": "a", "0": "o", "1": "l", "3": "e", "$": "s", "5": "s", "7": "t", "!": "i"},
        {"@": "a", "4": "a", "0": "o", "1": "i", "3": "e", "$": "s", "5": "s", "7": "t", "!": "l", "9": "g"},
    )
)


def difficulty(password: str, own_words: Iterable[str] = ()) -> float:
    """The least number of guesses, as a power of ten. At most 128 characters: the work grows with their
    number times 32.
    """
    text = _folded(password)[: 2 * LONGEST]
    own = [word for word in (*map(_folded, own_words), *SITE_WORDS) if word]
    whole_words = frozenset(own) | frozenset(word[::-1] for word in own)
    own_numbers = [word for word in own if len(word) >= 6 and word[:-1].isdecimal()]
    best = [0.0]  # the least for each beginning of the text
    for end in range(1, len(text) + 1):
        least = best[end - 1] + _single(text[end - 1])
        for start in range(max(0, end - _LONGEST_PART), end - 1):
            if best[start] >= least:
                continue
            part = text[start:end]
            cost = _cost(part, whole_words, own_numbers)
            if cost is not None:
                least = min(least, best[start] + cost)
        best.append(least)
    return _less_for_repeats(text, best)


def _less_for_repeats(text: str, best: list[float]) -> float:
    """A text that is one block over and over is as hard as the block, and a little for how often."""
    for size in range(1, len(text) // 2 + 1):
        block = text[:size]
        if (block * (len(text) // size + 1))[: len(text)] == text:
            return min(best[-1], best[size] + 1.0)
    return best[-1]


def _single(character: str) -> float:
    if character.isascii():
        return 1.0 if character.isdecimal() else 1.4
    return 2.5  # ideographs by their frequency: some hundreds to try


def _cost(part: str, whole_words: frozenset[str], own_numbers: list[str]) -> float | None:
    """How hard a part is as a whole, as a power of ten; None where nothing is known about it."""
    costs = [*_own_costs(part, whole_words, own_numbers), *_list_costs(part, whole_words)]
    if len(part) >= 3 and (len(set(part)) == 1 or any(part in run for run in _RUNS)):
        costs.append(1.0 + math.log10(len(part)))
    costs += [
        cost for pattern, cost in ((_YEAR, 1.3), (_DATE, 4.0), (_MOBILE, 6.0)) if pattern.fullmatch(part)
    ]
    return min(costs, default=None)


def _own_costs(part: str, whole_words: frozenset[str], own_numbers: list[str]) -> list[float]:
    """Words of the context, pieces of one's own numbers."""
    is_own = len(part) >= 4 and any(part in number for number in own_numbers)
    return [0.7] if is_own or part in whole_words else []


def _list_costs(part: str, whole_words: frozenset[str]) -> list[float]:
    """Words of the lists, forwards, backwards, and with letters swapped for signs."""
    if len(part) < 3:
        return []
    ranks, costs = _ranks(), []
    if part in ranks:
        costs.append(ranks[part])
    elif part[::-1] in ranks:
        costs.append(ranks[part[::-1]] + 0.3)
    swapped = {part.translate(swaps) for swaps in _SWAPS} - {part} if not part.isdecimal() else set()
    costs += [ranks[plain] + 0.3 for plain in swapped if plain in ranks]
    costs += [1.0 for plain in swapped if plain in whole_words]
    return costs


def _has_own_number(folded: str, word: str) -> bool:
    """Whether six digits in a row of a long own number stand in the password, forwards."""
    if len(word) < 8 or not word[:-1].lstrip("+hm").isdecimal():
        return False
    return any(word[i : i + 6] in folded for i in range(len(word) - 5) if word[i : i + 6].isdecimal())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@functools.cache
def _ranks() -> dict[str, float]:
    """Common passwords, words and names with the power of ten of their rank. Some 80,000; read once, at
    first use.
    """
    lists: dict[str, list[str]] = importlib.import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    ranks: dict[str, float] = {}
    for words in lists.values():
        for rank, word in enumerate(words, start=1):
            hardness = max(0.5, math.log10(rank))
            if len(word) >= 3 and hardness < ranks.get(word, math.inf):
                ranks[word] = hardness
    return ranks


def common_passwords() -> frozenset[str]:
    """The list of common passwords alone (R02 asks for 10,000 at least)."""
    return frozenset(importlib.import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS["passwords"])
