"""Certificates as PDF: what is drawn is what was given, and never read as anything else."""

import datetime as dt
import io
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from certificates import paper, reading, viewer
from certificates.facts import Facts
from certificates.layout import chinese_date
from tests.support.paper import FACTS, SITE, Hand

pytestmark = pytest.mark.usefixtures("paper_fonts")

PRINT = "3F2A 9C41 07BE D2A8 11C0"
LINK = f"https://{SITE}/v/7Q4MK2XD9PLA3V8TR6WNab#3fa9c1d2.{'Ab3_' * 21}ab"

LONG = replace(
    FACTS,
    version=2,
    name="买买提江·阿卜杜热合曼·吐尔逊",
    after_name="同志（重庆市永川区示例精密机械与智能装备制造有限责任公司第二生产事业部）：",
    body_before="在重庆市永川区第三届职业技能大赛暨成渝地区双城经济圈“工匠杯”新能源汽车智能制造与维修技术职业技能竞赛"
    "（ABB IRB-1200 工业机器人操作与运维 Industrial Robot Programming）赛项（职工组、双人团体）总决赛中，荣获",
    award="团体一等奖暨最佳技术创新奖",
    issuer="重庆市永川区人力资源和社会保障局、重庆市永川区总工会、共青团重庆市永川区委员会",
)

NAMES = [
    # Markup of every layer that might read it.
    '<font color="red">张三</font>', "<b>李四</b>", "<para>王五</para>", '<img src="/etc/passwd"/>',
    "<a href='x'>y</a>",
    "<br/>", "A & B", "A &amp; B", "&lt;李&gt;", "<Li>", "a < b > c", "<!-- 张 -->", "<![CDATA[张]]>",
    "{{ 7*7 }}", "{% x %}",
    "<font color=\"[[[getattr(pow, Word('__globals__'))['os'].system('touch /tmp/exploited')]]] and 'red'\">",
    "${7*7}", "{0.__class__}", "%s%n%(x)s", "{name!r:>10}", "#{7*7}", "`id`", "$(id)", "; DROP TABLE person;--",
    "' OR 1=1",
    # What PDF itself reads.
    "(张", "张)", "\\(\\)", "(((", ") Tj ET Q BT (", "/Name", "<< /Type /Catalog >>", "endstream endobj",
    "\\101\\102", "BT ET", "%PDF-1.4",
    # Rare and long, of all planes.
    "张㛃", "䶮龑", "黄堃", "袁𬭎", "𠅤𠅤", "尤𰻞", "𬀩𬍛𬭎𫖯", "昇淼喆", "欧阳示例", "艾力·买买提",
    "阿卜杜热西提·阿卜杜喀迪尔·吐尔逊江",
    "买买提依明江·阿卜杜热合曼·托合提麦麦提敏·尼亚孜", "𫠊𬸪𬬭𬘭𫞩", "龘龖靐齉", "Ivan Zelený", "Zoë Müller",
    "Ωμγα", "Иван", "O'Neil-Smith",
    "１２３ＡＢＣ", "Nguyễn", "ー々〇", "“引号”‘单’", "—…·", "a" * 64, "㛃" * 64, "𬭎" * 64,
]  # fmt: skip
REFUSED = {
    "张\u202e三": "\u202e",  # turns what follows round
    "\u0645\u062d\u0645\u062f": "\u0645\u062d\u062f",  # Arabic: no font, and no shaping
    "Ωμέγα": "έ",
    "张\u200b三": "\u200b",
    "张😀": "😀",
    "👨\u200d👩": "👨\u200d👩",
    "张\n三": "\n",
    "张\t三": "\t",
    "张\x00三": "\x00",
    "张\x1b[31m": "\x1b",
    "张\u2028三": "\u2028",
    "张\ufeff": "\ufeff",
    "张\ue000": "\ue000",  # private use: every font has something else there
    "张\ud800": "\ud800",
    "张\u00a0三": "\u00a0",
}


def draw(facts: Facts, **changes: object) -> bytes:
    given: dict[str, object] = {"link": LINK, "site": SITE, "fingerprint": PRINT, **changes}
    return paper.draw(facts, **given)  # type: ignore[arg-type]  # of the right types, one by one


def lines_of(pdf: bytes) -> tuple[list[str], list[str]]:
    """As two readers copy it."""
    one = viewer.text(pdf).replace("\r\n", "\n").split("\n")
    other = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split("\n")
    return one, other


def packed(lines: list[str]) -> str:
    return "".join("".join(lines).split())


def test_there_are_sixty_hostile_names() -> None:
    assert len(set(NAMES)) >= 60


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_copied_as_it_was_given(name: str) -> None:
    for found in lines_of(draw(replace(FACTS, name=name, after_name="："))):
        words = packed(found)
        assert f"HONOUR{packed([name])}：在永川区" in words
        if len(name) < 20:
            assert any(line.startswith(name) for line in found), found


def test_no_name_makes_it_open_or_ask_anything() -> None:
    draw(FACTS)
    seen: list[tuple[str, tuple[object, ...]]] = []
    watched = {
        "open",
        "socket.connect",
        "socket.getaddrinfo",
        "subprocess.Popen",
        "os.system",
        "compile",
        "import",
    }

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in watched:
            seen.append((event, arguments))

    sys.addaudithook(watch)  # for good; what ends is the watching
    watching = True
    try:
        for name in NAMES:
            draw(replace(FACTS, name=name, after_name=name[:9]))
    finally:
        watching = False
    assert not seen


@pytest.mark.parametrize("name", REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_printed_is_refused_by_its_character(name: str) -> None:
    with pytest.raises(paper.Unprintable) as refusal:
        draw(replace(FACTS, name=name))
    assert refusal.value.characters == list(REFUSED[name])


@pytest.mark.parametrize(
    "field",
    [
        "heading",
        "heading_en",
        "before_name",
        "after_name",
        "body_before",
        "award",
        "body_after",
        "closing",
        "issuer",
        "number",
    ],
)
def test_every_field_is_looked_through(field: str) -> None:
    with pytest.raises(paper.Unprintable):
        paper.check(replace(FACTS, **{field: "张\u202e"}), site=SITE, fingerprint=PRINT)


def test_the_whole_text_comes_in_reading_order() -> None:
    for found in lines_of(draw(FACTS)):
        assert [line.strip() for line in found if line.strip()] == [
            "荣誉证书",
            "CERTIFICATE OF HONOUR",
            "张㛃喆淼 同志（永川示例精密机械有限公司）：",
            "在永川区第三届职业技能大赛数控铣工赛项（职工组）比赛中，",
            "荣获 一等奖 。",
            "特发此证，以资鼓励。",
            "永川区第三届职业技能大赛组委会",
            "二〇二六年十二月十八日",
            "证书编号 YC-JS-2026-0017-0003-7",
            f"扫码查验 Scan to verify · {SITE}",
            "核对域名与所列各项 Compare site and fields",
            f"公钥指纹 {PRINT}",
        ]


def test_long_texts_are_set_smaller_and_stay_whole() -> None:
    for found in lines_of(draw(LONG)):
        assert packed([LONG.words]) in packed(found)
        assert packed([LONG.issuer]) in packed(found)
        assert "（第2版）" in packed(found)


@pytest.mark.parametrize(
    "field", ["heading", "heading_en", "name", "after_name", "body_before", "award", "closing", "issuer"]
)
def test_what_is_too_long_for_any_size_is_refused_by_its_field(field: str) -> None:
    with pytest.raises(paper.DoesNotFit) as refusal:
        draw(replace(FACTS, **{field: "永川" * 600}))
    assert refusal.value.field == field


def test_what_stands_beside_the_code_must_fit() -> None:
    with pytest.raises(paper.DoesNotFit) as refusal:
        draw(FACTS, site="a" * 200)
    assert refusal.value.field == "site"


def test_fields_may_be_empty() -> None:
    bare = replace(
        FACTS, heading_en="", before_name="", after_name="", award="", body_after="", closing="", contest=""
    )
    assert "在永川区" in viewer.text(draw(bare))


def test_the_same_facts_give_the_same_bytes_in_every_thread() -> None:
    wanted = [draw(replace(FACTS, name=name)) for name in NAMES[36:44]]
    found: list[list[bytes]] = []
    threads = [
        threading.Thread(
            target=lambda: found.append([draw(replace(FACTS, name=name)) for name in NAMES[36:44]])
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4


def test_one_is_small_and_many_are_smaller(signing_hand: Hand) -> None:
    assert len(signing_hand.pdf(FACTS)) <= 80 * 1024
    assert len(signing_hand.pdf(LONG)) <= 80 * 1024
    sheets = [
        paper.Sheet(replace(FACTS, name=name), LINK, SITE, PRINT)
        for name in NAMES
        if len(name) < 20
        for _ in range(4)
    ]
    pdf = paper.draw_all(sheets, title="第三届职业技能大赛证书")
    assert len(pdf) <= 4 * 1024 * len(sheets)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == len(sheets)
    assert packed([sheets[-1].facts.name]) in packed(reader.pages[-1].extract_text().split("\n"))


def test_the_file_says_what_it_is(signing_hand: Hand) -> None:
    reader = pypdf.PdfReader(io.BytesIO(signing_hand.pdf(FACTS)))
    assert reader.metadata is not None
    assert reader.metadata.title == "荣誉证书 YC-JS-2026-0017-0003-7"
    assert reader.metadata.author == FACTS.issuer
    assert reader.root_object["/Lang"] == "zh-CN"
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # a dictionary of the page
    assert all("/FontFile2" in font.get_object()["/FontDescriptor"] for font in fonts.values())


def test_the_facts_travel_in_it(signing_hand: Hand) -> None:
    pdf = signing_hand.pdf(FACTS)
    assert viewer.attachment(pdf, "facts.json") == signing_hand.bundle(FACTS)
    assert viewer.attachment(pdf, "other.json") is None
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.attachments == {"facts.json": [signing_hand.bundle(FACTS)]}
    assert reader.root_object["/AF"][0].get_object()["/AFRelationship"] == "/Data"  # type: ignore[index]
    assert viewer.attachment(draw(FACTS), "facts.json") is None


def read_back(pdf: bytes) -> list[str]:
    page = pypdfium2.PdfDocument(pdf)[0]
    return [
        code.text for code in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil(), formats=reading.QR)
    ]


@pytest.mark.parametrize("facts", [FACTS, LONG])
def test_the_code_on_paper_reads_at_200_dpi(facts: Facts, signing_hand: Hand) -> None:
    assert read_back(signing_hand.pdf(facts)) == [signing_hand.link(facts)]


def test_all_codes_read_at_200_dpi(rounds: Callable[[int, int], int], signing_hand: Hand) -> None:
    for index in range(rounds(5, 500)):
        facts = replace(FACTS, number=f"YC-JS-2026-0017-{index:04}-X", salt=f"salt {index}")
        assert read_back(signing_hand.pdf(facts)) == [signing_hand.link(facts)]


def test_a_picture_is_as_wide_as_asked() -> None:
    pdf = draw(FACTS)
    with Image.open(io.BytesIO(viewer.picture(pdf))) as image:
        assert (image.format, image.width) == ("PNG", 1600)
    with Image.open(io.BytesIO(viewer.picture(pdf, 400))) as image:
        assert image.width == 400
    with pytest.raises(ValueError, match="wide"):
        viewer.picture(pdf, 100_000)
    with pytest.raises(ValueError, match="PDF"):
        viewer.picture(b"no PDF")


def test_dates_are_written_in_chinese() -> None:
    assert chinese_date(dt.date(2026, 12, 18)) == "二〇二六年十二月十八日"
    assert chinese_date(dt.date(2030, 10, 20)) == "二〇三〇年十月二十日"
    assert chinese_date(dt.date(2027, 1, 31)) == "二〇二七年一月三十一日"
    assert chinese_date(dt.date(2028, 2, 10)) == "二〇二八年二月十日"
