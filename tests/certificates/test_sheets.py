"""报名表 and 报名汇总表: what is drawn is what was given; what does not fit or cannot be drawn is refused."""

import io
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from certificates import form_sheet, list_sheet, viewer
from certificates.form_sheet import FormFacts
from certificates.layout import DoesNotFit, Unprintable
from certificates.list_sheet import HEADINGS, ListFacts

pytestmark = pytest.mark.usefixtures("paper_fonts")

LINK = "https://jnjs.example.gov.cn/registration/abcdefgh12345678/stamped"
FORM = FormFacts(
    title="永川区第三届职业技能大赛",
    contest="数控铣",
    division="职工组",
    fields=(
        ("姓名", "张㛃𬭎"),
        ("性别", "男"),
        ("出生日期", "1990-03-07"),
        ("手机", "138****1234"),
        ("证件类型", "居民身份证"),
        ("证件号码", "5001**********1234"),
        ("工作单位或学校", "重庆市永川区示例精密机械与智能装备制造有限责任公司"),
        ("岗位", "铣工"),
    ),
    promise="我保证所填内容真实。",
    opinion="同意推荐",
    stamped_by="永川区示例镇人民政府",
    code="abcd-efgh-1234-5678",
    link=LINK,
    site="jnjs.example.gov.cn",
    printed_on="2026-11-23",
)
LINE = (
    "示例代表队", "张㛃𬭎", "男", "5001**********1234", "永川示例精密机械有限公司", "数控铣", "职工组", "李四",
    "138****1234", "王五 023-49800000", "",
)  # fmt: skip
LIST = ListFacts(
    title="永川区第三届职业技能大赛",
    unit="永川示例精密机械有限公司",
    rows=(LINE,) * 40,
    code="abcd",
    link=LINK,
    site="jnjs.example.gov.cn",
    printed_on="2026-11-23",
)


def words(pdf: bytes) -> str:
    return "".join(viewer.text(pdf).split())


def codes(pdf: bytes, page: int = 0) -> list[str]:
    picture = pypdfium2.PdfDocument(io.BytesIO(pdf))[page].render(scale=3).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_a_form_says_what_was_entered_and_leads_back_by_its_code() -> None:
    pdf = form_sheet.draw(FORM)
    said = words(pdf)
    for label, value in FORM.fields:
        assert label in said
        assert value in said
    for part in (
        "报名表",
        "本人承诺",
        "单位推荐意见",
        "（盖章）",
        "资格审查意见",
        FORM.code,
        FORM.stamped_by,
        "同意推荐",
    ):
        assert part in said
    assert codes(pdf) == [LINK]
    assert len(pypdfium2.PdfDocument(io.BytesIO(pdf))) == 1
    assert form_sheet.draw(FORM) == pdf


def test_many_fields_still_are_one_page_and_too_many_words_are_refused() -> None:
    many = FORM.fields + tuple((f"第{number}项", "内容") for number in range(24))
    pdf = form_sheet.draw(replace(FORM, fields=many))
    assert len(pypdfium2.PdfDocument(io.BytesIO(pdf))) == 1
    assert "第23项" in words(pdf)
    with pytest.raises(DoesNotFit) as fault:
        form_sheet.draw(replace(FORM, fields=(*FORM.fields, ("备注", "很长" * 300))))
    assert fault.value.field == "备注"
    with pytest.raises(Unprintable):
        form_sheet.draw(replace(FORM, fields=(("姓名", "张\u202e三"),)))


def test_a_list_has_the_headings_of_the_paper_on_every_page() -> None:
    pdf = list_sheet.draw(LIST)
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    assert len(document) == -(-40 // list_sheet.A_PAGE)
    for page in range(len(document)):
        said = "".join(document[page].get_textpage().get_text_range().split())
        assert all(heading in said for heading in HEADINGS)
        assert "单位（盖章）" in said
        assert codes(pdf, page) == [LINK]
    assert "张㛃𬭎" in words(pdf)
