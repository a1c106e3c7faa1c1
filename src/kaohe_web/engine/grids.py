"""What somebody who rates is shown of an item: the scores to choose from, what each means, how they become one score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from kaohe.explaining.names import Names
from kaohe.labels import Labels
from kaohe.numbers import parse_number, write_number
from kaohe.papers.figures import share, shown
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import PEOPLE, Plan
from kaohe.problems import Language
from kaohe.rules.rating import anchored, scale_of
from kaohe.scheme import Declared, Item, Rating
from kaohe.texts import Text
from kaohe_web.engine.schemes import plan_of

MOST_CHOICES = 11
NOT_APPLICABLE = "n/a"
SELF = "self"


@dataclass(frozen=True)
class Score:
    """One score to choose: as it is kept, as it is read, what it means, the key that gives it."""

    text: str
    shown: str
    meaning: Text
    key: str = ""


@dataclass(frozen=True)
class Sheet:
    """An item to rate: its scores one by one, or the ends between which any is allowed."""

    item: str
    name: Text
    clause: str
    scores: tuple[Score, ...]
    low: str
    high: str
    levels: tuple[tuple[str, Text], ...]
    told: tuple[tuple[str, ...], tuple[str, ...]]
    takes_self: bool
    per: str
    exact: tuple[Fraction, ...] = ()
    ends: tuple[Fraction, Fraction] | None = None
    not_applicable: bool = False
    whole: bool = False

    def shown(self, text: str) -> str:
        """A kept score as it is read."""
        value = parse_number(text)
        return shown(value) if isinstance(value, Fraction) else text

    def sentences(self, language: Language) -> tuple[str, ...]:
        """How the scores become one, in a language."""
        return self.told[language == "en"]

    def read(self, typed: str) -> str | None:
        """A typed score as it is kept; None where it is none of those allowed."""
        if self.not_applicable and typed.strip().lower() == NOT_APPLICABLE:
            return NOT_APPLICABLE
        value = parse_number(typed)
        if not isinstance(value, Fraction):
            return None
        if self.exact:
            return self.scores[self.exact.index(value)].text if value in self.exact else None
        within = self.ends is None or self.ends[0] <= value <= self.ends[1]
        return write_number(value) if within and (not self.whole or value.denominator == 1) else None


def sheet_of(written: str, item: str, role: str = "") -> Sheet | None:
    """An item as people of a role are rated in it; None where it is not rated."""
    return _sheet_of(written, item, role)


@lru_cache(maxsize=256)
def _sheet_of(written: str, item: str, role: str) -> Sheet | None:
    plan = plan_of(written)
    body = _body(plan, item, role)
    if body is None or body.rating is None:
        return None
    values, ends = _scores(body)
    labels = Labels(plan, "zh"), Labels(plan, "en")
    return Sheet(
        item=item,
        name=Text(labels[0].item(item), labels[1].item(item)),
        clause=body.clause,
        scores=_told_scores(values, body.rating),
        low="" if ends is None else shown(ends[0]),
        high="" if ends is None else shown(ends[1]),
        levels=_levels(body.rating),
        told=(_sentences(plan, item, body, "zh"), _sentences(plan, item, body, "en")),
        takes_self=isinstance(body.rating.raters, dict) and SELF in body.rating.raters,
        per=body.rating.per or "",
        exact=values,
        ends=ends,
        not_applicable=body.rating.not_applicable == "allowed",
        whole=isinstance(body.rating.allowed, Declared) and body.rating.allowed.whole,
    )


def _body(plan: Plan, item: str, role: str) -> Item | None:
    """An item, as the role's own form says it where that says otherwise."""
    form = plan.scheme.forms.get(role)
    own = None if form is None or item not in form.items else form.items[item].own
    body = plan.scheme.items.get(item)
    return own if own is not None and own.rating is not None else body


def _scores(body: Item) -> tuple[tuple[Fraction, ...], tuple[Fraction, Fraction] | None]:
    """The scores one by one where they are few; the ends of the scale otherwise."""
    rating = body.rating
    assert rating is not None
    listed = rating.allowed if isinstance(rating.allowed, tuple) else _whole_scores(rating)
    if 0 < len(listed) <= MOST_CHOICES:
        return tuple(sorted(Fraction(one) for one in listed)), None
    return (), scale_of(body)


def _whole_scores(rating: Rating) -> list[Fraction]:
    """The whole scores that anchored levels or a scale of whole numbers allow; none where broken ones are allowed too."""
    scale = rating.allowed
    if isinstance(scale, Declared) and scale.whole and scale.low is not None and scale.high is not None:
        return [Fraction(one) for one in range(int(scale.low), int(scale.high) + 1)]
    return sorted(map(Fraction, anchored(rating.anchors or ())))


def _told_scores(values: tuple[Fraction, ...], rating: Rating) -> tuple[Score, ...]:
    read = [shown(value) for value in values]
    keys = _keys(read)
    return tuple(
        Score(write_number(value), text, _meaning(value, values, rating), key) for value, text, key in zip(values, read, keys, strict=True)
    )


def _keys(read: list[str]) -> list[str]:
    """The key that gives each score: its only or its last digit, where no other score has it."""
    digits = [text[-1] if text[-1:].isdigit() else "" for text in read]
    plain = [text for text in read if len(text) == 1]
    return [
        digit if len(text) == 1 or (digits.count(digit) == 1 and digit not in plain) else ""
        for text, digit in zip(read, digits, strict=True)
    ]


def _meaning(value: Fraction, values: tuple[Fraction, ...], rating: Rating) -> Text:
    """What a score stands for: in the scheme's words, else its share of the full score."""
    for level, words in (rating.anchors or {}).items():
        if value in anchored([level]):
            return Text.read(words)
    most = max(values)
    if value == most:
        return Text("满分", "full score")
    if value == 0:
        return Text("不得分", "no points")
    part = share(value / most) if most > 0 else ""
    return Text(f"满分的{part}", f"{part} of the full score")


def _levels(rating: Rating) -> tuple[tuple[str, Text], ...]:
    """The levels that the scheme describes, as a table beside the grid."""
    return tuple((level.replace("..", "–"), Text.read(words)) for level, words in (rating.anchors or {}).items())


def _sentences(plan: Plan, item: str, body: Item, language: Language) -> tuple[str, ...]:
    return tuple(line.removeprefix("· ") for line in Phrases(plan, language).item(item, body))


@lru_cache(maxsize=512)
def relation_name(written: str, relation: str) -> Text:
    """What people call a relation: the scheme's name for it, its role's, or the usual word."""
    if not relation:
        return Text("", "")
    plan = plan_of(written)
    return Text(Names(plan, "zh").of("relation", relation), Names(plan, "en").of("relation", relation))


@dataclass(frozen=True)
class Concerns:
    """Which facts an item looks at beside its ratings: figures of the period, and kinds of records."""

    values: tuple[tuple[str, Text], ...]
    records: tuple[tuple[str, Text], ...]


@lru_cache(maxsize=256)
def concerns_of(written: str, item: str) -> Concerns:
    """The facts that concern an item, by what its figures are made of."""
    plan = plan_of(written)
    seen: set[str] = set()
    waiting = [id for id in plan.nodes if id == f"item.{item}" or id.startswith(f"item.{item}@")]
    leaves: dict[str, None] = {}
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            for leaf in _leaves(plan.nodes[id].inputs):
                waiting += [leaf] if leaf in plan.nodes else []
                leaves[leaf] = None
    zh, en = Names(plan, "zh"), Names(plan, "en")
    values = [leaf.removeprefix("value.") for leaf in leaves if leaf.startswith("value.") and leaf.count(".") == 1]
    kinds = [kind for kind in plan.scheme.events if any(leaf.split("/")[0] == f"event.{kind}" for leaf in leaves)]
    return Concerns(
        tuple((key, Text(zh.fact(PEOPLE, f"value.{key}"), en.fact(PEOPLE, f"value.{key}"))) for key in values),
        tuple((kind, plan.scheme.events[kind].name) for kind in kinds),
    )


def _leaves(tree: object) -> Iterator[str]:
    """Every word of a formula: names of figures, facts and frames are among them."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, (list, tuple)):
        for part in tree:
            yield from _leaves(part)
