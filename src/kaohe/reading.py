"""From a YAML file to a scheme and its plan, or to every problem in it with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kaohe.compiling import compile_scheme
from kaohe.documents import LARGEST_SCHEME, Branch, line_of, parse_document, read_document
from kaohe.plan import Plan
from kaohe.problems import NOWHERE, Place, Problem, Problems
from kaohe.scheme import Body, Figure, Item, Part, PayLine, Scheme
from kaohe.scheme_problems import RuleUnknown, SchemeKeyMissing, SchemeKeyUnknown, SchemeValueWrong
from kaohe.texts import listed, nearest


def read_plan(path: Path) -> Plan:
    """The plan of a scheme file; `Problems` with all that is wrong otherwise."""
    tree, problems = read_document(path, LARGEST_SCHEME)
    if tree is None or problems:
        raise Problems(problems)
    return plan_of_tree(tree, Place(file=str(path)))


def plan_of_text(text: str, place: Place = NOWHERE) -> Plan:
    """The plan of a scheme written in a text."""
    tree, problems = parse_document(text, place)
    if tree is None or problems:
        raise Problems(problems)
    return plan_of_tree(tree, place)


def plan_of_tree(tree: Branch, place: Place = NOWHERE) -> Plan:
    """The plan of a scheme given as a tree."""
    scheme = scheme_of_tree(tree, place)
    plan, problems = compile_scheme(scheme, lambda path: place.at(line=line_of(tree, path)))
    if plan is None:
        raise Problems(sorted(problems, key=lambda problem: problem.place.line or 0))
    return plan


def scheme_of_tree(tree: Branch, place: Place = NOWHERE) -> Scheme:
    """The scheme that a tree says, each entry checked by itself."""
    problems: list[Problem] = []
    expanded = _Expander(tree, place, problems).expanded()
    try:
        scheme = Scheme.model_validate(expanded)
    except ValidationError as error:
        problems += [_problem(detail, tree, place) for detail in _worth_telling(error.errors())]
        raise Problems(_once(problems)) from None
    if problems:
        raise Problems(problems)
    return scheme


def _once(problems: list[Problem]) -> list[Problem]:
    return list({(problem.code, problem.place, problem.about): problem for problem in problems}.values())


def _worth_telling(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """A choice of kinds tells each of them; the one that went deepest is the one meant."""
    best: dict[tuple[object, ...], ErrorDetails] = {}
    for detail in details:
        path = _path(detail["loc"])
        best.setdefault(path, detail)
    return list(best.values())


_MARKS = {"Body", "Item", "Figure", "Declared", "tagged-union", "str", "dict", "tuple", "function-before", "is-instance"}


def _path(loc: tuple[int | str, ...]) -> tuple[object, ...]:
    """The place in the file: pydantic's own marks (chosen kinds, `[key]`) taken out."""
    return tuple(step for step in loc if isinstance(step, int) or not (step in _MARKS or "[" in step or step == "constrained-str"))


def _problem(detail: ErrorDetails, tree: Branch, place: Place) -> Problem:
    path = _path(detail["loc"])
    here = place.at(line=line_of(tree, path))
    where = ".".join(str(step) for step in path[:-1]) or "scheme"
    last = str(path[-1]) if path else "scheme"
    if detail["type"] == "extra_forbidden":
        return _unknown_key(here, where, last, path)
    if detail["type"] == "missing":
        return SchemeKeyMissing(here, [last, *map(str, path[:-1])], where=where, key=last)
    found = str(detail["input"])[:60]
    return SchemeValueWrong(here, [str(step) for step in reversed(path)], where=f"{where}.{last}", found=found, detail=detail["msg"])


def _unknown_key(here: Place, where: str, key: str, path: tuple[object, ...]) -> Problem:
    known = _keys_of(path)
    guess = nearest(key, known)
    return SchemeKeyUnknown(
        here,
        [key, *(str(step) for step in path[:-1])],
        where=where,
        key=key,
        known=listed(known, 40),
        guess_zh=f",是否为 {guess}?" if guess else "",
        guess_en=f"; did you mean {guess}?" if guess else "",
    )


def _keys_of(path: tuple[object, ...]) -> list[str]:
    """The keys that the place has."""
    homes: dict[str, type[Part]] = {"items": Item, "figures": Figure, "lines": PayLine, "let": Body}
    if len(path) == 1:
        model: type[Part] = Scheme
    else:
        field = Scheme.model_fields.get(str(path[0]))
        inner = getattr(field.annotation, "__args__", (None,)) if field is not None else (None,)
        model = homes.get(str(path[-3]) if len(path) > 2 else "", inner[-1] if isinstance(inner[-1], type) else Item)
    if not (isinstance(model, type) and issubclass(model, Part)):
        return []
    return [entry.alias or name for name, entry in model.model_fields.items()]


class _Expander:
    """Writes out what a scheme says short: named rules, a form's own readings, `unit.value` names."""

    def __init__(self, tree: Branch, place: Place, problems: list[Problem]) -> None:
        self.tree = tree
        self.place = place
        self.problems = problems
        rules = tree.get("rules")
        self.rules: dict[str, Any] = rules if isinstance(rules, dict) else {}

    def expanded(self) -> dict[str, Any]:
        """The tree as the model takes it."""
        whole: dict[str, Any] = {key: value for key, value in self.tree.items() if key != "rules"}
        items = self._items(whole.get("items"))
        whole |= {"items": items} if items else {}
        if isinstance(whole.get("figures"), dict):
            whole["figures"] = {name: self._filled(body, ("figures", name), Figure) for name, body in whole["figures"].items()}
        if isinstance(whole.get("forms"), dict):
            whole["forms"] = {name: self._form(form, items) for name, form in whole["forms"].items()}
        if isinstance(whole.get("values"), dict):
            whole["values"] = _unit_values(whole["values"])
        if isinstance(whole.get("events"), dict):
            whole["events"] = {name: self._event(event) for name, event in whole["events"].items()}
        return whole

    def _items(self, items: object) -> dict[str, Any]:
        """Items, with what is written under `all` given to each."""
        if not isinstance(items, dict):
            return {}
        shared = items.get("all")
        common = shared if isinstance(shared, dict) else {}
        found: dict[str, Any] = {}
        for names, body in items.items():
            if names != "all":
                own = {**common, **body} if isinstance(body, dict) else body
                found[names] = self._filled(own, ("items", names), Item)
        return found

    def _filled(self, body: object, path: tuple[str, ...], kind: type[Body]) -> object:
        """A body with its named rule written out; keys that no body has fill the rule's blanks."""
        if not isinstance(body, dict) or "rule" not in body:
            return body
        rule = self.rules.get(str(body["rule"]))
        if not isinstance(rule, dict):
            self._unknown_rule(str(body["rule"]), path)
            return {key: value for key, value in body.items() if key != "rule"}
        known = {entry.alias or name for name, entry in kind.model_fields.items()}
        own = {key: value for key, value in body.items() if key in known}
        blanks = {key: str(value) for key, value in body.items() if key not in known and key != "rule"}
        return {**rule, **own, "given": blanks}

    def _unknown_rule(self, name: str, path: tuple[str, ...]) -> None:
        guess = nearest(name, self.rules)
        self.problems.append(
            RuleUnknown(
                self.place.at(line=line_of(self.tree, path)),
                [name],
                where=".".join(path),
                name=name,
                guess_zh=f",是否为 {guess}?" if guess else "",
                guess_en=f"; did you mean {guess}?" if guess else "",
            )
        )

    def _form(self, form: object, items: dict[str, Any]) -> object:
        """A form in which every item that differs there carries its whole reading."""
        if not isinstance(form, dict) or not isinstance(form.get("items"), dict):
            return form
        return {**form, "items": {name: self._form_item(entry, items.get(name)) for name, entry in form["items"].items()}}

    def _form_item(self, entry: object, item: object) -> object:
        if not isinstance(entry, dict) or not isinstance(item, dict):
            return entry
        own = {key: value for key, value in entry.items() if key not in ("weight",)}
        plain = {key: value for key, value in entry.items() if key in ("weight",)}
        return {**plain, "own": self._reading(item, own)} if own else plain

    def _reading(self, item: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        """The item as one form reads it: its own keys replace, blanks and rating settings are filled in."""
        known = {entry.alias or name for name, entry in Item.model_fields.items()}
        reading = {**item, **{key: value for key, value in own.items() if key in known}}
        rating = {key: value for key, value in own.items() if key in ("raters", "all_of", "mean", "allowed")}
        if rating and isinstance(item.get("rating"), dict):
            reading["rating"] = {**item["rating"], **rating}
        blanks = {key: str(value) for key, value in own.items() if key not in known and key not in rating}
        return {**reading, "given": {**item.get("given", {}), **blanks}}

    def _event(self, event: object) -> object:
        """An event type whose columns may be named several at a time."""
        if not isinstance(event, dict) or not isinstance(event.get("columns"), dict):
            return event
        return {**event, "columns": _apart(event["columns"])}


def _apart(columns: dict[str, Any]) -> dict[str, Any]:
    """`a, b: whole 0..` as two entries."""
    return {name.strip(): declared for names, declared in columns.items() for name in names.split(",")}


def _unit_values(values: dict[str, Any]) -> dict[str, Any]:
    """`dept.task: yuan` belongs to the unit `dept`."""
    found: dict[str, Any] = {}
    for name, declared in _apart(values).items():
        unit = name.rpartition(".")[0]
        longer = declared if isinstance(declared, dict) else {"is": declared}
        found[name] = {**longer, "of": unit} if unit else declared
    return found
