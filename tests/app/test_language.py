"""Every sentence of the source has its English, with the same placeholders (R: language complete)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
HOLDER = re.compile(r"%\((\w+)\)[sd]")
HAN = re.compile("[\u3400-\u9fff]")
NAMES_KEPT = {"中文"}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every sentence that stands in the code and the templates now."""
    out = tmp_path_factory.mktemp("babel") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "_"]
    subprocess.run([*command, "-o", str(out), "."], cwd=ROOT, check=True)
    return read_po(out.open("rb"))


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_po((ROOT / "app/translations/en/LC_MESSAGES/messages.po").open("rb"), locale="en")


def test_no_sentence_lacks_its_english(source: Catalog, english: Catalog) -> None:
    missing = [m.id for m in source if m.id and not (english.get(m.id) and english.get(m.id).string)]
    assert not missing, f"{len(missing)} sentences without English: {missing[:20]}"


def test_placeholders_agree(english: Catalog) -> None:
    wrong = [
        message.id
        for message in english
        if message.id and set(HOLDER.findall(str(message.id))) < set(HOLDER.findall(str(message.string)))
    ]
    assert not wrong


def test_english_is_english(english: Catalog) -> None:
    left = [m.id for m in english if m.id and HAN.search(str(m.string)) and str(m.string) not in NAMES_KEPT]
    assert not left, left[:20]
