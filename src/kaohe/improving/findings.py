"""What is told of the next better grade: what lacks, what would do, and what keeps it out of reach."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.numbers import write_number
from kaohe.problems import Language
from kaohe.rules.arithmetic import shortly
from kaohe.texts import Text

NOBODY = Text("", "")


@dataclass(frozen=True)
class Change:
    """One change of facts that would do: a value, fewer records, better answers, higher ratings.

    `now` and `to` are what the fact is and would be; for records `count` says how many are meant.
    """

    kind: str
    key: str
    name: Text
    whose: Text = NOBODY
    now: Fraction | None = None
    to: Fraction | None = None
    count: int = 0

    def tell(self, language: Language) -> str:
        """The change in a phrase."""
        whose = self.whose.tell(language)
        name = self.name.tell(language)
        if whose:
            name += f"（{whose}）" if language == "zh" else f" ({whose})"
        now, to = ("?" if end is None else shortly(end) for end in (self.now, self.to))
        zh, en = {
            "value": (f"{name}：{now} → {to}", f"{name}: {now} → {to}"),
            "fewer": (f"{name}少 {self.count} 次", f"{self.count} fewer of {name}"),
            "better": (f"{name}中 {self.count} 条提高到 {to}", f"{self.count} of {name} raised to {to}"),
            "ratings": (f"{name}：每份评分不低于 {to}", f"{name}: each rating at least {to}"),
        }[self.kind]
        return zh if language == "zh" else en


@dataclass(frozen=True)
class Way:
    """A change that the engine confirmed, and what it gives."""

    change: Change
    total: Fraction
    grade: str
    grade_name: Text
    score: Fraction | None = None


@dataclass(frozen=True)
class Improvement:
    """What the next better grade asks of the total (`id` total) or of one item alone.

    `need` is the figure that would do (more than it where `strict`), `ways` the facts that give it,
    each confirmed by scoring. `cannot` says that the figure is not enough even at its `best`: of an
    item, that it alone is not; of the total, that no item is, and `why` tells what holds it there.
    """

    id: str
    name: Text
    grade: str
    grade_name: Text
    now: Fraction
    need: Fraction
    strict: bool = False
    best: Fraction | None = None
    cannot: bool = False
    why: Text = NOBODY
    ways: tuple[Way, ...] = ()

    @property
    def lacking(self) -> Fraction:
        """By how much the figure falls short."""
        return self.need - self.now

    def tell(self, language: Language) -> str:
        """The improvement in one sentence."""
        zh, en = self._total() if self.id == "total" else self._cannot() if self.cannot else self._enough()
        ways = ("；" if language == "zh" else "; ").join(_told(way, language) for way in self.ways)
        then = ("，除非", ", unless by ") if self.cannot else ("：", ": ")
        sentence = zh if language == "zh" else en
        return f"{sentence}{then[language == 'en']}{ways}" if ways else sentence

    def _total(self) -> tuple[str, str]:
        lack, need, now = shortly(self.lacking), shortly(self.need), shortly(self.now)
        over_zh, over_en = ("超过", "more than") if self.strict else ("达到", "at least")
        zh = f"{self.grade_name.zh} 须{over_zh} {need} 分，现为 {now}，差 {lack}"
        en = f"{self.grade_name.en} takes {over_en} {need} points; {now} now, {lack} short"
        if not self.cannot or self.best is None:
            return zh, en
        while_zh, while_en = (f"在 {self.why.zh} 时", f"while {self.why.en} holds, ") if self.why.zh else ("", "")
        zh += f"；但{while_zh}总分最高 {shortly(self.best)}，任何单项都达不到 {self.grade_name.zh}"
        return zh, f"{en}; but {while_en}the total is at most {shortly(self.best)}: no item reaches {self.grade_name.en}"

    def _enough(self) -> tuple[str, str]:
        need, now = shortly(self.need), shortly(self.now)
        over_zh, over_en = ("超过", "more than") if self.strict else ("达到", "at least")
        return f"仅靠 {self.name.zh}：{over_zh} {need}（现为 {now}）", f"{self.name.en} alone: {over_en} {need} (now {now})"

    def _cannot(self) -> tuple[str, str]:
        best = "?" if self.best is None else shortly(self.best)
        more_zh, more_en = ("超过 ", "more than ") if self.strict else ("", "")
        zh = f"仅靠 {self.name.zh} 不够：最高 {best}，须{more_zh or '达到 '}{shortly(self.need)}"
        return zh, f"{self.name.en} alone is not enough: at most {best}, {more_en}{shortly(self.need)} needed"

    def as_data(self) -> dict[str, object]:
        """The improvement as plain data, for JSON."""
        ways = [
            {
                "kind": way.change.kind,
                "fact": way.change.key,
                "whose": way.change.whose.write(),
                "now": _written(way.change.now),
                "to": _written(way.change.to),
                "count": way.change.count,
                "total": write_number(way.total),
                "grade": way.grade,
                "score": _written(way.score),
            }
            for way in self.ways
        ]
        figures = {"now": write_number(self.now), "need": write_number(self.need)}
        head = {"id": self.id, "name": self.name.write(), "grade": self.grade, **figures}
        reach = {"strict": self.strict, "cannot": self.cannot, "best": _written(self.best), "why": self.why.write()}
        return {**head, "lacking": write_number(self.lacking), **reach, "ways": ways}


def _told(way: Way, language: Language) -> str:
    total = shortly(way.total)
    grade = way.grade_name.tell(language)
    then = f"（总分 {total}，{grade}）" if language == "zh" else f" (total {total}, {grade})"
    return f"{way.change.tell(language)}{then}"


def _written(value: Fraction | None) -> str | None:
    return None if value is None else write_number(value)
