"""Who is who, in words: roles, groups of people seen from one of them, units."""

from __future__ import annotations

from kaohe.phrasing.phrases import Phrases
from kaohe.scheme import Group, Unit


def roles(phrases: Phrases, which: str) -> list[str]:
    """The names of roles: those assessed, or those who only rate."""
    known = phrases.scheme.roles.rate_only if which == "rate_only" else phrases.scheme.roles.assessed
    return [name.tell(phrases.language) for name in known.values()] if isinstance(known, dict) else []


def group(phrases: Phrases, name: str, entry: Group) -> str:
    """Who belongs to a group, seen from one person."""
    told = [_belonging(phrases, name, entry)]
    if entry.where is not None:
        told.append(
            phrases.say(
                f"其中{phrases.condition(entry.where, f'group.{name}')}者", f"where {phrases.condition(entry.where, f'group.{name}')}"
            )
        )
    if entry.blank == "one group":
        told.append(phrases.say("未填写者归为一组", "those with nothing there form one group"))
    return phrases.comma(told)


def _belonging(phrases: Phrases, name: str, entry: Group) -> str:
    if entry.others_of is not None:
        by = phrases.factor(entry.others_of, f"group.{name}")
        return phrases.say(f"{by}相同的其他人，不含本人", f"the others with the same {by}, without oneself")
    if entry.all_of is not None:
        by = phrases.factor(entry.all_of, f"group.{name}")
        return phrases.say(f"{by}相同的所有人，含本人", f"all with the same {by}, oneself included")
    return phrases.say("全体", "everybody")


def unit(phrases: Phrases, entry: Unit) -> str:
    """How units are told apart."""
    if entry.by is None:
        return phrases.say("只有一个", "there is one")
    return phrases.say(f"按{phrases.formula(f'person.{entry.by}')}区分", f"told apart by {phrases.formula(f'person.{entry.by}')}")
