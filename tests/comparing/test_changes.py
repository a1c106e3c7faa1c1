"""Each change is told alone, in the words of the trade, with both sides."""

from __future__ import annotations

import pytest

from kaohe.comparing import compare
from tests.comparing.conftest import TEA_HOUSE, version_of


@pytest.mark.parametrize(
    ("was", "now", "zh", "en"),
    [
        ("version: 1", "version: 2", "版本由1改为2", "version changed from 1 to 2"),
        (
            "{above: 97%, points: 50}",
            "{above: 98%, points: 50}",
            "“接通”“得50分”一档的界限由高于97%改为高于98%",
            '"Calls": edge of the band "50 points" changed from above 97% to above 98%',
        ),
        (
            "{above: 97%, points: 50}",
            "{above: 97%, points: 70}",
            "“接通”“高于97%”一档由得50分改为得70分",
            '"Calls": band "above 97%" changed from 50 points to 70 points',
        ),
        ("{above: 97%, points: 50}, ", "", "“接通”取消一档（原为：高于97%，得50分）", '"Calls": band removed (was: above 97%: 50 points)'),
        (
            "{above: 97%, points: 50}",
            "{above: 97%, points: 50}, {above: 95%, points: 20}",
            "“接通”新增一档：高于95%，得20分",
            '"Calls": band added: above 95%: 20 points',
        ),
        (
            "300: 0}",
            "240: 0}",
            "“等候”“得0分”一点的位置由300秒改为240秒",
            '"Waiting": place of the point "0 points" changed from 300 seconds to 240 seconds',
        ),
        (
            "{60: 100, ",
            "{60: 90, ",
            "“等候”“60秒”一点由得100分改为得90分",
            '"Waiting": point "60 seconds" changed from 100 points to 90 points',
        ),
        (
            "per_event: {late: -5}",
            "per_event: {late: -10}",
            "“言行”的“迟到”由每次扣5分改为每次扣10分",
            '"Conduct": "Late" changed from "minus 5 points each" to "minus 10 points each"',
        ),
        (
            "per_event: {late: -5}",
            "per_event: {late: -5, praise: 2}",
            "“言行”新增“表扬”：每次加2分",
            '"Conduct": "Praise" added: plus 2 points each',
        ),
        ("full: 100", "full: 80", "“言行”的起始分由100分改为80分", '"Conduct": starting points changed from 100 points to 80 points'),
        (", floor: 0}", "}", "“言行”取消最低（原为：0分）", '"Conduct": lowest removed (was: 0 points)'),
        (
            "mean: {lead: 60%, peer: 40%}",
            "mean: {lead: 50%, peer: 50%}",
            "“礼仪”的计算办法由“各方平均后加权：领班 60%、同事 40%”改为“各方平均后加权：领班 50%、同事 50%”",
            '"Manners": way of scoring changed from "each party\'s mean, weighted: Lead 60%, Peer 40%" to "each party\'s mean, weighted: Lead 50%, Peer 50%"',
        ),
        (
            "B: {from: 60, ",
            "B: {from: 65, ",
            "“B”的分数线由达到60分改为达到65分",
            '"B": edge changed from "at least 60 points" to "at least 65 points"',
        ),
        ("share: 50%}", "share: 60%}", "“B”的发放比例由50%改为60%", '"B": Share paid changed from 50% to 60%'),
        (
            "is: base * grade.share",
            "is: base * grade.share / 2",
            "“奖金”的计算公式由“金额＝奖金基数×发放比例”改为“金额＝奖金基数×发放比例÷2”",
            '"Bonus": formula changed from "Amount = Bonus base × Share paid" to "Amount = Bonus base × Share paid ÷ 2"',
        ),
        (
            "round: 0.01, clause: §7",
            "round: 1, clause: §7",
            "各项的取整由四舍五入到0.01改为四舍五入到整数",
            'rounding of each line changed from "rounded half-up to 0.01" to "rounded half-up to a whole number"',
        ),
        (
            "when: total < 50",
            "when: total < 55",
            "“培训”的条件由总分低于50分改为总分低于55分",
            '"Training": condition changed from "Total is below 50 points" to "Total is below 55 points"',
        ),
        ("instead_of: [talk], ", "", "“培训”取消取代的措施（原为：谈话）", '"Training": what it takes the place of removed (was: A talk)'),
        (
            "default 0.9",
            "default 0.95",
            "“达标线”的未选定时的取值由0.9改为0.95",
            '"Target": what holds unless chosen changed from 0.9 to 0.95',
        ),
        (
            "name: 谈话 | A talk",
            "name: 面谈 | A talk",
            "“面谈”的名称由谈话改为面谈",
            '"A talk": name changed from 谈话 / A talk to 面谈 / A talk',
        ),
        ("clause: §3", "clause: §3.1", "“言行”的条款由§3改为§3.1", '"Conduct": clause changed from §3 to §3.1'),
        (
            "{others_of: team, name",
            "{all_of: team, name",
            "“同组其他人”的所指由“班组相同的其他人，不含本人”改为“班组相同的所有人，含本人”",
            '"The others of the team": meaning changed from "the others with the same Team, without oneself" to "all with the same Team, oneself included"',
        ),
        (
            "is: connect / config.target, clause: §1",
            "is: connect / config.target, clause: §1, show: yes",
            "“达标程度”的是否在结果中列出由不列出改为列出",
            '"Target reached": whether it is shown changed from not shown to shown',
        ),
        (
            "connect: {is: ratio, name",
            "connect: {is: ratio optional, name",
            "“接通率”的要求由必填改为没有则留空",
            '"Connect rate": whether it is owed changed from "owed" to "empty where there is none"',
        ),
    ],
)
def test_one_change_is_told_in_one_sentence(told, was, now, zh, en):
    found = told((was, now))
    assert (found.words("zh"), found.words("en")) == ([zh], [en])


def test_weights_are_told_as_percentages(told):
    found = told(
        ("calls: {name: 接通 | Calls, weight: 20%", "calls: {name: 接通 | Calls, weight: 30%"),
        ("weight: 30%, clause: §2", "weight: 20%, clause: §2"),
    )
    assert found.words() == ["“接通”的权重由20%改为30%", "“等候”的权重由30%改为20%"]


def test_a_rule_in_another_rules_place_is_told_whole_without_its_parts(told):
    found = told(("by: connect, rule: both", "is: 100 * connect"))
    assert found.words() == [
        "“接通”的计算办法由“按接通率分档：高于99%，得100分；高于97%、不超过99%，得50分；其余，得0分”改为“得分＝100×接通率”"
    ]


def test_an_item_that_comes_or_goes_is_told_whole(told):
    came = (
        "  manners: {name",
        "  tea: {name: 泡茶 | Brewing, weight: 0%, clause: §4.1, full: 10, per_event: {late: -1}}\n  manners: {name",
    )
    assert told(came).words() == ["新增“泡茶”：权重0%；起始10分，按记录加减：“迟到”：每次扣1分"]
    went = ("  talk: {name: 谈话 | A talk, when: grade == C, clause: §6}\n", ""), (", instead_of: [talk]", "")
    assert told(*went).words()[1] == "取消“谈话”（原为：条件：等级为C；条款：§6）"


def test_a_change_that_befell_several_alike_is_told_once(told):
    body = TEA_HOUSE.replace(
        "waiting: {name: 等候 | Waiting, weight: 30%, clause: §2, by: wait, line: {60: 100, 300: 0}}",
        "waiting: {name: 等候 | Waiting, weight: 30%, clause: §2, by: reached, rule: both}",
    )
    (change,) = told(("above: 97%", "above: 98%"), body=body).changes
    assert [subject.zh for subject in change.subjects] == ["接通", "等候"]
    assert [where.clause for where in change.new] == ["§1", "§2"]


def test_another_order_is_told_as_such_where_order_says_something(told):
    lines = TEA_HOUSE.split("\n")
    calls, waiting = (next(line for line in lines if line.strip().startswith(f"{item}:")) for item in ("calls", "waiting"))
    found = told((f"{calls}\n{waiting}", f"{waiting}\n{calls}"))
    assert found.words() == ["次序由“接通、等候、言行、礼仪”改为“等候、接通、言行、礼仪”，内容不变"]
    assert told(("{lead: 领班 | Lead, peer: 同事 | Peer}", "{peer: 同事 | Peer, lead: 领班 | Lead}")).words() == []


# --- what is no change --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("by: connect, rule: both", "by: connect, tiers: [{above: 0.99, points: 100}, {above: 0.97, points: 50}, {else: 0}]"),
        ("is: base * grade.share", "is: base*grade.share"),
        ("weight: 20%, clause: §1", "weight: 0.2, clause: §1"),
        ("per_event: {late: -5}", "per_event: {late: {points: -5}}"),
        ("name: 接通 | Calls, weight: 20%, clause: §1", "clause: §1, weight: 20%, name: 接通 | Calls"),
        ("config: {target", "warnings: {}\nconfig: {target"),
    ],
)
def test_what_is_written_otherwise_and_says_the_same_is_no_change(told, was, now):
    assert told((was, now)).words() == []


def test_a_blank_filled_in_another_way_is_no_change():
    with_blank = TEA_HOUSE.replace("rules:", "rules:\n  scaled: {is: 100 * figure}").replace(
        "by: connect, rule: both", "rule: scaled, figure: connect"
    )
    written_out = TEA_HOUSE.replace("by: connect, rule: both", "is: 100 * connect")
    assert compare(version_of(with_blank), version_of(written_out)).changes == ()


# --- renamed ids --------------------------------------------------------------------------------


def renamed(body: str, *ids: tuple[str, str]) -> str:
    for was, now in ids:
        body = body.replace(was, now)
    return body


def test_an_id_that_is_called_otherwise_is_told_as_renamed_and_nothing_else_changes():
    newer = renamed(
        TEA_HOUSE,
        ("connect", "picked_up"),
        ("calls:", "phone:"),
        ("late", "tardy"),
        ("target", "goal"),
        ("reached:", "got:"),
        ("mates", "others"),
    )
    newer = newer.replace("bonus:", "extra:").replace("talk:", "meeting:").replace("[talk]", "[meeting]")
    found = compare(version_of(TEA_HOUSE), version_of(newer)).changes
    assert sorted((change.before.zh, change.after.zh) for change in found) == sorted(
        [
            ("connect", "picked_up"),
            ("calls", "phone"),
            ("late", "tardy"),
            ("target", "goal"),
            ("reached", "got"),
            ("mates", "others"),
            ("bonus", "extra"),
            ("talk", "meeting"),
        ]
    )
    assert {change.kind for change in found} == {"renamed"}


def test_what_keeps_its_name_under_another_id_is_renamed_and_its_changes_are_told(told):
    newer = TEA_HOUSE.replace(
        "waiting: {name: 等候 | Waiting, weight: 30%, clause: §2, by: wait, line: {60: 100, 300: 0}}",
        "queue: {name: 等候 | Waiting, weight: 30%, clause: §2, by: wait, line: {60: 90, 300: 0}}",
    )
    words = [change.kind for change in compare(version_of(TEA_HOUSE), version_of(newer)).changes]
    assert words == ["renamed", "changed"]
