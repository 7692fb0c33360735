"""A browser with a camera that shows a picture: Chromium plays a raw film in its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.support.browser import CHROMIUM, FLAGS

SIZE = (640, 480)
FRAMES = 5


def film(picture: Image.Image, path: Path) -> Path:
    """A picture as a Y4M film of a few frames, grey: a header, then the light of each pixel, then no colour."""
    room = Image.new("L", SIZE, 118)
    seen = picture.convert("L")
    seen.thumbnail(SIZE)
    room.paste(seen, ((SIZE[0] - seen.width) // 2, (SIZE[1] - seen.height) // 2))
    frame = b"FRAME\n" + room.tobytes() + bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    head = f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + frame * FRAMES)
    return path


@contextmanager
def with_camera(other: Browser, showing: Path) -> Iterator[Browser]:
    """Another browser process beside a running one, with this film before its camera, and the permission given."""
    flags = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={showing}",
    ]
    browser = other.browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    try:
        yield browser
    finally:
        browser.close()
