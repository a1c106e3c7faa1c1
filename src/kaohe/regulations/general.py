"""The first chapter: whom the regulation is for, over which span, how figures are handled, who is left out."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.numbers import as_typed
from kaohe.phrasing import people, spans
from kaohe.phrasing.phrases import Phrases
from kaohe.regulations.blocks import Article, Block, Column, Listing, Paragraph, Table, line, tabled


def general(phrases: Phrases) -> Iterator[Block]:
    """Purpose, scope, period, figures, states."""
    scheme = phrases.scheme
    if scheme.about is not None:
        yield Article(phrases.say("目的", "Purpose"))
        yield Paragraph(line(scheme.about.tell(phrases.language)))
    yield Article(phrases.say("适用范围", "Scope"))
    yield Listing(tuple(line(text) for text in _scope(phrases)))
    yield Article(phrases.say("考核周期", "Period"))
    yield Paragraph(line(_sentence(phrases, [spans.period(phrases), phrases.and_then(spans.known_up_to(phrases))])))
    yield Article(phrases.say("计算原则", "How figures are handled"))
    yield Listing(tuple(line(text) for text in _figures(phrases)))
    if scheme.states:
        yield Article(phrases.say("不参加考核的情形", "Who is left out"))
        yield _states(phrases)


def _sentence(phrases: Phrases, parts: list[str]) -> str:
    return phrases.joined(parts) + phrases.say("。", ".")


def _scope(phrases: Phrases) -> Iterator[str]:
    """Who is appraised, who only rates, what becomes of others."""
    roles, say = phrases.scheme.roles, phrases.say
    assessed, rating = phrases.listed(people.roles(phrases, "assessed")), phrases.listed(people.roles(phrases, "rate_only"))
    units = phrases.scheme.subjects == "units"
    if assessed:
        yield say(f"被考核{'单位' if units else '岗位'}：{assessed}。", f"Appraised: {assessed}.")
    else:
        yield say(f"全部{'单位' if units else '人员'}均参加考核。", f"Every {'unit' if units else 'person'} is appraised.")
    if rating:
        yield say(f"只参加评分、不被考核：{rating}。", f"They rate and are not appraised: {rating}.")
    if assessed:
        refused = roles.others == "refused"
        yield say(
            f"数据中出现其他岗位的，{'视为错误，不予计算' if refused else '不在考核范围之内'}。",
            f"Any other role in the data is {'refused as a mistake' if refused else 'outside this regulation'}.",
        )


def _figures(phrases: Phrases) -> Iterator[str]:
    """What holds of every figure unless an article says otherwise."""
    say = phrases.say
    if phrases.scheme.scale is not None:
        yield say(f"总分满分为{as_typed(phrases.scheme.scale)}分。", f"Full marks are {as_typed(phrases.scheme.scale)}.")
    yield say(
        "除条文写明取整之处外，各项数值一律按精确值计算，不作取整。", "Figures are exact: nothing is rounded where no article says so."
    )
    yield say(
        "应有而缺的数据不按零计；补齐之前，本人不出总分，其他人照常计算。",
        "A figure that is owed and absent is no zero: its subject has no total until it is there; the others have theirs.",
    )
    yield say(
        "比率的分母为零、无人评价等没有可量之事，为“无数据”；条文未另作规定的，视为缺数据。",
        'Nothing to measure (a share of nothing, nobody who rated) is "no data"; where no article says what becomes of it, it is owed.',
    )
    yield say(
        "“达到”“不低于”“不超过”含本数；“高于”“低于”不含本数。", '"At least" and "at most" include the number; "above" and "below" do not.'
    )


def _states(phrases: Phrases) -> Table:
    columns = (
        Column(phrases.say("情形", "State"), 16),
        Column(phrases.say("条件", "Condition"), 50),
        Column(phrases.say("期间发放", "Paid all the same"), 20),
        Column(phrases.say("条款", "Clause"), 10),
    )
    rows = []
    for name, state in phrases.scheme.states.items():
        amounts = [f"{phrases.pay_name(paid)} {amount}{phrases.say('元', ' yuan')}" for paid, amount in state.pay.items()]
        condition = phrases.condition(state.when, f"state.{name}")
        rows.append([line(text) for text in (state.name.tell(phrases.language), condition, phrases.listed(amounts), state.clause)])
    return tabled(columns, rows)
