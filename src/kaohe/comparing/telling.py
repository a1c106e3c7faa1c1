"""A change as a sentence: `“掉线率”的权重由20%改为30%`, `weight of "Drop rate" from 20% to 30%`."""

from __future__ import annotations

from collections.abc import Callable

from kaohe.comparing.matching import Change, Where
from kaohe.phrasing.pieces import Glue
from kaohe.problems import Language
from kaohe.texts import Text


class Sentences(Glue):
    """The sentences of changes in one language."""

    def tell(self, change: Change) -> str:
        """The change in one sentence, without where it stands."""
        return _TELLERS[change.kind](self, change)

    def heading(self, change: Change) -> str:
        """What the part is called in which it stands."""
        return change.label.tell(self.language)

    def where(self, change: Change) -> str:
        """Clauses and lines of both versions: `〔§1〕 第30行 → 第31行`."""
        clauses = self.on_both(change, lambda where: where.clause)
        lines = self.on_both(change, lambda where: "" if where.line is None else self.say(f"第{where.line}行", f"line {where.line}"))
        return " ".join(part for part in (self.claused(clauses).strip(), lines) if part)

    # --- parts of a sentence ------------------------------------------------------------------

    def on_both(self, change: Change, of: Callable[[Where], str]) -> str:
        """What both sides have, once where it is the same."""
        old, new = (self.listed(list(dict.fromkeys(filter(None, map(of, side))))) for side in (change.old, change.new))
        return old if old == new or not new else new if not old else f"{old} → {new}"

    def subject(self, change: Change) -> str:
        """What the change befell, each named."""
        names = [self.quoted(subject.tell(self.language)) for subject in change.subjects]
        return self.say("".join(names), self.both(names))

    def text(self, text: Text, other: Text) -> str:
        """One side's words; in both languages where both sides read the same in this one."""
        told = text.tell(self.language)
        return f"{text.zh} / {text.en}" if told == other.tell(self.language) and text != other else told

    def headed(self, change: Change, zh: str, en: str) -> str:
        """A sentence about what changed of what: its subject first; the blank is what changed, with the row of its table."""
        subject, what, at = self.subject(change), change.what.tell(self.language), change.at.tell(self.language)
        if self.language == "en":
            told = en.format(f'{what} "{at}"' if at else what)
            return f"{subject}: {told}" if subject else told
        glue = "的" if subject and not at and zh.startswith("{}") else ""
        return subject + (f"“{at}”" if at else "") + glue + zh.format(what)

    def quoting(self, *texts: str) -> list[str]:
        """Both sides, quoted where they are more than a word."""
        long = any(len(text) > LONGEST or set(text) & set("，；、：＝,;:=") for text in texts)
        return [self.quoted(text) for text in texts] if long else list(texts)


LONGEST = 14


def _added(self: Sentences, change: Change) -> str:
    after, what = change.after.tell(self.language), change.what.tell(self.language)
    if not what:
        head = self.say(f"新增{self.subject(change)}", f"{self.subject(change)} added")
    else:
        head = self.headed(change, "新增{}", "{} added")
    return self.labelled(head, after) if after else head


def _removed(self: Sentences, change: Change) -> str:
    before, what = change.before.tell(self.language), change.what.tell(self.language)
    if not what:
        head = self.say(f"取消{self.subject(change)}", f"{self.subject(change)} removed")
    else:
        head = self.headed(change, "取消{}", "{} removed")
    return head + (self.say(f"（原为：{before}）", f" (was: {before})") if before else "")


def _changed(self: Sentences, change: Change) -> str:
    before, after = self.quoting(self.text(change.before, change.after), self.text(change.after, change.before))
    return self.headed(change, "{}由" + _safe(before) + "改为" + _safe(after), "{} changed from " + _safe(before) + " to " + _safe(after))


def _safe(text: str) -> str:
    """A text in which no brace is taken for a blank."""
    return text.replace("{", "{{").replace("}", "}}")


def _renamed(self: Sentences, change: Change) -> str:
    before, after = change.before.tell(self.language), change.after.tell(self.language)
    return self.headed(change, f"{{}}由 {before} 改为 {after}", f"{{}} changed from {before} to {after}")


def _reordered(self: Sentences, change: Change) -> str:
    before, after = change.before.tell(self.language), change.after.tell(self.language)
    return self.say(f"次序由“{before}”改为“{after}”，内容不变", f'order changed from "{before}" to "{after}"; the content stays')


_TELLERS: dict[str, Callable[[Sentences, Change], str]] = {
    "added": _added,
    "removed": _removed,
    "changed": _changed,
    "moved": _changed,
    "renamed": _renamed,
    "reordered": _reordered,
}


def tell(change: Change, language: Language) -> str:
    """A change as a sentence."""
    return Sentences(language).tell(change)
