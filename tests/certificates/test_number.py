"""Certificate numbers: one spelling out, many in, no slip of the finger through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.number import ALPHABET, Number, Series, check_character, compose, parse

numbers = st.builds(
    Number,
    st.sampled_from(Series),
    st.integers(2020, 2099),
    st.integers(1, 9999),
    st.one_of(st.integers(1, 9999), st.integers(10_000, 999_999)),
)


def test_a_number_is_written_in_one_way() -> None:
    assert compose("JS", 2026, 17, 3) == "YC-JS-2026-0017-0003-7"
    assert compose("award", 2026, 17, 3) == "YC-JS-2026-0017-0003-7"
    assert compose(Series.COMPLETION, 2027, 9999, 123456).startswith("YC-JY-2027-9999-123456-")


@pytest.mark.parametrize(
    ("kind", "year", "activity", "serial"),
    [("XX", 2026, 1, 1), ("JS", 26, 1, 1), ("JS", 2026, 0, 1), ("JS", 2026, 10_000, 1), ("JS", 2026, 1, 0)],
)
def test_what_is_no_number_is_refused(kind: str, year: int, activity: int, serial: int) -> None:
    with pytest.raises(ValueError):
        compose(kind, year, activity, serial)


@given(numbers)
def test_what_is_written_is_read(number: Number) -> None:
    assert parse(str(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "yc-js-2026-0017-0003-7",
        " YC-JS-2026-0017-0003-7\n",
        "ＹＣ－ＪＳ－２０２６－００１７－０００３－７",
        "YCJS2026001700037",
        "YC JS 2026 0017 0003 7",
        "YC—JS—2026—0017—0003—7",
        "YC–JS−2026-0017_0003.7",
    ],
)
def test_people_type_it_in_many_ways(typed: str) -> None:
    assert parse(typed) == Number(Series.AWARD, 2026, 17, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "YC-JS-2026-0017-0003",
        "YC-JS-2026-0017-0003-3",
        "٢٠٢٦",
        "YC" * 500,
        "YC-JS-2026-0017-00003-7",
    ],
)
def test_what_is_no_number_reads_as_none(typed: str) -> None:
    assert parse(typed) is None


@given(numbers)
def test_every_wrong_character_is_found(number: Number) -> None:
    text = str(number)
    for place, right in enumerate(text):
        if right == "-":
            continue
        for wrong in ALPHABET:
            assert wrong == right or parse(text[:place] + wrong + text[place + 1 :]) is None


@given(numbers)
def test_every_swap_of_neighbours_is_found(number: Number) -> None:
    text = str(number).replace("-", "")
    for place in range(len(text) - 1):
        first, second = text[place : place + 2]
        swapped = text[:place] + second + first + text[place + 2 :]
        assert first == second or parse(swapped) is None


def test_the_check_finds_all_slips_wherever_they_stand() -> None:
    """The code itself, exhaustively: what happens at one place depends on the sum before it and the next two."""
    for before in ALPHABET:
        seen: dict[tuple[str, str], str] = {}
        for one in ALPHABET:
            for other in ALPHABET:
                seen[one, other] = check_character(before + one + other)
        for one in ALPHABET:
            assert len({seen[one, other] for other in ALPHABET}) == 36  # one wrong character
            assert len({seen[other, one] for other in ALPHABET}) == 36
            assert len({seen[other, other] for other in ALPHABET}) == 36  # a pair for a pair
            assert all(seen[one, other] != seen[other, one] for other in ALPHABET if other != one)
