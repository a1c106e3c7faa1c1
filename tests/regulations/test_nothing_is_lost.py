"""Whatever a scheme says stands on its page, in the words of the trade and in no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from pydantic import BaseModel

from kaohe.expressions import FUNCTIONS
from kaohe.numbers import as_typed
from kaohe.scheme import Must, Scheme
from kaohe.texts import Text
from tests.regulations.conftest import page_of, plan_of_library, words_of

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
TEXTS = {"name", "text", "note", "about", "source", "reviewer", "clause", "anchors", "accept", "called"}
FORMULAS = re.compile(r"[^\W\d]\w*(?:\.\w+)*")


def parts(model: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every leaf of a scheme with the keys that lead there."""
    if isinstance(model, BaseModel):
        known = {**{name: getattr(model, name) for name in type(model).model_fields}, **(model.model_extra or {})}
        for name, value in known.items():
            yield from parts(value, (*path, name))
    elif isinstance(model, dict):
        for key, value in model.items():
            yield (*path, "key"), key
            yield from parts(value, (*path, str(key)))
    elif isinstance(model, (list, tuple)):
        for value in model:
            yield from parts(value, path)
    elif model is not None:
        yield path, model


def numbers_of(scheme: Scheme) -> set[str]:
    """Every number that the scheme writes, but 0: in tables, bounds and formulas."""
    found: set[str] = set()
    for path, value in parts(scheme):
        if isinstance(value, Fraction):
            found.add(as_typed(value).rstrip("%‰"))
        elif isinstance(value, int) and not isinstance(value, bool):
            found.add(str(value))
        elif isinstance(value, str) and not TEXTS & set(path) and path[-1] not in ("scheme", "key"):
            found |= set(NUMBER.findall(FORMULAS.sub(" ", value.replace("'", " "))))
    return {number.lstrip("-") for number in found if "/" not in number} - {"0"}


def names_of(scheme: Scheme, language: str) -> set[str]:
    """Every name that the scheme gives to something that people see; an id that stands for its own name is none."""
    return {value.tell(language) for path, value in parts(scheme) if isinstance(value, Text) and path[-1] not in ("about", value.zh)}


def test_every_number_of_a_scheme_stands_on_its_page(scheme, language):
    plan = plan_of_library(scheme)
    shown = {
        number for text in words_of(page_of(scheme, language)) for number in re.findall(r"\d+(?:\.\d+)?", text.replace("100%", "100 % 1"))
    }
    assert sorted(numbers_of(plan.scheme) - shown) == []


def test_every_name_and_text_of_a_scheme_stands_on_its_page(scheme, language):
    text = "\n".join(words_of(page_of(scheme, language)))
    conditions = {must.name.tell(language) for path, must in parts_of_kind(plan_of_library(scheme).scheme, Must) if must.name is not None}
    assert sorted(name for name in names_of(plan_of_library(scheme).scheme, language) - conditions if name not in text) == []


def parts_of_kind(model: object, kind: type) -> Iterator[tuple[tuple[str, ...], BaseModel]]:
    if isinstance(model, kind):
        yield (), model
    if isinstance(model, BaseModel):
        for name in type(model).model_fields:
            yield from parts_of_kind(getattr(model, name), kind)
    elif isinstance(model, dict):
        for value in model.values():
            yield from parts_of_kind(value, kind)


def test_every_clause_of_a_scheme_stands_on_its_page(scheme, language):
    text = "\n".join(words_of(page_of(scheme, language)))
    clauses = {value for path, value in parts(plan_of_library(scheme).scheme) if path[-1] == "clause" and value}
    assert sorted(clause for clause in clauses if clause not in text) == []


def test_every_oddity_is_told_with_its_reason(scheme, language):
    text = "\n".join(words_of(page_of(scheme, language)))
    reasons = [Text.read(why).tell(language) for why in plan_of_library(scheme).scheme.accept.values()]
    assert [why for why in reasons if why not in text] == []


def test_no_id_stands_in_a_sentence(scheme, language):
    page = page_of(scheme, language)
    ids = {key for path, key in parts(plan_of_library(scheme).scheme) if path[-1] == "key" and "_" in str(key)}
    text = "\n".join(words_of(page))
    assert sorted(id for id in ids if re.search(rf"(?<!\w){re.escape(str(id))}(?!\w)", text)) == []


def test_a_chinese_page_has_no_latin_word_that_the_scheme_did_not_write(scheme):
    page, told = page_of(scheme, "zh"), plan_of_library(scheme).scheme
    grades = {} if told.grades is None else told.grades.rows
    columns = {} if told.grades is None else {str(value) for row in told.grades.rows.values() for value in (row.model_extra or {}).values()}
    lists = {word for path, word in parts(told) if path[-1] in ("words", "one_of", "for_roles") and isinstance(word, str)}
    written = [told.scheme, *grades, *columns, *names_of(told, "zh"), *lists]
    written += [str(value) for path, value in parts(told) if TEXTS & set(path)]
    allowed = {word for text in written for word in re.findall(r"[A-Za-z]+", text)}
    assert sorted({word for text in words_of(page) for word in re.findall(r"[A-Za-z]+", text)} - allowed) == []


def test_no_sign_or_function_of_the_formula_language_stands_on_a_page(scheme, language):
    text = "\n".join(words_of(page_of(scheme, language)))
    assert re.findall(r"[=!<>]=|[<>]|(?<![\w-])(?:" + "|".join(FUNCTIONS) + r")\(", text) == []


def test_no_table_is_empty_and_no_column_is(scheme, language):
    for block in page_of(scheme, language).blocks:
        if hasattr(block, "rows"):
            assert block.rows
            filled = [any(row[place] for row in block.rows) for place in range(len(block.columns))]
            assert [column.heading for column, full in zip(block.columns, filled, strict=True) if not full] == []


def test_chinese_sentences_have_chinese_punctuation(scheme):
    page, told = page_of(scheme, "zh"), plan_of_library(scheme).scheme
    text = "\n".join(words_of(page))
    for name in sorted({*names_of(told, "zh"), *(Text.read(why).zh for why in told.accept.values())}, key=len, reverse=True):
        text = text.replace(name, "甲")
    assert re.findall(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]", text) == []


def test_both_languages_say_the_same_things_in_the_same_places(scheme):
    both = page_of(scheme, "zh", "en")
    one, other = page_of(scheme, "zh"), page_of(scheme, "en")
    assert len(both.blocks) == len(one.blocks) == len(other.blocks)
    text = "\n".join(words_of(both))
    assert [word for word in (*words_of(one), *words_of(other)) if word not in text] == []
