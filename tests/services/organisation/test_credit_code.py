import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.organisation import credit_code
from services.organisation.credit_code import ALPHABET, BadCreditCode

EXAMPLE = "91350100M000100Y43"  # the usual example of the standard's form


@pytest.mark.parametrize(
    "typed",
    [
        EXAMPLE,
        EXAMPLE.lower(),
        "9135 0100 M000 100Y 43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        "913501-00M000100Y-43",
    ],
)
def test_one_code_has_one_spelling(typed: str) -> None:
    assert credit_code.check(typed) == EXAMPLE


@pytest.mark.parametrize(
    "typed",
    [
        "", "1", EXAMPLE[:-1], EXAMPLE + "0", "9135O100M000100Y43", "91350100M000I00Y43",
        "91350100M000100Y4Z", "500199200503150126",
        "91350100M000100Y4３３", "91350100M00010²Y43", "91350A00M000100Y43", "91350100M000100Y44",
        "一二三四五六七八九十一二三四五六七八",
    ],
)  # fmt: skip
def test_other_codes_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(BadCreditCode) as refused:
        credit_code.check(typed)
    assert str(refused.value.sentence)


@pytest.mark.parametrize("kind", ["91", "12", "11", "51", "52"])
@given(seed=st.integers())
def test_demo_codes_are_right_and_of_no_county(kind: str, seed: int) -> None:
    code = credit_code.demo_code(random.Random(seed), kind)
    assert credit_code.check(code) == code
    assert code[:8] == kind + "500199"
    assert code == credit_code.demo_code(random.Random(seed), kind)


@given(st.integers(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(seed: int, place: int, wrong: str) -> None:
    code = credit_code.demo_code(random.Random(seed))
    changed = code[:place] + wrong + code[place + 1 :]
    if changed != code:
        with pytest.raises(BadCreditCode):
            credit_code.check(changed)


@given(st.integers(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_found(seed: int, place: int) -> None:
    code = credit_code.demo_code(random.Random(seed))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped != code:
        with pytest.raises(BadCreditCode):
            credit_code.check(swapped)


@given(st.text())
def test_any_text_is_kept_or_refused(typed: str) -> None:
    assert credit_code.normalise(credit_code.normalise(typed)) == credit_code.normalise(typed)
    with contextlib.suppress(BadCreditCode):
        assert len(credit_code.check(typed)) == 18
