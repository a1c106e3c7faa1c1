"""What a check looks at: a scheme whose figures are compiled, its bodies and declarations, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kaohe.plan import Node
from kaohe.problems import Place, Problem
from kaohe.scheme import Body, Declared, Item, Scheme

Path = tuple[object, ...]


@dataclass(frozen=True)
class Finished:
    """A scheme whose figures are compiled, and where its entries stand."""

    scheme: Scheme
    nodes: Mapping[str, Node]
    place_of: Callable[[Path], Place]


Check = Callable[[Finished], Iterable[Problem]]


def bodies(scheme: Scheme) -> Iterator[tuple[Path, Body]]:
    """Every body that the scheme writes, with its path; a form's own reading of an item is one too."""
    named: dict[str, Mapping[str, Body]] = {"figures": scheme.figures, "items": scheme.items}
    for home, entries in named.items():
        for name, body in entries.items():
            yield (home, name), body
            if isinstance(body, Item):
                yield from (((home, name, "let", let), inner) for let, inner in body.let.items())
            yield from (((home, name, "plus", row), inner) for row, inner in enumerate(body.plus) if isinstance(inner, Body))
    if scheme.pay is not None:
        yield from ((("pay", "lines", name), line) for name, line in scheme.pay.lines.items())
    for form, entry in scheme.forms.items():
        yield from ((("forms", form, "items", name), item.own) for name, item in entry.items.items() if item.own is not None)


def declarations(scheme: Scheme) -> Iterator[tuple[Path, Declared]]:
    """Every fact and choice that the scheme declares, with its path."""
    for home in ("people", "config", "values", "history"):
        yield from (((home, name), declared) for name, declared in getattr(scheme, home).items())
    for kind, event in scheme.events.items():
        yield from ((("events", kind, "columns", name), declared) for name, declared in event.columns.items())
    if scheme.grades is not None:
        yield from ((("grades", "columns", name), declared) for name, declared in scheme.grades.columns.items())


def told(path: Path) -> str:
    """A path as people read it."""
    return ".".join(str(step + 1) if isinstance(step, int) else str(step) for step in path)
