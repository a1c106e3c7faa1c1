"""What a scheme says, entry by entry: each entry's aspects with what they are compared by and their words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from kaohe.comparing.versions import Keys
from kaohe.problems import Language
from kaohe.texts import Text

Told = Callable[[Language], list[str]]
EMPTY = Text("", "")
RULED = ("bands", "points")  # the tables of rules


def sentence(lines: Iterable[str], language: Language) -> str:
    """Lines as one sentence; what a colon announces follows it at once."""
    told = ""
    for line in (line.removeprefix("· ") for line in lines if line):
        glue = (
            "" if not told else ("；" if language == "zh" else "; ") if not told.endswith(("：", ":")) else "" if language == "zh" else " "
        )
        told += glue + line
    return told


@dataclass(frozen=True)
class Aspect:
    """One thing that an entry says: its name, what it is compared by, its words, and where it stands.

    An aspect of a `table` is one of its rows: `at` says which, and rows are matched with one another.
    """

    key: str
    label: Text
    value: object
    told: Told = field(compare=False)
    path: Keys = field(default=(), compare=False)
    clause: str = ""
    table: str = ""
    at: Text = EMPTY

    def words(self, language: Language) -> str:
        """Its words as one phrase."""
        return sentence(self.told(language), language)

    @property
    def rule_key(self) -> str:
        """The key of the rule that it belongs to, be it the entry's own or that of a figure which the entry keeps for itself."""
        first, *rest = self.key.split(" ")
        return f"let {rest[0]} rule" if first == "let" and rest else "rule"

    @property
    def is_of_rule(self) -> bool:
        """Whether it tells part of a rule, and goes with it."""
        key = self.key.removeprefix(self.rule_key.removesuffix("rule"))
        return bool(self.table in RULED) or key in ("by", "full") or key.startswith("record ")


@dataclass(frozen=True)
class Entry:
    """Something that has an id: an item, a grade, a value … `whole` is how it is told when it comes or goes."""

    id: str
    name: Text
    path: Keys
    aspects: tuple[Aspect, ...]
    clause: str = ""
    whole: Told = field(default=lambda language: [], compare=False)
    own_id: str = ""  # the id that its own version gives it

    @property
    def content(self) -> tuple[tuple[str, object], ...]:
        """What it is compared by, aspect by aspect."""
        return tuple((aspect.key, aspect.value) for aspect in self.aspects)

    @property
    def single(self) -> dict[str, Aspect]:
        """The aspects that are no rows of a table."""
        return {aspect.key: aspect for aspect in self.aspects if not aspect.table}

    @property
    def tables(self) -> dict[str, list[Aspect]]:
        """The rows of each table."""
        found: dict[str, list[Aspect]] = {}
        for aspect in self.aspects:
            if aspect.table:
                found.setdefault(aspect.table, []).append(aspect)
        return found


@dataclass(frozen=True)
class Part:
    """One part of a scheme: its name and entries; whether their order says something."""

    key: str
    label: Text
    entries: dict[str, Entry]
    ordered: bool = False


def fixed(*lines: Text) -> Told:
    """Words that are there already."""
    return lambda language: [line.tell(language) for line in lines]
