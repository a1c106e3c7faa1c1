"""What can be wrong with the library of indicators, and with what somebody asks of it; one class each.

This module words problems. It neither finds them nor prints them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kaohe.problems import Problem
from kaohe.texts import nearest


def did_you_mean(name: str, known: Iterable[str]) -> dict[str, Any]:
    """The end of a sentence about an unknown name, once a language; empty where nothing is like it."""
    guess = nearest(name, known)
    return {"guess_zh": f"，是否为 {guess}？" if guess else "", "guess_en": f"; did you mean {guess}?" if guess else ""}


# --- the files of the library -------------------------------------------------------------------


class IndicatorKeyUnknown(Problem):
    """A key that indicators do not have."""

    code = "I001"
    reason = "unknown"
    zh = "{where} 没有 {key} 这个键{guess_zh}"
    en = "{where} has no key {key}{guess_en}"
    mend_zh = "可用的键：{known}。"
    mend_en = "Known keys: {known}."


class IndicatorKeyMissing(Problem):
    """A key without which an indicator says too little to be used."""

    code = "I002"
    reason = "missing"
    zh = "{where} 缺少 {key}"
    en = "{where} lacks {key}"
    mend_zh = "请补上 {key}。"
    mend_en = "Add {key}."


class IndicatorValueWrong(Problem):
    """A key of an indicator that does not hold what it must."""

    code = "I003"
    zh = "{where} 的 {key} {why_zh}"
    en = "{key} of {where} {why_en}"
    mend_zh = "各键的写法见 docs/reference/indicators.md。"
    mend_en = "docs/reference/indicators.md says what each key takes."


class IndicatorOneLanguage(Problem):
    """A text of an indicator that is not written in both languages."""

    code = "I004"
    reason = "missing"
    zh = "{where} 的 {key} 要有中文和英文两种写法"
    en = "{key} of {where} must be written in Chinese and in English"
    mend_zh = "请写成“中文 | English”，竖线只写一次。"
    mend_en = "Write `中文 | English`, with a single bar."


class IndicatorTwice(Problem):
    """One id for two indicators, or for two themes."""

    code = "I005"
    reason = "duplicate"
    zh = "{name} 定义了两次（另一处在 {other}）"
    en = "{name} is defined twice (also in {other})"
    mend_zh = "请删除或改名其中之一。"
    mend_en = "Remove or rename one of them."


class IndicatorScoringWrong(Problem):
    """A way of scoring whose settings lack, are too many, or contradict one another."""

    code = "I006"
    zh = "{where} 的计分方法 {rule} {why_zh}"
    en = "the scoring {rule} of {where} {why_en}"
    mend_zh = "这种方法要写 {needs}。"
    mend_en = "It takes {needs}."


class IndicatorFeedWrong(Problem):
    """An indicator that does not say plainly where its figure comes from."""

    code = "I007"
    zh = "{where} {why_zh}"
    en = "{where} {why_en}"
    mend_zh = "fed_by 写度量编号、parts（两个度量相除）或 entered；人工填报还要写 entered_by，占比再写 parts（分子、分母）。"
    mend_en = "fed_by is a measure's id, parts (two measures), or entered; then say entered_by, and the two counts of a share under parts."


class IndicatorFigureShared(Problem):
    """A figure that two indicators use and describe differently."""

    code = "I008"
    reason = "duplicate"
    zh = "{name} 在 {where} 和 {other} 中的单位或名称不一致"
    en = "{name} has another unit or name in {where} than in {other}"
    mend_zh = "请写成一样，或另取编号。"
    mend_en = "Write both alike, or give one another id."


# --- what somebody asks for ---------------------------------------------------------------------


class IndicatorNotFound(Problem):
    """An indicator that the library does not have."""

    code = "I010"
    reason = "unknown"
    zh = "指标库里没有 {name}{guess_zh}"
    en = "the library has no indicator {name}{guess_en}"
    mend_zh = "kaohe indicators 列出全部编号；kaohe indicators 文字 可以查找。"
    mend_en = "kaohe indicators lists all ids; kaohe indicators TEXT searches."


class ThemeNotFound(Problem):
    """A theme that the library does not have."""

    code = "I011"
    reason = "unknown"
    zh = "指标库里没有主题 {name}{guess_zh}"
    en = "the library has no theme {name}{guess_en}"
    mend_zh = "主题有：{known}。"
    mend_en = "The themes are: {known}."


class NothingToWeigh(Problem):
    """A choice of indicators of which none gets points."""

    code = "I012"
    reason = "missing"
    zh = "选中的指标都只观察、不计分：{known}"
    en = "all the indicators chosen are watched, not scored: {known}"
    mend_zh = "请至少再选一个计分的指标。"
    mend_en = "Choose at least one that gets points."


class NoCommonCycle(Problem):
    """A choice of indicators that no one cycle suits."""

    code = "I013"
    zh = "选中的指标没有共同的周期：{cycles}"
    en = "no one cycle suits the indicators chosen: {cycles}"
    mend_zh = "请改选指标，或用 --period 指定方案的周期。"
    mend_en = "Choose others, or say with --period which one the scheme is to have."


class NothingChosen(Problem):
    """Filters that leave none of the indicators."""

    code = "I014"
    reason = "missing"
    zh = "筛选以后一个指标也没有剩下"
    en = "the filters leave no indicator"
    mend_zh = "请放宽筛选；不带 --scheme 和 --snippet 可以先看有哪些。"
    mend_en = "Ask for less; without --scheme and --snippet the command lists what there is."
