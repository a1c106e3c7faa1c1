"""A kept card as its template shows it: each item with its sentence, bands and records; money only where it is allowed.

Who gave a rating is not told, and cannot be told from the figures: parties of an office stand by their office, others only together and only
where they are three or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kaohe_web.engine.boards import moved
from kaohe_web.engine.grids import relation_name, sheet_of
from kaohe_web.engine.tiers import Tier, as_percent, in_short, is_cut, is_share, mean_shown, tiers_of, yuan
from kaohe_web.results.beside import Beside, LeftOut, Own
from kaohe_web.results.queries import CardPage
from kaohe_web.site.language import language, say

OFFICES = frozenset(("self", "superior", "supervisor", "manager", "general_manager", "director", "department_head"))
FEWEST = 3  # fewer voices of one party would tell whose each is
MOST_TABS = 5
LONGEST_SUM = 48  # a longer one says no more than the table of records beneath it


@dataclass(frozen=True)
class Party:
    """What one party of raters gave, as far as that may be known."""

    name: str
    told: str


@dataclass(frozen=True)
class RecordRow:
    """One record beneath an item: its cells, its tab, what it gave, how it is appealed."""

    cells: list[str]
    tab: str
    effect: str
    link: str = ""
    why: str = ""


@dataclass
class ItemRow:
    """One item: its line of figures, its sentence, its bands, what it rests on."""

    id: str
    row: dict[str, Any]
    line: dict[str, Any]
    sentence: str = ""
    clauses: str = ""
    facts: list[str] = field(default_factory=list)
    tiers: list[Tier] = field(default_factory=list)
    counts: str = ""
    parties: list[Party] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    records: list[RecordRow] = field(default_factory=list)
    tabs: list[tuple[str, int]] = field(default_factory=list)
    taken: int = 0
    left_out: int = 0
    own: Own | None = None
    can_appeal: bool = False
    tree: list[dict[str, Any]] = field(default_factory=list)

    @property
    def calculation(self) -> str:
        """Score times weight, for a phone's line."""
        points, weight = self.row.get("points") or self.row.get("word") or "", self.row.get("weight") or ""
        return f"{points} × {weight}" if weight and weight != "–" else points


@dataclass
class Shown:
    """A card ready for its template."""

    data: dict[str, Any]
    items: list[ItemRow]
    pay: list[dict[str, Any]]
    pay_lines: list[dict[str, Any]]
    exact: str = ""
    you: str = ""
    gap: str = ""


def shown(page: CardPage, beside: Beside) -> Shown:
    """A card with money where the viewer may see it."""
    data: dict[str, Any] = dict(page.card)
    lines = {line["id"]: line for line in data.get("lines", [])}
    rows = (data.get("items") or {}).get("rows", [])
    pairs = zip(data.get("parts", []), rows, strict=False)
    items = [_item(id, row, lines.get(f"item.{id}", {}), page, beside) for id, row in pairs]
    money: dict[str, Any] = dict(page.money or {})
    found = Shown(data, items, money.get("pay", []), [_paid(line) for line in money.get("lines", [])])
    found.exact = page.result.total if page.result.total and is_cut(page.result.total) else ""
    whose = say("您", "you") if page.is_own else page.result.name
    figure = next((one["figure"] for one in data.get("strip", []) if one.get("big")), "")
    found.you = f"{whose} {figure}" if page.result.total else whose
    if not page.is_published:
        data["strip"] = [_provisional(one) for one in data.get("strip", [])]
    found.gap = _gap(page.result.total, data.get("ruler"))
    return found


def _provisional(figure: Mapping[str, Any]) -> dict[str, Any]:
    """A figure that says by its own name that it is not final."""
    label = say(f"暂计{figure['label']}", f"{figure['label']}, not final") if figure.get("big") else figure["label"]
    return {**figure, "label": label}


def _gap(total: str, ruler: Mapping[str, Any] | None) -> str:
    """How far it is to the next better grade, in words."""
    if not total or ruler is None or ruler.get("mark") is None:
        return ""
    at = ruler["mark"]["at"]
    edge = next((edge for edge in ruler["edges"] if edge["at"] > at), None)
    band = None if edge is None else next((band for band in ruler["bands"] if band["from"] == edge["at"]), None)
    by = None if edge is None else moved(total, edge["text"])
    if band is None or by is None or not by.rose:
        return ""
    return say(f"距{band['short']}还差 {by.shown.lstrip('+')}", f"{by.shown.lstrip('+')} short of {band['short']}")


# --- one item -------------------------------------------------------------------------------------


def _item(id: str, row: dict[str, Any], line: dict[str, Any], page: CardPage, beside: Beside) -> ItemRow:
    item = ItemRow(id, row, line, own=beside.own.get(id))
    item.can_appeal = page.is_own and page.is_published and not page.is_superseded and beside.may_appeal
    item.sentence, item.clauses = _sentence(row, line), _clauses(row, line)
    participant = page.result.participant
    role = "" if participant is None else participant.role
    item.tiers = tiers_of(page.run.plan, id, role, line, language())
    item.facts = list(_facts(page.run.plan, line))
    item.counts = _counts(id, row, page)
    ratings = [record for record in _records(line) if record.get("sheet") == "ratings"]
    item.parties = _parties(page.run.plan, id, role, ratings)
    _tell_records(item, [one for one in _records(line) if one.get("sheet") != "ratings"], beside.left_out.get(id, []), page)
    item.tree = [] if item.facts or item.tiers else [_tame(child) for child in line.get("children", [])]
    return item


def _sentence(row: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    """The fact and what it gave, in one sentence."""
    told = str(row.get("told") or "").rstrip("。.")
    if row.get("state") == "owed":
        return say(f"{told}，所以还没有得分，也不算0分", f"{told}; so there is no score yet, and it is not counted as 0")
    if row.get("state") or line.get("value") is None:
        return told
    points = in_short(line.get("reported") or line["value"])
    return say(f"{told}，得{points}分" if told else f"得{points}分", f"{told}: it scores {points}" if told else f"It scores {points}")


def _clauses(row: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    """The item's clause and those of the figures beneath it."""
    found = [str(row.get("clause") or ""), *(str(child.get("clause") or "") for child in line.get("children", []))]
    return say("，", ", ").join(dict.fromkeys(clause for clause in found if clause))


def _facts(plan: str, line: Mapping[str, Any]) -> Iterable[str]:
    """How each figure beneath an item comes about, where that is one sum of facts."""
    for child in line.get("children", []):
        parts = [part for part in child.get("children", []) if not part.get("mark")]
        if not child.get("arithmetic") or child.get("value") is None or not parts:
            continue
        if not all(str(part["id"]).startswith("value.") for part in parts):
            continue
        words = say("，", ", ").join(f"{part['name']} {in_short(part['value'])}" for part in parts)
        value = as_percent(child["value"]) if is_share(plan, child["id"]) else in_short(child["value"])
        yield say(f"{words}；{child['arithmetic']} = {value}", f"{words}; {child['arithmetic']} = {value}")


def _counts(id: str, row: Mapping[str, Any], page: CardPage) -> str:
    """Score times weight is what the item adds to the total."""
    weight, amount, points = row.get("weight"), row.get("amount"), row.get("points")
    if not amount or not weight or weight == "–":
        return ""
    exact = next((str(one["exact"]) for one in page.result.items if one["id"] == id), "")
    return f"{points} × {weight} {'≈' if exact and is_cut(exact) else '='} {amount}"


def _tame(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line without the arithmetic of single ratings, figures in short."""
    kept = dict(line)
    records = line.get("records", [])
    if any(record.get("sheet") == "ratings" for record in records) or (records and len(str(kept.get("arithmetic", ""))) > LONGEST_SUM):
        kept.pop("arithmetic", None)
    if isinstance(kept.get("value"), str):
        kept["value"] = in_short(kept["value"])
    if "reported" in kept:
        kept["reported"] = in_short(kept["reported"])
    kept["children"] = [_tame(child) for child in line.get("children", [])]
    return kept


def _paid(line: Mapping[str, Any]) -> dict[str, Any]:
    """A pay line and what it rests on, its amount as money."""
    kept = _tame(line)
    kept["value"] = yuan(line.get("value"))
    if "reported" in line:
        kept["reported"] = yuan(line["reported"])
    return kept


# --- ratings --------------------------------------------------------------------------------------


def _parties(plan: str, item: str, role: str, ratings: Iterable[Mapping[str, Any]]) -> list[Party]:
    """What each party gave: an office by itself, others together, and not singly where they are few."""
    sheet = sheet_of(plan, item, role)
    given: dict[str, list[str]] = {}
    for record in ratings:
        given.setdefault(str(record["words"].get("relation") or ""), []).append(str(record["words"].get("score") or ""))
    found = []
    for relation, scores in given.items():
        name = relation_name(plan, relation).tell(language()) or say("评分人", "raters")
        read = [sheet.shown(score) if sheet is not None else score for score in scores]
        found.append(Party(name, _given(relation, scores, read)))
    return found


def _given(relation: str, scores: list[str], read: list[str]) -> str:
    if relation in OFFICES and len(scores) == 1:
        return read[0]
    if len(scores) < FEWEST:
        return say(f"{len(scores)}份（匿名，不单列）", f"{len(scores)} ratings (anonymous, not listed)")
    listed = say("、", ", ").join(sorted(read))
    return say(
        f"{len(scores)}份（匿名）：{listed}，平均 {mean_shown(scores)}",
        f"{len(scores)} ratings (anonymous): {listed}; mean {mean_shown(scores)}",
    )


# --- records --------------------------------------------------------------------------------------


def _tell_records(item: ItemRow, records: list[dict[str, Any]], left_out: list[LeftOut], page: CardPage) -> None:
    """The table of records with its tabs: by a column of a few words, all, and those that do not count."""
    item.heads = list(dict.fromkeys(name for record in records for name in record.get("words", {})))
    column = _telling_column(item.heads, records)
    for record in sorted(records, key=_day_of):
        cells = [str(record["words"].get(head, "")) for head in item.heads]
        tab = str(record["words"].get(column, "")) if column else ""
        times = f" × {record['times']}" if record.get("times") else ""
        link = f"/rounds/{page.round.id}/appeal/?item={item.id}&{record['sheet']}={record['number']}" if record.get("number") else ""
        item.records.append(RecordRow(cells, tab, f"{record.get('effect') or ''}{times}", link if item.can_appeal else ""))
    item.taken, item.left_out = len(records), len(left_out)
    if column:
        words = [row.tab for row in item.records]
        item.tabs = [(word, words.count(word)) for word in dict.fromkeys(words)]
    if left_out and not item.heads:
        item.heads = [say("日期", "Day"), say("内容", "What it says")]
    item.records += [RecordRow(_blank(item.heads, one), "-", "", why=one.why) for one in left_out]


def _day_of(record: Mapping[str, Any]) -> str:
    """The first cell that is a day, to sort by; what has none keeps its place."""
    return next((str(word) for word in record.get("words", {}).values() if str(word)[:4].isdigit() and str(word)[4:5] == "-"), "")


def _telling_column(heads: list[str], records: list[dict[str, Any]]) -> str:
    """The column by which records are told apart in a few words."""
    for head in heads:
        words = {str(record["words"].get(head, "")) for record in records}
        if 2 <= len(words) <= MOST_TABS and not any(word[:4].isdigit() for word in words):
            return head
    return ""


def _blank(heads: list[str], one: LeftOut) -> list[str]:
    """A record that does not count, in the columns of those that do."""
    return [one.day, one.words, *("" for _ in heads[2:])][: max(len(heads), 2)]


def _records(line: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Every record beneath a line, once."""
    seen = set()
    for record in _walk(line):
        key = (record.get("sheet"), record.get("number"), str(record.get("words")))
        if record.get("number") is None or key not in seen:
            seen.add(key)
            yield record


def _walk(line: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    yield from line.get("records", [])
    for child in line.get("children", []):
        yield from _walk(child)
