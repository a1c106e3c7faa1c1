"""Definitions files: what they say is read with its line, and all that is wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.measuring import read_definitions
from kaohe.problems import Problems


def problems_of(tmp_path: Path, text: str) -> tuple[tuple[str, int | None], ...]:
    path = tmp_path / "definitions.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_definitions(path)
    return tuple((problem.code, problem.place.line) for problem in caught.value)


SOUND = """\
sources:
  calls:
    name: 来电 | Calls
    columns:
      agent: {from: Agent}
      at: {from: At, type: datetime}
      wait: {from: [Wait, 等待], type: seconds}
measures:
  mean_wait: {name: 平均等待 | Mean wait, version: 2, table: calls, subject: agent, time: at, kind: mean, value: wait}
"""


def test_a_sound_file_is_read_with_both_names(tmp_path: Path) -> None:
    path = tmp_path / "definitions.yaml"
    path.write_text(SOUND, encoding="utf-8")
    definitions = read_definitions(path)
    assert (definitions.measures["mean_wait"].name_zh, definitions.measures["mean_wait"].name_en) == ("平均等待", "Mean wait")
    assert definitions.sources["calls"].columns["wait"].from_ == (("Wait",), ("等待",))


def test_a_wrong_field_a_wrong_value_and_a_missing_field_are_told_together(tmp_path: Path) -> None:
    text = SOUND.replace("type: datetime", "typ: datetime").replace("version: 2, ", "").replace("kind: mean", "kind: average")
    assert problems_of(tmp_path, text) == (("M004", 6), ("M003", 9), ("M002", 9))


def test_what_a_measure_says_of_absent_columns_is_told_with_its_line(tmp_path: Path) -> None:
    text = SOUND.replace("subject: agent", "subject: agnet").replace("value: wait", "value: waits + 1")
    assert problems_of(tmp_path, text) == (("M004", 9), ("M004", 9))


def test_a_measure_without_what_its_kind_needs_or_with_what_it_cannot_use_is_refused(tmp_path: Path) -> None:
    assert problems_of(tmp_path, SOUND.replace(", value: wait", "")) == (("M003", 9),)
    assert problems_of(tmp_path, SOUND.replace("value: wait", "value: wait, p: 0.5")) == (("M002", 9),)


def test_a_measure_belongs_to_a_subject_column_or_to_one_subject_not_to_both(tmp_path: Path) -> None:
    assert problems_of(tmp_path, SOUND.replace("subject: agent, ", "")) == (("M003", 9),)
    assert problems_of(tmp_path, SOUND.replace("subject: agent", "subject: agent, for_all: us")) == (("M002", 9),)


def test_a_key_written_twice_is_told(tmp_path: Path) -> None:
    assert problems_of(tmp_path, SOUND + "  mean_wait: {}\n") == (("D006", 10),)


def test_an_id_that_two_files_define_is_told(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(SOUND, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_definitions(tmp_path / "a.yaml", tmp_path / "b.yaml")
    assert [problem.found["name"] for problem in caught.value] == ["calls", "mean_wait"]


@pytest.mark.parametrize("reason", ["no_value", "no_subject", "no_person", "no_time", "no_key"])
def test_an_exclusion_may_not_take_a_reason_of_the_house(tmp_path: Path, reason: str) -> None:
    exclusion = f"value: wait, exclusions: [{{reason: {reason}, name: 无 | None, when: wait > 1}}]"
    assert problems_of(tmp_path, SOUND.replace("value: wait", exclusion)) == (("M005", 9),)


@pytest.mark.parametrize("text", ["", "- a", "a: [", "a: b: c", "\t", "&a [*a]", "[" * 2000, "sources: 5", "x" * 1_000_001])
def test_what_is_no_definitions_file_is_a_problem(tmp_path: Path, text: str) -> None:
    assert problems_of(tmp_path, text)


def test_a_file_whose_anchors_multiply_is_refused(tmp_path: Path) -> None:
    text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 9))
    assert problems_of(tmp_path, text)[0][0] == "D003"


def test_a_zone_that_does_not_exist_and_a_share_beyond_one_are_refused(tmp_path: Path) -> None:
    text = "company_zone: Asia/Beijing1\n" + SOUND.replace("kind: mean", "kind: quantile, p: 1.5")
    assert problems_of(tmp_path, text) == (("M002", 1), ("M002", 10))


def test_the_mapping_hash_changes_with_the_reading_and_not_with_a_name(tmp_path: Path) -> None:
    def hash_of(text: str) -> str:
        path = tmp_path / "d.yaml"
        path.write_text(text, encoding="utf-8")
        return read_definitions(path).mapping_hash("calls")

    assert hash_of(SOUND) == hash_of(SOUND.replace("来电 | Calls", "电话 | Phone calls"))
    assert hash_of(SOUND) != hash_of(SOUND.replace("[Wait, 等待]", "[Wait]"))
    assert hash_of(SOUND) != hash_of("company_zone: Asia/Shanghai\n" + SOUND)
