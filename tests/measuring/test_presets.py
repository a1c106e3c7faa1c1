"""Measures taken by name: what a preset says, what the company says instead, what it lacks."""

from __future__ import annotations

import pytest

from kaohe.measuring import Definitions, Owner, read_definitions
from kaohe.measuring.deriving.tables import Tables
from kaohe.measuring.plans import compile_measures
from kaohe.measuring.presets import read_presets
from kaohe.measuring.suggesting import canonical_tables
from kaohe.problems import Problems

MESSAGES = """
sources:
  messages:
    name: 消息 | Messages
    subject: account
    columns:
      session_id: {from: session, needed: true}
      sender: {from: sender, needed: true}
      auto: {from: auto, type: yes_no}
      account: {from: account, needed: true}
      sent_at: {from: sent, type: datetime, needed: true}
"""


def read(tmp_path, text):
    path = tmp_path / "definitions.yaml"
    path.write_text(text, encoding="utf-8")
    return read_definitions(path)


def codes(tmp_path, text):
    with pytest.raises(Problems) as caught:
        read(tmp_path, text)
    return [(problem.code, problem.place.line) for problem in caught.value]


def test_a_preset_brings_its_definition_and_the_tables_that_it_derives(tmp_path):
    definitions = read(tmp_path, MESSAGES + "measures:\n  reply: {preset: average_reply_seconds@1, subject: account, clause: §3}\n")
    measure = definitions.measures["reply"]
    assert (measure.preset, measure.kind, measure.clause, measure.table) == ("average_reply_seconds@1", "mean", "§3", "rounds")
    assert "rounds" in definitions.derived


def test_what_the_company_says_comes_instead(tmp_path):
    text = "measures:\n  reply: {preset: average_reply_seconds, subject: account, name: 平响, clock: {cap: 600}, version: 7}\n"
    measure = read(tmp_path, MESSAGES + text).measures["reply"]
    assert (measure.name, measure.version, measure.clock.start, measure.clock.cap) == ("平响", 7, "asked_at", "600")


def test_a_preset_that_is_not_there_is_told_with_its_nearest(tmp_path):
    assert codes(tmp_path, MESSAGES + "measures:\n  reply: {preset: average_reply_second@1}\n") == [("M004", 13)]
    assert codes(tmp_path, MESSAGES + "measures:\n  reply: {preset: average_reply_seconds@99}\n") == [("M004", 13)]


def test_a_table_that_no_source_fills_is_told_at_the_measure(tmp_path):
    assert codes(tmp_path, "measures:\n  reply: {preset: average_reply_seconds@1, subject: account}\n") == [("M040", 2)]


def test_a_parameter_that_the_preset_does_not_have_is_told(tmp_path):
    text = "measures:\n  reply: {preset: average_reply_seconds@1, subject: account, with: {lmit: 3}}\n"
    assert codes(tmp_path, MESSAGES + text) == [("M004", 13)]


def test_every_preset_says_what_it_is_in_both_languages():
    for id, measure in read_presets().measures.items():
        assert " | " in str(measure["name"]), id
        assert {"version", "kind", "table", "unit", "direction", "source"} <= set(measure), id


def test_every_preset_looks_at_canonical_tables_and_their_columns():
    sources = {
        id: table.model_copy(update={"subject": Owner(account="account")} if "account" in table.columns else {})
        for id, table in canonical_tables().items()
    }
    calendars = {"business_hours": {"name": "x", "hours": {"mon-fri": "09:00-18:00"}}}
    presets = read_presets()
    definitions = Definitions.model_validate(
        {"sources": sources, "derived": presets.derived, "calendars": calendars, "measures": presets.measures}
    )
    assert len(compile_measures(Tables(definitions))) == len(presets.measures) >= 45
