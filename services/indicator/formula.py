"""The formula of a ratio: numbers, names, + - * / and brackets. Read here and never handed to Python. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([A-Za-z_][\w.]*)|([-+*/()]))")
DEPTH = 40


class BadFormula(ValueError):
    """It is not one that can be read."""


class Lacking(Exception):
    """A name in it has no value, or it divides by nothing. `name` is empty for the latter."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        super().__init__(name)


def names(formula: str) -> list[str]:
    """Names in it, in the order they come, each once."""
    return list(dict.fromkeys(token for token in _tokens(formula) if _is_name(token)))


def evaluate(formula: str, values: Mapping[str, Decimal | None]) -> Decimal:
    """Its value. Raises Lacking where a name has none, BadFormula where it cannot be read."""
    reader = _Reader(_tokens(formula), values)
    try:
        with localcontext() as context:
            context.prec = 28
            found = reader.sum()
    except (DivisionByZero, InvalidOperation, Overflow):
        raise Lacking from None
    if reader.left:
        raise BadFormula(formula)
    return found


def _is_name(token: str) -> bool:
    return token[0].isalpha() or token[0] == "_"


def _tokens(formula: str) -> list[str]:
    found, at, text = [], 0, formula.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadFormula(formula)
        found.append(match.group().strip())
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[str], values: Mapping[str, Decimal | None]) -> None:
        self.left, self.values, self.depth = list(reversed(tokens)), values, 0

    def _next(self, wanted: str) -> str | None:
        return self.left.pop() if self.left and self.left[-1] in wanted else None

    def sum(self) -> Decimal:
        self.depth += 1
        if self.depth > DEPTH:
            raise BadFormula("too deep")
        found = self.product()
        while sign := self._next("+-"):
            found = found + self.product() if sign == "+" else found - self.product()
        self.depth -= 1
        return found

    def product(self) -> Decimal:
        found = self.single()
        while sign := self._next("*/"):
            found = found * self.single() if sign == "*" else found / self.single()
        return found

    def single(self) -> Decimal:
        minus = 0
        while self._next("-"):
            minus += 1
        if not self.left:
            raise BadFormula("ends early")
        word = self.left.pop()
        if word == "(":
            found = self.sum()
            if not self._next(")"):
                raise BadFormula("a bracket stays open")
        elif "0" <= word[0] <= "9":
            found = Decimal(word)
        elif _is_name(word):
            value = self.values.get(word)
            if value is None:
                raise Lacking(word)
            found = value
        else:
            raise BadFormula(word)
        return -found if minus % 2 else found
