"""The pictures of the documents, taken from a running demonstration: `make pictures`, or with its address as argument.

Starts no site. One screen of each page, in Chinese, as small a file as a palette makes it.
"""

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.support.browser import CHROMIUM, DESK, FLAGS, PHONE, font_settings

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
MOST_BYTES = 120_000
COLOURS = (256, 128, 64, 32)

Way = Callable[[Page], None]


def home(page: Page) -> None:
    page.goto("/")


def activity(page: Page) -> None:
    """The next competition that takes entries."""
    page.goto("/?kind=competition")
    page.locator("main .entry:has(.state.open) a").first.click()
    page.locator("#tracks").wait_for()


def mine(page: Page) -> None:
    enter(page, "选手")
    page.goto("/me/registrations")


def desk(page: Page) -> None:
    enter(page, "赛务管理员")
    page.goto("/desk")


def review(page: Page) -> None:
    """The entry that has waited longest."""
    enter(page, "资格审查员")
    page.goto("/desk/registrations")
    page.locator("main").get_by_role("link", name="审核", exact=True).first.click()
    page.locator("main").get_by_text("审核意见").first.wait_for()


def targets(page: Page) -> None:
    page.goto("/indicator")


def pipeline(page: Page) -> None:
    enter(page, "指标汇总员")
    page.goto("/pipeline")


def proof(page: Page) -> None:
    """What the QR code of the contestant's newest certificate leads to."""
    enter(page, "选手")
    page.goto("/certificate/mine")
    page.locator("main").get_by_role("link", name="查看").first.click()
    page.locator("main a[href*='/v/']").first.click()


def enter(page: Page, role: str) -> None:
    """By the one click of the demonstration."""
    page.goto("/sign-in")
    page.get_by_role("button", name=role, exact=True).click()
    page.locator(".topbar .who").wait_for(state="attached")


PICTURES: dict[str, tuple[tuple[int, int], Way]] = {
    "home": (DESK, home),
    "activity": (DESK, activity),
    "desk": (DESK, desk),
    "review": (DESK, review),
    "home-phone": (PHONE, home),
    "mine-phone": (PHONE, mine),
    "activity-phone": (PHONE, activity),
    "targets": (DESK, targets),
    "pipeline": (DESK, pipeline),
    "proof-phone": (PHONE, proof),
}


def shrink(shot: bytes) -> bytes:
    """The same picture with a palette: the most colours with which it is small enough."""
    with Image.open(io.BytesIO(shot)) as picture:
        plain = picture.convert("RGB")
    for colours in COLOURS:
        packed = io.BytesIO()
        plain.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() < MOST_BYTES:
            return packed.getvalue()
    raise ValueError(f"more than {MOST_BYTES} bytes with {COLOURS[-1]} colours")


def take(browser: Browser, base_url: str, size: tuple[int, int], way: Way) -> bytes:
    """One screen, as a visitor of its own sees it."""
    narrow = size[0] < 600
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        has_touch=narrow,
        is_mobile=narrow,
    )
    try:
        page = context.new_page()
        way(page)
        page.wait_for_load_state("networkidle")
        page.mouse.move(0, 0)
        return page.screenshot(animations="disabled", caret="hide")
    finally:
        context.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "base_url", nargs="?", default="http://127.0.0.1:8000", help="of a running demonstration"
    )
    base_url = parser.parse_args().base_url.rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        fonts = str(font_settings(Path(folder)))
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=FLAGS, env={**os.environ, "FONTCONFIG_FILE": fonts}
        )
        for name, (size, way) in PICTURES.items():
            try:
                packed = shrink(take(browser, base_url, size, way))
            except Error as fault:
                print(f"pictures: {name}: {fault.message.splitlines()[0]}", file=sys.stderr)
                print(
                    f"pictures: is the demonstration running at {base_url}? `make run` starts it",
                    file=sys.stderr,
                )
                return 1
            (FOLDER / f"{name}.png").write_bytes(packed)
            print(f"pictures: {name}.png {size[0]}x{size[1]} {len(packed) // 1000} kB")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
