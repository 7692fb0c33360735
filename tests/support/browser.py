"""A real browser: Debian's Chromium, watched.

A page that breaks the CSP, logs an error or asks a third party fails its test.
"""

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # containers often have little of it
]
OURS = {"127.0.0.1", "localhost", "::1"}
DESK = (1280, 900)
PHONE = (390, 844)
FAILURES = Path(".cache/browser")
REPORT_CSP = """addEventListener('securitypolicyviolation', e => console.error(
    `CSP: ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))"""
# A form refused in place is answered with 4xx; the browser logs that as an error, and it is none.
ANSWERS = {"document", "xhr", "fetch"}


def font_settings(folder: Path) -> Path:
    """A fontconfig file with the Chinese fonts that certificates use: none need be installed."""
    spec = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    assert spec is not None
    assert spec.origin is not None
    fonts = Path(spec.origin).parent
    settings = folder / "fonts.conf"
    families = "".join(
        f"<alias><family>{generic}</family><prefer><family>{name}</family></prefer></alias>"
        for generic, name in (
            ("sans-serif", "Noto Sans SC"),
            ("system-ui", "Noto Sans SC"),
            ("serif", "Noto Serif SC"),
        )
    )
    settings.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><dir>/usr/share/fonts</dir><cachedir>{folder / 'fontconfig'}</cachedir>{families}"
        "</fontconfig>",
        encoding="utf-8",
    )
    return settings


class Watch:
    """What went wrong on the pages of one context. ``forgive(text)`` lets faults with this text pass."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self._answers: dict[str, int] = {}
        context.add_init_script(REPORT_CSP)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)

    def forgive(self, text: str) -> None:
        self.faults = [fault for fault in self.faults if text not in fault]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        if message.text.startswith("Failed to load resource: the server responded with a status of 4"):
            return  # judged by _response, which knows what was asked
        self.faults.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in OURS:
            self.faults.append(f"third party: {request.url}")

    def _response(self, response: Response) -> None:
        kind = response.request.resource_type
        if response.status >= 500 or (response.status >= 400 and kind not in ANSWERS):
            self.faults.append(f"{response.status} for {kind} {response.url}")


Browse = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium(folder: Path) -> Iterator[Browser]:
    """This worker's browser process."""
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(font_settings(folder))}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=environment)
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Browse]:
    """Open windows, each a visitor of its own.

    ``browse()`` is a desk, ``browse(PHONE)`` a phone; ``base_url=site.base_url`` allows
    ``page.goto("/")``; further names go to Playwright's ``new_context``. ``page.watch`` holds the
    faults, judged when the test ends.
    """
    opened: list[tuple[Page, Watch]] = []

    def open_window(size: tuple[int, int] = DESK, **settings: Any) -> Page:
        narrow = size[0] < 600
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            **{
                "locale": "zh-CN",
                "timezone_id": "Asia/Shanghai",
                "reduced_motion": "reduce",
                "has_touch": narrow,
                "is_mobile": narrow,
                **settings,
            },
        )
        context.set_default_timeout(10_000)
        watch = Watch(context)
        page = context.new_page()
        page.watch = watch  # type: ignore[attr-defined]
        opened.append((page, watch))
        return page

    yield open_window
    failed = getattr(request.node, "failed", False)
    faults: list[str] = []
    for number, (page, watch) in enumerate(opened):
        if failed:
            _keep_picture(page, f"{request.node.name}-{number}")
        page.context.close()
        faults += watch.faults
    if faults and not failed:
        pytest.fail("in the browser:\n" + "\n".join(faults), pytrace=False)


def _keep_picture(page: Page, name: str) -> None:
    """The last sight of a failed test, in .cache/browser/."""
    FAILURES.mkdir(parents=True, exist_ok=True)
    plain = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name)
    try:
        page.screenshot(path=FAILURES / f"{plain}.png", full_page=True, timeout=5_000)
    except Error:
        return


@pytest.fixture
def page(browse: Browse) -> Page:
    """A window of 1280 x 900."""
    return browse(DESK)


@pytest.fixture
def phone(browse: Browse) -> Page:
    """A phone of 390 x 844, with touch."""
    return browse(PHONE)
