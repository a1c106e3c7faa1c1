"""An indicator's card: everything the library says of it, line by line in both languages, and as plain data."""

from __future__ import annotations

from collections.abc import Iterable

from kaohe.indicators.marking import scoring_sentence
from kaohe.indicators.model import CYCLES, DIRECTIONS, PERSPECTIVES, ROLES, Indicator, Library
from kaohe.texts import Text

Row = tuple[Text, tuple[Text, ...]]

IF_NONE = {
    "missing": Text("缺数，此人未完成", "missing, the person is incomplete"),
    "spread": Text("不计，权重分给其余指标", "left out, its weight spread over the others"),
}


def card(library: Library, one: Indicator) -> tuple[Row, ...]:
    """Each line's label and what stands behind it; several texts where there are several things to say."""
    return (
        (Text("主题", "Theme"), (library.theme(one.theme).name,)),
        (Text("定义", "Definition"), (one.definition,)),
        (Text("公式", "Formula"), (one.formula,)),
        (Text("单位", "Unit"), (one.unit_name,)),
        (Text("方向", "Direction"), (DIRECTIONS[one.direction],)),
        (Text("平衡计分卡", "Perspective"), (PERSPECTIVES[one.perspective],)),
        (Text("周期", "Cycle"), (_joined(CYCLES[cycle] for cycle in one.cycle),)),
        (Text("适合", "Suits"), (_joined(ROLES[role] for role in one.roles),)),
        (Text("数据来源", "Source"), (one.source,)),
        (Text("供数", "Fed by"), (fed_by(one), *_parts(one))),
        (Text("通常目标", "Usual target"), (one.usual,)),
        (Text("通常计分", "Usually scored"), (scoring_sentence(one),)),
        (Text("无可计量时", "Nothing to measure"), (IF_NONE[one.scored.if_none],)),
        (Text("注意", "Pitfalls"), one.pitfalls),
    )


def fed_by(one: Indicator) -> Text:
    """The measure that makes the figure, or who enters it."""
    if one.entered_by is not None:
        return Text(f"{one.entered_by.zh}（人工填报）", f"{one.entered_by.en} (a person)")
    measures = " ÷ ".join(one.measures)
    return Text(f"度量 {measures}", f"measure {measures}" if len(one.measures) == 1 else f"measures {measures}")


def _parts(one: Indicator) -> Iterable[Text]:
    if one.parts:
        part, whole = (Text(f"{part.name.zh}（{id}）", f"{part.name.en} ({id})") for id, part in one.parts.items())
        yield Text(f"{part.zh} ÷ {whole.zh}", f"{part.en} ÷ {whole.en}")


def _joined(texts: Iterable[Text]) -> Text:
    every = list(texts)
    return Text("、".join(text.zh for text in every), ", ".join(text.en for text in every))


def card_data(library: Library, one: Indicator) -> dict[str, object]:
    """The card as plain data: ids and words as they stand in the library, texts in both languages."""
    usual = scoring_sentence(one)
    return {
        "id": one.id,
        "theme": one.theme,
        **{key: _both(text) for key, text in (("name", one.name), ("definition", one.definition), ("formula", one.formula))},
        "unit": one.unit,
        "counted_in": _both(one.unit_name),
        "direction": one.direction,
        "perspective": one.perspective,
        "cycle": list(one.cycle),
        "roles": list(one.roles),
        "source": _both(one.source),
        "fed_by": one.fed_by,
        "entered_by": None if one.entered_by is None else _both(one.entered_by),
        "parts": {id: {"unit": part.unit, "name": _both(part.name)} for id, part in one.parts.items()},
        "usual": _both(one.usual),
        "scored": {"rule": one.scored.rule, **{key: str(value) for key, value in one.scored.settings().items()}, **_both(usual)},
        "if_none": one.scored.if_none,
        "pitfalls": [_both(text) for text in one.pitfalls],
        "theme_name": _both(library.theme(one.theme).name),
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
