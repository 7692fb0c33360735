"""Sentences, and the rules for names, lines, paragraphs, logins and numbers."""

import contextlib
import copy
import json
import pickle
import time
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import text
from services.text import BadText, Sentence, _


@pytest.fixture
def english() -> Iterator[None]:
    words = {
        "还剩 %(left)s 个名额": "%(left)s places left",
        "坏的 %(name)s": "broken %(nome)s",
        "百分之百 100%": "100% sure",
    }
    text.install(lambda message: words.get(message, message))
    yield
    text.install(None)


def test_a_sentence_is_said_in_the_language_of_the_moment(english: None) -> None:
    sentence = _("还剩 %(left)s 个名额", left=3)
    assert str(sentence) == f"{sentence}" == "3 places left"
    text.install(None)
    assert str(sentence) == "还剩 3 个名额"


def test_a_translation_that_does_not_fit_falls_back_to_the_source(english: None) -> None:
    assert str(_("坏的 %(name)s", name="甲")) == "坏的 甲"


def test_a_percent_sign_without_values_is_a_percent_sign(english: None) -> None:
    assert str(_("百分之百 100%")) == "100% sure"


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert str(_("姓名：%(name)s。", name=value)) == f"姓名：{value}。"


@pytest.mark.parametrize(
    "value", ["%(secret)s", "%s", "{0.__class__}", "{{7*7}}", "{% raw %}", "%%", "${x}", "<b>"]
)
def test_template_syntax_in_a_value_appears_literally(value: str) -> None:
    assert str(_("%(a)s", a=value, secret="x")) == value


def test_a_sentence_is_plain_text_to_html_and_json() -> None:
    sentence = _("<b>%(a)s</b>", a="&")
    assert not hasattr(sentence, "__html__")
    assert json.loads(json.dumps({"said": str(sentence)})) == {"said": "<b>&</b>"}
    assert type(str(sentence)) is str


def test_a_sentence_is_not_pickled_but_may_be_copied() -> None:
    sentence = _("请填写内容。")
    with pytest.raises(TypeError):
        pickle.dumps(sentence)
    assert copy.deepcopy(sentence) is copy.copy(sentence) is sentence


def test_sentences_are_equal_by_message_and_values_and_never_to_a_string() -> None:
    assert _("甲 %(a)s", a=1) == _("甲 %(a)s", a=1)
    assert _("甲 %(a)s", a=1) != _("甲 %(a)s", a=2)
    assert _("甲") != "甲"
    assert len({_("甲"), _("甲"), _("乙")}) == 2


def test_a_sentence_may_be_joined_measured_and_filled_like_text() -> None:
    assert _("甲") + "乙" == "甲乙"
    assert "乙" + _("甲") == "乙甲"
    assert _("甲") + _("乙") == "甲乙"
    assert _("最多 %(max)d 个") % {"max": 3} == "最多 3 个"
    assert len(_("甲乙")) == 2 and "甲" in _("甲乙")


def test_a_sentence_keeps_values_out_of_its_representation() -> None:
    assert "13800001234" not in repr(_("%(phone)s", phone="13800001234"))


def test_a_refused_text_says_why_in_the_language_of_the_moment(english: None) -> None:
    error = BadText(_("还剩 %(left)s 个名额", left=1))
    assert str(error) == str(error.sentence) == "1 places left"
    assert isinstance(error.sentence, Sentence)


NAMES = [
    "张伟", "李示例", "王小明", "欧阳示例", "司马相如", "诸葛孔明", "上官婉儿", "陈㛃", "李䶮", "王喆",
    "赵堃", "刘淼",
    "周昇", "吴玥", "郑𬀩", "冯𬍛", "褚𬭎", "卫𫖯", "蒋𬘭", "沈𫞩", "韩𬱖", "杨𫠊", "朱𬸪", "秦𬬭", "尤𰻞",
    "何〇",
    "施\U00031350", "赵\ufa0c", "买买提·吐尔逊", "阿卜杜拉·买买提·吐尔逊", "古丽米热·阿不都热依木",
    "才仁卓玛",
    "扎西·次仁", "John Smith", "Mary-Jane O'Neill", "José García", "Nguyễn Văn An", "Иван Петров", "金민수",
    "田中さくら",
]  # fmt: skip


def test_there_are_forty_real_world_names() -> None:
    assert len(set(NAMES)) == 40


@pytest.mark.parametrize("name", NAMES)
def test_a_real_world_name_is_accepted_as_it_is(name: str) -> None:
    assert text.clean_name(name) == name


@pytest.mark.parametrize("dot", "\u00b7\u2022\u2027\u30fb\uff65\u2219\u22c5\u0387\u16eb\u2e31\ua78f.\uff0e")
def test_every_dot_in_a_name_becomes_the_same_dot(dot: str) -> None:
    assert text.clean_name(f"买买提{dot}吐尔逊") == "买买提·吐尔逊"
    assert text.clean_name(f"买买提 {dot} 吐尔逊") == "买买提·吐尔逊"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  张伟　", "张伟"),
        ("张　伟", "张伟"),
        ("张 伟", "张伟"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("John   Smith", "John Smith"),
        ("Jose\u0301", "José"),
        ("J. Smith", "J. Smith"),
        ("⼀心", "一心"),  # a Kangxi radical
    ],
)
def test_a_name_is_tidied(typed: str, kept: str) -> None:
    assert text.clean_name(typed) == kept


UNSEEN = [
    "\x00", "\t", "\n", "\r", "\r\n", "\x0b", "\x1b", "\x7f", "\x85", "\u00ad", "\u034f", "\u061c",
    "\u115f", "\u1160",
    "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e",
    "\u2060", "\u2066",
    "\u2069", "\u2800", "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\U000e0001", "\U000e0100",
    "\ue000", "\ud800",
    "\uffff", "\U0001fffe", "\U0002ffff", "\U0010ffff",
]  # fmt: skip


@pytest.mark.parametrize("cleaner", [text.clean_name, text.clean_line, text.login_key])
@pytest.mark.parametrize("unseen", UNSEEN)
def test_unseen_characters_are_refused_wherever_they_stand(
    cleaner: Callable[[str], str], unseen: str
) -> None:
    for typed in (f"张{unseen}伟", f"{unseen}张伟", f"张伟{unseen}"):
        with pytest.raises(BadText):
            cleaner(typed)


@pytest.mark.parametrize("typed", ["", "   ", "·", "--", "好" * 65, "a" * 100_000])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(BadText):
        text.clean_name(typed)


def test_sixty_four_rare_characters_are_a_name() -> None:
    assert len(text.clean_name("𬭎" * 64)) == 64


@given(st.text(max_size=80))
def test_a_kept_name_is_short_visible_and_stays_as_it_is(typed: str) -> None:
    try:
        name = text.clean_name(typed)
    except BadText:
        return
    assert 1 <= len(name) <= 64
    assert text.clean_name(name) == name
    assert name == name.strip()
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs", "Co") for c in name)


def test_two_spellings_of_one_name_have_one_key() -> None:
    assert text.name_key("赵\ufa0c") == text.name_key("赵兀")
    assert (
        text.name_key("买买提 · 吐尔逊") == text.name_key("买买提・吐尔逊") == text.name_key("买买提吐尔逊")
    )
    assert text.name_key("ＪＯＨＮ Smith") == text.name_key("johnsmith")
    assert text.name_key("张三") != text.name_key("张三丰")


def test_a_line_keeps_its_full_width_punctuation() -> None:
    title = "第五届“巴渝工匠”杯（永川）竞赛：焊接、３D打印"
    assert text.clean_line(f"　{title} ") == title


def test_a_paragraph_keeps_its_lines_and_indent() -> None:
    assert text.clean_paragraph("  甲\r\n\r\n\r\n\r乙 \n　　丙\t丁\n\n") == "  甲\n\n乙\n　　丙 丁"
    with pytest.raises(BadText):
        text.clean_paragraph("甲\u202e乙")
    with pytest.raises(BadText):
        text.clean_paragraph("\n \n")


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    for cleaner in (text.clean_line, text.clean_paragraph, text.login_key):
        try:
            once = cleaner(typed)
        except BadText:
            continue
        assert cleaner(once) == once


# Sixty ways to get a second account that reads like "alice2024" or "永川小山"; each is either the same key
# or refused.
CONFUSABLE = [
    ("alice2024", typed)
    for typed in (
        "Alice2024", "ALICE2024", "aLiCe2024", " alice2024 ", "ａｌｉｃｅ２０２４", "ＡＬＩＣＥ2024",
        "𝐚𝐥𝐢𝐜𝐞2024", "𝒶𝓁𝒾𝒸ℯ2024",
        "𝔞𝔩𝔦𝔠𝔢2024", "𝕒𝕝𝕚𝕔𝕖2024", "ⓐⓛⓘⓒⓔ2024", "ᵃˡⁱᶜᵉ2024", "alice²⁰²⁴", "alice₂₀₂₄", "alice②024",
        "alice２０２４",
        "аlice2024", "alіce2024", "aliсe2024", "alicе2024", "αlice2024", "alιce2024", "alicε2024",
        "ɑlice2024", "aⅼice2024",
        "alⅰce2024", "aliⅽe2024", "alicҽ2024", "àlice2024", "a\u0300lice2024", "alıce2024", "alícé2024",
        "al\u200bice2024",
        "alice\u200d2024", "\u202ealice2024", "alice\u00ad2024", "alice\ufeff2024", "alice 2024",
        "alice\u30002024",
        "alice\u00a02024", "ali\u0441\u04352024", "alice2\u041e24", "alice٢٠٢٤", "alice২০২৪", "Alice２0２4",
        "\u0430\u04cf\u0456\u0441\u0435",
    )
] + [
    ("永川小山", typed)
    for typed in (
        "永川小山 ", "永川⼩山", "永川小⼭", "永川\u200b小山", "永川小山\ufe00", "永川小\U000e0100山",
        "永川 小山",
        "永川小山a", "永〣小山", "永川小山\u3164", "永川小ㅣ", "永川小⼭\ufeff", "永川小\u31d1山", "ホ川小山",
    )
]  # fmt: skip


def test_there_are_sixty_confusable_logins() -> None:
    assert len(set(CONFUSABLE)) == 60


@pytest.mark.parametrize(("first", "typed"), CONFUSABLE)
def test_a_confusable_login_is_the_same_account_or_none(first: str, typed: str) -> None:
    try:
        key = text.login_key(typed)
    except BadText:
        return
    assert key == text.login_key(first)


@pytest.mark.parametrize(
    "typed", ["alice", "li.ming_2024", "a-b@example.com", "永川李明", "李明2024", "0a", "䶮𬭎"]
)
def test_a_plain_login_is_its_own_key(typed: str) -> None:
    assert text.login_key(typed) == typed


@pytest.mark.parametrize(
    "typed", ["", "a", "13800001234", "李明abc", ".alice", "a b", "alice!", "李-明", "a" * 65, "иван"]
)
def test_other_logins_are_refused(typed: str) -> None:
    with pytest.raises(BadText):
        text.login_key(typed)


@given(st.text())
def test_like_finds_a_text_literally(needle: str) -> None:
    escaped = text.escape_like(needle)
    plain, rest = "", iter(escaped)
    for character in rest:
        assert character not in "%_"
        plain += next(rest) if character == "\\" else character
    assert plain == needle


def test_escape_like_wants_one_harmless_escape_character() -> None:
    assert text.escape_like("50%_!", "!") == "50!%!_!!"
    for wrong in ("", "%", "_", "ab"):
        with pytest.raises(ValueError):
            text.escape_like("x", wrong)


@given(st.text())
def test_compact_twice_changes_nothing(typed: str) -> None:
    assert text.compact(text.compact(typed)) == text.compact(typed)


def test_compact_does_not_make_digits_of_what_is_none() -> None:
    assert text.compact(" １２ 3　ｘ\u202d\u202c") == "123X"
    assert text.compact("²①٣ıſ") == "²①٣ıſ"


@pytest.mark.parametrize(
    "hostile", ["a" * 10_000, "· " * 5_000, "张 " * 5_000, "\u0301" * 10_000, "ﷺ" * 10_000, "." * 10_000]
)
def test_ten_thousand_hostile_characters_take_no_time(hostile: str) -> None:
    for cleaner in (
        text.clean_name,
        text.clean_line,
        text.clean_paragraph,
        text.login_key,
        text.name_key,
        text.compact,
    ):
        begun = time.process_time()
        with contextlib.suppress(BadText):
            cleaner(hostile)
        assert time.process_time() - begun < 0.05
