"""What stands there for nothing: facts that nobody looks at, steps that pile up, words in one language only, idle accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from kaohe.linting.finding import Finding
from kaohe.linting.studying import CHINESE, Studied, joined
from kaohe.rules.arithmetic import exact
from kaohe.scheme import Body, Declared, EventType, Figure, Group
from kaohe.texts import Text


class NeverUsed(Finding):
    """A value, choice, kind of record, group or figure that nothing looks at."""

    code = "L050"
    reason = "idle"
    zh = "{kind}“{name}”声明了，却没有任何地方用到"
    en = "the {kind} “{name}” is declared, and nothing looks at it"
    mend_zh = "请删去，或补上该用到它的规则；只为留档的请写进说明。"
    mend_en = "Remove it, or add the rule that should look at it."


class StepsPileUp(Finding):
    """Two steps of one ladder that are proposed together, because the harder one does not replace the milder."""

    code = "L051"
    reason = "idle"
    zh = "“{mild}”从 {one} 起，“{hard}”从 {other} 起，看的是同一个数，却没有写 instead_of：到了 {other}，两项会一起提出"
    en = "“{mild}” from {one} and “{hard}” from {other} look at one figure, without instead_of: from {other} on both are proposed"
    mend_zh = "请在较重的一项写 instead_of: [{mild_id}]；要同时执行，请说明。"
    mend_en = "Write instead_of: [{mild_id}] on the harder one; where both are meant, say so."


class LanguageMissing(Finding):
    """Names that people see in one language only."""

    code = "L060"
    reason = "idle"
    zh = "没有{language}的名称有 {count} 个：{names}"
    en = "names without {language}: {count} ({names})"
    mend_zh = "请写成“中文 | English”。"
    mend_en = "Write them as 中文 | English."


class AcceptedForNothing(Finding):
    """A finding that the scheme accepts and that does not occur."""

    code = "L090"
    reason = "idle"
    zh = "accept 里的 {accepted} 没有对应的发现"
    en = "nothing is found that accept: {accepted} would allow"
    mend_zh = "请删去，或改正编号；发现已经改好了，说明也就不需要了。"
    mend_en = "Remove it or mend the code: what has been mended needs no reason any more."


# --- declared and not used ------------------------------------------------------------------------

# What may be declared and forgotten: what people call it, and how formulas and rules write it.
DECLARED = {
    "values": (Text("数据项", "value"), "value.{}"),
    "config": (Text("公司选项", "choice"), "config.{}"),
    "events": (Text("记录", "kind of record"), "event.{}"),
    "groups": (Text("分组", "group"), "{}"),
    "figures": (Text("中间数", "figure"), "figure.{}"),
}


def never_used(studied: Studied) -> Iterator[Finding]:
    """Declarations that no figure, condition, group or rule of facts looks at."""
    words = _mentioned(studied)
    for home, (kind, written) in DECLARED.items():
        for id, entry in getattr(studied.scheme, home).items():
            full = written.format(id.rpartition(".")[2])  # a unit's value is called by its own name there
            if full not in words and not _is_of_use_itself(studied, home, id, entry):
                yield NeverUsed((home, id), kind=kind, name=entry.name or Text.read(id))


def _is_of_use_itself(studied: Studied, home: str, id: str, entry: Declared | EventType | Group | Figure) -> bool:
    """Whether a declaration does something although nothing mentions it: a result that is shown, a step in an order."""
    if isinstance(entry, Figure):
        return entry.show
    if isinstance(entry, EventType):
        return bool(entry.after) or any(id in other.after for other in studied.scheme.events.values())
    return isinstance(entry, Declared) and bool(entry.about)


def _mentioned(studied: Studied) -> set[str]:
    """Every name that the plan's formulas, rules and conditions mention, in full; what a figure says of itself left out."""
    plan, scheme = studied.plan, studied.scheme
    beside = [[must["tree"] for must in plan.musts], [list(group.values()) for group in plan.groups.values()], plan.outputs["needed"]]
    found = set(_texts(beside)) | _choices(beside)
    for node in plan.nodes.values():
        parts: list[object] = [node.inputs, node.params]
        found |= {text for text in _texts(parts) if not f"{node.id}.".startswith(f"{text}.")} | _choices(parts)
        found |= {f"event.{text}" for text in _texts(node.params) if text in scheme.events}
        found |= {f"event.{kind}" for kind, event in scheme.events.items() if node.frame.endswith(f"/{event.one_per}")}
    return found | set(re.findall(r"config\.\w+", " ".join([scheme.as_of, *_settings(studied)])))


def _choices(part: object) -> set[str]:
    """The choices that trees look at, and those from which weights come."""
    if isinstance(part, dict):
        own = {f"config.{part['config']}"} if part.get("config") else set()
        return own.union(*(_choices(value) for value in part.values()))
    if not isinstance(part, list):
        return set()
    own = {f"config.{part[1]}"} if len(part) > 1 and part[0] == "config" else set()
    return own.union(*(_choices(value) for value in part))


def _settings(studied: Studied) -> Iterator[str]:
    """What bodies say, as text: settings of rules that walk through records, points for places."""
    scheme = studied.scheme
    lines = scheme.pay.lines if scheme.pay is not None else {}
    bodies: list[Body] = [*scheme.figures.values(), *scheme.items.values(), *lines.values()]
    yield from (body.model_dump_json(by_alias=True) for body in bodies)


def _texts(part: object) -> Iterator[str]:
    """Every text in trees and settings."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from _texts([*part, *part.values()])
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)


# --- steps ----------------------------------------------------------------------------------------


def steps_pile_up(studied: Studied) -> Iterator[Finding]:
    """Actions whose conditions compare one figure with different numbers, neither instead of the other."""
    actions = studied.scheme.actions
    steps = {name: _thresholds(studied, f"action.{name}") for name in actions}
    for mild, low in steps.items():
        for hard, high in steps.items():
            for key in low.keys() & high.keys():
                beyond = high[key] > low[key] if key[0] == ">" else high[key] < low[key]
                if beyond and not _replaces(studied, hard, mild):
                    one, other = actions[mild], actions[hard]
                    yield StepsPileUp(
                        ("actions", hard),
                        other.clause,
                        mild=one.name,
                        hard=other.name,
                        mild_id=mild,
                        one=low[key],
                        other=high[key],
                    )


def _replaces(studied: Studied, one: str, other: str) -> bool:
    actions = studied.scheme.actions
    return bool({other, "all"} & set(actions[one].instead_of)) or bool({one, "all"} & set(actions[other].instead_of))


def _thresholds(studied: Studied, id: str) -> dict[tuple[str, str], Fraction]:
    """The numbers from which on (or up to which) an action is proposed whatever else holds, by figure and direction."""
    tree = studied.plan.nodes[id].inputs[0]
    found: dict[tuple[str, str], Fraction] = {}
    for part in tree[1:] if tree[0] == "or" else [tree]:
        if part[0] in ("<", "<=", ">", ">=") and part[2][0] == "num":
            found[(part[0][0], str(part[1]))] = exact(part[2][1])
    return found


# --- words ----------------------------------------------------------------------------------------

PLAIN_WORD = re.compile("[a-z]{3}")
EN, ZH = Text("英文", "English"), Text("中文", "Chinese")


def languages(studied: Studied) -> Iterator[Finding]:
    """Names written in one language only, in a scheme most of whose names have both."""
    names = list(dict.fromkeys(_shown(studied)))
    for language, key, lacking in (
        (EN, "en", [name for name in names if CHINESE.search(name.en)]),
        (ZH, "zh", [name for name in names if not CHINESE.search(name.zh) and PLAIN_WORD.search(name.zh)]),
    ):
        if lacking and 2 * len(lacking) < len(names):
            told = joined([Text(name.zh, name.zh) for name in lacking[:8]])
            more = Text(f"{told.zh} 等", f"{told.en} …") if len(lacking) > 8 else told
            yield LanguageMissing(("name",), key=key, count=len(lacking), language=language, names=more)


def _shown(studied: Studied) -> Iterator[Text]:
    """Every name that results, explanations or templates show."""
    scheme = studied.scheme
    yield scheme.name
    declared = {**scheme.people, **scheme.values, **scheme.config}
    yield from (entry.name for entry in declared.values() if entry.name is not None)
    lines = scheme.pay.lines if scheme.pay is not None else {}
    bodies: list[Body] = [*scheme.items.values(), *scheme.figures.values(), *lines.values()]
    yield from (body.name for body in bodies if body.name is not None)
    yield from (group.name for group in scheme.groups.values() if group.name is not None)
    for home in (scheme.actions, scheme.warnings, scheme.events, scheme.states, scheme.sections):
        yield from (entry.name for entry in home.values())
    for words in scheme.words.values():
        yield from (name for name in words.names.values() if name.zh != name.en or CHINESE.search(name.en))
    for roles in (scheme.roles.assessed, scheme.roles.rate_only):
        yield from roles.values() if isinstance(roles, dict) else ()
    yield from _of_grades(studied)


def _of_grades(studied: Studied) -> Iterator[Text]:
    """The grades' names; their ids where they have none."""
    grades = studied.scheme.grades
    for grade, row in ({} if grades is None or not grades.shown else grades.rows).items():
        yield row.name or Text.read(grade)


LINTS = (never_used, steps_pile_up, languages)
