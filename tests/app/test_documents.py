"""What the documents say is there: links, pictures, commands, settings."""

import re
from pathlib import Path

import pytest
from click import Command, Group
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
OURS = ("*.md", "app/**/*.md", "docs/**/*.md", "tests/**/*.md")
DOCUMENTS = sorted(path for pattern in OURS for path in ROOT.glob(pattern))
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
ALL = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
BOTH = pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"`([A-Z][A-Z_]+)`")
READ = re.compile(r"""(?:environ\.get\(|environ\[|_whole\(environ, )"([A-Z_]+)\"""")
FLASKS_OWN = {"FLASK_DEBUG"}
"""Read only to be refused in production."""


def anchors(document: Path) -> set[str]:
    """The names of its headings, as repositories make them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", document.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@ALL
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    lost = []
    for link in LINK.findall(FENCE.sub("", document.read_text("utf-8"))):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _hash, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


def said(document: Path) -> list[str]:
    """Every command line that a document names: in backticks, or a line of a block."""
    text = document.read_text("utf-8")
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    return [part.strip() for part in [*CODE.findall(FENCE.sub("", text)), *lines]]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


@ALL
def test_every_make_target_named_exists(document: Path) -> None:
    named = {found[1] for line in said(document) if (found := re.search(r"\bmake ([a-z]+)", line))}
    assert named <= targets()


@BOTH
def test_both_readmes_name_the_targets_people_need(readme: Path) -> None:
    named = {found[1] for line in said(readme) if (found := re.search(r"\bmake ([a-z]+)", line))}
    assert named >= {"run", "test", "check", "soak", "demo", "pictures"}


@ALL
def test_every_flask_command_named_exists(app: Flask, document: Path) -> None:
    unknown = [line for line in said(document) if not knows(app.cli, line)]
    assert not unknown


def knows(cli: Group, line: str) -> bool:
    """Whether the command of a line is there, with the options it names. Other lines are no matter of ours."""
    found = re.search(r"\bflask --app app ([a-z].*)", line)
    if found is None:
        return True
    command: Command = cli
    words = found[1].split("#")[0].replace("[", " ").replace("]", " ").split()
    for word in words:
        if isinstance(command, Group):
            step = command.commands.get(word)
            if step is None:
                return False
            command = step
        elif word.startswith("--") and not any(word in option.opts for option in command.params):
            return False
    return not isinstance(command, Group)


def settings() -> set[str]:
    """The names in the first column of the README's table."""
    table = READMES[0].read_text("utf-8").partition("\n## Settings\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    return {name for row in rows for name in NAME.findall(row)}


def test_the_readme_names_every_setting_that_is_read_and_no_other() -> None:
    read = set(READ.findall((ROOT / "app/config.py").read_text("utf-8")))
    assert settings() == read - FLASKS_OWN


def test_each_picture_is_shown_by_a_document_and_small() -> None:
    shown = {
        (document.parent / link).resolve()
        for document in DOCUMENTS
        for link in LINK.findall(document.read_text("utf-8"))
        if link.endswith(".png")
    }
    kept = set((ROOT / "docs/pictures").glob("*.png"))
    assert kept == shown
    assert all(picture.stat().st_size < 120_000 for picture in kept)
