"""The small language of conditions and values: a line of text becomes one SQL expression.

`wait_seconds <= 20 and topic in ["退款", "换货"]` may name columns, numbers, texts, yes and no;
compare, add, subtract and multiply, choose (`a if c else b`), and call the functions of
`FUNCTIONS`. Python's own parser reads it; every node is looked up in a table of what is allowed.
Names and texts reach the SQL only as quoted columns and escaped literals.

Numbers are whole numbers times a power of ten (`places`), so nothing is ever rounded. A
comparison with a missing cell is neither true nor false.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from kaohe.measuring.calendars import Lookup, known_to, spans_of
from kaohe.measuring.clocks import parse_iso, to_utc
from kaohe.measuring.definitions import Calendar, Column
from kaohe.measuring.dialects import DUCKDB, Dialect
from kaohe.measuring.problems import ConditionWrong, unknown_name
from kaohe.numbers import parse_date, parse_number, terminates
from kaohe.problems import NOWHERE, Place, Problem, refuse

MOST_LETTERS = 1000
MOST_DEPTH = 30
MOST_DIGITS = 18
MOST_SQL = 20_000
FULL_WIDTH = "\u201c\u201d\u2018\u2019\uff08\uff09\uff0c\uff1c\uff1e\uff1d"
KINDS = {"text": "text", "date": "date", "datetime": "datetime", "yes_no": "yes_no"}
KIND_NAMES = {
    "text": ("文本", "text"),
    "number": ("数字", "a number"),
    "date": ("日期", "a date"),
    "datetime": ("时刻", "a date and time"),
    "yes_no": ("是否", "yes or no"),
    "calendar": ("日历", "a calendar"),
}
ELAPSED = "elapsed"


@dataclass(frozen=True)
class Expression:
    """A compiled expression: its SQL and what a row of it is.

    A number's SQL is a whole number that stands for itself divided by 10**places. `literal` keeps
    the text of a text literal, which a date beside it may need; `units` the number of a literal.
    """

    sql: str
    kind: str
    places: int = 0
    may_miss: bool = False
    columns: frozenset[str] = field(default_factory=frozenset)
    literal: str | None = None
    units: int | None = None
    lookups: frozenset[Lookup] = field(default_factory=frozenset)


UNKNOWN = Expression("NULL", "unknown")


@dataclass(frozen=True)
class Scope:
    """What an expression may name: the columns of one table, calendars, parameters, and the time that a clock measured.

    `zone` is that of the company's clock, `dialect` what it is written in; what happened after the
    day `as_of` is not known.
    """

    columns: Mapping[str, Column]
    zone: ZoneInfo
    dialect: Dialect = DUCKDB
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    elapsed: str | None = None
    as_of: date | None = None


def compile_condition(text: str, scope: Scope, place: Place = NOWHERE) -> Expression:
    """The condition as SQL of type BOOLEAN; raises Problems, all that are wrong in it at once."""
    return _compile(text, scope, place, "yes_no")


def compile_value(text: str, scope: Scope, place: Place = NOWHERE) -> Expression:
    """The value as SQL, of whatever kind it is; raises Problems, all that are wrong at once."""
    return _compile(text, scope, place, None)


def number_at(expression: Expression, places: int, dialect: Dialect) -> str:
    """The SQL of a number, scaled to at least its own number of places."""
    if places <= expression.places:
        return expression.sql
    factor = 10 ** (places - expression.places)
    if expression.units is not None:
        return dialect.whole(expression.units * factor)
    return f"({dialect.wide(expression.sql)} * {factor})"


def _compile(text: str, scope: Scope, place: Place, wanted: str | None) -> Expression:
    line = " ".join(text.split("\n"))
    compiler = _Compiler(line, scope, place)
    expression = compiler.compile()
    if wanted and expression.kind not in (wanted, "unknown"):
        compiler.refuse_at(0, "这里应是一个条件（是或否）", "this has to be a condition, either yes or no")
    refuse(compiler.problems)
    return expression


class _Compiler:
    """Turns one parsed line into SQL, collecting what is wrong with it."""

    def __init__(self, text: str, scope: Scope, place: Place) -> None:
        self.text = text
        self.scope = scope
        self.place = place
        self.problems: list[Problem] = []
        self.depth = 0

    @property
    def dialect(self) -> Dialect:
        return self.scope.dialect

    def compile(self) -> Expression:
        tree = self._parse()
        return self.node(tree.body) if tree else UNKNOWN

    def _parse(self) -> ast.Expression | None:
        if len(self.text) > MOST_LETTERS or _bracket_depth(self.text) > MOST_DEPTH:
            self._refuse_whole("表达式太长或嵌套太深", "the expression is too long or nested too deep")
            return None
        try:
            return ast.parse(self.text.strip(), mode="eval")
        except SyntaxError as error:
            self.refuse_at((error.offset or 1) - 1, *_syntax_reason(self.text, error))
        except (ValueError, RecursionError, MemoryError):
            self._refuse_whole("读不懂这个表达式", "the expression cannot be read")
        return None

    def node(self, node: ast.expr) -> Expression:
        write = NODES.get(type(node))
        if write is None:
            return self.refuse_node(node, "这里不能用这种写法", "this is not part of the language")
        self.depth += 1
        if self.depth > MOST_DEPTH:
            return self.refuse_node(node, "嵌套太深", "nested too deep")
        expression = write(self, node)
        self.depth -= 1
        if len(expression.sql) > MOST_SQL:
            return self.refuse_node(node, "表达式太复杂", "the expression is too complicated")
        return expression

    def nodes(self, nodes: list[ast.expr], kind: str | None) -> list[Expression]:
        return [self.expect(node, kind) if kind else self.node(node) for node in nodes]

    def expect(self, node: ast.expr, kind: str) -> Expression:
        expression = self.node(node)
        if expression.kind in (kind, "unknown"):
            return expression
        zh, en = KIND_NAMES[kind]
        found_zh, found_en = KIND_NAMES[expression.kind]
        return self.refuse_node(node, f"这里应是{zh}，却是{found_zh}", f"this has to be {en}, it is {found_en}")

    def refuse_node(self, node: ast.expr, zh: str, en: str) -> Expression:
        before = self.text.strip().encode()[: node.col_offset].decode(errors="replace")
        return self.refuse_at(len(before), zh, en)

    def refuse_at(self, offset: int, zh: str, en: str) -> Expression:
        text = self.text.strip()
        start = max(0, min(offset - 40, len(text) - 80))
        shown = text[start : start + 80]
        caret = "".join(" " if letter.isascii() else "\u3000" for letter in shown[: offset - start]) + "^"
        self.problems.append(ConditionWrong(self.place, [text], why_zh=zh, why_en=en, text=shown, caret=caret))
        return UNKNOWN

    def _refuse_whole(self, zh: str, en: str) -> None:
        self.refuse_at(0, zh, en)

    def name_unknown(self, name: str, kind: tuple[str, str], known: list[str]) -> Expression:
        self.problems.append(unknown_name(self.place, name, kind, known))
        return UNKNOWN


# --- what each node becomes -----------------------------------------------------------------------


def _name(compiler: _Compiler, node: ast.Name) -> Expression:
    column = compiler.scope.columns.get(node.id)
    if column is not None:
        return column_expression(node.id, column, compiler.dialect)
    if node.id in ("yes", "no"):
        return Expression("TRUE" if node.id == "yes" else "FALSE", "yes_no")
    if node.id in compiler.scope.parameters:
        return _parameter(compiler, compiler.scope.parameters[node.id])
    if node.id == ELAPSED and compiler.scope.elapsed:
        return _elapsed(compiler, compiler.scope.elapsed)
    if node.id in compiler.scope.calendars:
        return Expression("NULL", "calendar", literal=node.id)
    return compiler.name_unknown(node.id, ("列", "column"), [*compiler.scope.columns, *compiler.scope.parameters, "yes", "no"])


def _parameter(compiler: _Compiler, text: str) -> Expression:
    """A parameter is a number where it reads as one, else a text."""
    value = parse_number(text)
    if isinstance(value, Problem) or not terminates(value):
        return Expression(compiler.dialect.text(text), "text", literal=text)
    return _number_expression(compiler, value)


def _elapsed(compiler: _Compiler, text: str) -> Expression:
    """What the measure's clock says, an expression of its own."""
    inner = _Compiler(text, replace(compiler.scope, elapsed=None), compiler.place)
    expression = inner.compile()
    compiler.problems += inner.problems
    return expression


def column_expression(name: str, column: Column, dialect: Dialect) -> Expression:
    """A column of a table as an expression."""
    kind = KINDS.get(column.type, "number")
    places = column.places if column.type != "whole" else 0
    sql = dialect.quoted(name)
    return Expression(dialect.ordered_text(sql) if kind == "text" else sql, kind, places, not column.needed, frozenset([name]))


def _constant(compiler: _Compiler, node: ast.Constant) -> Expression:
    if isinstance(node.value, bool):
        return Expression(str(node.value).upper(), "yes_no")
    if isinstance(node.value, str):
        return _text(compiler, node, node.value)
    if isinstance(node.value, int | float):
        return _number(compiler, node)
    return compiler.refuse_node(node, "这里只能写数字、文本或是否", "only numbers, texts, yes and no may stand here")


def _text(compiler: _Compiler, node: ast.expr, text: str) -> Expression:
    if not text.isprintable():
        return compiler.refuse_node(node, "文本里有不可见的字符", "the text holds a control character")
    return Expression(compiler.dialect.text(text), "text", literal=text)


def _number(compiler: _Compiler, node: ast.Constant) -> Expression:
    value = parse_number(ast.get_source_segment(compiler.text.strip(), node) or "")
    if isinstance(value, Problem) or not terminates(value):
        return compiler.refuse_node(node, "数字的写法不对", "a number is written like 20 or 0.8")
    expression = _number_expression(compiler, value)
    if expression.places > MOST_DIGITS or abs(expression.units or 0) >= 10**MOST_DIGITS:
        return compiler.refuse_node(node, f"数字超过 {MOST_DIGITS} 位", f"the number has more than {MOST_DIGITS} digits")
    return expression


def _number_expression(compiler: _Compiler, value: Fraction) -> Expression:
    places = 0
    while value.denominator != 1:
        value, places = value * 10, places + 1
    return Expression(compiler.dialect.whole(value.numerator), "number", places, units=value.numerator)


def _all_or_any(compiler: _Compiler, node: ast.BoolOp) -> Expression:
    word = " AND " if isinstance(node.op, ast.And) else " OR "
    parts = compiler.nodes(node.values, "yes_no")
    return _made("(" + word.join(part.sql for part in parts) + ")", "yes_no", parts)


def _unary(compiler: _Compiler, node: ast.UnaryOp) -> Expression:
    if isinstance(node.op, ast.Not):
        part = compiler.expect(node.operand, "yes_no")
        return _made(f"(NOT {part.sql})", "yes_no", [part])
    if isinstance(node.op, ast.USub):
        part = compiler.expect(node.operand, "number")
        return _made(f"(- {part.sql})", "number", [part], part.places)
    return compiler.refuse_node(node, "这里不能用这种写法", "this is not part of the language")


def _arithmetic(compiler: _Compiler, node: ast.BinOp) -> Expression:
    if not isinstance(node.op, ast.Add | ast.Sub | ast.Mult):
        return compiler.refuse_node(
            node,
            "只能用 + - *；两数之比请用 kind: ratio，分子分母分开写",
            "only + - * are exact here; for a quotient use kind: ratio with a numerator and a denominator",
        )
    left, right = compiler.expect(node.left, "number"), compiler.expect(node.right, "number")
    if isinstance(node.op, ast.Mult):
        return _made(f"({compiler.dialect.wide(left.sql)} * {right.sql})", "number", [left, right], left.places + right.places)
    places = max(left.places, right.places)
    sign = "+" if isinstance(node.op, ast.Add) else "-"
    first, second = (number_at(part, places, compiler.dialect) for part in (left, right))
    return _made(f"({first} {sign} {second})", "number", [left, right], places)


def _comparison(compiler: _Compiler, node: ast.Compare) -> Expression:
    operands = [node.left, *node.comparators]
    parts = [_compared(compiler, left, op, right) for left, op, right in zip(operands, node.ops, operands[1:], strict=False)]
    return parts[0] if len(parts) == 1 else _made("(" + " AND ".join(part.sql for part in parts) + ")", "yes_no", parts)


def _compared(compiler: _Compiler, left_node: ast.expr, op: ast.cmpop, right_node: ast.expr) -> Expression:
    if isinstance(op, ast.In | ast.NotIn):
        return _membership(compiler, left_node, right_node, isinstance(op, ast.NotIn))
    sign = SIGNS.get(type(op))
    if sign is None:
        return compiler.refuse_node(left_node, "请用 == 或 !=", "write == or != instead of is")
    return _signed(compiler, right_node, sign, compiler.node(left_node), compiler.node(right_node))


def _signed(compiler: _Compiler, node: ast.expr, sign: str, left: Expression, right: Expression) -> Expression:
    left, right = _alike(compiler, node, left, right)
    places = max(left.places, right.places)
    first, second = (number_at(part, places, compiler.dialect) for part in (left, right))
    return _made(f"({first} {sign} {second})", "yes_no", [left, right])


def _membership(compiler: _Compiler, left_node: ast.expr, right_node: ast.expr, negated: bool) -> Expression:
    if not isinstance(right_node, ast.List | ast.Tuple) or not right_node.elts:
        return compiler.refuse_node(right_node, 'in 后面要写列表，例如 ["退款"]', 'after `in` comes a list such as ["refund"]')
    left = compiler.node(left_node)
    parts = [_signed(compiler, element, "=", left, compiler.node(element)) for element in right_node.elts]
    joined = _made("(" + " OR ".join(part.sql for part in parts) + ")", "yes_no", parts)
    return _made(f"(NOT {joined.sql})", "yes_no", [joined]) if negated else joined


def _alike(compiler: _Compiler, node: ast.expr, left: Expression, right: Expression) -> tuple[Expression, Expression]:
    left, right = _read_moment(compiler, node, left, right.kind), _read_moment(compiler, node, right, left.kind)
    if left.kind != right.kind and "unknown" not in (left.kind, right.kind):
        (left_zh, left_en), (right_zh, right_en) = KIND_NAMES[left.kind], KIND_NAMES[right.kind]
        compiler.refuse_node(node, f"{left_zh}不能与{right_zh}比较", f"{left_en} cannot be compared with {right_en}")
        return UNKNOWN, UNKNOWN
    return left, right


def _read_moment(compiler: _Compiler, node: ast.expr, expression: Expression, beside: str) -> Expression:
    """A text literal beside a date or an instant, read as one."""
    if expression.literal is None or beside not in ("date", "datetime"):
        return expression
    sql = _day(expression.literal, compiler.scope) if beside == "date" else _instant(expression.literal, compiler.scope)
    if sql is None:
        return compiler.refuse_node(node, "不是日期或时刻", "this text is no date or time, such as 2026-03-31 23:00")
    return Expression(sql, beside)


def _day(text: str, scope: Scope) -> str | None:
    day = parse_date(text)
    return None if isinstance(day, Problem) else scope.dialect.day(day)


def _instant(text: str, scope: Scope) -> str | None:
    moment = parse_iso(text)
    instant = to_utc(moment.replace(tzinfo=None), scope.zone) if moment and moment.tzinfo is None else None
    return scope.dialect.instant(instant) if instant else None


def _choice(compiler: _Compiler, node: ast.IfExp) -> Expression:
    test = compiler.expect(node.test, "yes_no")
    left, right = _alike(compiler, node.orelse, compiler.node(node.body), compiler.node(node.orelse))
    places = max(left.places, right.places)
    first, second = (number_at(part, places, compiler.dialect) for part in (left, right))
    return _made(_either(test.sql, first, second), left.kind, [test, left, right], places)


def _either(test: str, first: str, second: str) -> str:
    """The first where the test holds, the second where it does not; missing where it cannot be told."""
    return f"(CASE WHEN {test} THEN {first} WHEN NOT {test} THEN {second} END)"


def _call(compiler: _Compiler, node: ast.Call) -> Expression:
    name = node.func.id if isinstance(node.func, ast.Name) else None
    if name is None or node.keywords:
        return compiler.refuse_node(node, "这里不能用这种写法", "this is not part of the language")
    function = FUNCTIONS.get(name)
    if function is None:
        return compiler.name_unknown(name, ("函数", "function"), list(FUNCTIONS))
    if len(node.args) != len(function.takes):
        count = len(function.takes)
        return compiler.refuse_node(node, f"{name} 需要 {count} 个参数", f"{name} takes {count} value(s)")
    parts = [_argument(compiler, argument, kinds) for argument, kinds in zip(node.args, function.takes, strict=True)]
    if name == "quotient" and not 0 <= (parts[-1].units if parts[-1].units is not None and not parts[-1].places else -1) <= 9:
        return compiler.refuse_node(node.args[-1], "这里应是 0 到 9 的整数", "this has to be a whole number from 0 to 9")
    return UNKNOWN if UNKNOWN in parts else function.write(parts, compiler.scope)


def _argument(compiler: _Compiler, node: ast.expr, kinds: tuple[str, ...]) -> Expression:
    part = compiler.node(node)
    if not kinds or part.kind in (*kinds, "unknown"):
        return part
    zh = "或".join(KIND_NAMES[kind][0] for kind in kinds)
    en = " or ".join(KIND_NAMES[kind][1] for kind in kinds)
    return compiler.refuse_node(node, f"这里应是{zh}", f"this has to be {en}")


def _made(sql: str, kind: str, parts: list[Expression], places: int = 0) -> Expression:
    if any(part.kind == "unknown" for part in parts):
        return Expression("NULL", "unknown")
    columns = frozenset().union(*(part.columns for part in parts))
    lookups = frozenset().union(*(part.lookups for part in parts))
    return Expression(sql, kind, places, any(part.may_miss for part in parts), columns, lookups=lookups)


# --- functions ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Function:
    """A function of the language: the kinds each value may have (none: any), and its SQL."""

    takes: tuple[tuple[str, ...], ...]
    write: Callable[[list[Expression], Scope], Expression]
    gives: str


def _given(parts: list[Expression], scope: Scope) -> Expression:
    return replace(_made(f"({parts[0].sql} IS NOT NULL)", "yes_no", parts), may_miss=False)


def _known(parts: list[Expression], scope: Scope) -> Expression:
    """Whether it had happened by the day as of which is measured."""
    moment = parts[0]
    if scope.as_of is None:
        return _given(parts, scope)
    end = scope.dialect.day(scope.as_of) if moment.kind == "date" else scope.dialect.instant(known_to(scope.as_of, scope.zone))
    sign = "<=" if moment.kind == "date" else "<"
    return replace(_made(scope.dialect.surely(f"{moment.sql} {sign} {end}"), "yes_no", parts), may_miss=False)


def _or_else(parts: list[Expression], scope: Scope) -> Expression:
    places = max(part.places for part in parts)
    sql = f"coalesce({number_at(parts[0], places, scope.dialect)}, {number_at(parts[1], places, scope.dialect)})"
    return replace(_made(sql, "number", parts, places), may_miss=parts[1].may_miss)


def _seconds_between(parts: list[Expression], scope: Scope) -> Expression:
    """Exact: stored instants have no more places than declared, so nothing is cut off."""
    places = max(part.places for part in parts)
    micros = f"({scope.dialect.micros(parts[1].sql)} - {scope.dialect.micros(parts[0].sql)})"
    return _made(scope.dialect.divided(micros, 10 ** (6 - places)) if places < 6 else micros, "number", parts, places)


def _open_seconds(parts: list[Expression], scope: Scope) -> Expression:
    """Exact, for open hours begin and end on whole minutes."""
    calendar, start, stop = parts
    places = max(start.places, stop.places)
    return _by_calendar(calendar, parts[1:], scope, places, lambda id: _open_between(id, start, stop, scope, places))


def _is_open(parts: list[Expression], scope: Scope) -> Expression:
    return _by_calendar(parts[0], parts[1:], scope, 0, lambda id: _open_at(id, parts[1], scope))


def _by_calendar(
    calendar: Expression, parts: list[Expression], scope: Scope, places: int, write: Callable[[str], Expression]
) -> Expression:
    """What `write` gives for a calendar; for one that goes by a column, for the calendar of each of its words."""
    named = scope.calendars[calendar.literal or ""]
    if named.by is None:
        return write(calendar.literal or "")
    column = column_expression(named.by, scope.columns[named.by], scope.dialect)
    written = {word: write(id) for word, id in named.each.items()}
    other = write(named.otherwise) if named.otherwise else None
    cases = "".join(f"WHEN {column.sql} = {scope.dialect.text(word)} THEN {one.sql} " for word, one in written.items())
    all_parts = [*written.values(), *([other] if other else []), column]
    sql = f"(CASE {cases}ELSE {other.sql if other else 'NULL'} END)"
    return replace(_made(sql, next(iter(written.values())).kind, all_parts, places), may_miss=True)


def _open_between(id: str, start: Expression, stop: Expression, scope: Scope, places: int) -> Expression:
    until = [_open_until(id, moment, scope) for moment in (start, stop)]
    micros = f"({until[1].sql} - {until[0].sql})"
    return replace(_made(scope.dialect.divided(micros, 10 ** (6 - places)), "number", until, places), may_miss=True)


def _open_until(id: str, moment: Expression, scope: Scope) -> Expression:
    """The open microseconds from the calendar's first day to an instant."""
    lookup, micros, dialect = _lookup(id, moment, scope), scope.dialect.micros(moment.sql), scope.dialect
    spans = [f"{dialect.larger('0', f'{dialect.smaller(micros, end)} - {start}')}" for start, end in lookup.spans()]
    sql = f"({' + '.join([lookup.column('before'), *spans])})"
    return replace(moment, sql=sql, kind="number", columns=moment.columns | lookup.columns(), lookups=moment.lookups | {lookup})


def _open_at(id: str, moment: Expression, scope: Scope) -> Expression:
    lookup, micros = _lookup(id, moment, scope), scope.dialect.micros(moment.sql)
    inside = [f"({micros} >= {start} AND {micros} < {end})" for start, end in lookup.spans()] or ["FALSE"]
    sql = f"({' OR '.join(inside)})"
    return replace(
        moment,
        sql=sql,
        kind="yes_no",
        places=0,
        may_miss=True,
        columns=moment.columns | lookup.columns(),
        lookups=moment.lookups | {lookup},
    )


def _lookup(id: str, moment: Expression, scope: Scope) -> Lookup:
    calendar = scope.calendars[id]
    zone = ZoneInfo(calendar.zone) if calendar.zone else scope.zone
    return Lookup(id, scope.dialect.date_of(scope.dialect.local(moment.sql, zone)), spans_of(calendar), moment.columns)


def _days_between(parts: list[Expression], scope: Scope) -> Expression:
    return _made(scope.dialect.days_between(parts[0].sql, parts[1].sql), "number", parts)


def _hour_of(parts: list[Expression], scope: Scope) -> Expression:
    return _made(scope.dialect.hour_of(_local(parts[0], scope)), "number", parts)


def _weekday_of(parts: list[Expression], scope: Scope) -> Expression:
    return _made(scope.dialect.weekday_of(_local(parts[0], scope)), "number", parts)


def _minute_of_day(parts: list[Expression], scope: Scope) -> Expression:
    local = _local(parts[0], scope)
    return _made(f"({scope.dialect.hour_of(local)} * 60 + {scope.dialect.minute_of(local)})", "number", parts)


def _date_of(parts: list[Expression], scope: Scope) -> Expression:
    return _made(scope.dialect.date_of(_local(parts[0], scope)), "date", parts)


def _local(part: Expression, scope: Scope) -> str:
    """An instant as the company's clock shows it; a day is what it is."""
    return part.sql if part.kind == "date" else scope.dialect.local(part.sql, scope.zone)


def _bound(sign: str) -> Callable[[list[Expression], Scope], Expression]:
    def write(parts: list[Expression], scope: Scope) -> Expression:
        places = max(part.places for part in parts)
        left, right = (number_at(part, places, scope.dialect) for part in parts)
        return _made(_either(f"({left} {sign} {right})", left, right), "number", parts, places)

    return write


def _surely(parts: list[Expression], scope: Scope) -> Expression:
    return replace(_made(scope.dialect.surely(parts[0].sql), "yes_no", parts), may_miss=False)


def _quotient(parts: list[Expression], scope: Scope) -> Expression:
    """The one division: of what is not below nought by what is above it, rounded half up to places that the definition names."""
    number, by, places = parts
    common, kept = max(number.places, by.places), places.units or 0
    top, bottom = (number_at(part, common, scope.dialect) for part in (number, by))
    doubled = scope.dialect.wide(f"(2 * {10**kept} * {top}) + {bottom}")
    divided = scope.dialect.quotient(doubled, f"2 * {scope.dialect.wide(bottom)}")
    sql = f"(CASE WHEN {bottom} > 0 AND {top} >= 0 THEN {divided} END)"
    return replace(_made(sql, "number", [number, by], kept), may_miss=True)


def _contains(parts: list[Expression], scope: Scope) -> Expression:
    return _made(scope.dialect.contains(parts[0].sql, parts[1].sql), "yes_no", parts)


def _starts_with(parts: list[Expression], scope: Scope) -> Expression:
    return _made(scope.dialect.starts_with(parts[0].sql, parts[1].sql), "yes_no", parts)


_CALENDAR = ("calendar",)
_MOMENT = ("datetime",)
_DAY = ("date", "datetime")
_TEXTS = (("text",), ("text",))
_NUMBERS = (("number",), ("number",))

FUNCTIONS: dict[str, Function] = {
    "given": Function(((),), _given, "whether the cell is filled"),
    "surely": Function((("yes_no",),), _surely, "whether it holds; what cannot be told does not"),
    "quotient": Function(
        (("number",), ("number",), ("number",)),
        _quotient,
        "the first divided by the second, rounded half up to so many places (0 to 9)",
    ),
    "or_else": Function(_NUMBERS, _or_else, "the first number, or the second where the first is missing"),
    "seconds_between": Function((_MOMENT, _MOMENT), _seconds_between, "seconds from the first instant to the second"),
    "open_seconds": Function(
        (_CALENDAR, _MOMENT, _MOMENT), _open_seconds, "seconds from the first instant to the second within a calendar"
    ),
    "is_open": Function((_CALENDAR, _MOMENT), _is_open, "whether a calendar is open at that instant"),
    "known": Function((_DAY,), _known, "whether it is there and had happened by the day as of which is measured"),
    "days_between": Function((("date",), ("date",)), _days_between, "days from the first day to the second"),
    "hour_of": Function((_MOMENT,), _hour_of, "the hour, 0 to 23, on the company's clock"),
    "minute_of_day": Function((_MOMENT,), _minute_of_day, "minutes since midnight, 0 to 1439, on the company's clock"),
    "weekday_of": Function((_DAY,), _weekday_of, "the day of the week, 1 (Monday) to 7"),
    "date_of": Function((_MOMENT,), _date_of, "the day, on the company's calendar"),
    "smaller_of": Function(_NUMBERS, _bound("<="), "the smaller number: a cap"),
    "larger_of": Function(_NUMBERS, _bound(">="), "the larger number: a floor"),
    "contains": Function(_TEXTS, _contains, "whether the first text holds the second"),
    "starts_with": Function(_TEXTS, _starts_with, "whether the first text begins with the second"),
}

SIGNS: dict[type[ast.cmpop], str] = {ast.Eq: "=", ast.NotEq: "<>", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}

NODES: dict[type[ast.expr], Callable[[_Compiler, Any], Expression]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BoolOp: _all_or_any,
    ast.UnaryOp: _unary,
    ast.BinOp: _arithmetic,
    ast.Compare: _comparison,
    ast.IfExp: _choice,
    ast.Call: _call,
}


def _bracket_depth(text: str) -> int:
    depth = deepest = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _syntax_reason(text: str, error: SyntaxError) -> tuple[str, str]:
    lone_equals = any(text[i] == "=" and text[i - 1] not in "=<>!" and text[i + 1 : i + 2] != "=" for i in range(1, len(text)))
    if lone_equals:
        return "相等请写 ==", "write == for equal"
    if any(letter in text for letter in FULL_WIDTH):
        return "请用半角的引号、括号和逗号", "use plain half-width quotes, brackets and commas"
    return "读不懂这里", f"cannot be read from here ({error.msg})"
