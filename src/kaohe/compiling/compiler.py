"""The compiler: each figure of a scheme becomes a node of the plan when somebody first asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from kaohe.compiling.checks import check_all, without_echoes
from kaohe.compiling.finished import Finished
from kaohe.compiling.formulas import PROBE, Resolver, Scope, kind_of
from kaohe.compiling.home import Scoped
from kaohe.compiling.outline import Fact, Outline, event_frame, window_frame
from kaohe.expressions import parse_formula
from kaohe.numbers import parse_number, write_number
from kaohe.plan import HISTORY, PEOPLE, Node, Plan, Tree, Typed, bound
from kaohe.problems import Place, Problem
from kaohe.rules import rules
from kaohe.rules.bands import Band, examine
from kaohe.rules.door import Draft, Rule
from kaohe.scheme import Action, Body, Declared, Figure, Item, Scheme, Warning
from kaohe.scheme_problems import (
    AcceptUnused,
    ChainTooLong,
    ChoiceUnknown,
    Circle,
    GradeUnreachable,
    GroupWrong,
    NothingFeeds,
    RuleUnknown,
    TiersGap,
    TiersOverlap,
    TierUnreachable,
    TwoRules,
    WeightsSum,
    did_you_mean,
)
from kaohe.texts import nearest

BODY_RULES = {
    "is_": "formula",
    "tiers": "tiers",
    "line": "line",
    "ratio": "ratio",
    "per_event": "per_event",
    "once": "per_event",
    "rating": "rating",
    "places": "places",
    "story": "story",
    "share": "share_out",
}
DEEPEST_CHAIN = 40
MOST_PROBLEMS = 300
PlaceOf = Callable[[tuple[object, ...]], Place]


@dataclass
class Compiler:
    """One compilation; problems are collected, never raised."""

    scheme: Scheme
    place_of: PlaceOf
    problems: list[Problem] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    frames: dict[str, str] = field(default_factory=dict)
    doing: list[str] = field(default_factory=list)
    lets: dict[str, tuple[Body, str]] = field(default_factory=dict)
    takers: dict[str, list[list[Any]]] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    levels: dict[str, int] = field(default_factory=dict)
    conditional: dict[str, tuple[Fact, str]] = field(default_factory=dict)

    outline: Outline = field(init=False)

    def __post_init__(self) -> None:
        self.outline = Outline(self.scheme)
        self.resolver = Resolver(self)
        for name, item in self.scheme.items.items():
            self.lets |= {f"{name}.{let}": (body, name) for let, body in item.let.items()}

    def tell(self, problem: Problem) -> None:
        """Keep a problem, once."""
        if not self.is_full and problem not in self.problems:
            self.problems.append(problem)

    @property
    def is_full(self) -> bool:
        """Whether more problems are known than anybody would read."""
        return len(self.problems) >= MOST_PROBLEMS

    def accepts(self, key: str) -> bool:
        """Whether the scheme insists on this oddity."""
        self.accepted.add(key)
        return key in self.scheme.accept

    # --- names --------------------------------------------------------------------------------

    def vocabulary(self, declared: Declared) -> tuple[str, ...] | None:
        """The words that a declared fact may hold; None where any will do."""
        if isinstance(declared.words, str):
            found = self.scheme.words.get(declared.words)
            return tuple(found.names) if found is not None else None
        return declared.words

    def known_names(self, frame: str) -> list[str]:
        """Every name that a formula may use there: for `did you mean`."""
        scheme = self.scheme
        own = list(self.outline.own_facts(frame)) + list(self.outline.own_facts(PEOPLE)) + list(self.outline.values(PEOPLE))
        wide = [*scheme.figures, *scheme.items, *scheme.events, *scheme.groups, *scheme.states, "total", "rank", "grade", "start", "end"]
        full = [f"config.{key}" for key in scheme.config] + [f"pay.{name}" for name in (scheme.pay.lines if scheme.pay is not None else ())]
        full += [f"grade.{name}" for name in (scheme.grades.columns if scheme.grades is not None else ())]
        full += [f"{kind}.{column}" for kind, event in scheme.events.items() for column in event.columns]
        return own + wide + full + list(scheme.values)

    def has_figure(self, full: str) -> bool:
        """Whether the plan can have a figure of this full name."""
        head, _, rest = full.partition(".")
        scheme = self.scheme
        homes: dict[str, object] = {"figure": scheme.figures, "item": scheme.items, "state": scheme.states}
        if rest and head in homes:
            return rest in homes[head]  # type: ignore[operator]
        if head == "pay":
            return bool(rest) and scheme.pay is not None and rest in scheme.pay.lines
        if head == "grade":
            return scheme.grades is not None and (not rest or rest in scheme.grades.columns)
        return {"total": scheme.total, "rank": scheme.rank, "of": scheme.rank}.get(full) is not None

    def frame_of(self, full: str) -> str:
        """Per what a figure exists."""
        head, _, rest = full.partition(".")
        if head == "figure":
            return self.frame_for(self.scheme.figures[rest].per)
        if head == "pay" and self.scheme.pay is not None:
            return self.frame_for(self.scheme.pay.lines[rest].per)
        if full in self.lets:
            body, owner = self.lets[full]
            return self.frame_for(body.per or self.scheme.items[owner].per)
        return PEOPLE

    def frame_for(self, per: str | None) -> str:
        """The frame that `per:` names."""
        if per is None or per == "period":
            return PEOPLE
        if per in self.scheme.units:
            return per
        if "/" in per:
            return per
        return window_frame(PEOPLE, per)

    # --- figures on demand --------------------------------------------------------------------

    def figure(self, full: str) -> Typed:
        """The figure as formulas refer to it; compiled when first asked for."""
        found = self._figure(full)
        if self.doing:
            self.levels[self.doing[-1]] = max(self.levels.get(self.doing[-1], 0), self.levels.get(full, 0) + 1)
        return found

    def _figure(self, full: str) -> Typed:
        if full in self.typed:
            return self.typed[full]
        if len(self.doing) > DEEPEST_CHAIN:
            self.tell(ChainTooLong(self._place_of_figure(self.doing[0]), [self.doing[0]], where=self.doing[0], most=DEEPEST_CHAIN))
            return PROBE
        if full in self.doing:
            names = [self._as_written(name) for name in self.doing[self.doing.index(full) :]]
            self.tell(Circle(self._place_of_figure(full), names, ring=" → ".join([*names, names[0]])))
            return PROBE
        self.doing.append(full)
        try:
            found = self._compile_figure(full)
        finally:
            self.doing.pop()
        if self.levels.get(full, 0) > DEEPEST_CHAIN:
            self.tell(ChainTooLong(self._place_of_figure(full), [full], where=full, most=DEEPEST_CHAIN))
            found = PROBE
            self.levels[full] = 0
            self.nodes.pop(full, None)
        self.typed[full] = found
        return found

    def _as_written(self, full: str) -> str:
        """The name of a figure as the scheme writes it; a value that is owed under a condition is still a value there."""
        return self.conditional[full][0].column if full in self.conditional else full

    def _place_of_figure(self, full: str) -> Place:
        head, _, rest = full.partition(".")
        if full in self.conditional:
            return self.place_of(("values", self.conditional[full][0].column.partition(".")[2]))
        paths = {"figure": ("figures", rest), "item": ("items", rest), "pay": ("pay", "lines", rest), "state": ("states", rest)}
        return self.place_of(paths.get(head, (full,)))

    def _compile_figure(self, full: str) -> Typed:
        head, _, rest = full.partition(".")
        place = self._place_of_figure(full)
        if full in self.lets:
            body, owner = self.lets[full]
            given = {"this": owner, **self.scheme.items[owner].given}
            return self.body(full, body, self.frame_of(full), self.place_of(("items", owner)), owner, given)
        if head == "figure":
            figure = self.scheme.figures[rest]
            return self.body(full, figure, self.frame_of(full), place, full, {**figure.given, "this": rest})
        if head == "needed":
            return self._needed_value(full, place)
        if head == "item":
            return self._item(rest, place)
        if head == "pay":
            return self._pay_line(rest, place)
        if head == "state":
            state = self.scheme.states[rest]
            found = self.resolver.resolve(state.when, Scope(PEOPLE, place, full), "truth")
            return self.add(full, PEOPLE, "formula@1", [found], kind="truth", clause=state.clause, name=state.name.write())
        return {"total": self._total, "grade": self._grade, "rank": self._rank, "of": self._of}[head](rest)

    def add(self, id: str, frame: str, rule: str, inputs: list[Typed], params: dict[str, Any] | None = None, **more: Any) -> Typed:
        """A node of the plan, and how formulas refer to it."""
        low, high = more.pop("low", None), more.pop("high", None)
        vocabulary = more.pop("vocabulary", None)
        words = None if vocabulary is None else list(vocabulary)
        trees = [part.tree for part in inputs]
        self.nodes[id] = Node(id, frame, rule, trees, params or {}, low=bound(low), high=bound(high), vocabulary=words, **more)
        return Typed(["node", id], self.nodes[id].kind, self.nodes[id].unit, low, high, vocabulary)

    # --- bodies -------------------------------------------------------------------------------

    def body(self, id: str, body: Body, frame: str, place: Place, owner: str, given: dict[str, str], owed: bool = False) -> Typed:
        """The nodes of a body: its rule, then what is added, bounded and rounded."""
        scope = Scope(frame, place, owner, {**given, **body.given})
        workshop = Workshop(self, scope, owner.partition(".")[2] or owner)
        rule = self._rule_of(body, place, owner)
        if rule is None:
            return PROBE
        adjusted = self._adjustments(body)
        base_id = f"{id}.base" if adjusted or body.then is not None else id
        texts = {"clause": body.clause, "name": "" if body.name is None else body.name.write()}
        draft = rule.build(workshop, body, frame, place)
        found = self._draft(base_id, frame, rule, draft, {"owed": owed} if base_id == id and owed else {}, body.unit, texts)
        if body.then is not None:
            scope = replace(scope, extra={"score": found})
            then = self.resolver.resolve(body.then, scope, "number")
            then_id = f"{id}.then" if adjusted else id
            found = self.add(then_id, frame, "formula@1", [then], {"owed": owed and not adjusted}, low=then.low, high=then.high, **texts)
        return self._adjust(id, body, found, scope, owed, texts) if adjusted else found

    def _draft(self, id: str, frame: str, rule: Rule, draft: Draft, more: dict[str, Any], unit: str | None, texts: dict[str, str]) -> Typed:
        return self.add(
            id,
            frame,
            rule.key,
            draft.inputs,
            {**draft.params, **more},
            kind=draft.kind if draft.kind != "unknown" else "number",
            unit=unit or draft.unit,
            low=draft.low,
            high=draft.high,
            vocabulary=draft.vocabulary,
            **texts,
        )

    def _rule_of(self, body: Body, place: Place, owner: str) -> Rule | None:
        written = list(dict.fromkeys(rule for key, rule in BODY_RULES.items() if getattr(body, key) is not None))
        if len(written) > 1:
            self.tell(TwoRules(place, [owner, *written], where=owner, rules=" + ".join(written)))
            return None
        if body.story is not None:
            return self._story(body.story.rule, place, owner)
        if not written and body.full is None:
            self.tell(NothingFeeds(place, [owner.rpartition(".")[2]], where=owner))
            return None
        return rules()[f"{written[0] if written else 'formula'}@1"]

    def _story(self, key: str, place: Place, owner: str) -> Rule | None:
        if key in rules():
            return rules()[key]
        guess = nearest(key, rules())
        self.tell(
            RuleUnknown(
                place,
                [key],
                where=owner,
                name=key,
                guess_zh=f"，是否为 {guess}？" if guess else "",
                guess_en=f"; did you mean {guess}?" if guess else "",
            )
        )
        return None

    @staticmethod
    def _adjustments(body: Body) -> bool:
        written = (body.floor, body.cap, body.round, body.if_absent)
        return (
            bool(body.plus) or any(part is not None for part in written) or (body.if_none or "missing") not in ("missing", "spread", "null")
        )

    def _adjust(self, id: str, body: Body, base: Typed, scope: Scope, owed: bool, texts: dict[str, str]) -> Typed:
        parts: dict[str, Typed] = {"base": base}
        for place, plus in enumerate(body.plus):
            parts[f"plus{place}"] = self._plus(f"{id}.plus{place}", plus, scope)
        parts |= {
            side: self.resolver.resolve(text, scope, "number")
            for side, text in (("floor", body.floor), ("cap", body.cap), ("if_absent", body.if_absent))
            if text is not None and text != "none"
        }
        params: dict[str, Any] = {"roles": list(parts), "owed": owed}
        if body.round is not None:
            params["round"] = {"to": write_number(body.round.to), "half": body.round.half}
        drops = _drops_if(body.if_none)
        if drops is not None:
            parts["drops_if"] = self.resolver.resolve(drops, scope, "truth")
            params |= {"roles": list(parts), "owed": False}
        low, high = _adjusted_bounds(parts)
        return self.add(id, scope.frame, "adjust@1", list(parts.values()), params, unit=base.unit, low=low, high=high, **texts)

    def _plus(self, id: str, plus: str | Body, scope: Scope) -> Typed:
        if isinstance(plus, Body):
            return self.body(id, plus, scope.frame, scope.place, scope.owner, scope.given)
        return self.resolver.resolve(plus, scope, "number")

    # --- facts --------------------------------------------------------------------------------

    def needed_value(self, fact: Fact, base: str) -> Typed:
        """A value that is owed only under a condition, as a figure of its own."""
        id = f"needed.{base}.{fact.column}"
        self.conditional[id] = (fact, base)
        return self.figure(id)

    def _needed_value(self, id: str, place: Place) -> Typed:
        """The condition looks at the other values as they were written: two values may each be owed because of the other."""
        fact, base = self.conditional[id]
        plain = self.resolver.fact(fact)
        needed = self.resolver.resolve(fact.declared.needed, Scope(base, place, fact.column, plain=True), "truth")
        inputs = [Typed(["owed", plain.tree, needed.tree])]
        return self.add(id, base, "formula@1", inputs, low=plain.low, high=plain.high, unit=plain.unit, name=_name(fact.declared))

    def past_figure(self, name: str, scope: Scoped) -> Typed | None:
        """A figure of each earlier period: written once `per: period`, or the period's grade."""
        if name == "grade" and self.scheme.grades is not None and scope.frame == HISTORY:
            return self._past_grade()
        figure = self.scheme.figures.get(name)
        if figure is None or figure.per != "period":
            return None
        id = f"past.{name}"
        if id not in self.typed:
            text = figure.past if figure.past is not None else figure.is_
            found = self.resolver.resolve(text, Scope(HISTORY, scope.place, f"figure.{name}", dict(figure.given)))
            self.typed[id] = self.add(id, HISTORY, "formula@1", [found], kind=found.kind, vocabulary=found.vocabulary)
        return self.typed[id]

    def _past_grade(self) -> Typed:
        grades = self.scheme.grades
        assert grades is not None
        vocabulary = tuple(grades.rows)
        if "past.grade" not in self.typed:
            bands = [Band.of(row).write() for row in grades.rows.values()]
            found = self.add("past.grade", HISTORY, "past_grade@1", [], {"bands": bands}, kind="words", vocabulary=vocabulary)
            self.typed["past.grade"] = found
        return self.typed["past.grade"]

    # --- items, forms, total ------------------------------------------------------------------

    def _item(self, name: str, place: Place) -> Typed:
        """An item: its own reading on each form that has one, picked by form."""
        item = self.scheme.items[name]
        own = {form: entry.items[name].own for form, entry in self.scheme.forms.items() if name in entry.items}
        readings: dict[str, list[str]] = {}
        bodies: dict[str, Item] = {}
        for form, body in own.items():
            key = "" if body is None else body.model_dump_json()
            readings.setdefault(key, []).append(form)
            bodies[key] = item if body is None else body
        if len(readings) <= 1:
            return self._item_body(f"item.{name}", name, next(iter(bodies.values()), item), place)
        found = [
            self._item_body(f"item.{name}@{'+'.join(forms)}", name, bodies[key], self.place_of(("forms", forms[0], "items", name)))
            for key, forms in readings.items()
        ]
        lows, highs = [part.low for part in found], [part.high for part in found]
        low = None if None in lows else min(low for low in lows if low is not None)
        high = None if None in highs else max(high for high in highs if high is not None)
        params = {"forms": list(readings.values()), "owed": True}
        return self.add(f"item.{name}", PEOPLE, "pick@1", found, params, low=low, high=high, clause=item.clause, name=_name(item))

    def _item_body(self, id: str, name: str, item: Item, place: Place) -> Typed:
        given = {"this": name, **item.given}
        owed = (item.if_none or "missing") not in ("spread", "null") and item.in_use is None and not item.may_not_apply
        frame = self.frame_for(item.per)
        inner = id if frame == PEOPLE and item.in_use is None else f"{id}.each"
        found = self.body(inner, item, frame, place, f"item.{name}", given, owed and inner == id)
        if frame != PEOPLE:
            gathered = id if item.in_use is None else f"{id}.sum"
            texts = {"clause": item.clause, "name": _name(item)}
            found = self.add(gathered, PEOPLE, "gather@1", [found], {"from": frame, "owed": owed}, unit="points", **texts)
        if item.in_use is not None:
            condition = self.resolver.resolve(item.in_use, Scope(PEOPLE, place, f"item.{name}", given), "truth")
            chosen = Typed(["if", condition.tree, found.tree, ["none"]], "number", "", found.low, found.high)
            found = self.add(id, PEOPLE, "formula@1", [chosen], {"owed": owed}, clause=item.clause, name=_name(item))
        return found

    def form_items(self) -> dict[str, list[str]]:
        """The items of each form; one nameless form with all items where the scheme has none."""
        if not self.scheme.forms:
            return {"": list(self.scheme.items)}
        return {form: [item for item in self.scheme.items if item in entry.items] for form, entry in self.scheme.forms.items()}

    def form(self) -> None:
        """The node that says which form each person has."""
        if not self.scheme.forms or "form" in self.nodes:
            return
        conditions = []
        for form, entry in self.scheme.forms.items():
            place = self.place_of(("forms", form))
            text = entry.for_ if entry.for_ is not None else f"role == '{form}'"
            conditions.append(self.resolver.resolve(text, Scope(PEOPLE, place, f"form.{form}"), "truth"))
        self.add("form", PEOPLE, "cases@1", conditions, kind="words", vocabulary=tuple(self.scheme.forms))

    def _total(self, _: str) -> Typed:
        total = self.scheme.total
        assert total is not None
        self.form()
        place = self.place_of(("total",))
        texts = {"clause": total.clause, "name": "总分 | Total"}
        found = self._total_of_items(place) if total.is_ in MODES else self._total_formula(place)
        scope = Scope(PEOPLE, place, "total", extra={"score": found})
        if total.then is not None:
            then = self.resolver.resolve(total.then, scope, "number")
            found = self.add("total.then", PEOPLE, "formula@1", [then], None, low=then.low, high=then.high, **texts)
        held = Body(floor=_text(total.floor), cap=_text(total.cap), round=total.round, clause=total.clause)
        if self._adjustments(held):
            found = self._adjust("total.held", held, found, scope, False, texts)
        params = {"assessed": True, "owed": total.is_ not in MODES}
        return self.add(
            "total", PEOPLE, "masked@1", [found, *self._owed_values()], params, low=found.low, high=found.high, unit="points", **texts
        )

    def _owed_values(self) -> list[Typed]:
        """Where there are no items, the values that everybody owes: a total waits for each of them."""
        if self.scheme.items:
            return []
        facts = self.outline.values(PEOPLE).values()
        owed = [fact for fact in facts if not fact.declared.optional and fact.declared.default is None]
        return [self.resolver.fact(fact) for fact in owed if fact.declared.needed is None and fact.declared.for_roles is None]

    def _total_formula(self, place: Place) -> Typed:
        assert self.scheme.total is not None
        written = self.scheme.total.is_
        if nearest(written, MODES) and isinstance(parse_formula(written, place), Problem):
            more = {"found": written, "known": ", ".join(MODES), **did_you_mean(written, MODES)}
            self.tell(ChoiceUnknown(place, [written, "total"], where="total.is", **more))
            return self.add("total.raw", PEOPLE, "formula@1", [PROBE])
        found = self.resolver.resolve(written, Scope(PEOPLE, place, "total"), "number")
        return self.add("total.raw", PEOPLE, "formula@1", [found], low=found.low, high=found.high, clause=self.scheme.total.clause)

    def _total_of_items(self, place: Place) -> Typed:
        total = self.scheme.total
        assert total is not None
        forms = self.form_items()
        items = [name for name, item in self.scheme.items.items() if item.in_total]
        inputs = [self.figure(f"item.{name}") for name in items]
        weights = {form: self._weights(form, [item for item in members if item in items]) for form, members in forms.items()}
        chosen = total.weights.partition(".")[2] if total.weights.startswith("config.") else ""
        spread = [name for name in items if "spread" in (self.scheme.items[name].if_none or "")]
        params: dict[str, Any] = {
            "mode": total.is_,
            "items": items,
            "on_form": forms,
            "weights": {form: {item: write_number(weight) for item, weight in own.items()} for form, own in weights.items()},
            "config": chosen,
            "full": self._full_weight(chosen),
            "spread": spread,
            "sections": {name: [item for item in section.items if item in items] for name, section in self.scheme.sections.items()},
            "scaled": {form: entry.scaled for form, entry in self.scheme.forms.items() if entry.scaled is not None},
        }
        params["scaled"] = {form: params["scaled"].get(form, "1") for form in forms} if params["scaled"] else {}
        low, high = self._total_bounds(weights, dict(zip(items, inputs, strict=True)), params)
        return self.add("total.raw", PEOPLE, "weighted@1", inputs, params, low=low, high=high, clause=total.clause, name="总分 | Total")

    def _full_weight(self, chosen: str) -> str:
        entry = self.scheme.config.get(chosen)
        return "1" if entry is None or entry.sum is None else write_number(entry.sum)

    def _weights(self, form: str, items: list[str]) -> dict[str, Fraction]:
        """The weight of each item of a form: as printed, each 1, each the same share, or scaled."""
        total = self.scheme.total
        assert total is not None
        if total.is_ == "sum" or not items:
            return {item: Fraction(1) for item in items}
        if total.is_ == "mean":
            return {item: Fraction(1, len(items)) for item in items}
        if total.weights.startswith("config."):
            return {item: Fraction(0) for item in items}
        return self._printed_weights(form, {item: self._printed_weight(form, item) for item in items})

    def _printed_weight(self, form: str, item: str) -> Fraction:
        entry = self.scheme.forms[form].items[item] if form else None
        if entry is not None and entry.weight is not None:
            return entry.weight
        written = parse_number(self.scheme.items[item].weight or "0")
        return Fraction(0) if isinstance(written, Problem) else written

    def _printed_weights(self, form: str, weights: dict[str, Fraction]) -> dict[str, Fraction]:
        total = sum(weights.values(), Fraction(0))
        full = Fraction(100) if total > 2 else Fraction(1)
        assert self.scheme.total is not None
        key = f"weights_{write_number(total / full * 100).replace('.', '_')}"
        if self.scheme.total.weights == "scaled" and total:
            self.accepts(key)  # a scheme may say why its weights had to be scaled
            return {item: weight / total for item, weight in weights.items()}
        if total != full and not self.accepts(key):
            place = self.place_of(("forms", form) if form else ("total",))
            found = {"form": form or "items", "found": f"{write_number(total / full * 100)}%", "wanted": "100%"}
            self.tell(WeightsSum(place, [form, "weights"], key=key, **found))
        return {item: weight / full for item, weight in weights.items()}

    def _total_bounds(
        self, weights: dict[str, dict[str, Fraction]], items: dict[str, Typed], params: dict[str, Any]
    ) -> tuple[Fraction | None, Fraction | None]:
        """From the least to the most that any form can reach."""
        if params["config"]:
            return None, None
        ends: list[list[Fraction | None]] = [[], []]
        for form, own in weights.items():
            scale = Fraction(params["scaled"].get(form, "1")) if params["scaled"] else Fraction(1)
            for side, end in zip(ends, ("low", "high"), strict=True):
                parts = [getattr(items[item], end) for item in own]
                known = None if None in parts else sum((part * w for part, w in zip(parts, own.values(), strict=True)), Fraction(0))
                side.append(None if known is None else known * scale)
        low = None if None in ends[0] or not ends[0] else min(end for end in ends[0] if end is not None)
        high = None if None in ends[1] or not ends[1] else max(end for end in ends[1] if end is not None)
        return low, high

    # --- grades, ranks, pay -------------------------------------------------------------------

    def _grade(self, column: str) -> Typed:
        grades = self.scheme.grades
        assert grades is not None
        if column:
            return self._grade_column(column)
        place = self.place_of(("grades",))
        names = tuple(grades.rows)
        texts = {"clause": grades.clause, "name": "等级 | Grade"}
        if any(row.when is not None for row in grades.rows.values()):
            conditions = [
                self.resolver.resolve("yes" if row.else_ else row.when, Scope(PEOPLE, place, f"grade.{name}"), "truth")
                for name, row in grades.rows.items()
            ]
            return self.add("grade", PEOPLE, "cases@1", conditions, {"assessed": True}, kind="words", vocabulary=names, **texts)
        figure = self.resolver.resolve(grades.by, Scope(PEOPLE, place, "grades"), "number")
        bands = [Band.of(row) for row in grades.rows.values()]
        self._check_grades(names, bands, figure, place)
        params = {"bands": [band.write() for band in bands]}
        return self.add("grade", PEOPLE, "grades@1", [figure], params, kind="words", vocabulary=names, **texts)

    def _check_grades(self, names: tuple[str, ...], bands: list[Band], figure: Typed, place: Place) -> None:
        found = examine(bands, figure.low, figure.high)
        if found.gap:
            self.tell(
                TiersGap(
                    place,
                    ["grades"],
                    where="grades",
                    gap=found.gap.replace("…", "total" if self.scheme.grades is None else self.scheme.grades.by),
                )
            )
        if found.overlap is not None:
            one, other, value = found.overlap
            self.tell(TiersOverlap(place, ["grades"], where="grades", one=names[one], other=names[other], value=write_number(value)))
        for grade in found.unreachable:
            self._unreachable_grade(names[grade], bands, figure, place)

    def _unreachable_grade(self, name: str, bands: list[Band], figure: Typed, place: Place) -> None:
        here = self.place_of(("grades", "rows", name))
        reachable = examine(bands, None, None).unreachable
        if list(self.scheme.grades.rows).index(name) in reachable:  # type: ignore[union-attr]
            self.tell(TierUnreachable(here, [name], where="grades", tier=name))
        elif not self.accepts(f"grade_{name}"):
            low, high = ("?" if end is None else write_number(end) for end in (figure.low, figure.high))
            self.tell(GradeUnreachable(here, [name], grade=name, by="total", low=low, high=high))

    def _grade_column(self, column: str) -> Typed:
        grades = self.scheme.grades
        assert grades is not None
        declared = grades.columns[column]
        table = {name: _cell(row.model_extra or {}, column) for name, row in grades.rows.items()}
        grade = self.figure("grade")
        texts = {"name": _name(declared), "clause": grades.clause}
        if declared.kind in ("text", "words"):
            words = tuple(dict.fromkeys(word for word in table.values() if word is not None))
            return self.add(f"grade.{column}", PEOPLE, "lookup@1", [grade], {"table": table}, kind="words", vocabulary=words, **texts)
        numbers = {name: None if word is None else self._cell_number(word, name) for name, word in table.items()}
        known = [Fraction(number) for number in numbers.values() if number is not None]
        ends = {"low": min(known, default=None), "high": max(known, default=None)}
        return self.add(f"grade.{column}", PEOPLE, "lookup@1", [grade], {"table": numbers}, unit=declared.kind, **ends, **texts)

    def _cell_number(self, word: str, grade: str) -> str:
        found = self.resolver.resolve(word, Scope(PEOPLE, self.place_of(("grades", "rows", grade)), f"grade.{grade}"), "number")
        return "0" if found.low is None else str(found.low)

    def _rank(self, _: str) -> Typed:
        rank = self.scheme.rank
        assert rank is not None
        place = self.place_of(("rank",))
        figure = self.resolver.resolve(rank.by, Scope(PEOPLE, place, "rank"), "number")
        params = {"among": rank.among or "", "better": rank.better}
        return self.add("rank", PEOPLE, "rank@1", [figure], params, clause=rank.clause, name="名次 | Rank", low=Fraction(1))

    def _of(self, _: str) -> Typed:
        assert self.scheme.rank is not None
        params = {"among": self.scheme.rank.among or ""}
        return self.add("of", PEOPLE, "ranked@1", [self.figure("rank")], params, name="参加排名人数 | Ranked", low=Fraction(0))

    def _pay_line(self, name: str, place: Place) -> Typed:
        assert self.scheme.pay is not None
        line = self.scheme.pay.lines[name]
        frame = self.frame_for(line.per)
        full = f"pay.{name}"
        inner = full if line.complete is None else f"{full}.whole"
        found = self.body(inner, line, frame, place, full, {**line.given})
        if line.complete is None:
            return found
        texts = {"clause": line.clause, "name": _name(line)}
        return self.add(full, frame, "masked@1", [found], {"complete": line.complete}, unit="yuan", low=found.low, high=found.high, **texts)

    # --- everything ---------------------------------------------------------------------------

    def everything(self) -> Plan:
        """Compile all that the scheme says, then look at it as a whole."""
        self.form()
        for full in self.wanted():
            self.figure(full)
        self._conditions("action", self.scheme.actions)
        self._conditions("warning", self.scheme.warnings)
        groups = {name: self._group(name) for name in self.scheme.groups} | {"": _everybody()}
        self._rank_the_complete(groups)
        musts = self._musts()
        if self.scheme.as_of != "end":
            self.resolver.resolve(self.scheme.as_of, Scope(PEOPLE, self.place_of(("as_of",)), "as_of"), "date")
        outputs, feeds = self._outputs(), self._feeds()
        self._owe_words(feeds)
        self._check_whole()
        return Plan(self.scheme, self._in_order(), groups, self._forms(), musts, feeds, outputs)

    def _owe_words(self, feeds: dict[str, list[str]]) -> None:
        """An item waits for every word that it looks at and that everybody owes: a column of words has no mark of its own for that."""
        for fact in self.outline.values(PEOPLE).values():
            declared = fact.declared
            free = declared.optional or declared.default is not None or declared.needed is not None
            if kind_of(declared) == "words" and not free:
                for item in feeds.get(fact.column, []):
                    self.nodes[f"item.{item}"].params.setdefault("owes", []).append(fact.column)

    def _rank_the_complete(self, groups: dict[str, Any]) -> None:
        """Leave whoever is incomplete out of the ranks, unless what makes complete looks at the ranks itself."""
        decisive = [id for id in self.nodes if id == "total" or id.startswith(("item.", "state."))]
        behind: set[str] = set()
        waiting = [*decisive, *_needs([[group["key"], group["where"]] for group in groups.values()])]
        while waiting:
            id = waiting.pop()
            if id not in behind and id in self.nodes:
                behind.add(id)
                waiting += _needs(self.nodes[id].inputs)
        if "rank" in self.nodes and not behind & {"rank", "of"}:
            self.nodes["rank"].params["complete"] = True

    def wanted(self) -> list[str]:
        """Every figure that the scheme names."""
        scheme = self.scheme
        found = [f"item.{name}" for name in scheme.items] + [f"figure.{name}" for name in scheme.figures]
        found += [f"state.{name}" for name in scheme.states]
        found += ["total"] if scheme.total is not None else []
        if scheme.grades is not None:
            found += ["grade", *(f"grade.{column}" for column in scheme.grades.columns)]
        found += ["rank", "of"] if scheme.rank is not None else []
        return found + ([] if scheme.pay is None else [f"pay.{name}" for name in scheme.pay.lines])

    def _conditions(self, kind: str, entries: dict[str, Action] | dict[str, Warning]) -> None:
        for name, entry in entries.items():
            place = self.place_of((f"{kind}s", name))
            found = self.resolver.resolve(entry.when, Scope(PEOPLE, place, f"{kind}.{name}"), "truth")
            self.add(f"{kind}.{name}", PEOPLE, "formula@1", [found], kind="truth", clause=entry.clause, name=entry.name.write())

    def _group(self, name: str) -> dict[str, Any]:
        group = self.scheme.groups[name]
        place = self.place_of(("groups", name))
        scope = Scope(PEOPLE, place, f"group.{name}")
        if group.others_of is None and group.all_of is None and not group.all:
            self.tell(GroupWrong(place, [name], where=f"groups.{name}"))
        by = group.others_of if group.others_of is not None else group.all_of
        key = None if by is None else self.resolver.resolve(by, scope, "words").tree
        where = None if group.where is None else self.resolver.resolve(group.where, scope, "truth").tree
        return {"key": key, "others": group.others_of is not None, "where": where, "blank": group.blank}

    def _musts(self) -> list[dict[str, Any]]:
        """Conditions on the facts themselves, whether or not these are needed this time."""
        found = [self._must(PEOPLE, name, must.is_, must, ("must", name)) for name, must in self.scheme.must.items()]
        for kind, event in self.scheme.events.items():
            for name, must in event.must.items():
                found.append({**self._must(event_frame(kind), name, must.is_, must, ("events", kind)), "event": kind})
        return found

    def _must(self, frame: str, name: str, text: str, must: Any, path: tuple[str, ...]) -> dict[str, Any]:
        tree = self.resolver.resolve(text, Scope(frame, self.place_of(path), f"must.{name}", plain=True), "truth").tree
        return {"frame": frame, "tree": tree, "reason": must.reason, "about": [*must.about, name], "text": text}

    def _check_whole(self) -> None:
        for problem in check_all(Finished(self.scheme, self.nodes, self.place_of)):
            self.tell(problem)
        for key in self.scheme.accept:
            if key not in self.accepted and not key.startswith("note_"):
                self.tell(AcceptUnused(self.place_of(("accept", key)), [key], key=key))

    def _forms(self) -> dict[str, dict[str, Any]]:
        return {form: {"items": items} for form, items in self.form_items().items()}

    def _outputs(self) -> dict[str, Any]:
        scheme = self.scheme
        metrics = [[name, f"figure.{name}", self.frame_of(f"figure.{name}")] for name, figure in scheme.figures.items() if figure.show]
        columns = {} if scheme.grades is None else scheme.grades.columns
        metrics += [[name, f"grade.{name}", PEOPLE] for name, column in columns.items() if column.show]
        lines = {} if scheme.pay is None else scheme.pay.lines
        pay = [[name, f"pay.{name}", self.frame_of(f"pay.{name}")] for name in lines]
        return {
            "metrics": metrics,
            "pay": pay,
            "takers": self.takers,
            "needed": self._needed_columns(),
            "rules": {key: rule.about for key, rule in rules().items()},
        }

    def _needed_columns(self) -> dict[str, dict[str, Tree]]:
        """The conditions under which columns of event rows are needed."""
        found: dict[str, dict[str, Tree]] = {}
        for kind, event in self.scheme.events.items():
            scope = Scope(event_frame(kind), self.place_of(("events", kind)), f"events.{kind}")
            for name, declared in event.columns.items():
                if declared.needed is not None:
                    found.setdefault(kind, {})[name] = self.resolver.resolve(declared.needed, scope, "truth").tree
        return found

    def _in_order(self) -> dict[str, Node]:
        """Nodes with what they need before them."""
        ordered: dict[str, Node] = {}

        def place(id: str) -> None:
            if id in ordered or id not in self.nodes:
                return
            for needed in _needs(self.nodes[id].inputs):
                place(needed)
            ordered[id] = self.nodes[id]

        for id in self.nodes:
            place(id)
        return ordered

    def _feeds(self) -> dict[str, list[str]]:
        """For each declared fact the items that it feeds, and the further names that its problems bear."""
        groups = {name: self._group(name) for name in self.scheme.groups}
        found: dict[str, list[str]] = {}
        for item in self.scheme.items:
            for fact in _facts_behind(f"item.{item}", self.nodes, groups):
                found.setdefault(fact, []).append(item)
        for name, declared in ((name, declared) for name, declared in self.scheme.values.items() if declared.about):
            fed = found.setdefault(f"value.{name}" if declared.of is None else f"{declared.of}.value.{name.rpartition('.')[2]}", [])
            fed += [item for item in declared.about if item not in fed]
        return found


MODES = ("sum", "weighted sum", "mean")


@dataclass
class Workshop:
    """What a rule may ask while one body is compiled: formulas seen from that body's place."""

    compiler: Compiler
    scope: Scope
    item: str

    @property
    def scheme(self) -> Scheme:
        """The scheme that is compiled."""
        return self.compiler.scheme

    def formula(self, text: object, frame: str, place: Place, wanted: str = "") -> Typed:
        """The resolved formula; a formula that is resolved already is itself."""
        if isinstance(text, Typed):
            return text
        return self.compiler.resolver.resolve(text, self.scope.on(frame), wanted)

    def rows(self, source: str, frame: str, value: object, where: object, how: str, place: Place) -> Typed:
        """An aggregate over the rows of one event type."""
        if not self.compiler.resolver.event(source, self.scope):
            return PROBE
        rows = event_frame(source)
        condition = None if where is None else self.formula(where, rows, place, "truth").tree
        self.compiler.takers.setdefault(source, []).append([self.item, condition])
        if how == "once":
            points = self.formula("0" if value is None else value, frame, place, "number")
            ends = sorted([Fraction(0), points.low or Fraction(0)])
            return Typed(["if", ["agg", "any", rows, None, condition], points.tree, ["num", "0"]], "number", "", ends[0], ends[1])
        points = self.formula("0" if value is None else value, rows, place, "number")
        low = Fraction(0) if points.low is not None and points.low >= 0 else None
        high = Fraction(0) if points.high is not None and points.high <= 0 else None
        return Typed(["agg", "sum", rows, points.tree, condition], "number", points.unit, low, high)

    def tell(self, problem: Problem) -> None:
        """Keep a problem."""
        self.compiler.tell(problem)


_DROPS = re.compile(r"(spread|null|missing) if (.+) else (spread|null|missing)")


def _drops_if(if_none: str | None) -> str | None:
    """The condition under which an item without data drops out; otherwise it is owed."""
    match = _DROPS.fullmatch(if_none or "")
    if match is None:
        return None
    return match[2] if match[1] != "missing" else f"not ({match[2]})"


def _adjusted_bounds(parts: dict[str, Typed]) -> tuple[Fraction | None, Fraction | None]:
    added = [part for role, part in parts.items() if role[:4] in ("base", "plus")]
    lows, highs = [part.low for part in added], [part.high for part in added]
    low = None if None in lows else sum((low for low in lows if low is not None), Fraction(0))
    high = None if None in highs else sum((high for high in highs if high is not None), Fraction(0))
    floor, cap = parts.get("floor"), parts.get("cap")
    if floor is not None and floor.low is not None:
        low, high = floor.low if low is None else max(low, floor.low), None if high is None else max(high, floor.low)
    if cap is not None and cap.high is not None:
        high, low = cap.high if high is None else min(high, cap.high), None if low is None else min(low, cap.high)
    return low, high


def _everybody() -> dict[str, Any]:
    return {"key": None, "others": False, "where": None, "blank": "nobody"}


def _name(named: Declared | Body | Figure) -> str:
    return "" if named.name is None else named.name.write()


def _text(number: Fraction | None) -> str | None:
    return None if number is None else write_number(number)


def _cell(cells: dict[str, Any], column: str) -> str | None:
    value = cells.get(column)
    return None if value is None else str(value)


def _needs(tree: object) -> list[str]:
    if not isinstance(tree, list):
        return []
    own = [tree[1]] if len(tree) == 2 and tree[0] == "node" else []
    return own + [id for part in tree for id in _needs(part)]


def _facts_behind(id: str, nodes: dict[str, Node], groups: dict[str, dict[str, Any]]) -> list[str]:
    """The declared facts that a figure rests on, by kind: `value.x`, `event.x`, `rating.x`."""
    found: dict[str, None] = {}
    seen: set[str] = set()

    def visit_node(id: str) -> None:
        if id in seen or id not in nodes:
            return
        seen.add(id)
        node = nodes[id]
        if node.rule.startswith("rating@"):
            found[f"rating.{node.params['item']}"] = None
        for key in ("first", "then"):
            if key in node.params:
                found[f"event.{node.params[key]}"] = None
        for tree in node.inputs:
            visit(tree, node.frame)

    def visit(tree: Tree, frame: str) -> None:
        if not isinstance(tree, list) or not tree:
            return
        head = tree[0]
        if head == "node" and len(tree) == 2:
            visit_node(tree[1])
        elif head == "fact" and len(tree) == 2:
            found[_fact_key(frame, tree[1])] = None
        elif head == "at":
            visit(tree[2], tree[1])
        elif head == "agg":
            found[tree[2]] = None
            for part in tree[3:]:
                visit(part, tree[2])
        else:
            for part in tree[1:]:
                visit(part, frame)

    visit_node(id)
    return list(found)


def _fact_key(frame: str, column: str) -> str:
    if "/" in frame:
        return f"event.{column.partition('.')[0]}"
    if frame.startswith(("event.", "rating.", HISTORY)):
        return frame
    return column if frame == PEOPLE else f"{frame}.{column}"


def compile_scheme(scheme: Scheme, place_of: PlaceOf = lambda path: Place()) -> tuple[Plan | None, list[Problem]]:
    """The plan of a scheme, or every problem that keeps it from being one."""
    compiler = Compiler(scheme, place_of)
    plan = compiler.everything()
    return (None if compiler.problems else plan), without_echoes(compiler.problems)
