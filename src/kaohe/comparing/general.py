"""The scheme itself, roles and states, entry by entry."""

from __future__ import annotations

from fractions import Fraction

from kaohe.comparing.entries import EMPTY, Aspect, Entry, Part, fixed
from kaohe.comparing.side import NAME, Side, part
from kaohe.numbers import as_typed
from kaohe.phrasing import spans
from kaohe.phrasing.phrases import Phrases
from kaohe.scheme import State
from kaohe.texts import Text

IGNORED, REFUSED = Text("不理会", "ignored"), Text("不予接受", "refused")


def general(side: Side) -> Part:
    """Name, version, dates, period, full marks, source."""
    scheme = side.scheme
    source = None if scheme.source is None else Text.read(scheme.source)
    aspects = [
        *side.named(scheme.name, ()),
        *side.plain("about", Text("目的", "purpose"), scheme.about, ()),
        *side.plain("source", Text("依据", "source"), source, ()),
        side.aspect("version", Text("版本", "version"), scheme.version, lambda phrases: scheme.version, ("version",)),
        side.aspect("period", Text("考核周期", "period"), str(scheme.period), spans.period, ("period",)),
        side.aspect("subjects", Text("考核对象", "who is appraised"), scheme.subjects, _subjects, ("subjects",)),
        side.either(
            "other_values", Text("没有列出的数据", "data that is not listed"), scheme.other_values == "ignored", (IGNORED, REFUSED), ()
        ),
        *_dates(side),
    ]
    return Part("general", Text("总则", "General"), {"": Entry("", EMPTY, (), tuple(aspects))})


def _dates(side: Side) -> list[Aspect]:
    """When it is in force, full marks, and the day up to which data is known, where it says so."""
    scheme, aspects = side.scheme, []
    days = spans.effective(side.version.phrases["zh"])
    if days:
        aspects.append(side.aspect("effective", Text("施行日期", "when it is in force"), days, spans.effective, ("effective",)))
    if scheme.scale is not None:
        marks = as_typed(scheme.scale)
        aspects.append(side.aspect("scale", Text("满分", "full marks"), scheme.scale, lambda phrases: marks, ("scale",)))
    if scheme.as_of != "end":
        aspects.append(side.formula("as_of", Text("数据截止日", "day up to which data is known"), scheme.as_of, (), "as_of"))
    return aspects


def _subjects(phrases: Phrases) -> str:
    return phrases.say("单位", "units") if phrases.scheme.subjects == "units" else phrases.say("人员", "people")


ROLES = {"assessed": Text("被考核", "appraised"), "rate_only": Text("只评分", "only rates")}
STANDING = Text("身份", "standing")


def roles(side: Side) -> Part:
    """Who is appraised, who only rates, what becomes of others."""
    known = side.scheme.roles
    entries = [_role(side, "rate_only", role, name) for role, name in known.rate_only.items()]
    if isinstance(known.assessed, dict):
        entries += [_role(side, "assessed", role, name) for role, name in known.assessed.items()]
    others = (Text("不在考核范围", "outside the appraisal"), Text("视为错误", "refused as a mistake"))
    everybody = (Text("全部参加", "everybody"), Text("所列岗位", "the roles that are listed"))
    rest = (
        side.either("others", Text("其他岗位", "any other role"), known.others == "ignored", others, ("roles",)),
        side.either("assessed", Text("考核范围", "who is appraised"), known.assessed == "all", everybody, ("roles",)),
    )
    found = part("roles", Text("岗位", "Roles"), entries)
    return Part("roles", found.label, {**found.entries, "": Entry("", EMPTY, ("roles",), rest)})


def _role(side: Side, standing: str, role: str, name: Text) -> Entry:
    path = ("roles", standing, role)
    aspects = (Aspect("name", NAME, (name.zh, name.en), fixed(name), path), Aspect("how", STANDING, standing, fixed(ROLES[standing]), path))
    return side.entry("roles", role, name, path, aspects, "", fixed(ROLES[standing]))


def states(side: Side) -> Part:
    """Who is left out, and what is paid all the same."""
    return part(
        "states", Text("不参加考核的情形", "Who is left out"), [_state(side, id, state) for id, state in side.scheme.states.items()]
    )


def _state(side: Side, id: str, state: State) -> Entry:
    path = ("states", id)
    status = Text(state.status, state.status)
    aspects = [*side.named(state.name, path), side.condition(state.when, path, f"state.{id}"), *side.claused(state.clause, path)]
    aspects.append(Aspect("status", Text("结果中的状态", "status in the results"), state.status, fixed(status), (*path, "status")))
    aspects += [_paid(side, line, amount, path) for line, amount in state.pay.items()]
    return side.entry("states", id, state.name, path, aspects, state.clause)


def _paid(side: Side, line: str, amount: str, path: tuple[str, str]) -> Aspect:
    """What is paid all the same."""
    label = side.text(lambda phrases: phrases.say(f"期间发放的{phrases.pay_name(line)}", f"{phrases.pay_name(line)} paid all the same"))
    told = fixed(Text(f"{amount}元", f"{amount} yuan"))
    return Aspect(f"pay {side.renamed.id('pay', line)}", label, Fraction(amount), told, (*path, "pay", line))
