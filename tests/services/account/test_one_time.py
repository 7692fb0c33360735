import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.account import one_time

KEY = bytes(range(32))


class Seeded:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def randbelow(self, exclusive_upper_bound: int, /) -> int:
        return self.rng.randrange(exclusive_upper_bound)


@given(st.integers())
def test_a_code_is_six_digits_and_follows_its_dice(seed: int) -> None:
    code = one_time.new_code(Seeded(seed))
    assert one_time.is_code(code)
    assert code == one_time.new_code(Seeded(seed))


def test_codes_and_tokens_differ_from_time_to_time() -> None:
    assert len({one_time.new_code() for _turn in range(100)}) > 90
    tokens = {one_time.new_token() for _turn in range(100)}
    assert len(tokens) == 100 and all(len(token) == 32 for token in tokens)


def test_small_numbers_keep_their_zeros() -> None:
    class Zero:
        def randbelow(self, exclusive_upper_bound: int, /) -> int:
            return 7

    assert one_time.new_code(Zero()) == "000007"


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "１２３４５６", "12345⁶", "123 456", "123456\n", "12345a", "٣٣٣٣٣٣"]
)
def test_other_texts_are_no_code(typed: str) -> None:
    assert not one_time.is_code(typed)


@given(st.text(), st.text(), st.text(), st.text())
def test_a_secret_matches_its_purpose_only(
    purpose: str, secret: str, other_purpose: str, other_secret: str
) -> None:
    stored = one_time.digest(purpose, secret, KEY)
    assert len(stored) == 64
    assert one_time.matches(stored, purpose, secret, KEY)
    same = (purpose, secret) == (other_purpose, other_secret)
    assert one_time.matches(stored, other_purpose, other_secret, KEY) is same


def test_purpose_and_secret_do_not_run_together() -> None:
    assert one_time.digest("a", "bc", KEY) != one_time.digest("ab", "c", KEY)


def test_another_key_does_not_match_and_a_short_one_is_refused() -> None:
    stored = one_time.digest("sign_in", "123456", KEY)
    assert not one_time.matches(stored, "sign_in", "123456", KEY[::-1])
    assert not one_time.matches("", "sign_in", "123456", KEY)
    assert not one_time.matches("\ud800é", "sign_in", "\ud800", KEY)
    with pytest.raises(ValueError):
        one_time.digest("sign_in", "123456", KEY[:31])
