"""The things that a cell may say, one class each: what the rules of `phrases` make and what readings are put together from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from kaohe.drafting.amounts import Outcome, Points, Scope
from kaohe.drafting.conditions import End, Line, Span
from kaohe.drafting.grammar import Statement
from kaohe.drafting.quantities import Quantity
from kaohe.drafting.tokens import Places


@dataclass(frozen=True)
class Banded(Statement):
    """What a stretch of values gives: 90%以上得10分. `words` is the free text around the condition."""

    span: Span
    outcome: Outcome
    words: str = ""
    met: str = ""
    per: Quantity | None = None


@dataclass(frozen=True)
class Rest(Statement):
    """What everything else gives: 其余0分. `opposite` where it is the other side of what was said: 超过不得分."""

    outcome: Outcome
    opposite: bool = False


@dataclass(frozen=True)
class Bound(Statement):
    """A condition that nothing follows: 控制在5%以内."""

    span: Span
    words: str = ""


@dataclass(frozen=True)
class Event(Statement):
    """What something named gives when it is so: 全勤得10分, 延迟提交扣5分. `mark` where the name is a mark such as 优秀."""

    event: str
    outcome: Outcome
    mark: bool = False
    negated: bool = False
    about: str = ""


@dataclass(frozen=True)
class MarkList(Statement):
    """What several marks give, one after the other: 优、良、差分别得10、6、0分."""

    rows: tuple[Event, ...]


@dataclass(frozen=True)
class MarkRange(Statement):
    """A mark that leaves a range: 优9-10分."""

    mark: str
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class PerEvent(Statement):
    """What each occurrence gives: 每出现一次扣20分."""

    event: str
    outcome: Outcome
    unit: str = ""
    each: bool = True


@dataclass(frozen=True)
class PerStep(Statement):
    """What each step away from a line gives: 每低1%扣2分. `side` below, above, worse or empty; `beyond` the line, where told."""

    by: Quantity
    outcome: Outcome
    side: str = ""
    beyond: Quantity | Line | None = None
    words: str = ""
    event: str = ""
    only_whole: bool = False
    way: str = ""


@dataclass(frozen=True)
class Limit(Statement):
    """An end of a score: the least (floor) or the most (cap) of it, or the largest sum given or taken (most, by its sign)."""

    kind: Literal["floor", "cap", "endless", "untold"]
    amount: Points | None = None
    sign: int = 0
    is_yuan: bool = False
    of_score: bool = False
    rate: Fraction | None = None
    word: str = ""


@dataclass(frozen=True)
class Ends(Statement):
    """Both ends of a score at once: 得分区间0-120分."""

    least: Limit
    most: Limit


@dataclass(frozen=True)
class Full(Statement):
    """The full points that the cell itself tells: 满分10分; or what its parts come to: 四项各2.5分."""

    points: Fraction
    of_parts: bool = False


@dataclass(frozen=True)
class Base(Statement):
    """Where counting starts: 基础分80分."""

    points: Points


@dataclass(frozen=True)
class Whole(Statement):
    """What a part of a step counts: up 不足1%按1%计, down 不足1%不计, none 按比例."""

    whole: Literal["up", "down", "none"]
    by: Quantity | None = None


@dataclass(frozen=True)
class Drawn(Statement):
    """A line drawn by the cell: 目标值100单, 以90分为准."""

    line: Line
    at: Quantity
    sign: str = ""


@dataclass(frozen=True)
class Deadline(Statement):
    """A day by which something is due: 每月5日前报送; `done` where it is about data and their handling."""

    done: bool = False


@dataclass(frozen=True)
class ByShare(Statement):
    """Points in proportion: 按完成率得分; `below` where that holds for what misses the target only."""

    below: bool = False


@dataclass(frozen=True)
class Formula(Statement):
    """An arithmetic line, as it was read: see `phrases.formulas`."""

    part: str
    of: str
    of_number: Fraction | None = None
    times: str = ""
    factor: Fraction | None = None
    inverse: bool = False
    kind: Literal["rate", "value", "complement", "points"] = "rate"
    scores: bool = False
    beyond: Fraction | None = None


@dataclass(frozen=True)
class Straight(Statement):
    """Points lie on straight lines between those told: 中间按线性插值."""


@dataclass(frozen=True)
class Allowed(Statement):
    """The scale on which people rate: 0-10分, 百分制."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Slope(Statement):
    """A straight line with the points of both its ends: 80%-100%按线性插值得6-10分."""

    low: Quantity
    high: Quantity
    first: Fraction
    last: Fraction


@dataclass(frozen=True)
class Raters(Statement):
    """Who rates, each with a share where told."""

    names: tuple[tuple[str, Fraction | None], ...]
    together: bool = False
    scale: Allowed | None = None


@dataclass(frozen=True)
class Mean(Statement):
    """How several ratings become one."""

    how: Literal["even", "trimmed"]


@dataclass(frozen=True)
class Vetoed(Statement):
    """Something that takes everything: 重大投诉本项0分."""

    event: str
    scope: Scope | None
    span: Span | None = None
    told: bool = True


@dataclass(frozen=True)
class Placed(Statement):
    """What places of a ranking give: 第一名得5分."""

    places: Places
    outcome: Outcome


@dataclass(frozen=True)
class PlacedList(Statement):
    """What several places give, one after the other: 前三名分别加5分、3分、2分."""

    rows: tuple[Placed, ...]


@dataclass(frozen=True)
class ByPlace(Statement):
    """Points by rank, not told how: 按排名计分."""


@dataclass(frozen=True)
class PaidEach(Statement):
    """Money for each unit: 每单提成2元."""

    unit: str
    yuan: Fraction
    beyond: Fraction | None = None
    span: Span | None = None


@dataclass(frozen=True)
class PaidShare(Statement):
    """A share of an amount of money: 销售额的3%."""

    share: Fraction
    of: str
    beyond: Fraction | None = None
    paid: bool = False


@dataclass(frozen=True)
class FixedSum(Statement):
    """A fixed sum of money: 底薪3000元."""

    yuan: Fraction


@dataclass(frozen=True)
class Remark(Statement):
    """Words that are no rule; `elsewhere` where they send the reader to another paper, `speaks` of sources, periods or procedures."""

    elsewhere: bool = False
    speaks: bool = True


@dataclass(frozen=True)
class Heading(Statement):
    """Words over what follows: 评分标准：."""


@dataclass(frozen=True)
class Comparison(Statement):
    """A comparison with another period: 较上月有进步得满分."""

    outcome: Outcome


@dataclass(frozen=True)
class Vague(Statement):
    """Something that can be read, and means nothing that computes: 酌情扣1-5分."""

    ends: tuple[End, ...] = ()
