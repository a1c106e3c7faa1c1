"""The JSON Schema for editors: it takes what schemes may be, marks what they may not, and tells every key in both languages."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
import yaml
from pydantic import ValidationError

from kaohe.editor import editor_schema, parts_of_schemes, read_wording, schema_text, words_of
from kaohe.scheme import Part, Scheme

TOP = Path(__file__).resolve().parents[2]
WHOLE = TOP / "tests" / "broken" / "tea-house.yaml"
SCHEMA = editor_schema()
READ_BEFORE_THE_MODEL = {"Scheme": {"rules"}, "Period": {"is"}, "Declared": {"is"}, "ConfigEntry": {"default"}, "Body": {"rule"}}
MADE_BY_THE_READER = {"given", "own", "called"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
TYPES = {"object": dict, "array": list, "string": (str, date), "number": (int, float), "integer": int, "boolean": bool, "null": type(None)}


def own_keys(part: str) -> set[str]:
    """The keys that a part has beside those of the part that it is made from."""
    kind = parts_of_schemes()[part]
    base = {field.alias or name for name, field in kind.__mro__[1].model_fields.items()}
    return {field.alias or name for name, field in kind.model_fields.items()} - base - MADE_BY_THE_READER | READ_BEFORE_THE_MODEL.get(
        part, set()
    )


def properties() -> list[tuple[str, str, dict[str, Any]]]:
    """Every part and key of the schema, with what the schema says of it."""
    found = [("Scheme", key, told) for key, told in SCHEMA["properties"].items()]
    for part, kind in SCHEMA["$defs"].items():
        whole = next((way for way in kind.get("anyOf", [kind]) if "properties" in way), {})
        found += [(part, key, told) for key, told in whole.get("properties", {}).items()]
    return found


# --- what it takes and marks ----------------------------------------------------------------------


def fits(value: object, schema: dict[str, Any]) -> bool:
    """Whether a value is as a JSON Schema says: the few keywords that ours uses."""
    if "$ref" in schema:
        return fits(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    kinds = schema.get("type", [])
    if kinds and not any(isinstance(value, TYPES[kind]) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return False
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        return False
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        return False
    if "anyOf" in schema and not any(fits(value, part) for part in schema["anyOf"]):
        return False
    if isinstance(value, list):
        return all(fits(part, schema.get("items", {})) for part in value)
    return not isinstance(value, dict) or keys_fit(value, schema)


def keys_fit(value: dict[str, object], schema: dict[str, Any]) -> bool:
    others = schema.get("additionalProperties", True)
    for key, inner in value.items():
        known = schema.get("properties", {}).get(str(key), others)
        if known is False or (isinstance(known, dict) and not fits(inner, known)):
            return False
    names = schema.get("then", {}).get("propertyNames")
    if names and "rule" not in value and any(key not in names["enum"] for key in value):
        return False
    return all(key in value for key in schema.get("required", []))


@pytest.mark.parametrize("scheme", sorted((TOP / "schemes").glob("*/scheme.yaml")), ids=lambda path: path.parent.name)
def test_an_editor_accepts_every_scheme_of_the_library(scheme: Path) -> None:
    tree = yaml.safe_load(scheme.read_text(encoding="utf-8"))
    assert [key for key, value in tree.items() if not fits({key: value}, {**SCHEMA, "required": []})] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("weight: 30%", "weigth: 30%"),
        ("actions:", "action:"),
        ("{from: 85%", "{form: 85%"),
        ("others_of: team,", "others_of: team, blank: nobodies,"),
        ("rating: {", "rating: {whole_form: perhaps, "),
        ("among: everybody", "amongst: everybody"),
    ],
)
def test_an_editor_marks_what_is_misspelt(right: str, wrong: str) -> None:
    text = WHOLE.read_text(encoding="utf-8")
    assert right in text
    assert fits(yaml.safe_load(text), SCHEMA)
    assert not fits(yaml.safe_load(text.replace(right, wrong)), SCHEMA)


def test_the_schema_is_the_same_every_time_and_small() -> None:
    assert schema_text() == schema_text()
    assert len(schema_text().encode()) < 250_000


# --- what it tells --------------------------------------------------------------------------------


def test_every_part_and_every_key_is_told_and_nothing_else() -> None:
    wording = read_wording()
    assert set(wording) == set(parts_of_schemes())
    for part, words in wording.items():
        assert (part, own_keys(part) - set(words.keys)) == (part, set())
        known = own_keys(part) | {field.alias or name for name, field in parts_of_schemes()[part].model_fields.items()}
        assert (part, set(words.keys) - known) == (part, set())


def test_every_property_of_the_schema_has_a_title_a_description_and_examples() -> None:
    assert len(properties()) > 300
    assert [
        (part, key) for part, key, told in properties() if not (told.get("title") and told.get("description") and told.get("examples"))
    ] == []
    assert [part for part, kind in SCHEMA["$defs"].items() if not (kind.get("title") and kind.get("description"))] == []


def test_titles_and_descriptions_are_chinese_first_and_english_after() -> None:
    for part, key, told in properties():
        (zh, en), (says_zh, says_en) = told["title"].split(" | "), told["description"].split("\n")
        assert all(map(CHINESE.search, (zh, says_zh))), (part, key)
        assert not any(map(CHINESE.search, (en, says_en))), (part, key)
        assert says_zh.endswith("。"), (part, key)
        assert says_en.endswith("."), (part, key)
        assert not re.search(r"[\u4e00-\u9fff][,;:(]|[,;:)][\u4e00-\u9fff]", zh + says_zh), (part, key)


def choices_of(annotation: object) -> list[str]:
    """The words of a key that is a choice among words; none for any other."""
    if get_origin(annotation) is Annotated:
        return choices_of(get_args(annotation)[0])
    ways = [way for way in get_args(annotation) if way is not type(None)] if get_origin(annotation) is not Literal else [annotation]
    return [str(word) for word in get_args(ways[0])] if len(ways) == 1 and get_origin(ways[0]) is Literal else []


def test_every_word_of_a_choice_is_told() -> None:
    seen = 0
    for name, part in parts_of_schemes().items():
        for key, field in part.model_fields.items():
            words = words_of(part, field.alias or key)
            choices = choices_of(field.annotation)
            if words is not None and choices:
                assert (name, key, list(words.options)) == (name, key, choices)
                seen += 1
    assert seen > 20
    for part, key, told in properties():
        if "enum" in told:
            assert (part, key, len(told["enumDescriptions"])) == (part, key, len(told["enum"]))
            assert all(" | " in text for text in told["enumDescriptions"])


def test_the_word_that_holds_where_nothing_is_written_is_told() -> None:
    told = {(part, key): words["description"] for part, key, words in properties()}
    assert told["EventType", "window"].endswith("Default: period.")
    assert "默认 ignored。" in told["Roles", "others"]
    assert told["Item", "in_total"].endswith("Default: yes.")
    assert "Default" not in told["Item", "weight"]


# --- its examples ---------------------------------------------------------------------------------


def as_text(value: object) -> object:
    """A tree as the reader of schemes has it: every scalar is text."""
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return str(value)


def misread(part: type[Part], key: str, example: object) -> list[str]:
    """What the model says against a part that has nothing but this key, save that others are lacking."""
    try:
        part.model_validate({key: as_text(example)})
    except ValidationError as errors:
        return [error["msg"] for error in errors.errors() if error["type"] != "missing" or len(error["loc"]) > 1]
    return []


def test_every_example_is_as_the_schema_and_the_model_want_it() -> None:
    for part, key, told in properties():
        for example in told["examples"]:
            assert fits(example, {name: value for name, value in told.items() if name != "examples"}), (part, key, example)
            if key not in ("rule", "rules") and part != "FormItem":
                assert (part, key, misread(parts_of_schemes()[part], key, example)) == (part, key, [])


def test_a_key_that_only_the_reader_writes_is_not_offered() -> None:
    assert [(part, key) for part, key, _ in properties() if key in MADE_BY_THE_READER] == []
    assert set(SCHEMA["properties"]) == {field.alias or name for name, field in Scheme.model_fields.items()} | {"rules"}
