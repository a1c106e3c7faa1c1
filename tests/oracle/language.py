"""Formulas over the plain rows of one case: names looked up when they are met, one row at a time.

What a name, an operation and an absence mean follows the guide on the scheme language: nothing to
measure is skipped by whatever runs over rows, a fact that is owed is passed on, and logic knows
three values. Figures of the scheme come from whoever interprets its rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Protocol

from kaohe.expressions import Expression, parse_formula
from kaohe.numbers import round_number
from kaohe.problems import NOWHERE, Problem
from kaohe.scheme import Body, Declared
from tests.oracle.world import EVENT, HISTORY, PAST, PEOPLE, PERSON, RATING, Gap, Row, Value, World

AGGREGATES = ("sum", "count", "any", "mean", "min", "max", "share")
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "any": 1}


@dataclass(frozen=True)
class Env:
    """Whose formula it is, the blanks that its owner fills, the figure that `score` stands for, and whether values are as written."""

    item: str = ""
    blanks: Mapping[str, str] = field(default_factory=dict)
    score: Value | None = None
    plain: bool = False


@dataclass(frozen=True)
class Meaning:
    """What a name stands for: its kind, the rows that have it, how to get it, its list of words, and what was written of it."""

    kind: Callable[[], str]
    home: str
    get: Callable[[Row], Value]
    words: tuple[str, ...] | str | None = None
    written: Callable[[Row], Value] | None = None


class Figures(Protocol):
    """Who knows the figures that a scheme names."""

    def figure(self, id: str, row: Row) -> Value:
        """A figure of one row."""
        ...

    def let(self, item: str, name: str, row: Row) -> Value:
        """A figure that an item keeps for itself."""
        ...

    def nothing_applies(self, person: Row) -> Value:
        """Whether no item of a person's form is scored and none is owed."""
        ...


@cache
def parsed(text: str) -> Expression:
    """The tree of a formula of an accepted scheme."""
    found = parse_formula(text, NOWHERE)
    assert not isinstance(found, Problem), text
    return found


def worst(*values: Value) -> Gap | None:
    """The worst absence among the values, if there is one."""
    return max((value for value in values if isinstance(value, Gap)), key=lambda gap: gap.value, default=None)


def exact(value: Value) -> Fraction:
    """A value that is known to be a number."""
    assert isinstance(value, Fraction), value
    return value


class Language:
    """Evaluates formulas; `figures` gives what the scheme's rules make."""

    def __init__(self, world: World, figures: Figures) -> None:
        self.world = world
        self.scheme = world.scheme
        self.figures = figures

    # --- the way in ---------------------------------------------------------------------------

    def number(self, text: object, row: Row, env: Env) -> Value:
        """A formula that gives a number; a word that carries a number serves as one."""
        return self.num(parsed(str(text)), row, env)

    def truth(self, text: object, row: Row, env: Env) -> Value:
        """A formula that gives yes or no."""
        return self.value(parsed(str(text)), row, env)

    def num(self, this: Expression, row: Row, env: Env) -> Value:
        """The number that an expression gives."""
        found = self.value(this, row, env)
        if not isinstance(found, str):
            return found
        meaning = self.find(this.word, row.frame, env) if this.kind == "name" else None
        assert meaning is not None, this
        assert isinstance(meaning.words, str), this
        return self.scheme.words[meaning.words].numbers.get(found, Gap.NONE)

    def value(self, this: Expression, row: Row, env: Env) -> Value:
        """What an expression gives in one row."""
        if this.kind == "number":
            return Fraction(this.word)
        if this.kind == "word":
            return this.word
        if this.kind == "name":
            return self._name(this.word, row, env)
        if this.kind in ("+", "-", "*", "/"):
            return _arithmetic(this.kind, *(self.num(part, row, env) for part in this.parts))
        if this.kind in ("<", "<=", ">", ">=", "==", "!="):
            return self._comparison(this, row, env)
        return {"neg": self._negative, "not": self._not, "and": self._all, "or": self._either, "if": self._choice, "in": self._within}.get(
            this.kind, self._call
        )(this, row, env)

    # --- names --------------------------------------------------------------------------------

    def _name(self, name: str, row: Row, env: Env) -> Value:
        meaning = self.find(name, row.frame, env)
        assert meaning is not None, (name, row.frame)
        home = row.up(meaning.home)
        return Gap.NONE if home is None else meaning.get(home)

    def find(self, name: str, frame: str, env: Env) -> Meaning | None:
        """What a name means in rows of a frame; None where it is no name but a word."""
        if name == "score" and env.score is not None and self._own(name, frame, env) is None:
            score = env.score
            return Meaning(lambda: "number", frame, lambda row: score)
        if name in env.blanks:
            inner = replace(env, blanks={key: text for key, text in env.blanks.items() if key != name})
            text = parsed(env.blanks[name])
            words = self.find(text.word, frame, inner) if text.kind == "name" else None
            return Meaning(
                lambda: self.kind(text, frame, inner), frame, lambda row: self.value(text, row, inner), words.words if words else None
            )
        if name in ("start", "end", "as_of"):
            return Meaning(lambda: "date", frame, lambda row: getattr(self.world, name))
        if name in ("yes", "no"):
            return Meaning(lambda: "truth", frame, lambda row: name == "yes")
        if name == "none":
            return Meaning(lambda: "number", frame, lambda row: Gap.NONE)
        if name == "nothing_applies":
            return Meaning(lambda: "truth", PEOPLE, self.figures.nothing_applies)
        found = self._kept(name, env) or self._own(name, frame, env) or self._wide(name, frame)
        return replace(found, get=found.written) if env.plain and found is not None and found.written is not None else found

    def _kept(self, name: str, env: Env) -> Meaning | None:
        """A figure that an item keeps for itself, its own or another's by full name."""
        item, _, let = name.rpartition(".")
        for owner, short in ((env.item, name), (item, let)):
            if owner in self.scheme.items and short in self.scheme.items[owner].let:
                return self._let(owner, short)
        return None

    def _let(self, owner: str, name: str) -> Meaning:
        body = self.scheme.items[owner].let[name]
        home = self.frame_for(body.per or self.scheme.items[owner].per)
        return Meaning(lambda: self.kind_of_body(body, home, owner), home, lambda row: self.figures.let(owner, name, row))

    def _own(self, name: str, frame: str, env: Env) -> Meaning | None:
        """A fact of the frame's own rows."""
        head, _, rest = frame.partition(".")
        if head == HISTORY:
            return self._of_the_past(name.removeprefix(f"{HISTORY}."), frame, rest or None)
        if "/" in frame:
            return self._of_the_week(name, frame)
        if head in ("event", "rating"):
            facts = {**EVENT, **self.scheme.events[rest].columns} if head == "event" else RATING
            short = name.removeprefix(f"{rest}.")
            return self._fact(short, facts[short], frame) if short in facts else None
        if frame in self.scheme.units:
            return self._value(name, frame)
        return None

    def _of_the_past(self, name: str, frame: str, unit: str | None) -> Meaning | None:
        figure = self.scheme.figures.get(name)
        if name == "grade" and self.scheme.grades is not None and unit is None:
            return Meaning(lambda: "words", frame, lambda row: self.figures.figure("past.grade", row), tuple(self.scheme.grades.rows))
        if figure is not None and figure.per == "period":
            text = parsed(figure.past or figure.is_ or "")
            env = Env("", figure.given)
            return Meaning(lambda: self.kind(text, frame, env), frame, lambda row: self.figures.figure(f"past.{name}", row))
        facts = {**PAST, **{key: declared for key, declared in self.scheme.history.items() if declared.of == unit}}
        return self._fact(name, facts[name], frame) if name in facts else None

    def _of_the_week(self, name: str, frame: str) -> Meaning | None:
        window = frame.partition("/")[2]
        if name == window and window in self.scheme.words:
            words = list(self.scheme.words[window].names)
            return Meaning(lambda: "words", frame, lambda row: words[int(exact(row.cells["part"]))], window)
        for kind, event in self.scheme.events.items():
            short = name.removeprefix(f"{kind}.")
            if event.one_per == window and short in event.columns:
                return self._once_a_week(f"{kind}.{short}", event.columns[short], frame)
        return None

    def _once_a_week(self, column: str, declared: Declared, frame: str) -> Meaning:
        return replace(self._fact(column, declared, frame), get=lambda row: row.cells.get(column, Gap.NONE))

    def _fact(self, name: str, declared: Declared, frame: str, prefix: str = "") -> Meaning:
        return Meaning(lambda: kind_of(declared), frame, lambda row: row.cells[prefix + name], declared.words)

    def _value(self, name: str, frame: str) -> Meaning | None:
        unit = None if frame == PEOPLE else frame
        for key, declared in self.scheme.values.items():
            if declared.of == unit and key.rpartition(".")[2] == name:
                found = self._fact(name, declared, frame, "value.")
                return found if declared.needed is None else self._owed(name, declared, found)
        return None

    def _owed(self, name: str, declared: Declared, found: Meaning) -> Meaning:
        return replace(found, written=found.get, get=lambda row: self._needed(name, declared, row))

    def _needed(self, name: str, declared: Declared, row: Row) -> Value:
        """A value that is owed only under a condition."""
        found = row.cells[f"value.{name}"]
        if not isinstance(found, Gap):
            return found
        return Gap.MISSING if self.truth(declared.needed, row, Env(plain=True)) is True else Gap.NONE

    def _wide(self, name: str, frame: str) -> Meaning | None:
        head, _, rest = name.partition(".")
        if head == "config":
            return self._config(rest, frame)
        if rest and head in self.scheme.units:
            return self._of_unit(head, rest, frame)
        if head in ("value", "person") and rest:
            return self._value(rest, PEOPLE) if head == "value" else self._person(rest)
        return self._figure(name) or self._bare(name)

    def _person(self, name: str) -> Meaning | None:
        declared = {**PERSON, **self.scheme.people}.get(name)
        return None if declared is None else self._fact(name, declared, PEOPLE, "person.")

    def _bare(self, name: str) -> Meaning | None:
        found = self._value(name, PEOPLE) or self._person(name)
        for prefix in ("figure", "item", "pay", "state"):
            found = found or self._figure(f"{prefix}.{name}")
        for unit in self.scheme.units:
            found = found or self._value(name, unit)
        return found

    def _of_unit(self, unit: str, name: str, frame: str) -> Meaning | None:
        base, _, window = frame.partition("/")
        if window and base != unit:
            found = self._of_the_week(name, f"{unit}/{window}")
            if found is not None:
                return found
        return self._value(name, unit) or self._figure(f"figure.{name}") or self._figure(f"pay.{name}")

    def _config(self, rest: str, frame: str) -> Meaning | None:
        key, _, part = rest.partition(".")
        if key not in self.scheme.config:
            return None
        entry, chosen = self.scheme.config[key], self.world.config[key]
        return Meaning(lambda: kind_of(entry), frame, lambda row: chosen[part] if part else chosen, entry.one_of or entry.words)

    def _figure(self, id: str) -> Meaning | None:
        """A figure of the scheme by its full name."""
        head, _, rest = id.partition(".")
        scheme, home = self.scheme, PEOPLE
        kind: Callable[[], str] = lambda: "number"  # noqa: E731
        if head == "figure" and rest in scheme.figures:
            home = self.frame_for(scheme.figures[rest].per)
            kind = lambda: self.kind_of_body(scheme.figures[rest], home, "")  # noqa: E731
        elif head == "pay" and scheme.pay is not None and rest in scheme.pay.lines:
            home = self.frame_for(scheme.pay.lines[rest].per)
        elif head == "state" and rest in scheme.states:
            kind = lambda: "truth"  # noqa: E731
        elif head == "grade" and scheme.grades is not None and (not rest or rest in scheme.grades.columns):
            column = scheme.grades.columns[rest] if rest else None
            kind = lambda: "words" if column is None else kind_of(column)  # noqa: E731
            words = tuple(scheme.grades.rows) if column is None else None
            return Meaning(kind, home, lambda row: self.figures.figure(id, row), words)
        elif not (head == "item" and rest in scheme.items) and id not in self._results():
            return None
        return Meaning(kind, home, lambda row: self.figures.figure(id, row))

    def _results(self) -> list[str]:
        return (["total"] if self.scheme.total else []) + (["rank", "of"] if self.scheme.rank else [])

    def frame_for(self, per: str | None) -> str:
        """The frame that `per:` names."""
        if per is None or per == "period":
            return PEOPLE
        return per if per in self.scheme.units or "/" in per else f"{PEOPLE}/{per}"

    # --- kinds --------------------------------------------------------------------------------

    def kind_of_body(self, body: Body, frame: str, item: str) -> str:
        """The kind of value that a rule makes."""
        if body.story is not None:
            return "words" if body.story.rule.startswith("steps") else "number"
        return "number" if body.is_ is None else self.kind(parsed(body.is_), frame, Env(item, body.given))

    def kind(self, this: Expression, frame: str, env: Env) -> str:
        """Whether an expression gives a number, a truth, a word, a date or several words."""
        if this.kind in ("<", "<=", ">", ">=", "==", "!=", "in", "and", "or", "not"):
            return "truth"
        if this.kind == "name":
            found = self.find(this.word, frame, env)
            return "words" if found is None else found.kind()
        if this.kind == "if":
            return self.kind(this.parts[1], frame, env)
        if this.kind in ("+", "-"):
            return "date" if self.kind(this.parts[0], frame, env) == "date" else "number"
        if this.kind == "call" and this.word in ("first", "latest", "previous"):
            inner = frame if this.word == "first" else self._history_of(frame)
            return self.kind(this.parts[0], inner, env)
        if this.kind == "call" and this.word in ("any", "given", "is_multiple"):
            return "truth"
        return {"word": "words"}.get(this.kind, "date" if this.word == "months_after" else "number")

    # --- logic --------------------------------------------------------------------------------

    def _negative(self, this: Expression, row: Row, env: Env) -> Value:
        found = self.num(this.parts[0], row, env)
        return found if isinstance(found, Gap) else -exact(found)

    def _not(self, this: Expression, row: Row, env: Env) -> Value:
        found = self.value(this.parts[0], row, env)
        return found if isinstance(found, Gap) else not found

    def _all(self, this: Expression, row: Row, env: Env) -> Value:
        found = [self.value(part, row, env) for part in this.parts]
        return False if False in found else (worst(*found) or True)

    def _either(self, this: Expression, row: Row, env: Env) -> Value:
        found = [self.value(part, row, env) for part in this.parts]
        return True if True in found else (worst(*found) or False)

    def _choice(self, this: Expression, row: Row, env: Env) -> Value:
        test = self.value(this.parts[0], row, env)
        if isinstance(test, Gap):
            return test
        side = this.parts[1] if test else this.parts[2]
        kinds = {self.kind(part, row.frame, env) for part in this.parts[1:]}
        return self.num(side, row, env) if "number" in kinds else self.value(side, row, env)

    def _comparison(self, this: Expression, row: Row, env: Env) -> Value:
        left, right = this.parts
        if left.kind == "name" and self.find(left.word, row.frame, env) is None:
            left, right = right, left
        if this.kind in ("==", "!=") and "words" in (self.kind(left, row.frame, env), self.kind(right, row.frame, env)):
            if self.kind(left, row.frame, env) != "words" or left.kind == "word":
                left, right = right, left
            mine, other = self.value(left, row, env), self._word(right, left, row, env)
            if mine is Gap.MISSING and left.word.removeprefix("value.") in self.scheme.values:
                return Gap.MISSING
            same = mine == other and isinstance(mine, str)
            return same if this.kind == "==" else not same
        truths = self.kind(left, row.frame, env) == "truth"
        a, b = ((self.value if truths else self.num)(side, row, env) for side in (left, right))
        return worst(a, b) or _COMPARE[this.kind](a, b)

    def _word(self, this: Expression, beside: Expression, row: Row, env: Env) -> Value:
        """The word to compare with: itself, a blank's, or what another column of words holds."""
        if this.kind != "name":
            return self.value(this, row, env)
        if this.word in self._vocabulary(beside, row.frame, env):
            return this.word
        blank = env.blanks.get(this.word)
        if blank is not None and (blank in self._vocabulary(beside, row.frame, env) or self.find(blank, row.frame, Env(env.item)) is None):
            return blank
        found = self.find(this.word, row.frame, env)
        return this.word if found is None or found.kind() != "words" else self._name(this.word, row, env)

    def _vocabulary(self, this: Expression, frame: str, env: Env) -> tuple[str, ...]:
        found = self.find(this.word, frame, env) if this.kind == "name" else None
        words = None if found is None else found.words
        return tuple(self.scheme.words[words].names) if isinstance(words, str) else (words or ())

    def _within(self, this: Expression, row: Row, env: Env) -> Value:
        left, right = this.parts
        if right.kind == "list":
            if self.kind(left, row.frame, env) == "words":
                return self.value(left, row, env) in [self._word(part, left, row, env) for part in right.parts]
            equal = [Expression("==", "", (left, part)) for part in right.parts]
            return self._either(Expression("or", "", tuple(equal)), row, env)
        if right.kind == "name" and right.word in self.scheme.groups:
            return self._is_member(left.word, right.word, row)
        sets = self.value(right, row, env)
        return isinstance(sets, frozenset) and env.blanks.get(left.word, left.word) in sets

    # --- groups -------------------------------------------------------------------------------

    def _is_member(self, who: str, group: str, row: Row) -> bool:
        person, named = row.up(PEOPLE), self.world.one(PEOPLE, str(row.cells.get(who)))
        return person is not None and named is not None and named in self.members(group, person)

    def members(self, group: str, row: Row) -> list[Row]:
        """The people (or their weeks) of a group, seen from a person, a week or a unit."""
        base, _, window = row.frame.partition("/")
        if base != PEOPLE:
            return [
                person for person in self.world.below(row, PEOPLE) if self._key(group, person) is not None and self._belongs(group, person)
            ]
        person = row.up(PEOPLE)
        assert person is not None
        found = [other for other in self.world.rows[PEOPLE] if self._beside(group, person, other)]
        if not window:
            return found
        part = row.key[2]
        assert isinstance(part, int)
        return [self.world.part_of(other, window, part) for other in found]

    def _beside(self, group: str, person: Row, other: Row) -> bool:
        if other is person and self.scheme.groups[group].others_of is not None:
            return False
        key = self._key(group, person)
        return key is not None and key == self._key(group, other) and self._belongs(group, other)

    def _key(self, group: str, person: Row) -> object:
        settings = self.scheme.groups[group]
        text = settings.others_of or settings.all_of
        if text is None:
            return ""
        found = self.truth(text, person, Env())
        return (None if settings.blank == "nobody" else Gap.NONE) if isinstance(found, Gap) else found

    def _belongs(self, group: str, person: Row) -> bool:
        where = self.scheme.groups[group].where
        return where is None or self.truth(where, person, Env()) is True

    # --- functions ----------------------------------------------------------------------------

    def _call(self, this: Expression, row: Row, env: Env) -> Value:
        plain = [part for part in this.parts if part.kind != "keyword"]
        named = {part.word: part.parts[0] for part in this.parts if part.kind == "keyword"}
        if this.word in ("run", "times", "latest", "previous"):
            return self._over_time(this.word, plain[0], named, row, env)
        rows = self._rows_meant(plain[0], named, row, env) if this.word in AGGREGATES else None
        if rows is not None:
            return self._aggregate(this.word, plain, named, rows, env)
        if this.word == "given":
            return not isinstance(self.value(plain[0], row, env), Gap)
        if this.word == "first":
            found = [self.value(part, row, env) for part in plain]
            return next((value for value in found if not isinstance(value, Gap)), found[-1])
        return _function(this.word, [self.num(part, row, env) for part in plain])

    def _rows_meant(self, value: Expression, named: Mapping[str, Expression], row: Row, env: Env) -> list[Row] | None:
        """The rows that an aggregate runs over; None where its arguments are plain figures."""
        if "over" in named or (value.kind == "name" and value.word in self.scheme.groups):
            return self.members(named["over"].word if "over" in named else value.word, row)
        if "per" in named:
            return self.world.below(row, f"{row.frame}/{named['per'].word}")
        frame = next((found for name in _names(value) if (found := self._frame_named(name, row.frame)) is not None), None)
        return None if frame is None else self.world.below(row, frame)

    def _frame_named(self, name: str, frame: str) -> str | None:
        head, _, rest = name.partition(".")
        if head == "rating" and rest.partition(".")[0] in self.scheme.items:
            return f"rating.{rest.partition('.')[0]}"
        if head == HISTORY:
            return self._history_of(frame)
        if head in self.scheme.events and (not rest or rest in {**EVENT, **self.scheme.events[head].columns}):
            once = self.scheme.events[head].one_per
            return None if once is not None and frame.endswith(f"/{once}") else f"event.{head}"
        per = self.scheme.figures[name].per if name in self.scheme.figures else None
        home = self.frame_for(per)
        return home if per is not None and home != frame and home.startswith(f"{frame}/") else None

    def _history_of(self, frame: str) -> str:
        return f"{HISTORY}.{frame}" if frame in self.scheme.units else HISTORY

    def _aggregate(self, how: str, plain: list[Expression], named: Mapping[str, Expression], rows: list[Row], env: Env) -> Value:
        first, condition = plain[0], named.get("where", plain[1] if len(plain) > 1 else None)
        kept = [row for row in rows if condition is None or self.value(condition, row, env) is True]
        times = [exact(row.cells.get("count", Fraction(1))) if row.frame.startswith("event.") else Fraction(1) for row in kept]
        if first.kind == "name" and (first.word in (*self.scheme.groups, *self.scheme.events, HISTORY) or first.word.startswith("rating.")):
            values: list[Value] = [True] * len(kept)
        else:
            of = self.value if how in ("count", "any", "share") else self.num
            values = [of(first, row, env) for row in kept]
        return _gathered(how, values, times)

    # --- earlier periods ----------------------------------------------------------------------

    def _over_time(self, how: str, first: Expression, named: Mapping[str, Expression], row: Row, env: Env) -> Value:
        past = self.world.below(row, self._history_of(row.frame))
        if how in ("latest", "previous"):
            where = named.get("where")
            chosen = [other for other in past if where is None or self.value(where, other, env) is True]
            chosen = [other for other in chosen if how == "latest" or self._back(other) == 1]
            latest = max(chosen, key=lambda other: (other.cells["period_end"], other.key[1]), default=None)
            return Gap.NONE if latest is None else self.value(first, latest, env)
        now = self.value(first, row, env) is True
        held = [other for other in past if self.value(first, other, env) is True]
        if how == "times":
            year = self.world.end.year
            return Fraction(now + sum(1 for other in held if "within" not in named or _of(other).year == year))
        length, backs = int(now), {self._back(other) for other in held}
        while now and length in backs:
            length += 1
        return Fraction(length)

    def _back(self, past: Row) -> int:
        """How many periods ago an earlier period was."""
        unit, end = self.scheme.period.unit, self.world.end
        if unit == "week":
            return (end - _of(past)).days // 7
        return (end.year * 12 + end.month - 1) // MONTHS[unit] - (_of(past).year * 12 + _of(past).month - 1) // MONTHS[unit]


def _of(past: Row) -> date:
    end = past.cells["period_end"]
    assert isinstance(end, date)
    return end


def kind_of(declared: Declared) -> str:
    """The kind of value that a declaration says."""
    if declared.several:
        return "sets"
    return {"text": "words", "words": "words", "month": "words", "date": "date", "yes_no": "truth"}.get(declared.kind, "number")


def _names(this: Expression) -> Iterable[str]:
    """The names that an expression uses itself; what stands inside an aggregate is that one's business."""
    if this.kind == "call" and (this.word in ("sum", "count", "any", "share") or (this.word in AGGREGATES and len(this.parts) == 1)):
        return
    if this.kind == "name":
        yield this.word
    for part in this.parts:
        yield from _names(part)


def _arithmetic(kind: str, a: Value, b: Value) -> Value:
    gap = worst(a, b)
    if gap is not None:
        return gap
    if isinstance(a, date):
        return a + timedelta(days=int(exact(b))) * (1 if kind == "+" else -1)
    one, other = exact(a), exact(b)
    if kind == "/":
        return one / other if other else Gap.NONE
    return {"+": one + other, "-": one - other, "*": one * other}[kind]


_COMPARE: dict[str, Callable[..., bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def _gathered(how: str, values: list[Value], times: list[Fraction]) -> Value:
    """Many values as one; what is NONE is skipped, what is MISSING is passed on, a row counts as often as it says."""
    there = [(value, many) for value, many in zip(values, times, strict=True) if not isinstance(value, Gap)]
    if how in ("count", "any", "share"):
        held = sum((many for value, many in there if value), Fraction(0))
        whole = sum(times, Fraction(0))
        return {"count": held, "any": held > 0, "share": held / whole if whole else Gap.NONE}[how]
    if Gap.MISSING in values:
        return Gap.MISSING
    if how in ("min", "max"):
        numbers = [exact(value) for value, _ in there]
        return Gap.NONE if not numbers else min(numbers) if how == "min" else max(numbers)
    total = sum((exact(value) * many for value, many in there), Fraction(0))
    count = sum((many for _, many in there), Fraction(0))
    if how == "sum":
        return total
    return total / count if count else Gap.NONE


def _function(name: str, values: list[Value]) -> Value:
    if name == "mean_given":
        there = [exact(value) for value in values if not isinstance(value, Gap)]
        if Gap.MISSING in values:
            return Gap.MISSING
        return sum(there, Fraction(0)) / len(there) if there else Gap.NONE
    gap = worst(*values)
    return gap if gap is not None else _FUNCTIONS[name](*values)


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "min": min,
    "max": max,
    "sum": lambda *values: sum(values, Fraction(0)),
    "mean": lambda *values: sum(values, Fraction(0)) / len(values),
    "sign": lambda value: Fraction((value > 0) - (value < 0)),
    "rounded": lambda value: round_number(value, Fraction(1, 100)),
    "floor_of": lambda value: Fraction(value.numerator // value.denominator),
    "abs": abs,
    "is_multiple": lambda value, step: Gap.NONE if not step else value / step > 0 and (value / step).denominator == 1,
    "days_between": lambda first, last: Fraction((last - first).days),
    "months_between": lambda first, last: Fraction(_months_between(first, last)),
    "months_after": lambda day, months: _months_after(day, int(months)),
}


def _months_after(day: date, months: int) -> date:
    """The same day so many months on, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _months_between(first: date, last: date) -> int:
    """The most months after which the first day is not past the last."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if _months_after(first, months) <= last else months - 1
