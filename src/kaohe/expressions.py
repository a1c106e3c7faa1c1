"""The small formula language of schemes: a text becomes a tree of operations, nothing is run.

Arithmetic, comparisons, and/or/not, `x if c else y`, `in [a, b]` and calls of the functions
listed in `FUNCTIONS`. Numbers keep the text that was typed (`60%`, `5‰` included). Python's own
parser reads the syntax; everything that is not on the list of allowed nodes is refused.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from kaohe.numbers import parse_number, plain_text, write_number
from kaohe.problems import Place, Problem
from kaohe.texts import nearest

LONGEST = 500
DEEPEST = 24

FUNCTIONS = {
    "min": "the smallest of the numbers given, or of rows | 最小值",
    "max": "the largest of the numbers given, or of rows | 最大值",
    "sum": "the sum of rows | 合计",
    "count": "how many rows | 次数",
    "any": "is there such a row | 是否有",
    "mean": "the mean of the numbers given, or of rows | 平均",
    "mean_given": "the mean of those that are there | 已有各项的平均",
    "share": "the share of rows for which it holds | 占比",
    "first": "the first that is there | 第一个有值者",
    "given": "is it there | 是否有值",
    "sign": "1, 0 or -1 | 正负号",
    "rounded": "rounded half-up to 0.01 | 四舍五入到分",
    "floor_of": "the whole number below | 向下取整",
    "abs": "without its sign | 绝对值",
    "is_multiple": "is it a whole multiple, at least once | 是否为整倍数",
    "months_between": "whole months from one day to another | 相隔整月数",
    "days_between": "days from one day to another | 相隔天数",
    "months_after": "the same day n months on | n 个月后的同日",
    "run": "how many periods in a row, up to this one | 连续期数",
    "times": "how many periods, this one included | 累计期数",
    "latest": "the value of the latest earlier period that counts | 最近一期的值",
    "previous": "the value of the period just before | 上一期的值",
}


class FormulaTooLong(Problem):
    """A formula longer or deeper than anybody could read."""

    code = "E001"
    reason = "out_of_range"
    zh = "公式太长或括号太深(最多 {most} 个字符、{deepest} 层)"
    en = "the formula is too long or too deep (at most {most} characters, {deepest} levels)"
    mend_zh = "请拆成几个有名字的 figures。"
    mend_en = "Split it into figures with names."


class FormulaSyntax(Problem):
    """A formula that cannot be read."""

    code = "E002"
    zh = "公式读不懂：{detail_zh}\n    {text}\n    {caret}"
    en = "the formula cannot be read: {detail_en}\n    {text}\n    {caret}"
    mend_zh = "请检查标出的位置。"
    mend_en = "Check the marked place."


class FormulaNotAllowed(Problem):
    """Something that the formula language does not have."""

    code = "E003"
    reason = "not_allowed"
    zh = "公式中不能使用{what_zh}\n    {text}\n    {caret}"
    en = "the formula language does not have {what_en}\n    {text}\n    {caret}"
    mend_zh = "可用：加减乘除、比较、and/or/not、x if c else y、in [ ]，以及函数。"
    mend_en = "It has + - * /, comparisons, and/or/not, x if c else y, in [ ], and functions."


class FunctionUnknown(Problem):
    """A function that the formula language does not have."""

    code = "E004"
    reason = "unknown"
    zh = "没有函数 {name}{guess_zh}\n    {text}\n    {caret}"
    en = "there is no function {name}{guess_en}\n    {text}\n    {caret}"
    mend_zh = "函数一览见 docs/reference/formulas.md。"
    mend_en = "docs/reference/formulas.md lists them."


@dataclass(frozen=True)
class Expression:
    """One operation of a formula: its kind, its word (name, number or function), its parts; a number as it was typed.

    kinds: number word name list call and or not neg + - * / < <= > >= == != in if keyword
    """

    kind: str
    word: str = ""
    parts: tuple[Expression, ...] = ()
    at: int = 0
    typed: str = field(default="", compare=False)

    def tell(self) -> str:
        """The formula as text again."""
        teller = _TELL.get(self.kind, _tell_infix)
        return teller(self)


def _tell_infix(this: Expression) -> str:
    sides = [f"({part.tell()})" if part.kind in _INFIX else part.tell() for part in this.parts]
    return f" {this.kind} ".join(sides)


_INFIX = {"+", "-", "*", "/", "and", "or", "<", "<=", ">", ">=", "==", "!=", "in", "if"}
_TELL: dict[str, Callable[[Expression], str]] = {
    "number": lambda this: write_number(Fraction(this.word)),
    "word": lambda this: repr(this.word),
    "name": lambda this: this.word,
    "list": lambda this: "[" + ", ".join(part.tell() for part in this.parts) + "]",
    "call": lambda this: f"{this.word}({', '.join(part.tell() for part in this.parts)})",
    "keyword": lambda this: f"{this.word}={this.parts[0].tell()}",
    "not": lambda this: f"not ({this.parts[0].tell()})",
    "neg": lambda this: f"-({this.parts[0].tell()})",
    "if": lambda this: f"{this.parts[1].tell()} if {this.parts[0].tell()} else {this.parts[2].tell()}",
}

_BINARY: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_PERCENT = re.compile(r"(?<=[0-9.])\s*([%‰])")


class _Refused(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def parse_formula(text: object, place: Place) -> Expression | Problem:
    """The tree of a formula, or what is wrong with it, with a caret under the place.

    >>> parse_formula("40% * own + 60% * team", Place()).tell()
    '(0.4 * own) + (0.6 * team)'
    """
    words = plain_text(str(text)).replace("\n", " ")
    if len(words) > LONGEST or _depth(words) > DEEPEST:
        return FormulaTooLong(place, most=LONGEST, deepest=DEEPEST)
    # 60% becomes the imaginary literal 60j: as long as before, so every column still points at the text
    marked = _PERCENT.sub(lambda match: ("j" if match[1] == "%" else "J") + " " * (len(match[0]) - 1), words)
    try:
        tree = ast.parse(marked, mode="eval").body
        return _Reader(words, marked, place).read(tree, 0)
    except SyntaxError as error:
        at = error.offset - 1 if error.offset else len(words)
        return FormulaSyntax(place, text=words, caret=" " * at + "^", **_syntax(error.msg, words[at : at + 1]))
    except _Refused as refused:
        return refused.problem
    except (ValueError, RecursionError, MemoryError):
        return FormulaTooLong(place, most=LONGEST, deepest=DEEPEST)


# What Python's parser says, in the words of somebody who writes schemes.
_SYNTAX = {
    "was never closed": ("括号没有结束", "a bracket is not closed"),
    "unmatched": ("多了一个右括号", "a closing bracket without its opening one"),
    "does not match": ("左右括号不配对", "the brackets do not match"),
    "Perhaps you forgot a comma": ("缺少逗号或运算符", "a comma or an operator is missing"),
    "instead of '='": ("比较相等要写 ==", "to compare write =="),
    "cannot assign": ("比较相等要写 ==", "to compare write =="),
    "expected 'else'": ("x if c 后面要写 else y", "x if c needs else y"),
    "unterminated string": ("引号没有结束", "a quote is not closed"),
    "decimal literal": ("数字与文字连在一起", "a number and a word run together"),
    "invalid character": ("有公式里没有的符号", "a sign that formulas do not have"),
    "leading zeros": ("数字前不要写 0", "a number may not begin with 0"),
}
_ODDITIES = {
    "Pow": ("乘方 **", "powers (**)"),
    "Mod": ("取余 %", "remainders (%)"),
    "FloorDiv": ("整除 //（请用 floor_of）", "// (use floor_of)"),
    "Subscript": ("方括号取值", "lookups with [ ]"),
    "Lambda": ("函数定义", "functions of one's own"),
    "Dict": ("花括号", "braces"),
    "Set": ("花括号", "braces"),
    "Tuple": ("圆括号里的列表（请用方括号）", "lists in ( ), use [ ]"),
    "JoinedStr": ("f 文字", "f-texts"),
    "Starred": ("星号", "stars"),
    "NamedExpr": (":=", ":="),
}


def _syntax(said: str, sign: str) -> dict[str, str]:
    if sign == "=":
        said = "instead of '='"
    zh, en = next((words for part, words in _SYNTAX.items() if part in said), ("这里读不通", "it makes no sense here"))
    return {"detail_zh": zh, "detail_en": en}


def _depth(text: str) -> int:
    deepest = depth = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


class _Reader:
    """Turns Python's syntax tree into expressions, refusing every node that is not listed."""

    def __init__(self, text: str, marked: str, place: Place) -> None:
        self.text = text
        self.marked = marked.encode()
        self.place = place

    def read(self, node: ast.expr, depth: int) -> Expression:
        if depth > DEEPEST * 2:
            raise _Refused(FormulaTooLong(self.place, most=LONGEST, deepest=DEEPEST))
        read = getattr(self, f"_read_{type(node).__name__.lower()}", None)
        if read is None:
            raise self.refuse(node, type(node).__name__)
        found = read(node, depth + 1)
        assert isinstance(found, Expression)
        return found

    def at(self, node: ast.expr) -> int:
        return len(self.marked[: node.col_offset].decode())

    def refuse(self, node: ast.expr, what: str) -> _Refused:
        caret = " " * self.at(node) + "^"
        zh, en = _ODDITIES.get(what, (f" {what}", what))
        return _Refused(FormulaNotAllowed(self.place, [what], what_zh=zh, what_en=en, text=self.text, caret=caret))

    def _read_constant(self, node: ast.Constant, depth: int) -> Expression:
        if isinstance(node.value, str):
            return Expression("word", node.value, at=self.at(node))
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float, complex)):
            raise self.refuse(node, repr(node.value))
        typed = self.marked[node.col_offset : node.end_col_offset].decode().replace("j", "%").replace("J", "‰")
        value = parse_number(typed.replace(" ", ""))
        if isinstance(value, Problem):
            raise _Refused(type(value)(self.place, [typed], **value.found))
        return Expression("number", str(value), at=self.at(node), typed=typed.replace(" ", ""))

    def _read_name(self, node: ast.Name, depth: int) -> Expression:
        return Expression("name", node.id, at=self.at(node))

    def _read_attribute(self, node: ast.Attribute, depth: int) -> Expression:
        base = self.read(node.value, depth)
        if base.kind != "name":
            raise self.refuse(node, "." + node.attr)
        return Expression("name", f"{base.word}.{node.attr}", at=base.at)

    def _read_unaryop(self, node: ast.UnaryOp, depth: int) -> Expression:
        kind = {ast.USub: "neg", ast.Not: "not"}.get(type(node.op))
        if kind is None:
            raise self.refuse(node, "+x" if isinstance(node.op, ast.UAdd) else "~x")
        return Expression(kind, "", (self.read(node.operand, depth),), self.at(node))

    def _read_binop(self, node: ast.BinOp, depth: int) -> Expression:
        kind = _BINARY.get(type(node.op))
        if kind is None:
            raise self.refuse(node, type(node.op).__name__)
        return Expression(kind, "", (self.read(node.left, depth), self.read(node.right, depth)), self.at(node))

    def _read_boolop(self, node: ast.BoolOp, depth: int) -> Expression:
        kind = "and" if isinstance(node.op, ast.And) else "or"
        parts = [self.read(value, depth) for value in node.values]
        return Expression(kind, "", tuple(parts), self.at(node))

    def _read_compare(self, node: ast.Compare, depth: int) -> Expression:
        sides = [self.read(side, depth) for side in (node.left, *node.comparators)]
        tests = [self._test(node, op, a, b) for op, a, b in zip(node.ops, sides, sides[1:], strict=False)]
        return tests[0] if len(tests) == 1 else Expression("and", "", tuple(tests), self.at(node))

    def _test(self, node: ast.Compare, op: ast.cmpop, a: Expression, b: Expression) -> Expression:
        kind = _COMPARE.get(type(op))
        if kind is None:
            raise self.refuse(node, type(op).__name__)
        if kind == "not in":
            return Expression("not", "", (Expression("in", "", (a, b), self.at(node)),), self.at(node))
        return Expression(kind, "", (a, b), self.at(node))

    def _read_ifexp(self, node: ast.IfExp, depth: int) -> Expression:
        parts = tuple(self.read(part, depth) for part in (node.test, node.body, node.orelse))
        return Expression("if", "", parts, self.at(node))

    def _read_list(self, node: ast.List, depth: int) -> Expression:
        return Expression("list", "", tuple(self.read(part, depth) for part in node.elts), self.at(node))

    def _read_call(self, node: ast.Call, depth: int) -> Expression:
        if not isinstance(node.func, ast.Name):
            raise self.refuse(node, "(…)(…)")
        name = node.func.id
        if name not in FUNCTIONS:
            guess = nearest(name, FUNCTIONS)
            raise _Refused(
                FunctionUnknown(
                    self.place,
                    [name],
                    name=name,
                    text=self.text,
                    caret=" " * self.at(node) + "^",
                    guess_zh=f"，是否为 {guess}？" if guess else "",
                    guess_en=f"; did you mean {guess}?" if guess else "",
                )
            )
        parts = [self.read(part, depth) for part in node.args]
        named = [Expression("keyword", str(word.arg), (self.read(word.value, depth),), self.at(word.value)) for word in node.keywords]
        return Expression("call", name, (*parts, *named), self.at(node))
