"""Every number that a scheme writes, and the clause under which it stands: its own, or that of what it belongs to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kaohe.documents import Branch

# Keys whose text is for people, or says which part of the file this is.
NOT_NUMBERS = {
    "name",
    "clause",
    "note",
    "source",
    "reviewer",
    "about",
    "text",
    "anchors_text",
    "scheme",
    "version",
    "effective",
    "accept",
    "rule",
}
NUMBER = re.compile(r"(?<![\w.'\"])\d+(?:\.\d+)?(?:%|‰)?(?![\w'\"])")
QUOTED = re.compile(r"'[^']*'")
# Nothing less than nothing, and a share is of one: these bounds need no clause, they say what kind of thing it is.
NATURAL = re.compile(r"(?:\b(?:number|ratio|yuan|points|seconds|minutes|hours|days|whole)\b )(?:0\.\.(?:1\b)?|above 0)")
NATURAL_DEFAULT = re.compile(r"\bdefault 0\b")


@dataclass(frozen=True)
class Written:
    """A number where it stands, and whether a clause stands over it."""

    path: tuple[str, ...]
    text: str
    under_a_clause: bool


def numbers_of(scheme: Branch) -> Iterator[Written]:
    """Every number of a scheme, in the order of the file."""
    told = {name for name, body in (scheme.get("rules") or {}).items() if "clause" in body}
    for section, content in scheme.items():
        if section not in NOT_NUMBERS | {"rules", "words", "scale", "period", "roles"}:
            yield from _of(content, (section,), False, told)
    yield from _of_rules(scheme)
    yield from _of_words(scheme)


def _of_rules(scheme: Branch) -> Iterator[Written]:
    """A named rule stands under its own clause, or under those of all that use it."""
    for name, body in (scheme.get("rules") or {}).items():
        users = list(uses_of(scheme, name))
        covered = bool(users) and all("clause" in user for user in users)
        yield from _of(body, ("rules", name), covered)


def _of_words(scheme: Branch) -> Iterator[Written]:
    """The numbers of a list of words stand under the clauses of all that take these words."""
    for name, words in (scheme.get("words") or {}).items():
        takers = [
            covered for section in ("values", "people", "events", "config") for covered in takers_of(scheme.get(section), name, False)
        ]
        yield from _of(words, ("words", name), bool(takers) and all(takers))


def takers_of(node: object, words: str, covered: bool) -> Iterator[bool]:
    """For each declaration that takes the words of a list, whether a clause stands over it."""
    if isinstance(node, Branch):
        inside = covered or "clause" in node
        for value in node.values():
            yield from takers_of(value, words, inside)
    elif str(node).split(" ")[0] == words:
        yield covered


def uses_of(node: object, rule: str) -> Iterator[Branch]:
    """The bodies that use a named rule."""
    if isinstance(node, Branch):
        if node.get("rule") == rule:
            yield node
        for value in node.values():
            yield from uses_of(value, rule)


def _of(node: object, path: tuple[str, ...], covered: bool, told: Collection[str] = ()) -> Iterator[Written]:
    """The numbers beneath a part; `told` are the named rules that bring a clause with them.

    `items.all` gives keys to every item, and no scheme loads of which an item has no clause.
    """
    if isinstance(node, Branch):
        inside = covered or "clause" in node or node.get("rule") in told or path == ("items", "all")
        for key, value in node.items():
            if key not in NOT_NUMBERS:
                yield from _in_key(key, path, inside)
                yield from _of(value, (*path, str(key)), inside, told)
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _of(value, (*path, str(place)), covered, told)
    elif node is not None:
        for number in literals(str(node)):
            yield Written(path, number, covered)


def _in_key(key: object, path: tuple[str, ...], covered: bool) -> Iterator[Written]:
    """The points of a line, the places and the levels of a scale are numbers that stand as keys."""
    if path and path[-1] in ("line", "points", "anchors") and NUMBER.fullmatch(str(key)):
        yield Written((*path, str(key)), str(key), covered)


def literals(text: str) -> list[str]:
    """The numbers of a formula or a declaration, without the natural ends of its kind and without words between quotes."""
    return NUMBER.findall(NATURAL_DEFAULT.sub("", NATURAL.sub("", QUOTED.sub("", text))))
