"""Where lines end."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from certificates.typeset import NO_END, NO_START, Piece, Style, lines, may_break

SAID = Style(10, gap=4)
AWARD = Style(14, gap=4, role="award")
texts = st.text(st.sampled_from("永川区职业技能大赛，。、；（）《》“”ABCabc012 -/"), max_size=120)
prose = st.lists(
    st.sampled_from(["永", "川", "技能", "Robot", "2026", "，", "。", "（", "）"]), max_size=80
).map("".join)


def measure(text: str, size: float) -> float:
    return sum(size if ord(character) > 0x2000 else size / 2 for character in text)


@given(texts, st.floats(5, 400), st.floats(0, 40))
def test_lines_are_the_text_again_and_within_the_width(text: str, width: float, indent: float) -> None:
    found = lines([Piece(text, SAID)], width, measure, indent=indent)
    assert "".join(line.text for line in found) == text
    for line in found:
        assert line.end <= width + 1e-6 or len(line.text.rstrip()) <= 1


@given(prose)
def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one(text: str) -> None:
    found = [line.text for line in lines([Piece(text, SAID)], 200, measure)]
    for before, after in pairwise(found):
        if may_break(before[-1], after[0]):
            continue
        # The rule gives way only where the whole line offers no better place.
        assert not any(may_break(one, other) for one, other in pairwise(before))


def test_words_and_numbers_stay_whole() -> None:
    found = lines([Piece("使用Robot完成IRB-1200及3.14的操作", SAID)], 60, measure)
    assert [line.text for line in found] == ["使用Robot完", "成IRB-1200及", "3.14的操作"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    found = lines([Piece("A" * 50, SAID)], 100, measure)
    assert [len(line.text) for line in found] == [20, 20, 10]


def test_what_is_kept_together_moves_as_one() -> None:
    pieces = [
        Piece("在大赛中，", SAID),
        Piece("荣获", SAID, keep=True),
        Piece("一等奖", AWARD, keep=True),
        Piece("。", SAID),
    ]
    for width in range(80, 200, 5):
        found = [line.text for line in lines(pieces, width, measure)]
        assert any("荣获一等奖。" in line for line in found), (width, found)


def test_what_is_kept_but_longer_than_a_line_is_broken_all_the_same() -> None:
    pieces = [
        Piece("荣获", SAID, keep=True),
        Piece("团体一等奖暨最佳创新奖", AWARD, keep=True),
        Piece("。", SAID),
    ]
    found = lines(pieces, 80, measure)
    assert "".join(line.text for line in found) == "荣获团体一等奖暨最佳创新奖。"
    assert all(line.end <= 80 for line in found)


def test_air_stands_between_styles_but_not_at_the_ends() -> None:
    line = lines([Piece("荣获", SAID), Piece("奖", AWARD), Piece("。", SAID)], 200, measure)[0]
    assert [run.x for run in line.runs] == [0, 24, 42]
    assert line.end == 52


def test_the_signs_are_on_one_side_only() -> None:
    assert not NO_START & NO_END - {"-", "–"}
