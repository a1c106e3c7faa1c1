"""What the next grade asks, as a scorecard tells it: what lacks, and each item that would do alone."""

from __future__ import annotations

from fractions import Fraction

from kaohe.improving import Improvement
from kaohe.numbers import round_number, terminates
from kaohe.papers.charts import Data
from kaohe.papers.figures import places_of, shown
from kaohe.papers.rounds import Round
from kaohe.papers.sentences import closed_up, true_minus

MOST_ROWS = 6
MOST_WAYS = 2
HUNDREDTH = Fraction(1, 100)


def next_data(paper: Round, found: list[Improvement]) -> Data | None:
    """What lacks for the next grade; None for who is at the top or is not graded by an edge of the total."""
    if not found:
        return None
    whole, *items = found
    enough = [item for item in items if not item.cannot]
    name = paper.grade(whole.grade)
    return {
        "title": paper.say(f"到“{name}”还差多少", f"What {name} takes"),
        "lead": _lead(paper, whole, bool(enough), bool(items)),
        "rows": [_row(paper, whole, item) for item in enough[:MOST_ROWS]],
        "more": len(enough) - len(enough[:MOST_ROWS]),
        "heads": [
            paper.say("任意一项做到即可", "Any one of these is enough"),
            paper.say("做到", "What it takes"),
            paper.say("总分", "Total"),
        ],
    }


def _lead(paper: Round, whole: Improvement, some: bool, any_items: bool) -> str:
    """By how much the total falls short, and whether one item alone may mend it."""
    over = paper.say("超过" if whole.strict else "达到", "more than" if whole.strict else "at least")
    need, now, lack = shown(whole.need), paper.seen_total(whole.now), _ceiling(whole.lacking)
    words = paper.say(f"总分须{over}{need}，现为{now}，还差{lack}。", f"The total must be {over} {need}; it is {now}, {lack} short.")
    if whole.cannot and whole.best is not None:
        return words + _held(paper, whole, whole.best)
    ways = paper.stop.join(_plain(paper, way.change.tell(paper.language)) for way in whole.ways[:MOST_WAYS])
    if ways:
        words += paper.say(f"做到即可：{ways}。", f" Enough: {ways}.")
    if any_items and not some:
        words += paper.say("没有哪一项单独做到就够，要几项一起提高。", " No item alone is enough; several have to rise together.")
    return words


def _held(paper: Round, whole: Improvement, best: Fraction) -> str:
    """What keeps the total below the grade whatever the items give."""
    why = _plain(paper, whole.why.tell(paper.language))
    if paper.language == "zh":
        return f"{f'“{why}”成立时，' if why else ''}总分最高{shown(best)}，各项再高也到不了。"
    return f" {f'While {why} holds, ' if why else ''}the total is {shown(best)} at most, whatever the items give."


def _row(paper: Round, whole: Improvement, item: Improvement) -> Data:
    """One item that is enough alone: the facts that would do, else the score that it takes."""
    ways = [_plain(paper, way.change.tell(paper.language)) for way in item.ways[:MOST_WAYS]]
    over = paper.say("超过" if item.strict else "达到", "above" if item.strict else "at least")
    need = shown(item.need) if terminates(item.need) and places_of(item.need) <= 2 else _ceiling(item.need)
    score = paper.say(f"得分{over}{need}（现{shown(item.now)}）", f"a score of {over} {need} (now {shown(item.now)})")
    total = paper.seen_total(min(way.total for way in item.ways)) if item.ways else f"{shown(whole.need)}{'+' if item.strict else ''}"
    return {"name": item.name.tell(paper.language), "told": paper.say(" 或 ", " or ").join(ways) or score, "total": total}


def _ceiling(value: Fraction) -> str:
    """A figure that must be reached, never shown smaller than it is."""
    place = Fraction(1, 10**4) if value < 1 else HUNDREDTH
    return shown(value) if value % place == 0 else shown(round_number(value, place, "up"))


def _plain(paper: Round, text: str) -> str:
    words = true_minus(text)
    return closed_up(words) if paper.language == "zh" else words
