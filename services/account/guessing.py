"""How many tries a password stands: the estimate behind its refusal.

How easily one is guessed is the least number of tries, as a power of ten, over all ways to cut it into
parts that a guesser tries first: common passwords and words by their rank, the platform's and the user's
own words, dates, repeats, runs along the alphabet or the keyboard, and single characters for the rest. (The
idea is Wheeler's, "zxcvbn", USENIX Security 2016. Only the frequency lists of the package of that name are
used, not its matcher, which is slow on long input.)
"""

import functools
import importlib
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

LONGEST: Final = 256  # characters looked at

# What anybody who attacks this site tries first.
SITE_WORDS: Final = (
    "永川", "重庆", "巴渝", "工匠", "永匠", "竞赛", "技能", "密码", "管理员", "我爱你", "你好", "yongchuan",
    "chongqing", "bayu", "gongjiang", "yongjiang", "jineng", "jingsai", "rencai", "peixun",
    "woaini", "woaiwojia", "aini", "nihao", "mima", "wodemima", "zhongguo", "guanliyuan",
    "woshi", "yanzhengma", "admin", "administrator", "root", "test", "guest", "demo", "qwe",
    "abc", "asd", "zxc", "qaz", "wsx", "1314", "520", "521", "888", "666", "168", "qq",
    "weixin", "wechat", "yc", "cq", "changeme", "letmein",
)  # fmt: skip

_LONGEST_PART = 32
_RUNS: Final = tuple(
    run + "\n" + run[::-1]
    for run in (
        "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./",
        "!@#$%^&*()_+", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujmikolp",
        "q1w2e3r4t5y6u7i8o9p0", "1q2w3e4r5t6y7u8i9o0p", "qweasdzxc", "147258369", "一二三四五六七八九十",
        "天地玄黄宇宙洪荒",
    )
)  # fmt: skip
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DATE = re.compile(f"(?:19|20)?[0-9]{{2}}{_MONTH_DAY}")
_PINYIN = re.compile(
    "(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)"
    "(?:a|ai|an|ang|ao|e|ei|en|eng|i|ia|ian|iang|iao|ie|in|ing|iong|iu|o|ong|ou"
    "|u|ua|uai|uan|uang|ue|ui|un|uo|v|ve)"
)
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
    text = folded(password)[:LONGEST]
    own = [word for word in (*map(folded, own_words), *SITE_WORDS) if word]
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
    """A beginning that is one block over and over is as hard as the block, and a little for how often."""
    hard = best[:1]
    for end in range(1, len(text) + 1):
        blocks = (size for size in range(1, end // 2 + 1) if text[size:end] == text[: end - size])
        hard.append(min(best[end], min((hard[size] + 1.0 for size in blocks), default=best[end])))
    return hard[-1]


def _single(character: str) -> float:
    if character.isascii():
        return 1.0 if character.isdecimal() else 1.4
    return 2.5  # ideographs by their frequency: some hundreds to try


def _cost(part: str, whole_words: frozenset[str], own_numbers: list[str]) -> float | None:
    """How hard a part is as a whole, as a power of ten; None where nothing is known about it."""
    costs = [*_own_costs(part, whole_words, own_numbers), *_list_costs(part, whole_words)]
    if len(part) >= 3 and (len(set(part)) == 1 or any(part in run for run in _RUNS)):
        costs.append(1.0 + math.log10(len(part)))
    if len(part) <= 6 and _PINYIN.fullmatch(part):
        costs.append(1.5)
    costs += [cost for shape, cost in ((_YEAR, 1.3), (_DATE, 4.0), (_MOBILE, 6.0)) if shape.fullmatch(part)]
    return min(costs, default=None)


def _own_costs(part: str, whole_words: frozenset[str], own_numbers: list[str]) -> list[float]:
    """Words of the context, pieces of one's own numbers."""
    is_own = len(part) >= 4 and any(part in number for number in own_numbers)
    return [0.7] if is_own or part in whole_words else []


def _list_costs(part: str, whole_words: frozenset[str]) -> list[float]:
    """Words of the lists: forwards, backwards, with letters swapped for signs."""
    if len(part) < 3:
        return []
    known, costs = ranks(), []
    if part in known:
        costs.append(known[part])
    elif part[::-1] in known:
        costs.append(known[part[::-1]] + 0.3)
    swapped = set() if part.isdecimal() else {part.translate(swaps) for swaps in _SWAPS} - {part}
    costs += [known[plain] + 0.3 for plain in swapped if plain in known]
    costs += [1.0 for plain in swapped if plain in whole_words]
    return costs


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@functools.cache
def ranks() -> Mapping[str, float]:
    """Common passwords, words and names with the power of ten of their rank. Some 90,000; read once, at
    first use.
    """
    lists: dict[str, list[str]] = importlib.import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    rank_of: dict[str, float] = {}
    for words in lists.values():
        for rank, word in enumerate(words, start=1):
            hardness = max(0.5, math.log10(rank))
            if len(word) >= 3 and hardness < rank_of.get(word, math.inf):
                rank_of[word] = hardness
    return rank_of


def common_passwords() -> frozenset[str]:
    """The list of common passwords alone (R02 asks for 10,000 at least)."""
    return frozenset(importlib.import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS["passwords"])
