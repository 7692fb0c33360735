import statistics
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.account import guessing, passwords

OWN = ["liming2024", "李明", "liming", "示例汽车有限公司", "19900001234", "500199199001011234"]

COMMON = [
    "password123", "Password123!", "P@ssw0rd123", "passw0rd2024", "Passw0rd!!", "password1234",
    "1234567890", "12345678910", "0987654321", "123123123123", "1111111111", "0000000000", "8888888888",
    "6666666666", "aaaaaaaaaa", "aaaaaaaaaaaa", "abababababab", "abcabcabcabc", "1212121212",
    "123456123456", "qwertyuiop", "qwertyuiop123", "QWERTYUIOP", "asdfghjkl123", "zxcvbnm12345",
    "1qaz2wsx3edc", "1qaz@WSX3edc", "qazwsxedcrfv", "q1w2e3r4t5y6", "1q2w3e4r5t6y", "qweasdzxc123",
    "!@#$%^&*()", "!QAZ2wsx#EDC", "asdfasdfasdf", "zaq12wsxcde3", "abcdefghij", "abcdefghijkl",
    "zyxwvutsrq", "abcd1234abcd", "abc123abc123", "abc1234567890", "a123456789", "a1234567890",
    "aa123456789", "qq123456789", "qq1234567890", "123456789a", "123456789abc", "1234567890a",
    "123456789qq", "woaini1314520", "woaini5201314", "woaini123456", "5201314520", "5201314woaini",
    "iloveyou1314", "iloveyou520", "iloveyou123", "iloveyou2024", "ILoveYou!!!", "aini1314520",
    "1314520520", "nihao123456", "nihaonihao", "mima123456", "wodemima123", "woshinibaba",
    "woshishui123", "zhongguo123", "zhongguo2024", "beijing2008", "shanghai2024", "sunshine123",
    "sunshine2024!", "princess123", "monkey12345", "dragon12345", "dragon2024!!", "football123",
    "baseball2024", "letmein123", "letmein12345", "welcome123", "Welcome2024!", "welcome@123",
    "admin12345", "admin123456", "Admin@123456", "admin@2024!", "administrator", "administrator1",
    "root123456", "root@123456", "test123456", "test1234567", "guest123456", "demo123456",
    "changeme123", "changeme2024", "superman123", "batman12345", "michael123", "jordan2323",
    "jennifer123", "charlie123", "master12345", "shadow12345", "killer12345", "trustno1trustno1",
    "starwars123", "pokemon123", "computer123", "internet123", "samsung123", "google12345",
]  # fmt: skip

LOCAL = [
    "yongchuan123", "yongchuan2024", "Yongchuan@123", "Yongchuan2025!", "yongchuan!!!",
    "yongchuanyongchuan", "chongqing123", "Chongqing2025", "chongqing@2024", "bayu123456",
    "bayugongjiang", "bayugongjiang2024", "Bayu@gongjiang", "gongjiang123", "gongjiang2025!",
    "gongjiangbei", "yongjiang123", "yongjiang2024", "yongjiang@123", "Yongjiang666", "jineng123456",
    "jinengjingsai", "jingsai2024", "jingsai123456", "rencai2024!", "peixun123456", "guanliyuan123",
    "guanliyuan", "yc123456789", "yc@12345678", "cq123456789", "cq20242024", "weixin123456",
    "wechat123456", "nahcgnoy2024", "admin@yongchuan", "test@yongchuan", "永川永川永川永川永川",
    "永川工匠2024年永川", "永川12345678", "重庆重庆重庆重庆重庆", "巴渝工匠巴渝工匠2024",
    "巴渝工匠1234567", "永川技能竞赛2024", "永川技能竞赛123456", "管理员1234567",
    "密码密码密码密码密码", "密码1234567890", "我爱你我爱你我爱你我", "我爱你1314520", "我爱你5201314",
    "你好你好你好你好你好", "工匠123456789", "一二三四五六七八九十", "永匠永匠永匠永匠永匠",
    "永川2024永川2024", "Y0ngchuan2024", "y0ngchu@n123", "ch0ngq1ng2024", "g0ngjiang123", "B@yu2024!!",
    "b4yu123456", "yongchuan1997", "yongchuan20240101",
]  # fmt: skip

PERSONAL = [
    "liming2024", "liming123456", "Liming@2024", "liming19900101", "gnimil2024!",
    "李明李明李明李明李明", "李明1234567890", "李明19900101", "李明@123456", "示例汽车有限公司123",
    "示例汽车有限公司2024", "liming2024liming2024", "19900001234", "19900001234a", "a19900001234",
    "lm19900001234", "19900001234!!", "00001234liming", "500199199001011234", "199001011234",
    "1990010112", "x199001011234", "liming199001", "Lm@19900101", "19900101liming", "0101123400001234",
    "liming1234", "liming1314520", "liming520520", "limingliming", "ligniming2024liming",
    "gnimilgnimil", "correct horse 19900001234 staple", "correct 500199199001011234 horse",
    "my birth 199001 and more words",
]  # fmt: skip

SHORT_OR_SHAPED = [
    "", "a", "123456", "xK9#mQ2v", "Tr0ub4dor", "永川的秋天", "密码密码", "好" * 9, "x" * 129,
    "correct horse " * 20, "\ud800" * 12,
    "          ", "　　　　　　　　　　　", "..........", "!!!!!!!!!!!!", "121212121212",
    "zhangwei19900101", "wangwei123456",
    "wangfang2024", "zhangsan123", "lisi19851212", "zhaoliu88888", "chenjing520", "liuyang1990",
    "20240101202401", "19900101123456",
    "13912345678", "13912345678a", "summer2024!!", "Spring2025!", "winter2023!", "monday12345",
    "january2024", "abcdefg12345",
    "1a2b3c4d5e", "aabbccddee", "112233445566", "987654321000", "147258369147", "qwe123qwe123",
    "asd123456789", "zxc123456789",
]  # fmt: skip

BAD = list(dict.fromkeys([*COMMON, *LOCAL, *PERSONAL, *SHORT_OR_SHAPED]))

GOOD = [
    "correct horse battery staple", "今天 天气 很好 适合 上课", "秋天的银杏树下有一只猫",
    "卫星湖边 三月 种了 两棵 桃树", "xK9#mQ2vLp7t",
    "purple elephants dance slowly", "我家窗台 摆着 七盆 仙人掌", "tea kettle window bicycle",
    "茶山竹海 雾里 听见 鸟叫声", "Vf7-qpL2-xN9d-tR4w",
    "焊花落在 旧手套上 像星星", "lantern gravel mustard orbit", "爷爷的收音机 只有 半边响",
    "九点半 食堂 还剩 豆花饭", "h7Gw2pZc9LxQ",
    "quiet river, loud market; 7 ducks", "松溉古镇 青石板 下雨 最滑", "¿Dónde está la biblioteca azul?",
    "老师傅说 先听声音 再动扳手", "mountain ticket 42 pancake",
]  # fmt: skip


def test_the_lists_are_long_enough() -> None:
    assert len(BAD) >= 200
    assert len(set(GOOD)) == 20
    assert len(guessing.common_passwords()) >= 10_000


def test_no_bad_password_is_accepted() -> None:
    assert [password for password in BAD if passwords.refusal(password, OWN) is None] == []


def test_every_good_passphrase_is_accepted_of_staff_too() -> None:
    refused = {
        password: str(passwords.refusal(password, OWN, staff=True))
        for password in GOOD
        if len(password) >= 12
    }
    assert {password: why for password, why in refused.items() if why != "None"} == {}
    assert [password for password in GOOD if passwords.refusal(password, OWN) is not None] == []


def test_a_refusal_says_which_rule_it_was() -> None:
    said = {
        password: str(passwords.refusal(password, OWN))
        for password in ("short", "qwertyuiop", "yongchuan2024")
    }
    assert "至少 10" in said["short"]
    assert "太常见" in said["qwertyuiop"]
    assert "容易被猜到" in said["yongchuan2024"]
    assert "至少 12" in str(passwords.refusal("xK9#mQ2vLp", staff=True))
    assert "手机号或证件号码" in str(passwords.refusal("correct horse 900001 staple", OWN))


def test_lengths_are_ten_and_twelve_and_a_hundred_and_twenty_eight() -> None:
    assert passwords.refusal("xK9#mQ2vL") is not None
    assert passwords.refusal("xK9#mQ2vLp") is None
    assert passwords.refusal("xK9#mQ2vLp7", staff=True) is not None
    assert passwords.refusal("xK9#mQ2vLp7t", staff=True) is None
    long = "correct horse battery staple, 秋天的银杏树下有一只猫 " * 3
    assert passwords.refusal(long[:128].ljust(128, "x")) is None
    assert passwords.refusal(long[:128].ljust(129, "x")) is not None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=140), st.lists(st.text(max_size=20), max_size=5), st.booleans())
def test_any_text_is_answered_at_once(password: str, words: list[str], staff: bool) -> None:
    guessing.ranks()
    begun = time.process_time()
    passwords.refusal(password, words, staff=staff)
    assert time.process_time() - begun < 0.25


@pytest.mark.parametrize(
    "hostile", ["a1@" * 42, "aA" * 64, "永川" * 64, "1" * 128, "ﷺ" * 128, "\u0301" * 128]
)
def test_hostile_text_of_full_length_is_answered_at_once(hostile: str) -> None:
    guessing.ranks()
    begun = time.process_time()
    passwords.refusal(hostile)
    assert time.process_time() - begun < 0.25


@given(st.text(alphabet="abcxyz0189!", min_size=1, max_size=12), st.integers(2, 8))
def test_a_block_over_and_over_is_hardly_harder_than_the_block(block: str, times: int) -> None:
    assert guessing.difficulty(block * times) <= guessing.difficulty(block) + 1.0 + 1e-9


def test_a_stored_hash_has_the_parameters_of_the_rule_and_verifies() -> None:
    stored = passwords.hashed("秋天的银杏树下有一只猫")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "银杏" not in stored
    assert passwords.matches(stored, "秋天的银杏树下有一只猫")
    assert not passwords.matches(stored, "秋天的银杏树下有一只狗")
    assert passwords.hashed("秋天的银杏树下有一只猫") != stored
    assert not passwords.needs_rehash(stored)


def test_an_older_hash_verifies_and_asks_to_be_made_anew() -> None:
    from argon2 import PasswordHasher

    stored = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("correct horse battery")
    assert passwords.matches(stored, "correct horse battery")
    assert passwords.needs_rehash(stored)


def test_the_same_text_typed_another_way_is_the_same_password() -> None:
    stored = passwords.hashed("José 秋天 café")
    assert passwords.matches(stored, "Jose\u0301\u3000秋天\u00a0cafe\u0301")


@pytest.mark.parametrize("typed", ["", "-", "x" * 129, "x" * 1_000_000, "\ud800", "correct horse"])
def test_nobody_has_no_password(typed: str) -> None:
    assert not passwords.matches(None, typed)
    assert not passwords.matches("", typed)
    assert not passwords.matches("not a hash", typed)
    assert not passwords.matches(passwords.hashed("correct horse battery"), typed)


@pytest.mark.parametrize("password", ["", "x" * 129, "\ud800" * 10])
def test_what_must_be_refused_is_not_hashed(password: str) -> None:
    with pytest.raises(ValueError):
        passwords.hashed(password)


def test_an_unknown_account_costs_as_much_as_a_known_one() -> None:
    stored = passwords.hashed("correct horse battery")

    def cost(of: str | None) -> float:
        begun = time.process_time()
        passwords.matches(of, "wrong horse battery")
        return time.process_time() - begun

    pairs = [(cost(stored), cost(None)) for _turn in range(15)]
    known, unknown = (statistics.median(side) for side in zip(*pairs, strict=True))
    assert unknown > 0.5 * known
