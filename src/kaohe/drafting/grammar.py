"""A small grammar over tokens: patterns written as sums and alternatives, rules that make statements, and the cheapest way to cover a cell.

A pattern gives every way in which it fits at a place. Free text is taken as short as possible and costs something for every letter, a
token that no rule takes costs much more; of all the ways to cover a cell the cheapest is its reading. Nothing is skipped: what no rule
covers stays `Unread`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kaohe.drafting.letters import listed
from kaohe.drafting.tokens import Token

Tokens = Sequence[Token]


@dataclass(frozen=True)
class Found:
    """Where the named parts of a pattern were found, and what its free text costs."""

    parts: tuple[tuple[str, int, int], ...] = ()
    cost: int = 0

    def joined(self, other: Found) -> Found:
        """Both findings."""
        return Found(self.parts + other.parts, self.cost + other.cost)


NOTHING = Found()
Ways = list[tuple[int, Found]]
# What a fit cannot do without: tokens of some kinds, or with some texts; each set must be met by some token ahead.
Needs = frozenset[frozenset[str]]


class Stream(list[Token]):
    """The tokens of a cell, and what was already found out about them."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        super().__init__(tokens)
        self.memory: dict[tuple[int, int], Ways] = {}


@dataclass(frozen=True)
class Pattern:
    """What may stand at a place; `ways` gives each end it may have there, and what was found. `needs` tells cheaply where it cannot fit."""

    fits: Callable[[Stream, int], Ways]
    needs: Needs = frozenset()

    def ways(self, tokens: Stream, at: int) -> Ways:
        """Every way in which it fits at a place, found once."""
        key = id(self), at
        found = tokens.memory.get(key)
        if found is None:
            found = tokens.memory[key] = self.fits(tokens, at)
        return found

    def __add__(self, then: Pattern) -> Pattern:
        def both(tokens: Stream, at: int) -> Ways:
            return [(end, first.joined(second)) for middle, first in self.ways(tokens, at) for end, second in then.ways(tokens, middle)]

        return Pattern(both, self.needs | then.needs)

    def __or__(self, other: Pattern) -> Pattern:
        either = frozenset({min(self.needs, key=len) | min(other.needs, key=len)}) if self.needs and other.needs else frozenset()
        return Pattern(lambda tokens, at: self.ways(tokens, at) + other.ways(tokens, at), either)

    def __invert__(self) -> Pattern:
        """It, or nothing."""
        return Pattern(lambda tokens, at: [*self.ways(tokens, at), (at, NOTHING)])

    def many(self, most: int = 12) -> Pattern:
        """It, several times or not at all."""

        def repeated(tokens: Stream, at: int) -> Ways:
            found, last = [(at, NOTHING)], [(at, NOTHING)]
            for _ in range(most):
                last = [(end, first.joined(rest)) for middle, first in last for end, rest in self.ways(tokens, middle) if end > middle]
                found += last
            return found

        return Pattern(repeated)

    def called(self, name: str) -> Pattern:
        """It, and where it stood, under a name."""
        return Pattern(
            lambda tokens, at: [(end, Found(((name, at, end), *found.parts), found.cost)) for end, found in self.ways(tokens, at)],
            self.needs,
        )


def _token(is_it: Callable[[Token], bool], *needs: str) -> Pattern:
    def one_token(tokens: Stream, at: int) -> Ways:
        return [(at + 1, NOTHING)] if at < len(tokens) and is_it(tokens[at]) else []

    return Pattern(one_token, frozenset({frozenset(needs)}))


def one(*kinds: str) -> Pattern:
    """One token of any of these kinds."""
    return _token(lambda token: token.of(*kinds), *kinds)


def word(*texts: str) -> Pattern:
    """One token with any of these texts."""
    return _token(lambda token: token.text in texts, *(f"={text}" for text in texts))


def quantity(*measures: str) -> Pattern:
    """A quantity of any of these measures; of any at all where none is named."""
    return _token(lambda token: token.of("QTY") and (not measures or token.quantity.measure in measures), "QTY")


def says(kind: str, *values: object) -> Pattern:
    """One token of a kind that says any of these."""
    return _token(lambda token: token.of(kind) and token.says.get(kind) in values, kind)


# What free text never holds.
HARD = (
    "BREAK",
    "INTERVAL",
    "VETO",
    "OPEN",
    "CLOSE",
    "STRAIGHT",
    "ENDLESS",
    "DRAIN",
    "CUT",
    "TRIMMED",
    "NO_MINUS",
    "IN_PARTS",
    "COUNTED",
    "MANNER",
    "MOST",
    "LEAST",
)
LONGEST_TEXT = 16


def text(name: str = "", least: int = 1, across: tuple[str, ...] = (), never: tuple[str, ...] = (), most: int = LONGEST_TEXT) -> Pattern:
    """Free text, as short as may be; `across` names further kinds that it may hold (QTY, PAUSE), `never` more that it may not."""
    barred = {*HARD, "QTY", "PAUSE", *never} - set(across)

    def letters(tokens: Stream, at: int) -> Ways:
        cost, found = 0, []
        for end in range(at, min(at + most, len(tokens)) + 1):
            if end > at:
                token = tokens[end - 1]
                listed = "LISTED" in across and token.of("LISTED")
                if (not listed and not token.kinds.isdisjoint(barred)) or ("CMP" not in across and token.of("CMP") and _compares(token)):
                    break
                if (
                    token.text in ("满分", "全分")
                    or (token.of("QTY") and not _may_be_named(tokens, end - 1))
                    or (token.of("DASH") and _is_beside_number(tokens, end - 1))
                ):
                    break
                cost += _price(token)
            if end - at >= least:
                doubts = tuple(("doubt", place, place + 1) for place in range(at, end) if tokens[place].of("DOUBT", "SHARE"))
                parts = ((name, at, end),) if name else ()
                found.append((end, Found((("text", at, end), *parts, *doubts), cost)))
        return found

    return Pattern(letters)


def _may_be_named(tokens: Tokens, at: int) -> bool:
    """Whether a quantity may be a part of a name (未在24小时内回访); never points, money, what is given or taken, an end of a range."""
    before, after = tokens[at - 1] if at else None, tokens[at + 1] if at + 1 < len(tokens) else None
    if tokens[at].quantity.measure in ("points", "yuan", "factor") or (after is not None and after.of("DASH")):
        return False
    return before is None or not before.of("DASH", "ADD", "TAKE")


def _is_beside_number(tokens: Tokens, at: int) -> bool:
    """Whether a dash belongs to a range of numbers."""
    return (at > 0 and tokens[at - 1].of("QTY")) or (at + 1 < len(tokens) and tokens[at + 1].of("QTY"))


def _compares(token: Token) -> bool:
    """Whether a word is about a number and nothing else; 满 and 达 begin many a name."""
    return len(token.text) > 1 or not token.text.isalpha()


def _price(token: Token) -> int:
    """Plain words are cheap in a name; a steering word in one is a reason to look for another reading."""
    if token.of("QTY") or (len(token.text) > 1 and token.of("FULL", "ZERO", "HALF", "SAME")):
        return 14
    return (2 if token.of("TEXT", "PLAIN", "LETTER") else 4) + len(token.text)


# --- statements -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Match:
    """One fit of a rule's pattern: its tokens and its named parts."""

    tokens: Tokens
    start: int
    end: int
    found: Found

    def has(self, name: str) -> bool:
        """Whether a part is there."""
        return any(part == name and end > start for part, start, end in self.found.parts)

    def part(self, name: str) -> Tokens:
        """The tokens of a part, none where it is not there."""
        return next((self.tokens[start:end] for part, start, end in self.found.parts if part == name), ())

    def parts(self, name: str) -> list[Tokens]:
        """The tokens of every part of a name, in order."""
        return [self.tokens[start:end] for part, start, end in self.found.parts if part == name]

    def inside(self, name: str) -> list[Match]:
        """Every part of a name as a match of its own, with the parts within it."""
        ranges = [(start, end) for part, start, end in self.found.parts if part == name]
        return [
            Match(
                self.tokens,
                start,
                end,
                Found(tuple(part for part in self.found.parts if part[0] != name and start <= part[1] and part[2] <= end)),
            )
            for start, end in ranges
        ]

    def found_at(self, name: str, side: int) -> int:
        """Where a part begins (0) or ends (1)."""
        return next((start, end)[side] for part, start, end in self.found.parts if part == name)

    def token(self, name: str) -> Token:
        """The only token of a part."""
        return self.part(name)[0]

    def within(self, name: str, kind: str) -> list[Token]:
        """The tokens of a kind within a part."""
        return [token for token in self.part(name) if token.of(kind)]

    def words(self, name: str) -> str:
        """What a part says, separators at its ends left out."""
        return said(self.part(name))


def said(tokens: Tokens) -> str:
    """What tokens say, separators and brackets at the ends left out."""
    return "".join(token.text for token in tokens).strip(" ，,、：:；。()\n")


@dataclass(frozen=True)
class Statement:
    """One thing that a cell says, where, and the words in it that raise doubts. The rooms of `phrases` say which there are."""

    start: int = field(default=0, kw_only=True)
    end: int = field(default=0, kw_only=True)
    doubts: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class Unread(Statement):
    """A token that no rule took."""

    text: str = ""


@dataclass(frozen=True)
class Rule:
    """A way of saying something: the pattern, what comes of a fit (None: it was none), what it costs besides its free text."""

    name: str
    pattern: Pattern
    build: Callable[[Match], Statement | None]
    cost: int = 10


UNREAD_COST, SEPARATORS = 400, ("BREAK", "PAUSE", "OPEN", "CLOSE", "COLON", "SLASH")
GLUED_COST, TORN_COST = 3, 300
# Words that say nothing by themselves, where no rule needs them.
FILLING, FILLING_COST = (
    frozenset(
        listed(
            "+ 的 者 则 即 可 均 都 将 也 应 需 就 便 方 时 其 该 当 若 如 为 是 之 情况 情况下 的情况下 予以 给予 一律 分别 按 "
            "计 得 计分 得分 记 时候 那么 算"
        )
    ),
    30,
)


def cover(tokens: Tokens, rules: Sequence[Rule]) -> list[Statement]:
    """The cheapest way to cover all tokens by statements; separators between statements are free."""
    best: list[tuple[int, Statement | None, int]] = [(0, None, 0)] * (len(tokens) + 1)
    stream, ahead = Stream(tokens), set[str]()
    for at in range(len(tokens) - 1, -1, -1):
        token = tokens[at]
        ahead |= {*token.kinds, f"={token.text}"}
        skipped = 0 if token.of(*SEPARATORS) else FILLING_COST if token.text in FILLING else UNREAD_COST
        chosen: tuple[int, Statement | None, int] = (
            skipped + best[at + 1][0],
            None if skipped < UNREAD_COST else Unread(token.text, start=at, end=at + 1),
            at + 1,
        )
        for rule in rules:
            if any(need.isdisjoint(ahead) for need in rule.pattern.needs):
                continue
            for end, found in rule.pattern.ways(stream, at):
                price = rule.cost + found.cost + best[end][0] + _seams(tokens, at, end, found)
                if end > at and price < chosen[0]:
                    statement = rule.build(Match(tokens, at, end, found))
                    if statement is not None:
                        doubts = tuple(tokens[start].text for name, start, _ in found.parts if name == "doubt")
                        chosen = price, replace(statement, start=at, end=end, doubts=doubts), end
        best[at] = chosen
    return list(_walk(best))


def _seams(tokens: Tokens, at: int, end: int, found: Found) -> int:
    """What it costs that a statement ends without a separator, or that its free text begins where another one left off."""
    glued = GLUED_COST if end < len(tokens) and not tokens[end].of(*SEPARATORS) else 0
    torn = at > 0 and not tokens[at - 1].of(*SEPARATORS, "ADD") and any(name == "text" and start == at for name, start, _ in found.parts)
    return glued + (TORN_COST if torn else 0)


def _walk(best: list[tuple[int, Statement | None, int]]) -> Iterator[Statement]:
    at = 0
    while at < len(best) - 1:
        _, statement, end = best[at]
        if statement is not None:
            yield statement
        at = end
