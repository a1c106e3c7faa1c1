"""From the text of a formula to a tree in which every name is resolved, with kind, unit and bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from kaohe.compiling.bounds import ARITHMETIC_BOUNDS, STRICT_UNITS, aggregate_bounds, call_bounds, negative_bounds, tame, unit_of
from kaohe.compiling.home import Home
from kaohe.compiling.outline import Fact, event_frame, history_frame, parents, rating_frame, window_frame
from kaohe.expressions import Expression, parse_formula
from kaohe.plan import HISTORY, PEOPLE, Tree, Typed, widest
from kaohe.problems import Place, Problem
from kaohe.scheme import Declared
from kaohe.scheme_problems import (
    Circle,
    DividesByNothing,
    EventUnknown,
    FunctionMisused,
    GroupUnknown,
    KindWrong,
    NameAmbiguous,
    NameUnknown,
    TooCostly,
    UnitClash,
    WordsNumberless,
    WordUnknown,
    WrongFrame,
    did_you_mean,
)
from kaohe.texts import listed

MOST_OPERATIONS = 50_000
AGGREGATES = {"sum", "count", "any", "mean", "min", "max", "share"}
OVER_TIME = {"run", "times", "latest", "previous"}
PROBE = Typed(["none"], "unknown")
NOTHING = Typed(["none"], "number")
_KINDS = {
    "number": ("数字", "a number"),
    "truth": ("是或否", "yes or no"),
    "words": ("词", "a word"),
    "date": ("日期", "a date"),
    "sets": ("若干词", "words"),
}


@dataclass(frozen=True)
class Scope:
    """Where a formula stands: its frame, whose it is, and the names that hold only there.

    Where it is `plain`, values are what was written, whether or not they are owed this time.
    """

    frame: str
    place: Place
    owner: str = ""
    given: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Typed] = field(default_factory=dict)
    home: str = ""
    plain: bool = False

    def on(self, frame: str) -> Scope:
        """The same place, seen from another frame; `extra` stays a figure of the frame where it stands."""
        return replace(self, frame=frame, home=self.home or self.frame)


class Resolver:
    """Resolves formulas for the compiler; keeps problems there and goes on with a stand-in."""

    def __init__(self, compiler: Home) -> None:
        self.compiler = compiler
        self.scheme = compiler.scheme
        self.outline = compiler.outline
        self.operations = 0

    # --- the way in ---------------------------------------------------------------------------

    def resolve(self, text: object, scope: Scope, wanted: str = "") -> Typed:
        """The formula resolved; `wanted` is the kind of column that is needed there."""
        if text is None:
            return PROBE  # whatever lacks its formula is told of that already
        parsed = parse_formula(text, scope.place)
        if isinstance(parsed, Problem):
            self.compiler.tell(parsed)
            return PROBE
        found = self.of(parsed, scope)
        return self.as_kind(found, wanted, scope, str(text)) if wanted else found

    def as_kind(self, found: Typed, wanted: str, scope: Scope, text: str) -> Typed:
        """The formula as the wanted kind: words with numbers serve as numbers."""
        if found.kind in (wanted, "unknown"):
            return found
        if wanted == "number" and found.kind == "words":
            return self._numbered(found, scope, text)
        got, need = _KINDS.get(found.kind, ("?", "?")), _KINDS[wanted]
        self.compiler.tell(
            KindWrong(scope.place, [text], where=scope.owner, text=text, wanted_zh=need[0], wanted=need[1], got_zh=got[0], got=got[1])
        )
        return PROBE

    def _numbered(self, found: Typed, scope: Scope, text: str) -> Typed:
        words = self.scheme.words.get(found.numbers)
        if words is None and found.numbers:
            return PROBE  # the declaration is told of that
        if words is None or not words.numbers:
            self.compiler.tell(WordsNumberless(scope.place, [text], where=scope.owner, name=text))
            return PROBE
        numbers = {word: str(number) for word, number in words.numbers.items()}
        values = list(words.numbers.values())
        return Typed(["number_of", found.tree, numbers], "number", "", min(values), max(values))

    def of(self, this: Expression, scope: Scope) -> Typed:
        """One operation resolved."""
        self.operations += 1
        if self.operations > MOST_OPERATIONS:
            self._too_costly(scope)
            return PROBE
        handler: dict[str, Callable[[Expression, Scope], Typed]] = {
            "number": lambda e, s: Typed(["num", e.word], "number", "", Fraction(e.word), Fraction(e.word)),
            "word": lambda e, s: Typed(["word", e.word], "words", vocabulary=(e.word,)),
            "name": self._name,
            "call": self._call,
            "neg": self._negative,
            "not": self._not,
            "and": self._logic,
            "or": self._logic,
            "if": self._choice,
            "in": self._membership,
        }
        if this.kind in ("+", "-", "*", "/"):
            return self._arithmetic(this, scope)
        if this.kind in ("<", "<=", ">", ">=", "==", "!="):
            return self._comparison(this, scope)
        if this.kind not in handler:
            self._misused(scope, this.kind, "不能单独使用", "it cannot stand alone")
            return PROBE
        return handler[this.kind](this, scope)

    # --- names --------------------------------------------------------------------------------

    def _name(self, this: Expression, scope: Scope) -> Typed:
        found = self.find(this.word, scope)
        if found is not None:
            return found
        if self.compiler.is_full:
            return PROBE
        head, _, column = this.word.partition(".")
        if head in self.scheme.events and column in self.outline.own_facts(event_frame(head)):
            self.compiler.tell(WrongFrame(scope.place, [this.word], where=scope.owner, name=this.word, frame=head))
            return PROBE
        guess = did_you_mean(this.word, self.compiler.known_names(scope.frame))
        self.compiler.tell(NameUnknown(scope.place, [this.word], where=scope.owner, name=this.word, **guess))
        return PROBE

    def find(self, name: str, scope: Scope) -> Typed | None:
        """What a name means there: what holds only there first, then the frame's own facts, then wider ones."""
        if name in scope.extra:
            inside = self._own(name, scope) if scope.home else None
            return inside or self._lifted(scope.home or scope.frame, scope.extra[name], scope, name)
        if name in scope.given:
            inner = {key: text for key, text in scope.given.items() if key != name}
            return self.resolve(scope.given[name], replace(scope, given=inner))
        if name in _DATES:
            return Typed([name], "date")
        if name == "yes" or name == "no":
            return Typed([name], "truth")
        if name == "none":
            return NOTHING
        if name == "nothing_applies":
            return self._nothing_applies(scope)
        return self._local(name, scope) or self._own(name, scope) or self._wide(name, scope)

    def _nothing_applies(self, scope: Scope) -> Typed:
        """Has every item of the person's form dropped out: none is scored, and none is owed."""
        items = [self.compiler.figure(f"item.{item}").tree for item in self.scheme.items]
        return self._lifted(PEOPLE, Typed(["nothing_applies", *items], "truth"), scope, "nothing_applies")

    def _local(self, name: str, scope: Scope) -> Typed | None:
        """A figure that the owner keeps for itself (`let`)."""
        for owner in (scope.owner, scope.owner.partition(".")[2]):
            if owner and f"{owner}.{name}" in self.compiler.lets:
                return self.reference(f"{owner}.{name}", scope)
        return self.reference(name, scope) if name in self.compiler.lets else None

    def _own(self, name: str, scope: Scope) -> Typed | None:
        """A fact of the frame itself, or of a frame that each of its rows belongs to."""
        kind, _, rest = scope.frame.partition(".")
        prefix = {"event": rest, "rating": scope.frame}.get(kind, HISTORY)
        short = name.removeprefix(f"{prefix}.")
        if scope.frame.startswith(HISTORY):
            past = self.compiler.past_figure(short, scope)
            if past is not None:
                return past
        facts = self.outline.own_facts(scope.frame) if scope.frame != PEOPLE else {}
        if short in facts:
            return self.fact(facts[short])
        values = self.outline.values(scope.frame) if scope.frame in self.scheme.units else {}
        return self.value_of(values[name], scope.frame, scope) if name in values else None

    def _wide(self, name: str, scope: Scope) -> Typed | None:
        """A value, a person's column, a figure, an item, a result, a unit's figure, a choice of the company."""
        head, _, rest = name.partition(".")
        if head == "config":
            return self._config(rest, scope)
        if rest and head in self.scheme.units:
            return self._of_unit(head, rest, scope)
        if rest:
            return self._qualified(head, rest, scope)
        found = self._candidates(name, scope)
        if len(found) > 1:
            choices = list(found)
            self.compiler.tell(NameAmbiguous(scope.place, [name], where=scope.owner, name=name, choices=listed(choices), first=choices[0]))
        return next(iter(found.values()))() if found else None

    def _candidates(self, name: str, scope: Scope) -> dict[str, Callable[[], Typed]]:
        """Every meaning of a bare name, by its full name."""
        found: dict[str, Callable[[], Typed]] = {}
        person, values = self.outline.own_facts(PEOPLE), self.outline.values(PEOPLE)
        sees_people = PEOPLE in (scope.frame, *parents(self.scheme, scope.frame))
        if name in values and sees_people:
            found[f"value.{name}"] = lambda: self._lifted(PEOPLE, self.value_of(values[name], PEOPLE, scope), scope)
        if name in person and sees_people:
            found[f"person.{name}"] = lambda: self._lifted(PEOPLE, self.fact(person[name]), scope)
        for prefix in ("figure", "item", "pay", "state", ""):
            full = f"{prefix}.{name}" if prefix else name
            if self.compiler.has_figure(full):
                found[full] = lambda full=full: self.reference(full, scope)  # type: ignore[misc]
        for unit in self.scheme.units:
            if not found and name in self.outline.values(unit):
                found[f"{unit}.{name}"] = lambda unit=unit: self._of_unit(unit, name, scope) or PROBE  # type: ignore[misc]
        return found

    def _qualified(self, head: str, rest: str, scope: Scope) -> Typed | None:
        values, person = self.outline.values(PEOPLE), self.outline.own_facts(PEOPLE)
        if head == "value" and rest in values:
            return self._lifted(PEOPLE, self.value_of(values[rest], PEOPLE, scope), scope)
        if head == "person" and rest in person:
            return self._lifted(PEOPLE, self.fact(person[rest]), scope)
        full = f"{head}.{rest}"
        if self.compiler.has_figure(full):
            return self.reference(full, scope)
        return self.reference(full, scope) if full in self.compiler.lets else None

    def _of_unit(self, unit: str, name: str, scope: Scope) -> Typed | None:
        base, _, window = scope.frame.partition("/")
        if window and base != unit:
            facts = self.outline.own_facts(window_frame(unit, window))
            if name in facts:
                frame = window_frame(unit, window)
                return replace(self.fact(facts[name]), tree=["at", frame, self.fact(facts[name]).tree])
        values = self.outline.values(unit)
        if name in values:
            return self._lifted(unit, self.value_of(values[name], unit, scope), scope)
        for full in (f"figure.{name}", f"pay.{name}"):
            if self.compiler.has_figure(full) and self.compiler.frame_of(full) == unit:
                return self.reference(full, scope)
        return None

    def _config(self, rest: str, scope: Scope) -> Typed | None:
        key, _, part = rest.partition(".")
        entry = self.scheme.config.get(key)
        if entry is None:
            return None
        found = self.fact(Fact("", entry))
        if entry.one_of is not None and found.kind == "words":
            found = replace(found, vocabulary=entry.one_of)
        return replace(found, tree=["config", key, part] if part else ["config", key])

    def fact(self, fact: Fact) -> Typed:
        """A declared fact of the frame at hand."""
        declared = fact.declared
        kind, vocabulary, numbers = kind_of(declared), None, ""
        if kind == "words":
            vocabulary = self.compiler.vocabulary(declared)
            numbers = declared.words if isinstance(declared.words, str) else ""
        if declared.several:
            kind = "sets"
        unit = declared.kind if kind == "number" else ""
        return Typed(["fact", fact.column], kind, unit, declared.low, declared.high, vocabulary, numbers)

    def value_of(self, fact: Fact, base: str, scope: Scope) -> Typed:
        """A value of the period; one that is needed only under a condition becomes a figure of its own."""
        if fact.declared.needed is None or scope.plain:
            return self.fact(fact)
        return self.compiler.needed_value(fact, base)

    def reference(self, full: str, scope: Scope) -> Typed:
        """A figure of the plan, brought to the frame of the formula."""
        found = self.compiler.figure(full)
        frame = self.compiler.frame_of(full)
        return self._lifted(frame, found, scope, full)

    def _lifted(self, frame: str, found: Typed, scope: Scope, name: str = "") -> Typed:
        if frame == scope.frame:
            return found
        if frame in parents(self.scheme, scope.frame):
            return replace(found, tree=["at", frame, found.tree])
        per = frame.removeprefix("event.").rpartition("/")[2]
        self.compiler.tell(WrongFrame(scope.place, [name], where=scope.owner, name=name, frame=per))
        return PROBE

    # --- operations ---------------------------------------------------------------------------

    def numbers(self, parts: Iterable[Expression], scope: Scope) -> list[Typed]:
        """Parts of an operation, each a number."""
        return [self.as_kind(self.of(part, scope), "number", scope, part.tell()) for part in parts]

    def truth(self, part: Expression, scope: Scope) -> Typed:
        """A part of an operation that is yes or no."""
        return self.as_kind(self.of(part, scope), "truth", scope, part.tell())

    def _negative(self, this: Expression, scope: Scope) -> Typed:
        (part,) = self.numbers(this.parts, scope)
        return Typed(["neg", part.tree], "number", part.unit, *negative_bounds(part))

    def _not(self, this: Expression, scope: Scope) -> Typed:
        return Typed(["not", self.truth(this.parts[0], scope).tree], "truth")

    def _logic(self, this: Expression, scope: Scope) -> Typed:
        return Typed([this.kind, *(self.truth(part, scope).tree for part in this.parts)], "truth")

    def _choice(self, this: Expression, scope: Scope) -> Typed:
        test = self.truth(this.parts[0], scope)
        yes, no = self.of(this.parts[1], scope), self.of(this.parts[2], scope)
        if "number" in (yes.kind, no.kind):
            yes, no = (self.as_kind(side, "number", scope, this.tell()) for side in (yes, no))
        low, high = widest([side for side in (yes, no) if side is not NOTHING])  # what gives nothing says nothing
        kind = yes.kind if yes.kind != "unknown" else no.kind
        return Typed(["if", test.tree, yes.tree, no.tree], kind, yes.unit or no.unit, low, high, yes.vocabulary)

    def _arithmetic(self, this: Expression, scope: Scope) -> Typed:
        a, b = self.of(this.parts[0], scope), self.of(this.parts[1], scope)
        if "date" in (a.kind, b.kind):
            return self._date_arithmetic(this, a, b, scope)
        a, b = (self.as_kind(side, "number", scope, this.tell()) for side in (a, b))
        if this.kind in ("+", "-"):
            self._same_unit(a, b, scope)
        if this.kind == "/" and b.low == b.high == 0:
            text = this.parts[1].tell()
            self.compiler.tell(DividesByNothing(scope.place, [text], where=scope.owner, text=text))
        low, high = (tame(end) for end in ARITHMETIC_BOUNDS[this.kind](a, b))
        return Typed([this.kind, a.tree, b.tree], "number", unit_of(this.kind, a.unit, b.unit), low, high)

    def _date_arithmetic(self, this: Expression, a: Typed, b: Typed, scope: Scope) -> Typed:
        if a.kind == "date" and b.kind == "number" and this.kind in ("+", "-"):
            return Typed([this.kind, a.tree, b.tree], "date")
        self._misused(scope, this.tell(), "日期之间请用 days_between 或 months_between", "between dates use days_between or months_between")
        return PROBE

    def _same_unit(self, a: Typed, b: Typed, scope: Scope) -> None:
        if a.unit in STRICT_UNITS and b.unit in STRICT_UNITS and a.unit != b.unit:
            self.compiler.tell(UnitClash(scope.place, [a.unit, b.unit], where=scope.owner, one=a.unit, other=b.unit))

    def _comparison(self, this: Expression, scope: Scope) -> Typed:
        a, b = self._sides(this, scope)
        kinds = {a.kind, b.kind} - {"unknown"}
        if kinds == {"words"} and this.kind in ("==", "!="):
            return self._worded(this.kind, a, b)
        if kinds == {"truth"} and this.kind in ("==", "!="):
            same = ["or", ["and", a.tree, b.tree], ["and", ["not", a.tree], ["not", b.tree]]]
            return Typed(same if this.kind == "==" else ["not", same], "truth")
        a, b = (self.as_kind(side, "date" if "date" in kinds else "number", scope, this.tell()) for side in (a, b))
        self._same_unit(a, b, scope)
        if this.kind == "!=":
            return Typed(["not", ["==", a.tree, b.tree]], "truth")
        return Typed([this.kind, a.tree, b.tree], "truth")

    def _sides(self, this: Expression, scope: Scope) -> tuple[Typed, Typed]:
        """Both sides of a comparison; a bare name beside a list of words is one of these words."""
        left, right = this.parts
        if left.kind == "name" and self._is_plain_word(left, right, scope):
            left, right = right, left
        a = self.of(left, scope)
        if a.kind == "words" and right.kind in ("name", "word"):
            return a, self._word(right, a, scope)
        if a.kind == "unknown" and right.kind == "name" and this.kind in ("==", "!="):
            return a, PROBE  # it may be one of the words of what is not known
        return a, self.of(right, scope)

    def _is_plain_word(self, left: Expression, right: Expression, scope: Scope) -> bool:
        if right.kind != "name" or left.word in scope.given or self.quiet(left.word, scope) is not None:
            return False
        return self.quiet(right.word, scope) is not None

    def quiet(self, name: str, scope: Scope) -> Typed | None:
        """What a name means there, without a word about what is wrong with it."""
        kept = len(self.compiler.problems)
        found = self.find(name, scope)
        # the look itself says nothing; what was wrong with a figure that it compiled on the way stays told
        new = self.compiler.problems[kept:]
        self.compiler.problems[kept:] = [problem for problem in new if not _is_of_the_look(problem, scope)]
        return found

    def _word(self, this: Expression, beside: Typed, scope: Scope) -> Typed:
        """A word to compare with: a literal, a blank that the item fills, or another column of words."""
        word = this.word
        if this.kind == "name" and word in scope.given and scope.given[word] in (beside.vocabulary or (scope.given[word],)):
            return Typed(["word", scope.given[word]], "words")
        if beside.vocabulary is not None and word in beside.vocabulary:
            return Typed(["word", word], "words")
        if this.kind == "name":
            found = self.quiet(word, scope)
            if found is not None and found.kind == "words":
                return found
        if beside.vocabulary is None:
            return Typed(["word", word], "words")
        more = {"known": listed(beside.vocabulary), **did_you_mean(word, beside.vocabulary)}
        self.compiler.tell(WordUnknown(scope.place, [word], where=scope.owner, word=word, **more))
        return Typed(["word", word], "words")

    def _worded(self, kind: str, a: Typed, b: Typed) -> Typed:
        if b.tree[0] == "word":
            same: Tree = ["is", a.tree, b.tree[1]]
        elif a.tree[0] == "word":
            same = ["is", b.tree, a.tree[1]]
        else:
            same = ["same", a.tree, b.tree]
        return Typed(same if kind == "==" else ["not", same], "truth")

    def _membership(self, this: Expression, scope: Scope) -> Typed:
        left, right = this.parts
        if right.kind == "list":
            return self._among(left, right, scope)
        if right.kind == "name" and right.word in self.scheme.groups:
            return self._member(left.word, right.word, scope)
        found = self.of(right, scope)
        if found.kind == "sets":
            word = self._word(left, replace(found, kind="words"), scope)
            if word.tree[0] == "word":
                return Typed(["has", found.tree, word.tree[1]], "truth")
            self._misused(scope, "in", "左边应为一个词", "the left side must be a word")
        elif found.kind != "unknown":
            self._misused(scope, "in", "右边应为 [词， 词] 或一个组", "the right side must be [words] or a group")
        return PROBE

    def _member(self, name: str, group: str, scope: Scope) -> Typed:
        if name == "rater" and scope.frame.startswith("rating."):
            return Typed(["member", name, group], "truth")
        self._misused(scope, "in", "只能问评分的 rater 是否在一个组里", "only the rater of a rating can be asked for in a group")
        return PROBE

    def _among(self, left: Expression, right: Expression, scope: Scope) -> Typed:
        a = self.of(left, scope)
        if a.kind == "words":
            words = [self._word(part, a, scope) for part in right.parts]
            if all(word.tree[0] == "word" for word in words):
                return Typed(["among", a.tree, [word.tree[1] for word in words]], "truth")
            return Typed(["or", *(self._worded("==", a, word).tree for word in words)], "truth")
        options = [self.as_kind(self.of(part, scope), a.kind, scope, part.tell()).tree for part in right.parts]
        return Typed(["or", *(["==", a.tree, option] for option in options)], "truth")

    # --- functions ----------------------------------------------------------------------------

    def _call(self, this: Expression, scope: Scope) -> Typed:
        plain = [part for part in this.parts if part.kind != "keyword"]
        named = {part.word: part.parts[0] for part in this.parts if part.kind == "keyword"}
        if this.word in OVER_TIME:
            return self._over_time(this.word, plain, named, scope)
        if this.word in AGGREGATES and plain:
            source = self.source(plain[0], named, scope)
            if source is not None:
                return self._aggregate(this, source, plain, named, scope)
        return self._rowwise(this, plain, scope)

    def _rowwise(self, this: Expression, parts: list[Expression], scope: Scope) -> Typed:
        name = this.word
        if name == "given":
            return Typed(["given", self.of(parts[0], scope).tree], "truth") if len(parts) == 1 else self._arity(scope, name)
        if name in _DATE_FUNCTIONS:
            return self._date_function(name, parts, scope)
        if name in ("count", "any") and parts and parts[0].kind == "name" and self.quiet(parts[0].word, scope) is None:
            self.event(parts[0].word, scope)
            return PROBE
        if name in ("count", "any", "share") or not parts:
            return self._arity(scope, name)
        if name == "first":
            return self._first(parts, scope)
        numbers = self.numbers(parts, scope)
        wanted = _ARITY.get(name)
        if wanted is not None and len(numbers) != wanted:
            return self._arity(scope, name)
        if name in ("min", "max", "mean", "mean_given", "sum"):
            for one, other in pairwise([part for part in numbers if part.unit in STRICT_UNITS]):
                self._same_unit(one, other, scope)
        low, high = call_bounds(name, numbers)
        kind = "truth" if name == "is_multiple" else "number"
        return Typed(["call", name, *(part.tree for part in numbers)], kind, numbers[0].unit, low, high)

    def _first(self, parts: list[Expression], scope: Scope) -> Typed:
        found = [self.of(part, scope) for part in parts]
        kind = next((part.kind for part in found if part.kind != "unknown"), "number")
        low, high = call_bounds("first", found)
        return Typed(["call", "first", *(part.tree for part in found)], kind, found[0].unit, low, high, found[0].vocabulary)

    def _date_function(self, name: str, parts: list[Expression], scope: Scope) -> Typed:
        if len(parts) != 2:
            return self._arity(scope, name)
        a = self.as_kind(self.of(parts[0], scope), "date", scope, parts[0].tell())
        wanted = "number" if name == "months_after" else "date"
        b = self.as_kind(self.of(parts[1], scope), wanted, scope, parts[1].tell())
        return Typed(["call", name, a.tree, b.tree], "date" if name == "months_after" else "number")

    def source(self, value: Expression, named: dict[str, Expression], scope: Scope) -> tuple[str, str] | None:
        """What an aggregate runs over: ("rows", frame) or ("group", id)."""
        if "over" in named:
            return self._group_source(named["over"].word, scope)
        if "per" in named:
            return "rows", window_frame(scope.frame, named["per"].word)
        if value.kind == "name" and value.word in self.scheme.groups:
            return "group", value.word
        for name in _names(value):
            frame = self._rows_named(name, scope)
            if frame is not None:
                return "rows", frame
        return None

    def _group_source(self, name: str, scope: Scope) -> tuple[str, str]:
        if name in self.scheme.groups:
            return "group", name
        self.compiler.tell(GroupUnknown(scope.place, [name], where=scope.owner, name=name, **did_you_mean(name, self.scheme.groups)))
        return "group", ""

    def _rows_named(self, name: str, scope: Scope) -> str | None:
        head, _, rest = name.partition(".")
        if head == "rating" and rest.partition(".")[0] in self.scheme.items:
            return rating_frame(rest.partition(".")[0])
        if head == HISTORY:
            unit = scope.frame if scope.frame in self.scheme.units else None
            return history_frame(unit)
        if head in self.scheme.events and (not rest or rest in {**self.outline.own_facts(event_frame(head))}):
            one_per = self.scheme.events[head].one_per
            return None if one_per is not None and scope.frame.endswith(f"/{one_per}") else event_frame(head)
        frame = self.compiler.frame_of(f"figure.{name}") if self.compiler.has_figure(f"figure.{name}") else scope.frame
        return frame if frame != scope.frame and scope.frame in parents(self.scheme, frame) else None

    def _aggregate(
        self, this: Expression, source: tuple[str, str], plain: list[Expression], named: dict[str, Expression], scope: Scope
    ) -> Typed:
        kind, over = source
        if kind == "group" and over == "":
            return PROBE
        inner_frame = (scope.frame if "/" in scope.frame else PEOPLE) if kind == "group" else over
        inner = scope.on(inner_frame)
        value, where = self._value_and_where(this.word, plain, named, inner)
        if value is not None and where is None and this.word in ("count", "any"):
            value, where = None, value
        if value is None and this.word == "share":
            value, where = where, None
        if value is None and this.word not in ("count", "any"):
            return self._arity(scope, this.word)
        how: Tree = ["over" if kind == "group" else "agg", this.word, over]
        tree = [*how, None if value is None else value.tree, None if where is None else where.tree]
        if this.word == "any":
            return Typed(tree, "truth")
        unit, low, high = aggregate_bounds(this.word, value)
        return Typed(tree, "number", unit, low, high)

    def _value_and_where(
        self, how: str, plain: list[Expression], named: dict[str, Expression], inner: Scope
    ) -> tuple[Typed | None, Typed | None]:
        """The figure that is aggregated, or None where rows are counted, and the condition on the rows."""
        first, rest = plain[0], plain[1:]
        condition = named.get("where", rest[0] if rest else None)
        where = None if condition is None else self.truth(condition, inner)
        if first.kind == "name" and (first.word in self.scheme.groups or self._is_rows(first.word)):
            return None, where
        value = self.of(first, inner)
        wanted = "truth" if how in ("count", "any", "share") else "number"
        return self.as_kind(value, wanted, inner, first.tell()), where

    def _is_rows(self, name: str) -> bool:
        if name.startswith("rating.") and name.count(".") == 1:
            return True
        return name in self.scheme.events or name == HISTORY

    def _over_time(self, name: str, plain: list[Expression], named: dict[str, Expression], scope: Scope) -> Typed:
        if not plain:
            return self._arity(scope, name)
        past_scope = scope.on(HISTORY if scope.frame == PEOPLE else history_frame(scope.frame))
        if name in ("latest", "previous"):
            found = self.of(plain[0], past_scope)
            where = self.truth(named["where"], past_scope).tree if "where" in named else None
            return replace(found, tree=[name, found.tree, where, past_scope.frame])
        now, past = self.truth(plain[0], scope), self.truth(plain[0], past_scope)
        within = named["within"].word if "within" in named else ""
        return Typed([name, now.tree, past.tree, within, past_scope.frame], "number", "", Fraction(0), None)

    # --- problems -----------------------------------------------------------------------------

    def _too_costly(self, scope: Scope) -> None:
        if not any(isinstance(problem, TooCostly) for problem in self.compiler.problems):
            more = {"detail_zh": f"超过 {MOST_OPERATIONS} 步", "detail_en": f"more than {MOST_OPERATIONS} steps"}
            self.compiler.tell(TooCostly(scope.place, [scope.owner], where=scope.owner, **more))

    def _misused(self, scope: Scope, name: str, zh: str, en: str) -> None:
        self.compiler.tell(FunctionMisused(scope.place, [name], where=scope.owner, name=name, detail_zh=zh, detail_en=en))

    def _arity(self, scope: Scope, name: str) -> Typed:
        self._misused(scope, name, "参数个数或种类不对", "the number or kind of its arguments is wrong")
        return PROBE

    def event(self, name: str, scope: Scope) -> bool:
        """Whether the scheme has this event type; a problem if not."""
        if name in self.scheme.events:
            return True
        self.compiler.tell(EventUnknown(scope.place, [name], where=scope.owner, name=name, **did_you_mean(name, self.scheme.events)))
        return False


_DATES = ("start", "end", "as_of")
_DATE_FUNCTIONS = ("months_between", "days_between", "months_after")
_ARITY = {"sign": 1, "rounded": 1, "floor_of": 1, "abs": 1, "is_multiple": 2}


def _is_of_the_look(problem: Problem, scope: Scope) -> bool:
    """Whether a problem only says that a word, taken for a name, would not do there."""
    if isinstance(problem, Circle):
        return True
    return isinstance(problem, (NameAmbiguous, WrongFrame)) and problem.found["where"] == scope.owner


def _names(this: Expression) -> list[str]:
    """The names that a formula uses itself; those inside an aggregate of its own are that one's business."""
    if _is_aggregate(this):
        return []
    own = [this.word] if this.kind == "name" else []
    return own + [name for part in this.parts for name in _names(part)]


def _is_aggregate(this: Expression) -> bool:
    """Whether a call runs over rows for certain: `max(a, b)` compares, `max(a)` does not."""
    if this.kind != "call":
        return False
    return this.word in {"sum", "count", "any", "share"} | OVER_TIME or (this.word in AGGREGATES and len(this.parts) == 1)


def kind_of(declared: Declared) -> str:
    """The kind of column that a declared fact makes."""
    if declared.kind in ("text", "words", "month"):
        return "words"
    return {"date": "date", "yes_no": "truth"}.get(declared.kind, "number")
