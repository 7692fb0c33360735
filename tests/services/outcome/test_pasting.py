"""Pasting scores from a spreadsheet: all of the lines or none, each fault with the number of its line."""

from decimal import Decimal

import pytest

from services.outcome.pasting import number, read
from services.outcome.refusals import Incomplete

NAMES = ["张三", "李四", "阿依努尔·买买提", "王芳", "王芳"]


def scores(text: str, names: list[str] = NAMES[:3]) -> dict[int, Decimal | None]:
    return {index: said.score for index, said in read(text, names).items()}


def faults(text: str, names: list[str] = NAMES) -> list[str]:
    with pytest.raises(Incomplete) as refused:
        read(text, names)
    return [str(problem) for problem in refused.value.problems]


def test_only_scores_go_by_the_order_of_the_list() -> None:
    assert scores("87.5\r\n90\r\n60.25\r\n") == {0: Decimal("87.5"), 1: Decimal(90), 2: Decimal("60.25")}


def test_an_empty_cell_is_no_score() -> None:
    assert scores("87.5\n\n60") == {0: Decimal("87.5"), 1: None, 2: Decimal(60)}


def test_names_go_in_any_order_with_tabs_blanks_and_full_width_digits() -> None:
    text = "姓名\t得分\n阿依努尔·买买提\t60.25\n\n张  三　８７．５\n李四，90"
    assert scores(text) == {2: Decimal("60.25"), 0: Decimal("87.5"), 1: Decimal(90)}


def test_who_was_not_there_is_said_in_words() -> None:
    assert read("张三 缺赛\n李四 90", NAMES)[0].is_absent
    assert read("张三 Absent\n李四 90", NAMES)[0].is_absent


def test_one_bad_line_and_none_is_taken() -> None:
    assert faults("张三 90\n李四 九十\n赵六 80\n张三 70\n王芳 88\n李四") == [
        "第 2 行：得分应是 0 到 1000 的数，最多两位小数",
        "第 3 行：名单中没有这个姓名",
        "第 4 行：这个姓名前面已有一行",
        "第 5 行：名单中有同名的人，请在表中填写他们的得分",
        "第 6 行：得分应是 0 到 1000 的数，最多两位小数",
    ]


def test_a_column_of_another_length_is_refused() -> None:
    assert faults("1\n2\n3") == ["名单有 5 人，粘贴了 3 行"]
    assert faults("得分\n1\n2\n3\n4\n5\n6") == ["名单有 5 人，粘贴了 6 行"]
    assert faults("  \n ") == ["请先粘贴得分"]


@pytest.mark.parametrize("text", ["87.555", "1e2", "-1", "1001", "NaN", "Infinity", "..", "1_0", "٣", "8 7"])
def test_what_is_no_score_is_refused(text: str) -> None:
    assert len(faults(f"{text}\n1\n2\n3\n4")) >= 1


def test_a_number_is_exact() -> None:
    assert number("87.10") == Decimal("87.10")
    assert number("0.1") == Decimal("0.1")
    assert number("") is None
