"""Arithmetic and proportion: 得分=实际/目标×权重, 按完成率得分, 差错率=差错数/抽检数×100%, 100×(1-差错率), 中间按线性插值."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kaohe.drafting.grammar import Found, Match, Pattern, Rule, Statement, Stream, Tokens, Ways, one, quantity, said, says, text, word
from kaohe.drafting.lexicon import KINDS
from kaohe.drafting.statements import ByShare, Formula, Slope, Straight
from kaohe.drafting.tokens import Token
from kaohe.numbers import write_number

# --- the line of arithmetic, as a tree ----------------------------------------------------------------


@dataclass(frozen=True)
class Leaf:
    """A name, a number or one of the trade's quantities: actual, target, degree, full, weight, number, name."""

    kind: str
    words: str = ""
    number: Fraction = Fraction(0)
    percent: bool = False


@dataclass(frozen=True)
class Pair:
    """Two trees with * / + or - between."""

    sign: str
    left: Tree
    right: Tree


Tree = Leaf | Pair
Kind = Literal["rate", "value", "complement", "points"]
_ACTUALS = frozenset(KINDS["ACTUAL"].split())
_TIMES, _DIVIDED = ("*", "x", "X", "乘以", "乘"), ("/", "除以", "÷")


class _Line:
    """Reads a line of arithmetic over tokens; raises ValueError where it is none."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = [token for token in tokens if token.text != " "]
        self.at = 0

    def tree(self) -> Tree:
        found = self._sum()
        if self.at < len(self.tokens):
            raise ValueError
        return found

    def _next(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _sum(self) -> Tree:
        left = self._product()
        while (token := self._next()) is not None and token.text in ("+", "-", "加", "减"):
            self.at += 1
            left = Pair({"加": "+", "减": "-"}.get(token.text, token.text), left, self._product())
        return left

    def _product(self) -> Tree:
        left = self._factor()
        while (token := self._next()) is not None and token.text in (*_TIMES, *_DIVIDED):
            self.at += 1
            left = Pair("*" if token.text in _TIMES else "/", left, self._factor())
        return left

    def _factor(self) -> Tree:
        token = self._next()
        if token is None:
            raise ValueError
        if token.of("OPEN"):
            self.at += 1
            inner = self._sum()
            closing = self._next()
            if closing is None or not closing.of("CLOSE"):
                raise ValueError
            self.at += 1
            return inner
        after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if token.of("QTY") and (after is None or _is_sign(after) or token.quantity.measure not in ("time", "days")):
            self.at += 1
            found = token.quantity
            return Leaf("number", token.text, found.number, found.measure == "share")
        return self._name()

    def _name(self) -> Leaf:
        names = [self.tokens[self.at]] if self.tokens[self.at].of("QTY") else []
        self.at += len(names)
        while (token := self._next()) is not None and not _is_sign(token):
            names.append(token)
            self.at += 1
        if (
            not names
            or any(token.of("BREAK", "PAUSE", "EACH", "REST", "INTERVAL", "CMP") for token in names)
            or (names[-1].of("RATE") and not names[-1].of("GIVE"))
        ):
            raise ValueError
        return _leaf(names)


def _is_sign(token: Token) -> bool:
    return token.text in (*_TIMES, *_DIVIDED, "+", "-", "减") or token.of("OPEN", "CLOSE", "QTY")


_KINDS = (("DEGREE", "degree"), ("ACTUAL", "actual"), ("TARGET", "target"), ("FULL", "full"))


def _leaf(names: list[Token]) -> Leaf:
    if names[-1].of("DEGREE"):
        return Leaf("degree", said(names))
    kept = [token for token in names if not token.of("SCOPE", "WHOLE", "SPAN") and token.text not in ("的", "该", "总")]
    if len(kept) == 1:
        kind = next((name for token_kind, name in _KINDS if kept[0].of(token_kind)), "")
        if kind:
            return Leaf("weight" if kept[0].text.startswith("权重") else kind, kept[0].text)
    words = said(names).lstrip("∑Σ")
    if len(kept) > 1 and words.startswith(("计划", "目标", "任务", "预算", "指标")):
        return Leaf("target", words)
    return Leaf("actual" if words.startswith("实际") else "name", words)


# --- what it means -------------------------------------------------------------------------------------


def _factors(tree: Tree, up: bool = True) -> Iterator[tuple[Tree, bool]]:
    """The factors of a product, and whether each stands above the line."""
    if isinstance(tree, Pair) and tree.sign in "*/":
        yield from _factors(tree.left, up)
        yield from _factors(tree.right, up if tree.sign == "*" else not up)
    else:
        yield tree, up


def _meant(tree: Tree, scores: bool) -> Formula | None:
    """What a product of rates, numbers and worths says; None for anything else."""
    above = [factor for factor, up in _factors(tree) if up]
    below = [factor for factor, up in _factors(tree) if not up]
    whole_rates = [factor for factor in above if isinstance(factor, Leaf) and factor.percent and factor.number == 1]
    above = [factor for factor in above if factor not in whole_rates] or above
    above = [factor for factor in above if not (isinstance(factor, Leaf) and factor.words.replace(" ", "") == "1000‰")] or above
    times = [factor for factor in above if isinstance(factor, Leaf) and factor.kind in ("full", "weight", "number")]
    rest = [factor for factor in above if factor not in times]
    if len(times) > 1 or len(rest) != 1 or len(below) > 1:
        return None
    return _placed(rest[0], below[0] if below else None, times[0] if times else None, scores)


def _placed(top: Tree, bottom: Tree | None, times: Leaf | None, scores: bool) -> Formula | None:
    complement = _complement(top)
    if complement and bottom is None and times is not None:
        return Formula(complement, "", times=_times(times), factor=_number_of(times), kind="complement", scores=True)
    if isinstance(top, Pair) and bottom is None and times is not None and times.percent and top.sign == "-" and _are_name_and_number(top):
        return Formula(_words(top.left), "", times=_times(times), factor=_number_of(times), kind="points", beyond=_number_of(top.right))
    if (isinstance(top, Pair) and (top.sign not in "+-" or bottom is None)) or any(
        _is_drawn(tree) for tree in (top, bottom) if isinstance(tree, Pair)
    ):
        return None
    part, of = _words(top), "" if bottom is None else _words(bottom)
    kind: Kind = "rate" if isinstance(top, Leaf) and (top.kind in ("degree", "target") or top.words in _ACTUALS) else "value"
    number = bottom.number if isinstance(bottom, Leaf) and bottom.kind == "number" else None
    turned = isinstance(top, Leaf) and top.kind == "target"
    if bottom is None:
        kind = "rate" if isinstance(top, Leaf) and top.kind == "degree" else "points"
        if turned or (isinstance(top, Leaf) and top.kind == "actual" and times is None):
            return None
    elif isinstance(bottom, Leaf) and bottom.kind == "target":
        kind = "rate"
    elif turned and not (isinstance(bottom, Leaf) and bottom.kind in ("actual", "name")):
        return None
    scores = scores or bool(times and times.kind in ("full", "weight"))
    return Formula(part, of, number, _times(times), _number_of(times), turned, kind, scores)


def _are_name_and_number(tree: Pair) -> bool:
    """销售额-10000."""
    return isinstance(tree.left, Leaf) and tree.left.kind == "name" and isinstance(tree.right, Leaf) and tree.right.kind == "number"


def _is_drawn(tree: Tree) -> bool:
    """Whether it reckons with actual values, targets or worths rather than with counts."""
    if isinstance(tree, Pair):
        return _is_drawn(tree.left) or _is_drawn(tree.right)
    return tree.kind not in ("name", "number") or tree.words.startswith(("底线", "挑战", "门槛"))


def _complement(tree: Tree) -> str:
    """X of 1-X, or of 100%-X."""
    if (
        isinstance(tree, Pair)
        and tree.sign == "-"
        and isinstance(tree.left, Leaf)
        and tree.left.kind == "number"
        and tree.left.number == 1
        and isinstance(tree.right, Leaf)
    ):
        return tree.right.words
    return ""


def _times(leaf: Leaf | None) -> str:
    if leaf is None:
        return ""
    return (
        leaf.kind
        if leaf.kind in ("full", "weight")
        else f"{write_number(leaf.number * 100)}%"
        if leaf.percent
        else write_number(leaf.number)
    )


def _number_of(leaf: Tree | None) -> Fraction | None:
    return leaf.number if isinstance(leaf, Leaf) and leaf.kind == "number" else None


def _words(tree: Tree) -> str:
    if isinstance(tree, Leaf):
        return tree.words
    return f"{_words(tree.left)}{tree.sign}{_words(tree.right)}"


# --- the grammar ---------------------------------------------------------------------------------------


def _ends(tokens: Tokens, at: int) -> Iterator[int]:
    """Where a line of arithmetic that begins here may end: at a break, a pause that is no blank, a bracket; outside of brackets."""
    depth = 0
    while at < len(tokens):
        token = tokens[at]
        if depth == 0 and (token.of("BREAK") or (token.of("PAUSE") and token.text != " ")):
            break
        ended = token.text == " " and at + 1 < len(tokens) and not _is_sign(tokens[at + 1])
        if depth == 0 and (token.of("OPEN") or ended):
            yield at
        depth += token.of("OPEN") - token.of("CLOSE")
        if depth < 0:
            break
        at += 1
    yield at


def _fits(tokens: Stream, at: int) -> Ways:
    ends = [end for end in _ends(tokens, at) if at < end <= at + LONGEST_LINE]
    return [(end, Found((("line", at, end),))) for end in ends if read_line(tokens[at:end]) is not None]


LONGEST_LINE = 40
_MEASURED = re.compile(r"[数量额长间分次人单值天率时费款勤]$")


def read_line(tokens: Tokens) -> Formula | None:
    """What a line of arithmetic means; None where it is none, or means nothing that is known."""
    name, line = _sides(tokens)
    line = _trimmed(line)
    if not any(token.text in (*_TIMES, *_DIVIDED) for token in line) or any(token.of("EACH") for token in line):
        return None
    scores = any(token.text in ("得分", "分数", "计分", "考核得分") or token.of("SCOPE") for token in name)
    try:
        tree = _Line(line).tree()
    except ValueError:
        return None
    found = _meant(tree, scores)
    if (
        found is not None
        and found.kind == "value"
        and not name
        and not found.times
        and not (_MEASURED.search(found.part) and _MEASURED.search(found.of.strip(")")))
    ):
        return None
    return found


def _trimmed(line: Tokens) -> Tokens:
    """The line without 按 before it and 得分 after it."""
    start, end = 0, len(line)
    while (
        start + 1 < end
        and line[start].text in ("按", "按照", " ")
        and (line[start].text == " " or line[start + 1].of("DEGREE", "ACTUAL", "TARGET", "FULL"))
    ):
        start += 1
    while end > start + 1 and line[end - 1].text in ("得分", "计分", "计算", "计", "得", " "):
        end -= 1
    return line[start:end]


def _sides(tokens: Tokens) -> tuple[Tokens, Tokens]:
    equals = next((place for place, token in enumerate(tokens) if token.text in ("=", ":")), None)
    if equals is not None:
        return tokens[:equals], tokens[equals + 1 :]
    return (), tokens


def _build_ratio(match: Match) -> Statement | None:
    """实际回访数占应回访数的比例."""
    part, of = _leaf(list(match.part("part"))), _leaf(list(match.part("of")))
    if match.has("scored") and (part.kind != "actual" or of.kind != "target"):
        return None
    return Formula(part.words, of.words, kind="rate" if match.has("scored") else "value", scores=match.has("scored"))


_BY_SHARE = (
    ~(
        (one("MISSED") + ~one("TARGET") | one("REST") | says("CMP", "below") + (quantity() | one("TARGET")))
        + one("GIVE", "PASSING", "ADVERB", "PAUSE").many(3)
    ).called("below")
    + (one("AS", "GIVE", "ADVERB") | word("根据", "依据", "以")).many(1)
    + (one("SPAN", "TARGET", "ACTUAL", "SCOPE", "REACHED", "TEXT", "ADVERB", "RATER", "GIVE")).many(4)
    + one("DEGREE", "PROPORTION", "IN_PARTS")
    + one("PROPORTION", "IN_PARTS").many(1)
    + (one("GIVE", "AS", "FULL", "RATE") | word("计算", "折算", "核算", "核分", "给分", "折合", "换算", "分数")).many(3)
)
_RATIO = (
    one("AS").many(1)
    + ~word("以")
    + text("part", never=("EACH",))
    + (one("COVER") | word("与", "和", "比", "同"))
    + text("of", never=("EACH",))
    + ~word("的", "之")
    + (one("PROPORTION") | word("比", "之比", "的比"))
    + (one("GIVE", "AS") | word("计算", "折算", "给分")).many(2).called("scored")
)
_STRAIGHT = (
    ~(one("BETWEEN").many(1) + (quantity() + one("DASH") + quantity() | one("INTERVAL")))
    + (one("BETWEEN", "AS", "ADVERB") | text(most=3)).many(5)
    + one("STRAIGHT")
    + (
        one("AS", "GIVE", "STRAIGHT", "ADD", "TAKE")
        | word("计算", "取值", "折算", "给分", "增减", "变化", "方法", "法", "插值", "方式", "扣分", "得分", "关系")
    ).many(4)
)

_SLOPE = (
    ~text(never=("EACH",))
    + one("BETWEEN").many(1)
    + quantity().called("low")
    + one("DASH")
    + quantity().called("high")
    + one("BETWEEN", "AS", "PAUSE", "GIVE").many(3)
    + one("STRAIGHT")
    + one("GIVE", "AS", "STRAIGHT").many(3)
    + quantity("points", "bare").called("first")
    + one("DASH")
    + quantity("points", "bare").called("last")
)


def _build_slope(match: Match) -> Statement | None:
    """80%-100%按线性插值得6-10分."""
    low, high = match.token("low").quantity, match.token("high").quantity
    low = low.within(high) if low.measure == "bare" else low
    return Slope(low, high, match.token("first").quantity.number, match.token("last").quantity.number) if low.number < high.number else None


RULES = (
    Rule("line of arithmetic", Pattern(_fits), lambda match: read_line(match.part("line")), cost=4),
    Rule("by share", _BY_SHARE, lambda match: ByShare(below=match.has("below")), cost=10),
    Rule("a part of", _RATIO, _build_ratio, cost=8),
    Rule(
        "straight, by share",
        one("BETWEEN")
        + one("BETWEEN", "PASSING").many(2)
        + one("AS", "ADVERB").many(1)
        + one("PROPORTION", "IN_PARTS")
        + one("PROPORTION", "GIVE", "AS").many(3),
        lambda match: Straight(),
        cost=6,
    ),
    Rule("slope", _SLOPE, _build_slope, cost=6),
    Rule("straight", _STRAIGHT, lambda match: Straight(), cost=6),
)
