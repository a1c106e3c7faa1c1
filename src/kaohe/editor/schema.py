"""The JSON Schema that editors read: the model's own, widened by the short forms in which schemes are written, and told in words.

A title is `中文 | English`, a description has a line in each language, every key an example, and every
word of a choice its meaning (`enumDescriptions`, which VS Code and other editors show).
"""

from __future__ import annotations

import json
from typing import Any

from kaohe.editor.wording import KeyWords, PartWords, default_of, parts_of_schemes, read_wording, words_of
from kaohe.scheme import Part, Scheme, json_schema
from kaohe.texts import Text

Tree = dict[str, Any]

# What a part may be written as, beside its keys and values.
SHORT: dict[str, list[str]] = {
    "Declared": ["string", "array"],
    "ConfigEntry": ["string", "array"],
    "GradeColumn": ["string", "array"],
    "Period": ["string"],
    "Unit": ["string"],
    "EventType": ["string"],
    "PerEvent": ["string", "number"],
    "Rounding": ["string", "number"],
    "Body": ["string", "number"],
    "Figure": ["string", "number"],
    "Item": ["string", "number"],
    "PayLine": ["string", "number"],
    "FormItem": ["string", "number", "null"],
    "Ratio": ["array"],
}
SPEAKS_SHORT = ("Declared", "ConfigEntry", "GradeColumn", "Period")
LISTED = (("Rating", "raters"), ("Rating", "all_of"), ("Roles", "assessed"), ("Roles", "rate_only"), ("Form", "items"))
BODIES = ("Body", "Figure", "Item", "PayLine")
TAKES_RULE = ("Figure", "Item")
RATING_ON_A_FORM = ("raters", "all_of", "mean", "allowed")
ANY_WORD = ["string", "number", "boolean"]
YES_OR_NO = ["yes", "no", True, False, "是", "否"]


def editor_schema() -> Tree:
    """The JSON Schema for editors."""
    schema = _relaxed(json_schema())
    kinds: Tree = schema["$defs"]
    _widen(kinds)
    _name_rules(kinds)
    _widen_forms(kinds)
    schema["properties"]["rules"] = {"type": "object"}
    parts = parts_of_schemes()
    told = {name: _short(name, _told(kind, parts[name])) for name, kind in kinds.items()}
    return {"$schema": "http://json-schema.org/draft-07/schema#", **_told(schema, Scheme), "$defs": told}


def schema_text() -> str:
    """The JSON Schema as its file holds it."""
    return json.dumps(editor_schema(), ensure_ascii=False, indent=1) + "\n"


# --- what may be written short --------------------------------------------------------------------


def _relaxed(node: Any) -> Any:
    """The schema without what YAML writes otherwise: numbers as text, one word for a list of one, yes for true."""
    if isinstance(node, list):
        return [_relaxed(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept: Tree = {key: _relaxed(value) for key, value in node.items() if not _is_title(key, value) and key != "default"}
    if isinstance(kept.get("properties"), dict):
        kept["properties"] = {key: _relaxed(value) for key, value in node["properties"].items()}
    if kept.get("enum") == ["yes", "no"] or kept.get("type") == "boolean":
        return {"enum": YES_OR_NO, "enumDescriptions": ["是 | yes", "否 | no"] * 3}
    return _looser(kept)


def _is_title(key: str, value: object) -> bool:
    """Whether this is the title that the model's schema has, and not a property called so."""
    return key == "title" and isinstance(value, str)


def _looser(kept: Tree) -> Tree:
    if "anyOf" in kept:
        kept["anyOf"] = [part for part in kept["anyOf"] if part != {"type": "null"}]
        kept = kept if len(kept["anyOf"]) > 1 else {**{key: value for key, value in kept.items() if key != "anyOf"}, **kept["anyOf"][0]}
    if kept.get("type") in ("string", ["string", "number"], ["number", "string"]) and "enum" not in kept:
        return {**kept, "type": ANY_WORD}
    if kept.get("type") == "array" and "$ref" not in json.dumps(kept):
        return {**kept, "type": ["array", *ANY_WORD]}
    return kept


def _widen(kinds: Tree) -> None:
    """Short forms of declarations, lists of names, one row for a list of one."""
    for name in SPEAKS_SHORT:
        kinds[name]["properties"]["is"] = {}
        kinds[name].pop("required", None)
    _widen_choices(kinds["ConfigEntry"]["properties"])
    kinds["Words"] = {"type": ["array", "object"], "properties": kinds["Words"]["properties"]}
    for part, key in LISTED:
        named = kinds[part]["properties"][key]
        keyed = next(choice for choice in named.get("anyOf", [named]) if "additionalProperties" in choice)
        kinds[part]["properties"][key] = {**keyed, "type": ["object", "array", "string"]}
    kinds["Rating"]["properties"]["allowed"] = {"$ref": "#/$defs/Declared"}
    kinds["Tier"]["properties"]["else"] = {"type": ANY_WORD}
    for part in BODIES:
        kinds[part]["properties"]["plus"] = {"type": ["array", "string", "number", "object"], "items": {"$ref": "#/$defs/Body"}}


def _widen_choices(properties: Tree) -> None:
    """Parts and options of a choice may stand with their names; the reader's own key for these goes."""
    properties["default"] = {}
    for key in ("parts", "one_of"):
        properties[key] = {"type": ["array", *ANY_WORD, "object"]}
    del properties["called"]


def _name_rules(kinds: Tree) -> None:
    """Figures and items may call a named rule, and then have the names that it leaves open; the reader's own keys go."""
    for name in BODIES:
        del kinds[name]["properties"]["given"]
    for name in TAKES_RULE:
        keys = list(kinds[name]["properties"])
        kinds[name]["properties"]["rule"] = {"type": "string"}
        del kinds[name]["additionalProperties"]
        kinds[name] |= {"if": {"not": {"required": ["rule"]}}, "then": {"propertyNames": {"enum": keys}}}


def _widen_forms(kinds: Tree) -> None:
    """On a form an item may have any of its keys, those of its rating, and the names that its rule leaves open."""
    rating = kinds["Rating"]["properties"]
    properties = {**kinds["Item"]["properties"], "weight": kinds["FormItem"]["properties"]["weight"]}
    kinds["FormItem"] = {"type": "object", "properties": {**properties, **{key: rating[key] for key in RATING_ON_A_FORM}}}


def _short(name: str, kind: Tree) -> Tree:
    """A part that may be written as something else than keys and values."""
    if name not in SHORT:
        return kind
    told = {key: kind.pop(key) for key in ("title", "description")}
    return {**told, "anyOf": [kind, {"type": SHORT[name]}]}


# --- in words -------------------------------------------------------------------------------------


def _told(kind: Tree, part: type[Part]) -> Tree:
    """A part with its name and meaning, and those of all its keys."""
    words = read_wording()[part.__name__]
    properties = {key: _told_key(part, key, schema) for key, schema in kind.get("properties", {}).items()}
    rest = {key: value for key, value in kind.items() if key != "description"}
    return {**_named(words), **rest, **({"properties": properties} if properties else {})}


def _told_key(part: type[Part], key: str, schema: Tree) -> Tree:
    words = words_of(part, key) or _words_of_a_form(key)
    rest = {name: value for name, value in schema.items() if name != "description"}
    choices = {"enumDescriptions": [words.options[word].write() for word in rest["enum"]]} if words.options and "enum" in rest else {}
    return {**_named(words, default_of(part, key, words)), **rest, **choices, "examples": list(words.examples)}


def _words_of_a_form(key: str) -> KeyWords:
    """What a form says of an item is said of items, or of their ratings."""
    parts = parts_of_schemes()
    found = words_of(parts["Item"], key) or words_of(parts["Rating"], key)
    assert found is not None, key
    return found


def _named(words: KeyWords | PartWords, default: Text | None = None) -> dict[str, str]:
    more = (default.zh, default.en) if default is not None else ("", "")
    return {"title": words.name.write(), "description": f"{words.says.zh}{more[0]}\n{words.says.en}{more[1]}"}
