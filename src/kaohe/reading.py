"""From a YAML file to a scheme and its plan, or to every problem in it with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kaohe.compiling import compile_scheme
from kaohe.documents import LARGEST_SCHEME, Branch, line_of, parse_document, read_document
from kaohe.plan import Plan
from kaohe.problems import NOWHERE, Place, Problem, Problems
from kaohe.scheme import SHAPES, Body, Declared, Figure, Item, Misread, Period, Scheme, shown
from kaohe.scheme_problems import (
    AcceptUnused,
    ChoiceUnknown,
    CommaInBraces,
    GradeUnreachable,
    KeyEmpty,
    NeverMoves,
    RuleUnknown,
    SchemeKeyMissing,
    SchemeKeyUnknown,
    SchemeValueWrong,
    ShapeWrong,
    TooManyProblems,
    UnitMissing,
    WeightsSum,
    did_you_mean,
)
from kaohe.texts import listed

# What only a whole scheme can be asked; a scheme of which parts could not be read is not.
OF_THE_WHOLE = (WeightsSum, GradeUnreachable, NeverMoves, AcceptUnused)
MOST_PROBLEMS = 200


PlaceOf = Callable[[tuple[object, ...]], Place]


def read_plan(path: Path) -> Plan:
    """The plan of a scheme file; `Problems` with all that is wrong otherwise."""
    return read_plan_with_places(path)[0]


def read_plan_with_places(path: Path) -> tuple[Plan, PlaceOf]:
    """The plan of a scheme file, and where each of its entries stands; `Problems` with all that is wrong otherwise."""
    tree, problems = read_document(path, LARGEST_SCHEME)
    place = Place(file=str(path))
    return plan_of_tree(tree, place, problems), lambda path: place.at(line=line_of(tree, path))


def plan_of_text(text: str, place: Place = NOWHERE) -> Plan:
    """The plan of a scheme written in a text."""
    tree, problems = parse_document(text, place, LARGEST_SCHEME)
    return plan_of_tree(tree, place, problems)


def plan_of_tree(tree: Branch | None, place: Place = NOWHERE, found: list[Problem] | None = None) -> Plan:
    """The plan of a scheme given as a tree; `found` are problems of the document that it was read from."""
    problems = list(found or ())
    scheme, lost = (None, set[str]()) if tree is None else _read_tree(tree, place, problems)
    if scheme is None or tree is None:
        raise Problems(_in_order(problems))
    asked: dict[int | None, set[tuple[object, ...]]] = {}

    def place_of(path: tuple[object, ...]) -> Place:
        line = line_of(tree, path)
        asked.setdefault(line, set()).add(path)
        return place.at(line=line)

    plan, more = compile_scheme(scheme, place_of)
    if problems:
        words = {line: {word for path in paths for word in _words_of_entry(tree, path)} for line, paths in asked.items()}
        more = [problem for problem in more if _stands_alone(problem, lost, words.get(problem.place.line, set()))]
    problems += more
    if plan is None or problems:
        raise Problems(_in_order(problems))
    return plan


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Each problem once, by line."""
    once = {(problem.code, problem.place, problem.sentence("en")): problem for problem in problems}
    found = sorted(once.values(), key=lambda problem: problem.place.line or 0)
    if len(found) <= MOST_PROBLEMS:
        return found
    return [*found[:MOST_PROBLEMS], TooManyProblems(found[MOST_PROBLEMS].place, most=MOST_PROBLEMS)]


def _stands_alone(problem: Problem, lost: set[str], asked: set[str]) -> bool:
    """Whether a problem is one of its own, and no echo of a part that could not be read and that its place asks for."""
    return not isinstance(problem, OF_THE_WHOLE) and not lost & (asked | set(_words_in(list(problem.about))))


def _words_of_entry(tree: Branch, path: tuple[object, ...]) -> Iterator[str]:
    """Every word of one entry, its named rule included."""
    entry = _at(tree, path)
    yield from _words_in(entry)
    if isinstance(entry, dict) and "rule" in entry:
        yield from _words_in(_at(tree, ("rules", str(entry["rule"]))))


# --- what could not be read, and what is left without it ------------------------------------------


def _read_tree(tree: Branch, place: Place, problems: list[Problem]) -> tuple[Scheme | None, set[str]]:
    """The scheme, and the names of entries that had to be left out; None where too little is left."""
    expander = _Expander(tree, place, problems)
    expanded: Any = expander.expanded()
    lost = set(expander.lost)
    for _ in range(3):
        try:
            return Scheme.model_validate(expanded), lost
        except ValidationError as error:
            details = [(detail, _path(detail, expanded)) for detail in error.errors(include_url=False)]
        halves = {problem.about[0] for problem in problems if isinstance(problem, CommaInBraces)}
        worth = [(detail, path) for detail, path in _worth_telling(details) if not path or path[-1] not in halves]
        problems += [_problem(detail, path, tree, place) for detail, path in worth[: 2 * MOST_PROBLEMS]]
        expanded = _without([path for _, path in details], expanded, lost)
    return None, lost


def _without(paths: list[tuple[Any, ...]], tree: dict[str, Any], lost: set[str]) -> dict[str, Any]:
    """The tree without the entries in which something is wrong, so that the others can be looked at."""
    kept = {**_STAND_INS, **tree}
    cut: dict[tuple[Any, ...], set[Any]] = {}
    for path in paths:
        deep = 3 if path[:2] in (("pay", "lines"), ("grades", "rows")) else 2
        if len(path) > deep or (len(path) == deep and path[0] in _NAMED):
            cut.setdefault(path[: deep - 1], set()).add(path[deep - 1])
            lost.add(str(path[deep - 1]))
        elif path:
            cut.setdefault((), set()).add(path[0])
            lost |= {str(path[0]), *(map(str, tree[path[0]]) if isinstance(tree.get(path[0]), dict) else ())}
    for home, names in sorted(cut.items(), key=lambda entry: -len(entry[0])):
        kept = _cut(kept, home, names)
    return {**_STAND_INS, **kept}


def _cut(tree: dict[str, Any], home: tuple[Any, ...], names: set[Any]) -> dict[str, Any]:
    """The tree without some entries of one branch; the branches on the way are copied."""
    if not home:
        return {key: value for key, value in tree.items() if key not in names}
    inner = tree.get(home[0])
    return {**tree, home[0]: _cut(inner, home[1:], names)} if isinstance(inner, dict) else tree


_STAND_INS: dict[str, Any] = {"scheme": "unnamed", "name": "unnamed", "period": "any"}
_NAMED = {name for name, field in Scheme.model_fields.items() if get_origin(field.annotation) is dict}


# --- from pydantic's findings to ours -------------------------------------------------------------


def _path(detail: ErrorDetails, tree: Any) -> tuple[Any, ...]:
    """The keys and rows of the file that lead there; pydantic's own marks (`Body`, `[key]`) are taken out."""
    path: list[Any] = []
    for step in detail["loc"]:
        inner = _at(tree, (step,))
        if inner is not None:
            tree = inner
            path.append(step)
    last = detail["loc"][-1]
    if detail["type"] in ("missing", "extra_forbidden") and path[-1:] != [last]:
        path.append(last)  # a key that is not there, or has nothing behind it
    return tuple(path)


Found = tuple[ErrorDetails, tuple[Any, ...]]


def _worth_telling(details: list[Found]) -> Iterator[Found]:
    """One finding for each place: where several kinds were tried, the one that got furthest is the one meant."""
    paths = {path for _, path in details}
    inner = {path[:size] for path in paths for size in range(len(path))}
    told: set[tuple[Any, ...]] = set()
    for detail, path in sorted(details, key=lambda found: _weight(found[0])):
        if path not in told and path not in inner:
            told.add(path)
            yield detail, path


def _weight(detail: ErrorDetails) -> int:
    """What is told first of several findings about one place: our own words, then choices, then shapes."""
    if isinstance(detail.get("ctx", {}).get("error"), Misread):
        return 0
    return 1 if detail["type"] in ("literal_error", "missing", "extra_forbidden") else 2


def _problem(detail: ErrorDetails, path: tuple[Any, ...], tree: Branch, place: Place) -> Problem:
    here = place.at(line=line_in(tree, path))
    where = _where(path)
    about = [str(step) for step in reversed(path)]
    if detail["type"] == "extra_forbidden":
        return _unknown_key(here, path)
    if detail["type"] == "missing":
        return SchemeKeyMissing(here, about, where=_where(path[:-1]), key=str(path[-1]))
    found = shown(detail["input"])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, Misread):
        told = cause.problem.found
        told = {**told, "text": f"{where}: {told['text']}"} if "text" in told else told
        return type(cause.problem)(here, [*about, found], **{"where": where, **told})
    if detail["type"] == "literal_error":
        known = re.findall(r"'([^']*)'", str(detail["ctx"]["expected"]))
        return ChoiceUnknown(here, [*about, found], where=where, found=found, known=listed(known, 20), **did_you_mean(found, known))
    if detail["type"] in _SHAPE_OF:
        return ShapeWrong(here, about, where=where, found=found, **SHAPES[_SHAPE_OF[detail["type"]]])
    pattern = str(detail.get("ctx", {}).get("pattern", ""))
    words = _DETAILS.get(pattern, _DETAILS.get(detail["type"], "{msg} | {msg}")).format(msg=detail["msg"], **detail.get("ctx", {}))
    zh, _, en = words.partition(" | ")
    return SchemeValueWrong(here, about, where=where, found=found, detail_zh=zh, detail_en=en)


_SHAPE_OF = {
    "dict_type": "dict_type",
    "model_type": "dict_type",
    "model_attributes_type": "dict_type",
    "tuple_type": "tuple_type",
    "list_type": "tuple_type",
    "string_type": "string_type",
    "int_parsing": "int_parsing",
    "int_type": "int_parsing",
    "int_from_float": "int_parsing",
    "bool_parsing": "string_type",
    "bool_type": "string_type",
}
_DETAILS = {
    "string_pattern_mismatch": "不是一个词 | it must be one word",
    r"^[a-z0-9][a-z0-9-]*$": "应为小写字母、数字和减号，例如 tea-house | it must be small letters, digits and -, such as tea-house",
    r"^[0-9]+(\.[0-9]+)*$": "应为数字和点，例如 2 或 2.1 | it must be digits and dots, such as 2 or 2.1",
    "greater_than_equal": "应不小于 {ge} | it must be {ge} or more",
    "less_than_equal": "应不大于 {le} | it must be {le} or less",
}


def _where(path: tuple[Any, ...]) -> str:
    """A place of the scheme as people read it: `items.greeting.tiers, row 2` has `items.greeting.tiers.2`."""
    steps = [str(step + 1) if isinstance(step, int) else str(step) for step in path if step != "own"]
    return ".".join(steps) or "scheme"


def line_in(tree: Branch, path: tuple[Any, ...]) -> int | None:
    """The line of what was read there, in the file as it was written: short forms and named rules undone."""
    plain = tuple(step for step in path if step != "own")
    if len(plain) > 2 and plain[0] in ("items", "figures"):
        body = _at(tree, plain[:2])
        if isinstance(body, dict) and plain[2] not in body and "rule" in body:
            return line_of(tree, ("rules", str(body["rule"]), *plain[2:]))
        if isinstance(body, dict) and plain[2] not in body:
            return (
                line_of(tree, ("items", "all", *plain[2:])) if _at(tree, ("items", "all", plain[2])) is not None else line_of(tree, plain)
            )
    return line_of(tree, _as_written(tree, plain))


def _as_written(tree: Branch, path: tuple[Any, ...]) -> tuple[Any, ...]:
    """`a` where the file has `a, b` together."""
    found: list[Any] = []
    for step in path:
        keys = _at(tree, tuple(found))
        together: list[Any] = []
        if isinstance(keys, dict) and step not in keys:
            together = [key for key in keys if "," in key and step in [part.strip() for part in key.split(",")]]
        found.append(together[0] if together else step)
    return tuple(found)


def _at(tree: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(tree, (list, tuple)) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree


def _unknown_key(here: Place, path: tuple[Any, ...]) -> Problem:
    key, known = str(path[-1]), keys_at(path[:-1])
    about = [key, *(str(step) for step in path[:-1])]
    return SchemeKeyUnknown(here, about, where=_where(path[:-1]), key=key, known=listed(known, 40), **did_you_mean(key, known))


def keys_at(path: tuple[Any, ...]) -> list[str]:
    """The keys that a place of a scheme may have, by the model."""
    kinds: list[Any] = [Scheme]
    for step in path:
        kinds = [inner for kind in kinds for inner in _inner(kind, step)]
    models = [part for kind in kinds for part in _models(kind)]
    known = [field.alias or name for model in models for name, field in model.model_fields.items() if name not in _MADE]
    return list(
        dict.fromkeys([*known, *(key for model in models for base, keys in _SHORT.items() if issubclass(model, base) for key in keys)])
    )


# Keys that only the reader writes, and keys that it takes apart before the model sees them.
_MADE = {"given", "own", "called"}
_SHORT: dict[type[BaseModel], tuple[str, ...]] = {Scheme: ("rules",), Body: ("rule",), Declared: ("is",), Period: ("is",)}


def _models(kind: Any) -> list[type[BaseModel]]:
    """The models that a declared type may be."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [] if get_origin(kind) in (dict, tuple) else [model for part in get_args(kind) for model in _models(part)]


def _inner(kind: Any, step: Any) -> list[Any]:
    """The types of what stands behind one key or row of a declared type."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.annotation for name, field in kind.model_fields.items() if step in (name, field.alias)]
    if get_origin(kind) in (dict, tuple):
        return [get_args(kind)[-1 if get_origin(kind) is dict else 0]]
    return [inner for part in get_args(kind) for inner in _inner(part, step)]


# --- what a scheme says short ---------------------------------------------------------------------


class _Expander:
    """Writes out what a scheme says short: named rules, a form's own readings, `unit.value` names."""

    def __init__(self, tree: Branch, place: Place, problems: list[Problem]) -> None:
        self.tree = tree
        self.place = place
        self.problems = problems
        self.lost: list[str] = []
        rules = tree.get("rules")
        self.rules: dict[str, Any] = rules if isinstance(rules, dict) else {}

    def expanded(self) -> dict[str, Any]:
        """The tree as the model takes it."""
        self._empty_keys(self.tree, ())
        if not isinstance(self.tree.get("rules", {}), dict):
            self.problems.append(
                ShapeWrong(self._here(("rules",)), ["rules"], where="rules", found=shown(self.tree["rules"]), **SHAPES["dict_type"])
            )
        whole: dict[str, Any] = {key: value for key, value in self.tree.items() if key != "rules"}
        items = self._items(whole.get("items"))
        whole |= {"items": items} if items else {}
        if isinstance(whole.get("figures"), dict):
            whole["figures"] = {name: self._filled(body, ("figures", name), Figure) for name, body in whole["figures"].items()}
        if isinstance(whole.get("forms"), dict):
            whole["forms"] = {name: self._form(name, form, items) for name, form in whole["forms"].items()}
        if isinstance(whole.get("values"), dict):
            whole["values"] = self._values(whole["values"])
        if isinstance(whole.get("events"), dict):
            whole["events"] = {name: self._event(event) for name, event in whole["events"].items()}
        return whole

    def _items(self, items: object) -> dict[str, Any]:
        """Items, with what is written under `all` given to each."""
        if not isinstance(items, dict):
            return {}
        shared = items.get("all")
        if shared is not None and not isinstance(shared, dict):
            more = {"where": "items.all", "found": shown(shared), **SHAPES["dict_type"]}
            self.problems.append(ShapeWrong(self._here(("items", "all")), ["all", "items"], **more))
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
            name = str(body["rule"])
            self.lost.append(path[-1])
            self.problems.append(
                RuleUnknown(self._here((*path, "rule")), [name], where=_where(path), name=name, **did_you_mean(name, self.rules))
            )
            return {"is": "0", **{key: value for key, value in body.items() if key in ("name", "clause", "weight")}}
        known = {entry.alias or name for name, entry in kind.model_fields.items()} - _MADE
        own = {key: value for key, value in body.items() if key in known}
        blanks = {key: str(value) for key, value in body.items() if key not in known and key != "rule"}
        self._blanks({key: blanks[key] for key in blanks}, {**rule, **own}, path, known)
        return {**rule, **own, "given": blanks}

    def _blanks(self, blanks: dict[str, str], body: object, path: tuple[str, ...], known: set[str]) -> None:
        """Refuse a key that neither the body has nor any of its formulas asks for."""
        asked = set(_words_in(body))
        for key in blanks:
            if key not in asked:
                choices = sorted(known)
                more = did_you_mean(key, choices)
                place = self._here((*path, key))
                self.problems.append(SchemeKeyUnknown(place, [key, *path], where=_where(path), key=key, known=listed(choices, 40), **more))

    def _here(self, path: tuple[Any, ...]) -> Place:
        return self.place.at(line=line_in(self.tree, path))

    def _empty_keys(self, tree: object, path: tuple[Any, ...]) -> None:
        """Refuse keys with nothing behind them, save where nothing is a meaning of its own."""
        if isinstance(tree, list):
            for row, entry in enumerate(tree):
                self._empty_keys(entry, (*path, row))
        if not isinstance(tree, dict) or len(self.problems) > MOST_PROBLEMS:
            return
        for key, value in tree.items():
            if value is None and any(sign in key for sign in " |()+*/<>=\"'"):
                self.problems.append(CommaInBraces(self._here((*path, key)), [key, *map(str, path)], where=_where(path), key=key))
                self.lost += [str(key), *map(str, path)]
            elif value is None and not _may_be_empty(path):
                self.problems.append(KeyEmpty(self._here((*path, key)), [key, *map(str, path)], where=_where(path), key=key))
                self.lost += [str(key), *map(str, path)]
            self._empty_keys(value, (*path, key))

    def _form(self, name: str, form: object, items: dict[str, Any]) -> object:
        """A form in which every item that differs there carries its whole reading."""
        if not isinstance(form, dict) or not isinstance(form.get("items"), dict):
            return form
        found = {item: self._form_item(entry, items.get(item), ("forms", name, "items", item)) for item, entry in form["items"].items()}
        return {**form, "items": found}

    def _form_item(self, entry: object, item: object, path: tuple[str, ...]) -> object:
        if not isinstance(entry, dict) or not isinstance(item, dict):
            return entry
        own = {key: value for key, value in entry.items() if key not in ("weight",)}
        plain = {key: value for key, value in entry.items() if key in ("weight",)}
        return {**plain, "own": self._reading(item, own, path)} if own else plain

    def _reading(self, item: dict[str, Any], own: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        """The item as one form reads it: its own keys replace, blanks and rating settings are filled in."""
        known = {entry.alias or name for name, entry in Item.model_fields.items()}
        reading = {**item, **{key: value for key, value in own.items() if key in known}}
        rating = {key: value for key, value in own.items() if key in ("raters", "all_of", "mean", "allowed")}
        if rating and isinstance(item.get("rating"), dict):
            reading["rating"] = {**item["rating"], **rating}
        blanks = {key: str(value) for key, value in own.items() if key not in known and key not in rating}
        self._blanks(blanks, item, path, known | {"raters", "all_of", "mean", "allowed", *item.get("given", {})})
        return {**reading, "given": {**item.get("given", {}), **blanks}}

    def _values(self, values: dict[str, Any]) -> dict[str, Any]:
        """`dept.task: yuan` belongs to the unit `dept`; a value always says in what it is measured."""
        found: dict[str, Any] = {}
        for name, declared in _apart(values).items():
            if isinstance(declared, dict) and not {"is", "kind"} & set(declared):
                self.lost.append(name.rpartition(".")[2])
                self.problems.append(UnitMissing(self._here(("values", name)), [name], where=f"values.{name}"))
            unit = name.rpartition(".")[0]
            longer = declared if isinstance(declared, dict) else {"is": declared}
            found[name] = {**longer, "of": unit} if unit else declared
        return found

    def _event(self, event: object) -> object:
        """An event type whose columns may be named several at a time."""
        if not isinstance(event, dict) or not isinstance(event.get("columns"), dict):
            return event
        return {**event, "columns": _apart(event["columns"])}


def _apart(columns: dict[str, Any]) -> dict[str, Any]:
    """`a, b: whole 0..` as two entries."""
    return {name.strip(): declared for names, declared in columns.items() for name in names.split(",")}


_WORD = re.compile(r"[^\W\d]\w*")


def _words_in(body: object) -> Iterator[str]:
    """Every word that the texts of a body hold, and the keys of its mappings: what a blank may be asked by."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield from _words_in(key)
            yield from _words_in(value)
    elif isinstance(body, list):
        for value in body:
            yield from _words_in(value)
    elif body is not None:
        yield from _WORD.findall(str(body))


def _may_be_empty(path: tuple[Any, ...]) -> bool:
    """A grade without an entry in a further column, an item that a form merely lists, a word without a number."""
    return (
        (len(path) == 2 and path[0] == "words")
        or (len(path) == 3 and path[:2] == ("grades", "rows"))
        or (len(path) == 3 and path[0] == "forms" and path[2] == "items")
    )
