"""A corpus of document numbers, half made by rule and half by hand. Only the unassigned county 500199, the
examples printed in the standards and in specimen cards, and numbers that are wrong or plainly made up.
"""

import datetime as dt
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.person import DocumentType, Sex
from services.person import documents
from services.person.documents import BadDocument, check, demo_number, mask, normalise, public_mask

TODAY = dt.date(2026, 11, 23)
RESIDENT, HMT = DocumentType.RESIDENT_ID, DocumentType.HMT_RESIDENCE_PERMIT
HM, TW = DocumentType.HM_PERMIT, DocumentType.TW_PERMIT
PR_CARD, PASSPORT = DocumentType.PR_CARD, DocumentType.PASSPORT

WEIGHTS = [2 ** (17 - place) % 11 for place in range(17)]  # ISO 7064 MOD 11-2, from its definition


def finished(first_seventeen: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return first_seventeen + "0123456789X"[(1 - total) % 11]


def is_accepted(type: DocumentType, typed: str) -> bool:
    try:
        check(type, typed, TODAY)
    except BadDocument as refused:
        assert str(refused.sentence).endswith("。")
        assert typed.strip() == "" or len(typed) < 4 or typed not in str(refused.sentence)
        return False
    return True


def corpus() -> list[tuple[DocumentType, str, bool]]:
    """400 and more (type, typed, accepted), made by rule."""
    rows: list[tuple[DocumentType, str, bool]] = []
    rng = random.Random(20261123)
    for _turn in range(100):
        born = dt.date(1926, 1, 1) + dt.timedelta(days=rng.randrange(36_000))
        good = demo_number(rng, born, rng.choice(list(Sex)))
        place = rng.randrange(18)
        wrong = good[:place] + str((int(good[place].replace("X", "3")) + 1) % 10) + good[place + 1 :]
        rows += [
            (RESIDENT, good, True),
            (RESIDENT, wrong, False),
            (RESIDENT, good[:-1], False),
            (HMT, good, False),
        ]
    for area in ("810000", "820000", "830000"):
        for order in ("001", "002", "118", "999"):
            number = finished(f"{area}19900307{order}")
            rows += [(HMT, number, True), (RESIDENT, number, False), (PR_CARD, number, False)]
    for country in ("124", "410", "840", "392"):
        number = finished(f"950{country}19810803002"[:17])
        rows += [(PR_CARD, number, True), (RESIDENT, number, False), (HMT, number, False)]
    # Each first pair of digits, known or not: never a reason to refuse, but for those of other documents.
    for first in range(10, 90):
        number = finished(f"{first}019919900101003")
        rows.append((RESIDENT, number, first not in (81, 82, 83)))
    return rows


RULED = corpus()

WRITTEN = [
    # the vectors of the domain rules
    (RESIDENT, "11010519491231002X", True),
    (RESIDENT, "11010519491231002x", True),
    (RESIDENT, "500199200503150126", True),
    (RESIDENT, "500199198808080210", True),
    (RESIDENT, "50019919900101003X", True),
    (RESIDENT, "440524188001010014", False),  # the check character is right, the age is not
    (RESIDENT, "500199199502290017", False),  # 29 February of a common year
    (PR_CARD, "911124198108030024", True),  # the specimen of the card since 2023
    # spellings
    (RESIDENT, " 500199 20050315 0126 ", True),
    (RESIDENT, "５００１９９２００５０３１５０１２６", True),
    (RESIDENT, "50019919900101003ｘ", True),
    (RESIDENT, "\u202d500199200503150126\u202c", True),
    (RESIDENT, "500199200503150126\n", True),
    (RESIDENT, "50019920050315012６", True),
    (RESIDENT, "5001992005O3150126", False),
    (RESIDENT, "50019919900101003Х", False),  # a Cyrillic letter
    (RESIDENT, "50019919900101003×", False),  # a multiplication sign
    (RESIDENT, "50019920050315012⑥", False),
    (RESIDENT, "50019920050315012⁶", False),
    (RESIDENT, "٥00199200503150126", False),
    (RESIDENT, "५00199200503150126", False),
    (RESIDENT, "𝟓00199200503150126", False),
    (RESIDENT, "50019920050315X126", False),
    (RESIDENT, "X00199200503150126", False),
    (RESIDENT, "-50019920050315012", False),
    (RESIDENT, "+50019920050315012", False),
    (RESIDENT, "500199-20050315-0126", False),
    (RESIDENT, "500199 2005 0315 01_6", False),
    # lengths
    (RESIDENT, "", False),
    (RESIDENT, "   ", False),
    (RESIDENT, "0", False),
    (RESIDENT, "500199900101003", False),  # 15 digits
    (RESIDENT, "50019920050315012", False),
    (RESIDENT, "5001992005031501266", False),
    (RESIDENT, "5.00199200503150126E+17", False),
    (RESIDENT, "5.00199E+17", False),
    (RESIDENT, "500199200503150000", False),
    (RESIDENT, "000000000000000000", False),
    (RESIDENT, "111111111111111111", False),
    (RESIDENT, "123456789012345678", False),
    # dates
    (RESIDENT, finished("50019920000229001"), True),
    (RESIDENT, finished("50019920080229001"), True),
    (RESIDENT, finished("50019919000229001"), False),
    (RESIDENT, finished("50019920250229001"), False),
    (RESIDENT, finished("50019920050431001"), False),
    (RESIDENT, finished("50019920051301001"), False),
    (RESIDENT, finished("50019920050001001"), False),
    (RESIDENT, finished("50019920050100001"), False),
    (RESIDENT, finished("50019900000101001"), False),
    (RESIDENT, finished("50019999991231001"), False),
    (RESIDENT, finished("50019920261123001"), True),  # born today
    (RESIDENT, finished("50019920261124001"), False),  # tomorrow
    (RESIDENT, finished("50019920300101001"), False),
    (RESIDENT, finished("50019919061123001"), True),  # 120 today
    (RESIDENT, finished("50019919051124001"), True),  # 120 still
    (RESIDENT, finished("50019919051123001"), False),  # 121 today
    (RESIDENT, finished("50019919860701001"), True),
    (RESIDENT, finished("50019919910831001"), True),
    # the districts that Yongchuan has been, with births before and after each
    (RESIDENT, finished("51022919750101001"), True),
    (RESIDENT, finished("51038319900101001"), True),
    (RESIDENT, finished("50038319990101001"), True),
    (RESIDENT, finished("50011819850101001"), True),
    (RESIDENT, finished("50011820100101001"), True),
    # residence permits
    (HMT, finished("81000019900307001").lower(), True),
    (HMT, finished("81010119900307001"), True),
    (HMT, finished("84000019900307001"), False),
    (HMT, "H12345678", False),
    (HMT, "810000", False),
    # permits for Hong Kong and Macao
    (HM, "H12345678", True),
    (HM, "M12345678", True),
    (HM, "h12345678", True),
    (HM, "Ｈ１２３４５６７８", True),
    (HM, "H1234567801", True),
    (HM, "H 1234 5678", True),
    (HM, "H123456789", False),
    (HM, "H1234567", False),
    (HM, "H123456780123", False),
    (HM, "A12345678", False),
    (HM, "12345678", False),
    (HM, "H1234567８", True),
    (HM, "H1234567⑧", False),
    (HM, "", False),
    # permits for Taiwan
    (TW, "12345678", True),
    (TW, "１２３４５６７８", True),
    (TW, "1234567", False),
    (TW, "123456789", False),
    (TW, "T12345678", False),
    (TW, "1234567²", False),
    (TW, "", False),
    # cards of permanent residence
    (PR_CARD, "CAN110181080310", True),
    (PR_CARD, "can110181080310", True),
    (PR_CARD, "ＣＡＮ110181080310", True),
    (PR_CARD, "CAN11018108031", False),
    (PR_CARD, "CA1110181080310", False),
    (PR_CARD, "110181080310CAN", False),
    (PR_CARD, "911124198108030025", False),
    (PR_CARD, "911124198113030024", False),
    (PR_CARD, "500199200503150126", False),
    (PR_CARD, "", False),
    # passports
    (PASSPORT, "E12345678", True),
    (PASSPORT, "e12345678", True),
    (PASSPORT, "Ｅ１２３４５６７８", True),
    (PASSPORT, "EA1234567", True),
    (PASSPORT, "12345", True),
    (PASSPORT, "ABCDE", True),  # with a warning
    (PASSPORT, "A" * 16 + "1", True),
    (PASSPORT, "1234", False),
    (PASSPORT, "A" * 17 + "1", False),
    (PASSPORT, "E1234-5678", False),
    (PASSPORT, "E1234567é", False),
    (PASSPORT, "Е12345678", False),  # a Cyrillic letter
    (PASSPORT, "E1234567ı", False),
    (PASSPORT, "", False),
]


def test_the_corpus_has_four_hundred_different_numbers_and_more() -> None:
    assert len({(type, typed) for type, typed, _accepted in RULED}) >= 400
    assert len(WRITTEN) >= 100


def test_the_whole_corpus_is_judged_rightly() -> None:
    wrong = [row for row in [*RULED, *WRITTEN] if is_accepted(row[0], row[1]) is not row[2]]
    assert wrong == []


def test_a_number_says_birth_date_and_sex() -> None:
    checked = check(RESIDENT, "11010519491231002x", TODAY)
    assert (checked.number, checked.birth_date, checked.sex) == (
        "11010519491231002X",
        dt.date(1949, 12, 31),
        Sex.FEMALE,
    )
    assert checked.warnings == ()
    assert check(PR_CARD, "911124198108030024", TODAY).birth_date == dt.date(1981, 8, 3)
    for type, number in (
        (HM, "H12345678"),
        (TW, "12345678"),
        (PASSPORT, "E12345678"),
        (PR_CARD, "CAN110181080310"),
    ):
        checked = check(type, number, TODAY)
        assert checked.birth_date is None and checked.sex is None


def test_a_birth_date_is_a_date_in_the_years_of_summer_time_too() -> None:
    for born in (dt.date(1986, 7, 1), dt.date(1991, 8, 31), dt.date(2008, 2, 29)):
        birth_date = check(RESIDENT, demo_number(random.Random(1), born, Sex.MALE), TODAY).birth_date
        assert type(birth_date) is dt.date and birth_date == born


def test_an_unknown_area_and_a_different_sex_are_warnings() -> None:
    assert len(check(RESIDENT, finished("10019919900101003"), TODAY).warnings) == 1
    assert len(check(HMT, finished("81010119900307001"), TODAY).warnings) == 1
    assert len(check(PASSPORT, "ABCDE", TODAY).warnings) == 1
    number = demo_number(random.Random(1), dt.date(1990, 1, 1), Sex.MALE)
    assert len(check(RESIDENT, number, TODAY, stated_sex=Sex.FEMALE).warnings) == 1
    assert check(RESIDENT, number, TODAY, stated_sex=Sex.MALE).warnings == ()
    assert check(PASSPORT, "E12345678", TODAY, stated_sex=Sex.MALE).warnings == ()


def test_a_refusal_names_the_mistake_and_the_remedy() -> None:
    def said(type: DocumentType, typed: str) -> str:
        with pytest.raises(BadDocument) as refused:
            check(type, typed, TODAY)
        return str(refused.value.sentence)

    assert "15 位" in said(RESIDENT, "500199900101003")
    assert "17 位" in said(RESIDENT, "50019920050315012")
    assert "出生日期" in said(RESIDENT, "500199199502290017")
    assert "晚于今天" in said(RESIDENT, finished("50019920300101001"))
    assert "校验" in said(RESIDENT, "500199200503150127")
    assert "电子表格" in said(RESIDENT, "5.00199200503150126E+17")
    assert "港澳台居民居住证" in said(RESIDENT, finished("81000019900307001"))
    assert "外国人永久居留身份证" in said(RESIDENT, "911124198108030024")


def test_one_person_has_one_spelling() -> None:
    assert normalise(RESIDENT, "50019919900101003ｘ ") == normalise(
        RESIDENT, "５００１９９１９９００１０１００３X"
    )
    assert normalise(HM, "h1234567801") == normalise(HM, "H12345678") == "H12345678"


@given(st.sampled_from(DocumentType), st.text() | st.text(alphabet="HM0123456789Xx ９", max_size=20))
def test_any_text_is_kept_or_refused_and_normalising_twice_changes_nothing(
    type: DocumentType, typed: str
) -> None:
    once = normalise(type, typed)
    assert normalise(type, once) == once
    try:
        number = check(type, typed, TODAY).number
    except BadDocument:
        return
    assert number == once and number.isascii() and number.isalnum()


@given(st.integers(), st.dates(dt.date(1906, 11, 24), TODAY), st.sampled_from(Sex))
def test_demo_numbers_are_right_and_of_no_county(seed: int, born: dt.date, sex: Sex) -> None:
    number = demo_number(random.Random(seed), born, sex)
    checked = check(RESIDENT, number, TODAY)
    assert (checked.birth_date, checked.sex, checked.warnings) == (born, sex, ())
    assert number.startswith(documents.DEMO_AREA)
    assert number == demo_number(random.Random(seed), born, sex)


@given(st.integers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_wrong_character_is_found(seed: int, place: int, wrong: str) -> None:
    number = demo_number(random.Random(seed), dt.date(1990, 1, 1), Sex.MALE)
    changed = number[:place] + wrong + number[place + 1 :]
    assert is_accepted(RESIDENT, changed) is (changed == number)


@given(st.integers(), st.integers(0, 16))
def test_every_swap_of_neighbours_is_found(seed: int, place: int) -> None:
    number = demo_number(random.Random(seed), dt.date(1987, 6, 5), Sex.FEMALE)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert is_accepted(RESIDENT, swapped) is (swapped == number)


@pytest.mark.parametrize(
    ("type", "number", "masked", "public"),
    [
        (RESIDENT, "500199200503150126", "5001**********0126", "**************0126"),
        (PR_CARD, "CAN110181080310", "CAN1*******0310", "***********0310"),
        (HM, "H12345678", "H1*****78", "*******78"),
        (TW, "12345678", "12****78", "******78"),
        (PASSPORT, "E1234", "E***4", "****4"),
    ],
)
def test_a_number_is_masked(type: DocumentType, number: str, masked: str, public: str) -> None:
    assert mask(type, number) == masked
    assert public_mask(type, number) == public


@given(st.sampled_from(DocumentType), st.text(max_size=30))
def test_a_mask_hides_half_or_more(type: DocumentType, typed: str) -> None:
    number = normalise(type, typed)
    assert len(mask(type, typed)) == len(public_mask(type, typed)) == len(number)
    assert number == "" or mask(type, typed).count("*") * 3 >= len(number)


def test_a_checked_document_keeps_its_number_out_of_logs() -> None:
    assert "500199" not in repr(check(RESIDENT, "500199200503150126", TODAY))


@pytest.mark.parametrize("hostile", ["5" * 10_000, "H" * 10_000, " " * 10_000, "1E" * 5_000, "5.0" * 3_333])
def test_ten_thousand_hostile_characters_take_no_time(hostile: str) -> None:
    for type in DocumentType:
        begun = time.process_time()
        assert not is_accepted(type, hostile)
        assert time.process_time() - begun < 0.05
