"""A unit opens its account: applied for with its code and a letter, decided at the bureau, told to its manager."""

import io
import random

from PIL import Image
from playwright.sync_api import FilePayload, expect

from services.organisation.credit_code import demo_code
from tests.flows.conftest import Stage
from tests.support.browser import PHONE, Browse


def letter() -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), "white").save(out, "JPEG")
    return {"name": "授权书.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_unit_applies_and_is_opened(stage: Stage, browse: Browse) -> None:
    applicant, bureau = browse(PHONE), browse()
    stage.sign_in(applicant, "reviewer")
    applicant.goto(f"{stage.base_url}/organisation/apply")
    applicant.get_by_label("单位名称").fill("永川示例家居有限公司")
    applicant.get_by_label("单位类型").select_option("enterprise")
    applicant.get_by_label("统一社会信用代码").fill("91500118MA5U00000X")
    applicant.get_by_label("单位授权书").set_input_files(letter())
    applicant.get_by_label("我受本单位授权办理").check()
    send = applicant.locator("main form").get_by_role("button").last
    send.click()
    expect(applicant.locator(".field-error").first).to_be_visible()
    applicant.get_by_label("统一社会信用代码").fill(demo_code(random.Random(3)))
    applicant.get_by_label("单位授权书").set_input_files(letter())
    applicant.locator("main form").get_by_role("button").last.click()
    expect(applicant.locator("main")).to_contain_text("正在审核")

    stage.sign_in(bureau, "security")
    bureau.goto(f"{stage.base_url}/organisation/applications")
    bureau.get_by_role("link", name="永川示例家居有限公司").or_(
        bureau.get_by_role("link", name="审核")
    ).first.click()
    bureau.get_by_label("开通单位账号").check()
    bureau.locator("main form").get_by_role("button").last.click()
    expect(bureau.locator("body")).to_contain_text("永川示例家居有限公司")
    applicant.goto(f"{stage.base_url}/organisation")
    expect(applicant.locator("main")).to_contain_text("永川示例家居有限公司")
