"""Names on pages that anyone may open, and in what is signed in public."""

import re
import unicodedata

_PARTS = re.compile("([\u00b7 ]+)")


def mask(name: str) -> str:
    """张* · 张*三 · 欧**明 · 买*·吐* · J* S*.

    One character is hidden altogether; two keep the first; three and more keep first and last, with one
    star for each hidden one. Where a name has several parts, with a middle dot or in letters with spaces,
    each part keeps its initial and a single star, which hides its length as well. Expects a cleaned name
    (`services.text.clean_name`).
    """
    pieces = _PARTS.split(unicodedata.normalize("NFC", name).strip("\u00b7 "))
    parts = [_characters(piece) for piece in pieces[::2]]
    if len(parts) > 1:
        masked = [part[0] + "*" for part in parts]
        return "".join(part + separator for part, separator in zip(masked, [*pieces[1::2], ""], strict=True))
    characters = parts[0]
    if len(characters) < 3:
        return "".join(characters[:-1]) + "*"
    return characters[0] + "*" * (len(characters) - 2) + characters[-1]


def _characters(text: str) -> list[str]:
    """What a reader sees as characters: each with the marks that sit on it."""
    seen: list[str] = []
    for character in text:
        if seen and unicodedata.category(character).startswith("M"):
            seen[-1] += character
        else:
            seen.append(character)
    return seen
