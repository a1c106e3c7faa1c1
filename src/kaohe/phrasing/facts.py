"""Facts and choices in words: what may stand there, whether it must, and what holds otherwise."""

from __future__ import annotations

from kaohe.numbers import as_typed
from kaohe.phrasing.declared import bounds_of, kind_of
from kaohe.phrasing.phrases import Phrases
from kaohe.plan import PEOPLE
from kaohe.scheme import ConfigEntry, Declared


def kind(phrases: Phrases, declared: Declared) -> str:
    """The kind and bounds of a fact, or the words that it may hold."""
    words = choices(phrases, declared)
    told = phrases.listed(words) if words else phrases.comma([kind_of(declared, phrases), bounds_of(declared, phrases)])
    if declared.refused:
        told = phrases.say("不得填写", "may not be filled in")
    return phrases.comma([told, phrases.say("可填多个", "several may be given") if declared.several else ""])


def choices(phrases: Phrases, declared: Declared) -> list[str]:
    """The words that a fact may hold, with their numbers where they have some."""
    if isinstance(declared.words, str):
        words = phrases.scheme.words[declared.words]
        return [word(phrases, declared.words, one) for one in words.names]
    return [phrases.calling.by_id(one) for one in declared.words or ()]


def word(phrases: Phrases, listed: str, one: str) -> str:
    """A word of a list, with its number."""
    number = phrases.scheme.words[listed].numbers.get(one)
    name = phrases.calling.of_list(one, listed)
    return name if number is None else phrases.say(f"{name}＝{as_typed(number)}", f"{name} = {as_typed(number)}")


def owed(phrases: Phrases, declared: Declared, frame: str = PEOPLE) -> str:
    """Whether a fact must be there: always, under a condition, or what holds without it."""
    if declared.default is not None:
        return phrases.say(f"不填按{default(phrases, declared)}计", f"counts as {default(phrases, declared)} where empty")
    if declared.needed is not None:
        condition = phrases.condition(declared.needed, plain=True, frame=frame)
        return phrases.say(f"{condition}时必填", f"owed where {condition}")
    return phrases.say("没有则留空", "empty where there is none") if declared.optional else phrases.say("必填", "owed")


def default(phrases: Phrases, declared: Declared) -> str:
    """What holds where nothing is given."""
    written = declared.default or ""
    if declared.kind == "yes_no":
        return phrases.say("是", "yes") if written in ("yes", "true") else phrases.say("否", "no")
    return phrases.calling.of_declared(written, declared) if declared.kind == "words" else written


def bounds_of_choice(phrases: Phrases, entry: ConfigEntry) -> str:
    """What the company may choose."""
    if entry.one_of is not None:
        return phrases.say("任选其一：", "one of ") + phrases.listed(phrases.calling.of_declared(one, entry) for one in entry.one_of)
    told = [kind(phrases, entry)]
    if entry.for_ is not None:
        told.append(phrases.say("每项指标各定一个", "one for each item"))
    if entry.parts is not None:
        told.append(
            phrases.say("各部分：", "parts: ") + phrases.listed(phrases.calling.part(_key(phrases, entry), part) for part in entry.parts)
        )
    if entry.sum is not None:
        told.append(phrases.say(f"合计{as_typed(entry.sum)}", f"adding up to {as_typed(entry.sum)}"))
    return phrases.joined(told)


def default_of_choice(phrases: Phrases, entry: ConfigEntry) -> str:
    """What holds unless the company chooses otherwise."""
    if entry.defaults:
        key = _key(phrases, entry)
        parts = [f"{phrases.calling.part(key, part)} {number}" for part, number in entry.defaults.items()]
        return phrases.listed(parts)
    if entry.default is None:
        return phrases.say("可不选", "none") if entry.optional else phrases.say("须由公司选定", "to be chosen")
    return phrases.calling.of_declared(default(phrases, entry), entry)


def _key(phrases: Phrases, entry: ConfigEntry) -> str:
    return next(key for key, known in phrases.scheme.config.items() if known is entry)
