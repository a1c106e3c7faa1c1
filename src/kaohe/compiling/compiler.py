"""The compiler: each figure of a scheme becomes a node of the plan when somebody first asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from kaohe.compiling.building import name_of
from kaohe.compiling.checks import check_all, without_echoes
from kaohe.compiling.finished import Finished
from kaohe.compiling.formulas import PROBE, Resolver, Scope, kind_of
from kaohe.compiling.home import Scoped
from kaohe.compiling.outcomes import grade, pay_line, rank, ranked
from kaohe.compiling.outline import Fact, Outline, event_frame, window_frame
from kaohe.compiling.shares import can_be_held, condition, is_some_of
from kaohe.compiling.totals import form, form_items, total
from kaohe.compiling.whole import feeds, in_order, needs
from kaohe.compiling.workshop import Workshop
from kaohe.numbers import round_number, write_number
from kaohe.plan import HISTORY, PEOPLE, Bounds, Node, Plan, Tree, Typed, bound, summed, widest
from kaohe.problems import Place, Problem
from kaohe.rules import rules
from kaohe.rules.bands import Band
from kaohe.rules.door import Draft, Rule
from kaohe.scheme import Action, Body, Declared, Item, Rounding, Scheme, Warning
from kaohe.scheme_problems import (
    AcceptUnused,
    ChainTooLong,
    Circle,
    GroupWrong,
    NothingFeeds,
    RuleUnknown,
    TwoRules,
    did_you_mean,
)
from kaohe.texts import Text

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
OTHERS_KEY = re.compile(r"note_.*|L\d{3}(_.*)?")  # accepts that are a remark, or that linting looks after
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
    shares: list[dict[str, Any]] = field(default_factory=list)

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

    def resolve(self, text: object, scope: Scope, wanted: str = "") -> Typed:
        """A formula resolved."""
        return self.resolver.resolve(text, scope, wanted)

    def knows_event(self, name: str, scope: Scope) -> bool:
        """Whether the scheme has this event type; a problem if not."""
        return self.resolver.event(name, scope)

    def fact(self, fact: Fact) -> Typed:
        """A declared fact of the frame at hand."""
        return self.resolver.fact(fact)

    def keeps_within(self, part: str, whole: str, scope: Scope, name: Text | None) -> bool:
        """Whether a part can never be more than its whole; facts are held to that where the two are values."""
        written = replace(scope, plain=True)
        parts = self.resolver.resolve(part, written, "number"), self.resolver.resolve(whole, written, "number")
        if is_some_of(*parts):
            return True
        if scope.frame != PEOPLE or not can_be_held(*parts):
            return False
        self.shares.append(condition(*parts, f"{part} <= {whole}", scope.owner.partition(".")[2], name))
        return True

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
            return self._place_of_value(*self.conditional[full])
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
            return pay_line(self, rest, place)
        if head == "state":
            state = self.scheme.states[rest]
            found = self.resolver.resolve(state.when, Scope(PEOPLE, place, full), "truth")
            return self.add(full, PEOPLE, "formula@1", [found], kind="truth", clause=state.clause, name=state.name.write())
        if head == "grade":
            return grade(self, rest)
        return {"total": total, "rank": rank, "of": ranked}[head](self)

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
        adjusted = self.adjusts(body)
        base_id = f"{id}.base" if adjusted or body.then is not None else id
        texts = {"clause": body.clause, "name": "" if body.name is None else body.name.write()}
        draft = rule.build(workshop, body, frame, place)
        found = self._draft(base_id, frame, rule, draft, {"owed": owed} if base_id == id and owed else {}, body.unit, texts)
        if body.then is not None:
            scope = replace(scope, extra={"score": found})
            then = self.resolver.resolve(body.then, scope, "number")
            then_id = f"{id}.then" if adjusted else id
            found = self.add(then_id, frame, "formula@1", [then], {"owed": owed and not adjusted}, low=then.low, high=then.high, **texts)
        return self.adjust(id, body, found, scope, owed, texts) if adjusted else found

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
        self.tell(RuleUnknown(place, [key], where=owner, name=key, **did_you_mean(key, rules())))
        return None

    def adjusts(self, body: Body) -> bool:
        """Whether a body says anything after its rule."""
        written = (body.floor, body.cap, body.round, body.if_absent)
        return (
            bool(body.plus) or any(part is not None for part in written) or (body.if_none or "missing") not in ("missing", "spread", "null")
        )

    def adjust(self, id: str, body: Body, base: Typed, scope: Scope, owed: bool, texts: dict[str, str]) -> Typed:
        """The node of what is added, bounded and rounded after a rule."""
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
            params["round"] |= {"only": "endless"} if body.round.only == "endless" else {}
        drops = _drops_if(body.if_none)
        if drops is not None:
            parts["drops_if"] = self.resolver.resolve(drops, scope, "truth")
            params |= {"roles": list(parts), "owed": False}
        low, high = _adjusted_bounds(parts, body.round)
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
        needed = self._condition_of(fact, base, place)
        inputs = [Typed(["owed", plain.tree, needed.tree])]
        return self.add(id, base, "formula@1", inputs, low=plain.low, high=plain.high, unit=plain.unit, name=name_of(fact.declared))

    def _needed_values(self) -> None:
        """The condition under which a value is owed has to make sense, also where no figure looks at that value."""
        for base in self.outline.subject_frames:
            for fact in self.outline.values(base).values():
                if fact.declared.needed is not None:
                    self._condition_of(fact, base, self._place_of_value(fact, base))

    def _place_of_value(self, fact: Fact, base: str) -> Place:
        name = fact.column.partition(".")[2]
        return self.place_of(("values", name if base == PEOPLE else f"{base}.{name}"))

    def _condition_of(self, fact: Fact, base: str, place: Place) -> Typed:
        return self.resolver.resolve(fact.declared.needed, Scope(base, place, fact.column, plain=True), "truth")

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
        for on_form, body in own.items():
            key = "" if body is None else body.model_dump_json()
            readings.setdefault(key, []).append(on_form)
            bodies[key] = item if body is None else body
        if len(readings) <= 1:
            return self._item_body(f"item.{name}", name, next(iter(bodies.values()), item), place)
        found = [
            self._item_body(f"item.{name}@{'+'.join(forms)}", name, bodies[key], self.place_of(("forms", forms[0], "items", name)))
            for key, forms in readings.items()
        ]
        low, high = widest(found)
        params = {"forms": list(readings.values()), "owed": True}
        return self.add(f"item.{name}", PEOPLE, "pick@1", found, params, low=low, high=high, clause=item.clause, name=name_of(item))

    def _item_body(self, id: str, name: str, item: Item, place: Place) -> Typed:
        given = {"this": name, **item.given}
        owed = (item.if_none or "missing") not in ("spread", "null") and item.in_use is None and not item.may_not_apply
        frame = self.frame_for(item.per)
        inner = id if frame == PEOPLE and item.in_use is None else f"{id}.each"
        found = self.body(inner, item, frame, place, f"item.{name}", given, owed and inner == id)
        if frame != PEOPLE:
            gathered = id if item.in_use is None else f"{id}.sum"
            texts = {"clause": item.clause, "name": name_of(item)}
            found = self.add(gathered, PEOPLE, "gather@1", [found], {"from": frame, "owed": owed}, unit="points", **texts)
        if item.in_use is not None:
            condition = self.resolver.resolve(item.in_use, Scope(PEOPLE, place, f"item.{name}", given), "truth")
            chosen = Typed(["if", condition.tree, found.tree, ["none"]], "number", "", found.low, found.high)
            found = self.add(id, PEOPLE, "formula@1", [chosen], {"owed": owed}, clause=item.clause, name=name_of(item))
        return found

    # --- grades, ranks, pay -------------------------------------------------------------------

    # --- everything ---------------------------------------------------------------------------

    def everything(self) -> Plan:
        """Compile all that the scheme says, then look at it as a whole."""
        form(self)
        for full in self.wanted():
            self.figure(full)
        self._needed_values()
        self._conditions("action", self.scheme.actions)
        self._conditions("warning", self.scheme.warnings)
        groups = {name: self._group(name) for name in self.scheme.groups} | {"": _everybody()}
        self._rank_the_complete(groups)
        musts = self._musts()
        if self.scheme.as_of != "end":
            self.resolver.resolve(self.scheme.as_of, Scope(PEOPLE, self.place_of(("as_of",)), "as_of"), "date")
        outputs, fed = self._outputs(), feeds(self.scheme, self.nodes)
        self._owe_words(fed)
        self._check_whole()
        return Plan(self.scheme, in_order(self.nodes), groups, self._forms(), musts, fed, outputs)

    def _owe_words(self, fed: dict[str, list[str]]) -> None:
        """An item waits for every word that it looks at and that everybody owes: a column of words has no mark of its own for that."""
        for fact in self.outline.values(PEOPLE).values():
            declared = fact.declared
            free = declared.optional or declared.default is not None or declared.needed is not None
            if kind_of(declared) == "words" and not free:
                for item in fed.get(fact.column, []):
                    self.nodes[f"item.{item}"].params.setdefault("owes", []).append(fact.column)

    def _rank_the_complete(self, groups: dict[str, Any]) -> None:
        """Leave whoever is incomplete out of the ranks, unless what makes complete looks at the ranks itself."""
        decisive = [id for id in self.nodes if id == "total" or id.startswith(("item.", "state."))]
        behind: set[str] = set()
        waiting = [*decisive, *needs([[group["key"], group["where"]] for group in groups.values()])]
        while waiting:
            id = waiting.pop()
            if id not in behind and id in self.nodes:
                behind.add(id)
                waiting += needs(self.nodes[id].inputs)
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
        for share in self.shares:
            _, part, whole = share["tree"]
            if not any(must["tree"] in (["<=", part, whole], [">=", whole, part]) for must in found):
                found.append(share)
        return found

    def _must(self, frame: str, name: str, text: str, must: Any, path: tuple[str, ...]) -> dict[str, Any]:
        tree = self.resolver.resolve(text, Scope(frame, self.place_of(path), f"must.{name}", plain=True), "truth").tree
        called = {} if must.name is None else {"name": must.name.write()}
        return {"frame": frame, "tree": tree, "reason": must.reason, "about": [*must.about, name], "text": text, **called}

    def _check_whole(self) -> None:
        for problem in check_all(Finished(self.scheme, self.nodes, self.place_of)):
            self.tell(problem)
        for key in self.scheme.accept:
            if key not in self.accepted and not OTHERS_KEY.fullmatch(key):
                self.tell(AcceptUnused(self.place_of(("accept", key)), [key], key=key))

    def _forms(self) -> dict[str, dict[str, Any]]:
        return {form: {"items": items} for form, items in form_items(self).items()}

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


_DROPS = re.compile(r"(spread|null|missing) if (.+) else (spread|null|missing)")


def _drops_if(if_none: str | None) -> str | None:
    """The condition under which an item without data drops out; otherwise it is owed."""
    match = _DROPS.fullmatch(if_none or "")
    if match is None:
        return None
    return match[2] if match[1] != "missing" else f"not ({match[2]})"


def _adjusted_bounds(parts: dict[str, Typed], rounding: Rounding | None) -> Bounds:
    """Between which ends a figure lies after all that follows its rule, what stands where there is nothing included."""
    low, high = _held_bounds(parts)
    found = Typed([], "number", "", low, high)
    if rounding is not None and rounding.to > 0:
        ends = (None if end is None else round_number(end, rounding.to, rounding.half) for end in (low, high))
        rounded = found.held(*ends)
        found = rounded if rounding.only == "always" else found.held(*widest([found, rounded]))
    return widest([found, parts["if_absent"]]) if "if_absent" in parts else (found.low, found.high)


def _held_bounds(parts: dict[str, Typed]) -> Bounds:
    low, high = summed([part for role, part in parts.items() if role[:4] in ("base", "plus")])
    floor, cap = parts.get("floor"), parts.get("cap")
    if floor is not None and floor.low is not None:
        low, high = floor.low if low is None else max(low, floor.low), None if high is None else max(high, floor.low)
    if cap is not None and cap.high is not None:
        high, low = cap.high if high is None else min(high, cap.high), None if low is None else min(low, cap.high)
    return low, high


def _everybody() -> dict[str, Any]:
    return {"key": None, "others": False, "where": None, "blank": "nobody"}


def compile_scheme(scheme: Scheme, place_of: PlaceOf = lambda path: Place()) -> tuple[Plan | None, list[Problem]]:
    """The plan of a scheme, or every problem that keeps it from being one."""
    compiler = Compiler(scheme, place_of)
    plan = compiler.everything()
    return (None if compiler.problems else plan), without_echoes(compiler.problems)
