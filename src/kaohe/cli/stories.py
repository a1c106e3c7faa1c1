"""Parts of explanations: one figure of a story, with all that it rests on, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kaohe.explaining import Explanation, Line, explain, render
from kaohe.problems import Language
from kaohe.scoring import Results
from kaohe.showing import plain


def only(story: Explanation, line: Line) -> Explanation:
    """The story of one line; what it rests on and was told elsewhere is told here."""
    told = {(found.id, found.whose): found for found in story.walk() if not found.seen}
    return replace(story, lines=(_opened(line, told),))


def _opened(line: Line, told: dict[tuple[str, str], Line]) -> Line:
    """The line with the first telling of each line that it only mentions; each is told once."""
    whole = told.pop((line.id, line.whose), line) if line.seen else line
    return whole._replace(children=tuple(_opened(child, told) for child in whole.children))


def render_story(story: Explanation, language: Language) -> str:
    """The story as a tree; nothing in it can move the cursor."""
    return "\n".join(plain(line) for line in render(story, language).split("\n"))


def story_of(results: Results, what: str, language: Language) -> Iterator[str]:
    """The lines that explain one difference of a case, `e1.items.greeting`; none for somebody without a result."""
    subject = next((name for name in results.subjects() if what == name or what.startswith(f"{name}.")), None)
    if subject is None:
        return
    story = explain(results, subject, language)
    asked = _line_id(what.removeprefix(f"{subject}."))
    line = next((line for line in story.walk() if line.id == asked and not line.seen), None)
    yield from render_story(story if line is None else only(story, line), language).split("\n")


def _line_id(key: str) -> str:
    """The id of the line that a key of a scorecard stands for."""
    kind, _, name = key.partition(".")
    return {"items": f"item.{name}", "pay": f"pay.{name}", "metrics": f"figure.{name}", "missing": "status"}.get(kind, kind)
