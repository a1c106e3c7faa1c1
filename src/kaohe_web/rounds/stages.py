"""The stages of a round: the order, the names, and who may move from which to which."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise


class Stage(StrEnum):
    """The eight stages, in order."""

    DRAFT = "draft"
    AGREEING = "agreeing"
    COLLECTING = "collecting"
    SCORED = "scored"
    REVIEWING = "reviewing"
    APPROVED = "approved"
    CONFIRMING = "confirming"
    CLOSED = "closed"


NAMES = {
    Stage.DRAFT: ("草稿", "Draft"),
    Stage.AGREEING: ("目标确认", "Goals agreed"),
    Stage.COLLECTING: ("收集数据", "Collecting"),
    Stage.SCORED: ("计算预览", "Preview"),
    Stage.REVIEWING: ("审核批准", "Approval"),
    Stage.APPROVED: ("公布", "Publication"),
    Stage.CONFIRMING: ("确认与申诉", "Confirmation and appeals"),
    Stage.CLOSED: ("发放结束", "Paid and closed"),
}
CHOICES = [(stage.value, zh) for stage, (zh, _) in NAMES.items()]
ORDER = tuple(Stage)
NEXT = dict(pairwise(ORDER))

# Stages in which facts may change; after them only by going back with a reason, or by a correction of what was published.
OPEN = (Stage.COLLECTING, Stage.SCORED)
# Stages whose results everybody concerned may see.
PUBLIC = (Stage.CONFIRMING, Stage.CLOSED)
# Where a round may be sent back to, by a named act with a reason.
BACK = {
    Stage.AGREEING: (Stage.DRAFT,),
    Stage.COLLECTING: (Stage.AGREEING, Stage.DRAFT),
    Stage.SCORED: (Stage.COLLECTING,),
    Stage.REVIEWING: (Stage.COLLECTING, Stage.SCORED),
    Stage.APPROVED: (Stage.REVIEWING, Stage.COLLECTING),
    Stage.CLOSED: (Stage.CONFIRMING,),
}


def is_past(stage: str, other: str) -> bool:
    """Whether a stage comes after another."""
    return ORDER.index(Stage(stage)) > ORDER.index(Stage(other))
