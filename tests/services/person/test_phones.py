import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.person import DocumentType
from services.person import phones


@pytest.mark.parametrize(
    "typed",
    [
        "19900001234", "199 0000 1234", "199-0000-1234", "+8619900001234", "+86 199 0000 1234",
        "008619900001234",
        "8619900001234", "１９９００００１２３４", "＋８６ 19900001234", "(+86) 199-0000-1234",
        "\u202d19900001234\u202c",
        "199–0000–1234", " 199\u00a000001234\t",
    ],
)  # fmt: skip
def test_one_number_has_one_spelling(typed: str) -> None:
    assert phones.check(typed) == "19900001234"


@pytest.mark.parametrize("second", "3456789")
def test_mobile_numbers_begin_with_13_to_19(second: str) -> None:
    assert phones.check(f"1{second}900001234") == f"1{second}900001234"


@pytest.mark.parametrize(
    "typed",
    [
        "", "abc", "12900001234", "10900001234", "1990000123", "199000012345", "02349800000", "²9900001234",
        "1990000123①",
        "1990000123٤", "+119900001234", "+8529123456", "+85219900001", "19900001234,19900001235",
        "1.9900001234E10",
    ],
)  # fmt: skip
def test_other_numbers_are_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(phones.BadPhone) as refused:
        phones.check(typed)
    assert str(refused.value.sentence)


@pytest.mark.parametrize("typed", ["+852 9123 4567", "00852-91234567", "85291234567", "+853 6612 3456"])
def test_neighbours_numbers_go_with_neighbours_documents_only(typed: str) -> None:
    kept = phones.check(typed, DocumentType.HM_PERMIT)
    assert kept.startswith(("+8529", "+8536"))
    for document_type in (None, DocumentType.RESIDENT_ID, DocumentType.PASSPORT):
        with pytest.raises(phones.BadPhone):
            phones.check(typed, document_type)


def test_a_neighbours_number_needs_its_country_code() -> None:
    with pytest.raises(phones.BadPhone):
        phones.check("91234567", DocumentType.HMT_RESIDENCE_PERMIT)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("19900001234", "199****1234"),
        ("+85291234567", "+852****4567"),
        ("1234", "***4"),
        ("12345678", "******78"),
        ("", ""),
    ],
)
def test_a_number_is_masked(number: str, masked: str) -> None:
    assert phones.mask(number) == masked


@given(st.text() | st.text(alphabet="+0123456789- 086", max_size=20))
def test_normalising_never_raises_and_twice_changes_nothing(typed: str) -> None:
    once = phones.normalise(typed)
    assert phones.normalise(once) == once


@given(st.text(min_size=1, max_size=24))
def test_a_mask_shows_seven_digits_at_most(typed: str) -> None:
    masked = phones.mask(typed)
    number = phones.normalise(typed)
    assert len(masked) == len(number)
    assert not number or masked.count("*") >= 4 or len(number) < 6
