"""The arithmetic of explanations, evaluated: the grammar stands in `kaohe.rules.arithmetic`, its reader only here."""

from __future__ import annotations

import re
from fractions import Fraction

from kaohe.numbers import round_number

TOKEN = re.compile(r"\s*(round|min|max|mean|half_up|half_even|up|down|\d+/\d+|\d+(?:\.\d+)?%?|[-+×÷(),])")


def value_of(text: str) -> Fraction:
    """What an arithmetic text comes to; a ValueError for one that the grammar does not know."""
    reader = _Reader(_tokens(text))
    found = reader.sum()
    if reader.waiting:
        raise ValueError(f"{text!r}: {reader.waiting} is left over")
    return found


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"{text!r}: not understood at {at}")
        found.append(match[1])
        at = match.end()
    return found


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.waiting = tokens

    def next(self, *wanted: str) -> str:
        if not self.waiting or (wanted and self.waiting[0] not in wanted):
            raise ValueError(f"{wanted} expected, {self.waiting[:1]} found")
        return self.waiting.pop(0)

    def ahead(self, *signs: str) -> bool:
        return bool(self.waiting) and self.waiting[0] in signs

    def sum(self) -> Fraction:
        found = self.product()
        while self.ahead("+", "-"):
            found = found + self.product() if self.next() == "+" else found - self.product()
        return found

    def product(self) -> Fraction:
        found = self.factor()
        while self.ahead("×", "÷"):
            found = found * self.factor() if self.next() == "×" else found / self.factor()
        return found

    def factor(self) -> Fraction:
        token = self.next()
        if token == "-":
            return -self.factor()
        if token == "(":
            found = self.sum()
            self.next(")")
            return found
        return self.call(token) if token.isalpha() else _number(token)

    def call(self, name: str) -> Fraction:
        self.next("(")
        parts = [self.sum()]
        while self.ahead(","):
            self.next()
            if self.ahead("half_up", "half_even", "up", "down"):
                how = self.next()
                self.next(")")
                return round_number(parts[0], parts[1], how)
            parts.append(self.sum())
        self.next(")")
        return {"min": min, "max": max, "mean": lambda values: sum(values) / len(values)}[name](parts)


def _number(token: str) -> Fraction:
    return Fraction(token[:-1]) / 100 if token.endswith("%") else Fraction(token)


def numbers_in(text: str) -> set[Fraction]:
    """Every number that an arithmetic text names."""
    return {_number(token) for token in _tokens(text) if token[0].isdigit()}
