"""What a labour lawyer would ask: dismissal by place or by score, separation by itself, points for what the law protects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kaohe.linting.finding import Finding
from kaohe.linting.studying import Studied, says
from kaohe.plan import Node, walk
from kaohe.texts import Text


class DismissedByPlace(Finding):
    """An action that ends the employment of whoever ranks last."""

    code = "L034"
    reason = "labour_law"
    zh = (
        "“{name}”以名次为条件（末位淘汰）：排在末位不等于不能胜任工作，"
        "据此单方解除合同会被认定为违法解除（指导案例 18 号，2016 年民事审判纪要第 29 条）"
    )
    en = (
        "“{name}” follows from a place: to rank last is not to be unfit for the work, and courts treat a dismissal "
        "on that ground as unlawful (guiding case 18; minutes on civil trials of 2016, no. 29)"
    )
    mend_zh = "请改为以达不到事先约定的标准为条件，先培训或调岗，仍不胜任的再按《劳动合同法》第四十条办理。"
    mend_en = (
        "Let it follow from missing an agreed standard; train or move first, and only then proceed under the Labour Contract Law, art. 40."
    )


class DismissedByScore(Finding):
    """An action that ends the employment on a score or grade alone."""

    code = "L035"
    reason = "labour_law"
    zh = (
        "“{name}”只看分数或等级：考核不合格不能直接解除合同，还要先培训或调整岗位，"
        "仍不能胜任的提前三十日通知并给补偿（《劳动合同法》第四十条第二项）"
    )
    en = (
        "“{name}” looks at scores or grades alone: after a failed appraisal training or another post come first, then thirty days' notice "
        "and compensation (Labour Contract Law, art. 40 (2))"
    )
    mend_zh = "请先安排培训或调岗的措施，把这一步写成“仍不能胜任时，提出解除”，并由人决定。"
    mend_en = "Put training or a change of post before it, and make this step a proposal for whoever is still unfit, decided by a person."


class SeparatedByItself(Finding):
    """An action by which employment is said to end of itself."""

    code = "L036"
    reason = "labour_law"
    zh = (
        "“{name}”：劳动关系不会因为几次记录自动结束，要由公司作出解除决定、说明理由、通知工会并送达本人"
        "（《劳动合同法》第三十九条、第四十三条）"
    )
    en = (
        "“{name}”: employment does not end of itself after some records; the company must decide it, give its reason, tell the union "
        "and serve notice (Labour Contract Law, arts. 39 and 43)"
    )
    mend_zh = "请改为“可按严重违反规章制度提出解除”，并写明规章经过民主程序、已经公示。"
    mend_en = "Write that dismissal may be proposed for a serious breach of rules that were adopted and made known as art. 4 asks."


class ProtectedByLaw(Finding):
    """A record that takes points or money although the law gives people a right to it."""

    code = "L037"
    reason = "labour_law"
    zh = "“{name}”要扣分：{right}"
    en = "“{name}” costs points: {right}"
    mend_zh = "请不扣分，或只扣无故、未经批准的情形。"
    mend_en = "Take no points for it, or only where it was without cause and approval."


ENDS = re.compile(r"解除(劳动)?(合同|关系)|终止(劳动)?合同|辞退|劝退|请辞|淘汰|开除|除名|清退|(自动|办理|视为|视同|按)离职")
ENDS_EN = re.compile(r"\bdismiss|\bterminat|\bseparation|\bleaves? the (post|company)|\bresign", re.IGNORECASE)
BY_ITSELF = re.compile(r"自动|视为|视同")


def dismissals(studied: Studied) -> Iterator[Finding]:
    """Actions that end an employment, and what they follow from."""
    if studied.scheme.subjects != "people":
        return
    for name, action in studied.scheme.actions.items():
        if says(action.name, ENDS, ENDS_EN):
            behind = list(studied.behind(f"action.{name}"))
            kind = _kind_of(behind, action.name)
            if kind is not None:
                yield kind(("actions", name), action.clause, name=action.name)


def _kind_of(behind: list[Node], name: Text) -> type[Finding] | None:
    ids = {node.id for node in behind}
    if ids & {"rank", "of"} or any(_is_last(node) for node in behind):
        return DismissedByPlace
    if ids & {"total", "grade"}:
        return DismissedByScore
    return SeparatedByItself if BY_ITSELF.search(name.zh) else None


def _is_last(node: Node) -> bool:
    """Whether a figure compares totals with the least (or the most) among a group."""
    extremes = [tree for tree in walk(node.inputs) if tree[0] == "over" and tree[1] in ("min", "max") and tree[3] == ["node", "total"]]
    return node.kind == "truth" and bool(extremes)


@dataclass(frozen=True)
class Right:
    """What the law gives, the words by which a record names it, and the words that take it out again."""

    zh: re.Pattern[str]
    en: re.Pattern[str]
    law: Text


def _right(zh: str, en: str, law: Text) -> Right:
    return Right(re.compile(zh), re.compile(en, re.IGNORECASE), law)


WITHOUT_CAUSE = re.compile(r"无故|未经|未批|虚假|不实|手续|逾期|\bunapproved|\bwithout|\bfalse|\boverstay", re.IGNORECASE)
ON_LEAVE = (
    _right(
        "病假",
        r"\bsick leave",
        Text(
            "患病的人有医疗期（《劳动合同法》第四十二条），因病请假不是过错",
            "whoever is ill has a period for treatment (Labour Contract Law, art. 42); to be ill is no fault",
        ),
    ),
    _right(
        "产假|怀孕|哺乳",
        r"\bmaternity|\bpregnan|\bnursing",
        Text(
            "不得因怀孕、生育、哺乳降低工资（《女职工劳动保护特别规定》第五条）",
            "pregnancy, birth and nursing may not lower anybody's wage "
            "(Special Provisions on the Labour Protection of Female Employees, art. 5)",
        ),
    ),
    _right("年休假|年假|婚假|丧假", r"\bannual leave|\bmarriage leave|\bbereavement", Text("这是法定的假期", "this leave is given by law")),
    _right(
        "工伤",
        r"\bwork injur|\binjury at work",
        Text(
            "工伤停工期间原工资福利不变（《工伤保险条例》第三十三条）",
            "wages and benefits stay as they are after an injury at work (Regulation on Work-Related Injury Insurance, art. 33)",
        ),
    ),
)
OVERTIME = _right(
    "(未|不|拒|缺).*加班",
    r"\b(miss|refus|not|no)\w*\b.*\bovertime|\bovertime (miss|refus)",
    Text(
        "加班要与本人协商，不得强迫或变相强迫（《劳动合同法》第三十一条、《劳动法》第四十一条）",
        "overtime takes consent and may not be forced on anybody (Labour Contract Law, art. 31; Labour Law, art. 41)",
    ),
)


def protected_by_law(studied: Studied) -> Iterator[Finding]:
    """Records that cost points and bear the name of something the law protects."""
    for kind, event in studied.scheme.events.items():
        right = _right_to(event.name)
        if right is not None and _costs(studied, kind):
            yield ProtectedByLaw(("events", kind), event.clause, name=event.name, right=right.law)


def _right_to(name: Text) -> Right | None:
    without_cause = says(name, WITHOUT_CAUSE, WITHOUT_CAUSE)
    rights = (OVERTIME, *(() if without_cause else ON_LEAVE))
    return next((right for right in rights if says(name, right.zh, right.en)), None)


def _costs(studied: Studied, kind: str) -> bool:
    """Whether records of a kind take points from some item."""
    for node in studied.plan.nodes.values():
        if node.rule == "per_event@1":
            for tree in node.inputs[1:]:
                low = studied.overall.of(tree, node.frame).low
                if (low is None or low < 0) and any(part[0] == "agg" and part[2] == f"event.{kind}" for part in walk(tree)):
                    return True
    return False


LINTS = (dismissals, protected_by_law)
