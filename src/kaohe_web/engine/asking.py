"""What a scheme asks before a round runs: a period that it takes, people as it names them, and what is missing of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kaohe.checking import check_facts
from kaohe.checking.choices import Choices
from kaohe.facts import RawFacts
from kaohe.problems import Problems
from kaohe.texts import Text
from kaohe_web.engine.facts import Row, Rows
from kaohe_web.engine.schemes import Field, people_fields, plan_of
from kaohe_web.engine.telling import Told, told_of

PEOPLE = "people"


def period_problems(written: str, start: date, end: date) -> list[Told]:
    """What the scheme says against a period, such as two months where it takes quarters."""
    choices = Choices(plan_of(written), RawFacts(start.isoformat(), end.isoformat(), None, {}, {}))
    choices.period()
    return told_of(choices.problems)


def people_problems(written: str, rows: Rows) -> list[Told]:
    """What is wrong with rows of people or missing in them, each with the number of its row."""
    try:
        check_facts(plan_of(written), rows.raw())
    except Problems as refused:
        return [one for one in told_of(refused.problems) if one.sheet == PEOPLE]
    return []


def role_of(written: str, text: str) -> str:
    """The scheme's own word for a role that is written by its word or by its name."""
    roles = plan_of(written).scheme.roles
    named = {**roles.rate_only, **(roles.assessed if isinstance(roles.assessed, dict) else {})}
    return text if text in named else _word_of(text, list(named.items()))


def asked_of(written: str, texts: Mapping[str, str]) -> dict[str, str]:
    """What the scheme asks of a person, found in texts under the field's key or its name."""
    found = {field.key: _text_for(field, texts) for field in people_fields(written)}
    return {key: text for key, text in found.items() if text}


def _text_for(field: Field, texts: Mapping[str, str]) -> str:
    text = next((texts[name] for name in (field.key, field.name.zh, field.name.en) if texts.get(name)), "")
    return _word_of(text, field.words)


def _word_of(text: str, words: Sequence[tuple[str, Text]]) -> str:
    """The word that a name stands for; a text that is no name stays as it is."""
    return next((word for word, name in words if text in (word, name.zh, name.en)), text)


def rows_of_people(start: date, end: date, config: Mapping[str, object], people: Sequence[Row]) -> Rows:
    """Rows of people alone, to be asked for what is missing."""
    return Rows(start.isoformat(), end.isoformat(), config, {PEOPLE: people})


def config_problems(written: str, start: date, end: date, config: Mapping[str, object]) -> list[Told]:
    """What is wrong with a company's choices, or missing among them."""
    asked = set(plan_of(written).scheme.config)
    try:
        check_facts(plan_of(written), Rows(start.isoformat(), end.isoformat(), config).raw())
    except Problems as refused:
        return [one for one in told_of(refused.problems) if asked & set(one.about)]
    return []
