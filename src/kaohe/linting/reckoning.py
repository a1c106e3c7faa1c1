"""What each figure of a plan may come to, whatever the facts: reckoned along the rules, for one form or for all.

Figures are taken to vary freely of one another, so that an extent may hold values that never come
together; nothing that can come out is left out. Conditions are yes, no, or not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from kaohe.compiling.bounds import ARITHMETIC_BOUNDS
from kaohe.compiling.outline import Outline
from kaohe.linting.extents import ANY, COUNT, NEVER, ZERO, Extent, either, point
from kaohe.numbers import number, parse_number
from kaohe.plan import PEOPLE, Node, Plan, Tree, Typed
from kaohe.problems import Problem
from kaohe.rules.arithmetic import exact
from kaohe.rules.bands import Band
from kaohe.scheme import Declared


class Reckoning:
    """The extents of a plan's figures; on a form, where one is named, each item is what that form reads."""

    def __init__(self, plan: Plan, form: str | None = None) -> None:
        self.plan = plan
        self.form = form
        self.outline = Outline(plan.scheme)
        self._known: dict[str, Extent] = {}
        self._facts: dict[str, dict[str, Declared]] = {}

    # --- figures ------------------------------------------------------------------------------

    def node(self, id: str) -> Extent:
        """What a figure may come to."""
        if id not in self._known:
            node = self.plan.nodes[id]
            reckon = _RULES.get(node.rule, _as_compiled)
            self._known[id] = reckon(self, node)
        return self._known[id]

    def grades(self) -> list[str]:
        """The grades that may be given."""
        node = self.plan.nodes["grade"]
        words = node.vocabulary or []
        if node.rule == "cases@1":
            return [word for word, tree in zip(words, node.inputs, strict=True) if self.holds(tree, node.frame) is not False]
        bands = [Band.read(band) for band in node.params["bands"]]
        return [words[place] for place in reached(bands, self.of(node.inputs[0], node.frame))]

    # --- formulas -----------------------------------------------------------------------------

    def of(self, tree: Tree, frame: str) -> Extent:
        """What a formula may come to."""
        reckon = _OPERATIONS.get(tree[0])
        return ANY if reckon is None else reckon(self, tree, frame)

    def declared(self, tree: Tree, frame: str) -> Declared | None:
        """The declaration of a fact of a frame."""
        if frame not in self._facts:
            facts = [*self.outline.own_facts(frame).values(), *self.outline.values(frame).values()]
            self._facts[frame] = {fact.column: fact.declared for fact in facts}
        return self._facts[frame].get(tree[1])

    def holds(self, tree: Tree, frame: str) -> bool | None:
        """Whether a condition holds whatever the facts: always, never, or (None) as they are."""
        test = _CONDITIONS.get(tree[0])
        return None if test is None else test(self, tree, frame)


# --- rules ----------------------------------------------------------------------------------------


def _as_compiled(on: Reckoning, node: Node) -> Extent:
    """Between the ends that the compiler found."""
    low, high = (None if end is None else exact(end) for end in (node.low, node.high))
    return Extent(low, high)


def _same(on: Reckoning, node: Node) -> Extent:
    return on.of(node.inputs[0], node.frame)


def _tiers(on: Reckoning, node: Node) -> Extent:
    bands = [Band.read(band) for band in node.params["bands"]]
    places = reached(bands, on.of(node.inputs[0], node.frame))
    return either(on.of(node.inputs[1 + place], node.frame) for place in places)


def _per_event(on: Reckoning, node: Node) -> Extent:
    found, *parts = (on.of(tree, node.frame) for tree in node.inputs)
    for part in parts:
        found = found + part
    return found


def _ratio(on: Reckoning, node: Node) -> Extent:
    """Above 1 unless the facts must keep the part within the whole."""
    part, whole, *direct = node.inputs
    kept = [_plain_fact(on, side) for side in (part, whole)]
    is_share = any(must["tree"] in (["<=", *kept], [">=", *kept[::-1]]) for must in on.plan.musts)
    quotient = _between("/", on.of(part, node.frame), on.of(whole, node.frame))
    found = Extent(quotient.low, Fraction(1) if is_share else quotient.high)
    zero = NEVER if node.params["zero"] in ("none", "missing") else point(exact(node.params["zero"]))
    return either([found, zero, *(on.of(tree, node.frame) for tree in direct)])


def _plain_fact(on: Reckoning, tree: Tree) -> Tree:
    """A fact as it was written, where it is owed under a condition."""
    if tree[0] == "node" and tree[1].startswith("needed."):
        owed = on.plan.nodes[tree[1]].inputs[0]
        return owed[1] if isinstance(owed[1], list) else tree
    return tree


def _places(on: Reckoning, node: Node) -> Extent:
    gives = node.inputs[1 : 1 + len(node.params["places"])]
    return either([point(ZERO), *(on.of(tree, node.frame) for tree in gives)])


def _adjusted(on: Reckoning, node: Node) -> Extent:
    parts = {role: on.of(tree, node.frame) for role, tree in zip(node.params["roles"], node.inputs, strict=True) if role != "drops_if"}
    found = point(ZERO)
    for role, part in parts.items():
        found = found + part if role[:4] in ("base", "plus") else found
    found = found.at_least(parts["floor"]) if "floor" in parts else found
    found = found.at_most(parts["cap"]) if "cap" in parts else found
    if "round" in node.params:
        found = found.rounded(number(node.params["round"]["to"]), node.params["round"]["half"])
    return found | parts.get("if_absent", NEVER)


def _picked(on: Reckoning, node: Node) -> Extent:
    """The reading of the form at hand; every one where none is."""
    mine = [tree for tree, forms in zip(node.inputs, node.params["forms"], strict=True) if on.form is None or on.form in forms]
    return either(on.of(tree, node.frame) for tree in mine)


def _gathered(on: Reckoning, node: Node) -> Extent:
    return on.of(node.inputs[0], node.params["from"]).summed()


def _table(on: Reckoning, node: Node) -> Extent:
    grades = on.grades()
    return either(point(number(entry)) for word, entry in node.params["table"].items() if entry is not None and word in grades)


def _weighted(on: Reckoning, node: Node) -> Extent:
    """The total of the form at hand; of every form where none is."""
    forms = node.params["on_form"] if on.form is None else [on.form]
    return either(_total(on, node, form) for form in forms)


def _total(on: Reckoning, node: Node, form: str) -> Extent:
    scores = scores_of(on, node, form)
    weights = weights_of(node, form)
    scale = exact(node.params["scaled"].get(form, "1")) if node.params.get("scaled") else Fraction(1)
    if node.params["config"] or any(item in node.params["spread"] for item in scores):
        return _mixed(list(scores.values()), sum(weights.values(), ZERO) if weights else Fraction(1)).times(scale)
    found = point(ZERO)
    for item, score in scores.items():
        found = found + score.times(weights.get(item, ZERO))
    return found.times(scale)


def _mixed(scores: list[Extent], weight: Fraction) -> Extent:
    """Any mean of some of the scores: between the least and the most of them all."""
    whole = either(scores)
    return NEVER if whole.never else Extent(whole.low, whole.high).times(weight)


def scores_of(on: Reckoning, node: Node, form: str) -> dict[str, Extent]:
    """What each item of a form may give to the total; one that may drop out without passing on its weight may give nothing."""
    inputs = dict(zip(node.params["items"], node.inputs, strict=True))
    found: dict[str, Extent] = {}
    for item in node.params["on_form"][form]:
        if item in inputs:
            score = on.of(inputs[item], node.frame)
            stays = node.params["spread"] or on.plan.nodes[f"item.{item}"].params.get("owed")
            found[item] = score if stays else score | point(ZERO)
    return found


def weights_of(node: Node, form: str) -> dict[str, Fraction]:
    """The weight of each item of a form; none where the company chooses them."""
    return {} if node.params["config"] else {item: exact(weight) for item, weight in node.params["weights"][form].items()}


def _places_taken(on: Reckoning, node: Node) -> Extent:
    return Extent(Fraction(1), None, Fraction(1))


_RULES: dict[str, Callable[[Reckoning, Node], Extent]] = {
    "formula@1": _same,
    "masked@1": _same,
    "tiers@1": _tiers,
    "ratio@1": _ratio,
    "per_event@1": _per_event,
    "places@1": _places,
    "adjust@1": _adjusted,
    "pick@1": _picked,
    "gather@1": _gathered,
    "lookup@1": _table,
    "weighted@1": _weighted,
    "rank@1": _places_taken,
    "ranked@1": _places_taken,
}


def reached(bands: Sequence[Band], figure: Extent) -> list[int]:
    """The bands that a figure may fall in, the first that holds counting."""
    found = []
    for low, high, sample in stretches(bands):
        place = next((place for place, band in enumerate(bands) if band.holds(sample)), None)
        if place is not None and place not in found and figure.meets(low, high, low != high, low != high):
            found.append(place)
    return sorted(found)


def stretches(bands: Sequence[Band]) -> list[tuple[Fraction | None, Fraction | None, Fraction]]:
    """Every edge, and every stretch before, between and behind them, with a value in it."""
    edges = sorted({edge for band in bands for _, edge in band.edges})
    if not edges:
        return [(None, None, ZERO)]
    between = [(low, high, (low + high) / 2) for low, high in pairwise(edges)]
    return [(None, edges[0], edges[0] - 1), *((edge, edge, edge) for edge in edges), *between, (edges[-1], None, edges[-1] + 1)]


# --- operations -----------------------------------------------------------------------------------


def _fact(on: Reckoning, tree: Tree, frame: str) -> Extent:
    declared = on.declared(tree, frame)
    return ANY if declared is None else extent_of(declared)


def extent_of(declared: Declared) -> Extent:
    """What a declared number may be."""
    default = None if declared.default is None else _plain(declared.default)
    grid = Fraction(1) if declared.whole and (default is None or default.denominator == 1) else None
    return Extent(declared.low, declared.high, grid, low_open=declared.low_open, high_open=declared.high_open)


def _plain(text: str) -> Fraction | None:
    found = parse_number(text)
    return None if isinstance(found, Problem) else found


def _config(on: Reckoning, tree: Tree, frame: str) -> Extent:
    entry = on.plan.scheme.config.get(tree[1])
    return ANY if entry is None else extent_of(entry)


def _times(on: Reckoning, tree: Tree, frame: str) -> Extent:
    one, other = on.of(tree[1], frame), on.of(tree[2], frame)
    for constant, varying in ((one, other), (other, one)):
        if constant.is_one and constant.low is not None:
            return varying.times(constant.low)
    return _between("*", one, other)


def _over(on: Reckoning, tree: Tree, frame: str) -> Extent:
    one, other = on.of(tree[1], frame), on.of(tree[2], frame)
    if other.is_one and other.low:
        return one.times(1 / other.low)
    return _between("/", one, other)


def _between(operation: str, one: Extent, other: Extent) -> Extent:
    if one.never or other.never:
        return NEVER
    low, high = ARITHMETIC_BOUNDS[operation](_typed(one), _typed(other))
    return Extent(low, high)


def _typed(extent: Extent) -> Typed:
    return Typed([], low=extent.low, high=extent.high)


def _if(on: Reckoning, tree: Tree, frame: str) -> Extent:
    test = on.holds(tree[1], frame)
    sides = [tree[2]] if test is True else [tree[3]] if test is False else tree[2:]
    return either(on.of(side, frame) for side in sides)


def _number_of(on: Reckoning, tree: Tree, frame: str) -> Extent:
    return either(point(number(text)) for text in tree[2].values())


def _bands(on: Reckoning, tree: Tree, frame: str) -> Extent:
    places = reached([Band.read(band) for band in tree[2]], on.of(tree[1], frame))
    return either(on.of(tree[3][place], frame) for place in places)


def _aggregate(on: Reckoning, tree: Tree, frame: str) -> Extent:
    """Over rows of another frame, or over a group of people."""
    head, how, source, value, _ = tree
    inner = source if head == "agg" else frame if frame.startswith(PEOPLE) else PEOPLE
    if how == "count":
        return COUNT
    if how == "share":
        return Extent(ZERO, Fraction(1))
    if value is None:
        return ANY
    found = on.of(value, inner)
    if how == "sum":
        return found.summed()
    return found if how in ("min", "max") or found.never else Extent(found.low, found.high)


def _call(on: Reckoning, tree: Tree, frame: str) -> Extent:
    fold = _FUNCTIONS.get(tree[1])
    return ANY if fold is None else fold([on.of(part, frame) for part in tree[2:]])


def _least(parts: list[Extent]) -> Extent:
    found = parts[0]
    for part in parts[1:]:
        found = found.at_most(part)
    return found


def _most(parts: list[Extent]) -> Extent:
    found = parts[0]
    for part in parts[1:]:
        found = found.at_least(part)
    return found


def _added(parts: list[Extent]) -> Extent:
    found = point(ZERO)
    for part in parts:
        found = found + part
    return found


def _abs(parts: list[Extent]) -> Extent:
    (found,) = parts
    if found.never or (found.low is not None and found.low >= 0):
        return found
    most = None if found.low is None or found.high is None else max(abs(found.low), abs(found.high))
    return Extent(ZERO, most)


def _down(parts: list[Extent]) -> Extent:
    (found,) = parts
    low, high = (None if end is None else Fraction(end.numerator // end.denominator) for end in (found.low, found.high))
    return found if found.never else Extent(low, high, Fraction(1))


_FUNCTIONS: dict[str, Callable[[list[Extent]], Extent]] = {
    "min": _least,
    "max": _most,
    "sum": _added,
    "mean": lambda parts: _added(parts).times(Fraction(1, len(parts))),
    "mean_given": lambda parts: _mixed(parts, Fraction(1)),
    "first": either,
    "abs": _abs,
    "sign": lambda parts: Extent(Fraction(-1), Fraction(1), Fraction(1)),
    "rounded": lambda parts: parts[0].rounded(Fraction(1, 100), "half_up"),
    "floor_of": _down,
}
_OPERATIONS: dict[str, Callable[[Reckoning, Tree, str], Extent]] = {
    "num": lambda on, tree, frame: point(exact(tree[1])),
    "none": lambda on, tree, frame: NEVER,
    "fact": _fact,
    "config": _config,
    "node": lambda on, tree, frame: on.node(tree[1]),
    "at": lambda on, tree, frame: on.of(tree[2], tree[1]),
    "owed": lambda on, tree, frame: on.of(tree[1], frame),
    "latest": lambda on, tree, frame: on.of(tree[1], tree[3]),
    "previous": lambda on, tree, frame: on.of(tree[1], tree[3]),
    "run": lambda on, tree, frame: COUNT,
    "times": lambda on, tree, frame: COUNT,
    "+": lambda on, tree, frame: on.of(tree[1], frame) + on.of(tree[2], frame),
    "-": lambda on, tree, frame: on.of(tree[1], frame) + on.of(tree[2], frame).times(Fraction(-1)),
    "neg": lambda on, tree, frame: on.of(tree[1], frame).times(Fraction(-1)),
    "*": _times,
    "/": _over,
    "if": _if,
    "call": _call,
    "number_of": _number_of,
    "bands": _bands,
    "agg": _aggregate,
    "over": _aggregate,
}


# --- conditions -----------------------------------------------------------------------------------


def _all(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    return False if False in found else None if None in found else True


def _not(test: bool | None) -> bool | None:
    return None if test is None else not test


def _below(one: Extent, other: Extent, or_equal: bool) -> bool | None:
    """Whether every value of one is below every value of the other."""
    if one.never or other.never:
        return None
    if one.high is not None and other.low is not None and (one.high < other.low or (or_equal and one.high == other.low)):
        return True
    if one.low is not None and other.high is not None and (one.low > other.high or (not or_equal and one.low == other.high)):
        return False
    return None


def _equal(one: Extent, other: Extent) -> bool | None:
    if one.is_one and other.is_one:
        return one.low == other.low
    if one.never or other.never:
        return None
    for constant, varying in ((one, other), (other, one)):
        if constant.is_one and constant.low is not None and not varying.has(constant.low):
            return False
    return None if one.meets(other.low, other.high) else False


def _ordered(or_equal: bool, turned: bool) -> Callable[[Reckoning, Tree, str], bool | None]:
    def test(on: Reckoning, tree: Tree, frame: str) -> bool | None:
        one, other = on.of(tree[1], frame), on.of(tree[2], frame)
        return _below(other, one, or_equal) if turned else _below(one, other, or_equal)

    return test


def _is_word(on: Reckoning, tree: Tree, frame: str) -> bool | None:
    return None if tree[1] != ["node", "grade"] or tree[2] in on.grades() else False


def _among(on: Reckoning, tree: Tree, frame: str) -> bool | None:
    return None if tree[1] != ["node", "grade"] or set(tree[2]) & set(on.grades()) else False


def _of_node(on: Reckoning, tree: Tree, frame: str) -> bool | None:
    node = on.plan.nodes[tree[1]]
    return on.holds(node.inputs[0], node.frame) if node.rule == "formula@1" else None


_CONDITIONS: dict[str, Callable[[Reckoning, Tree, str], bool | None]] = {
    "yes": lambda on, tree, frame: True,
    "no": lambda on, tree, frame: False,
    "not": lambda on, tree, frame: _not(on.holds(tree[1], frame)),
    "and": lambda on, tree, frame: _all(on.holds(part, frame) for part in tree[1:]),
    "or": lambda on, tree, frame: _not(_all(_not(on.holds(part, frame)) for part in tree[1:])),
    "<": _ordered(or_equal=False, turned=False),
    "<=": _ordered(or_equal=True, turned=False),
    ">": _ordered(or_equal=False, turned=True),
    ">=": _ordered(or_equal=True, turned=True),
    "==": lambda on, tree, frame: _equal(on.of(tree[1], frame), on.of(tree[2], frame)),
    "is": _is_word,
    "among": _among,
    "node": _of_node,
    "at": lambda on, tree, frame: on.holds(tree[2], tree[1]),
}
