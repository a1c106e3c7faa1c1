"""Charts as shapes on a grid of whole pixels: a template only writes them down as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LENGTH = 10_000  # a whole axis, in the whole numbers in which the engine hands out lengths
Chart = Mapping[str, Any]


@dataclass(frozen=True)
class Shape:
    """One rectangle, line, text, dot or path."""

    kind: str
    css: str = ""
    x: int = 0
    y: int = 0
    w: int = 0
    h: int = 0
    text: str = ""
    anchor: str = "middle"
    d: str = ""


@dataclass
class Drawing:
    """Shapes on a ground of so many pixels, with a sentence for those who do not see it."""

    width: int
    height: int
    told: str
    shapes: list[Shape] = field(default_factory=list)

    def box(self, css: str, x: int, y: int, w: int, h: int) -> None:
        """A rectangle."""
        self.shapes.append(Shape("rect", css, x, y, max(w, 0), max(h, 0)))

    def line(self, css: str, x: int, y: int, to_x: int, to_y: int) -> None:
        """A straight line."""
        self.shapes.append(Shape("line", css, x, y, to_x, to_y))

    def word(self, x: int, y: int, text: str, css: str = "", anchor: str = "middle") -> None:
        """A text."""
        self.shapes.append(Shape("text", css, x, y, text=text, anchor=anchor))

    def dot(self, css: str, x: int, y: int, radius: int = 4) -> None:
        """A dot."""
        self.shapes.append(Shape("circle", css, x, y, radius))

    def course(self, css: str, points: Sequence[tuple[int, int]]) -> None:
        """A line through points."""
        self.shapes.append(Shape("path", css, d="M" + " L".join(f"{x} {y}" for x, y in points)))


def along(place: int, width: int) -> int:
    """A place on an axis, in pixels."""
    return place * width // LENGTH


def bar(data: Chart, width: int = 156) -> Drawing:
    """What an item earned, on the track of what it could."""
    drawing = Drawing(width, 12, "")
    zero, full = along(data["zero"], width), along(data["full"], width)
    drawing.box("bar-track", zero, 1, full - zero, 10)
    if data["to"] is None:
        drawing.box("bar-lost", zero, 1, full - zero, 10)
    else:
        to = along(data["to"], width)
        drawing.box("bar-fill", min(zero, to), 1, abs(to - zero), 10)
    return drawing


def ruler(data: Chart, you: str, told: str, width: int = 1160) -> Drawing:
    """The scale of totals with its bands and somebody's mark, or the span that is still open."""
    drawing = Drawing(width, 62, told)
    for band in data["bands"]:
        left, right = along(band["from"], width), along(band["to"], width)
        drawing.box("band mine" if band["mine"] else "band", left, 22, right - left, 20)
        drawing.word((left + right) // 2, 37, band["name"] if right - left > 80 else band["short"])
    for edge in data["edges"]:
        drawing.line("axis", along(edge["at"], width), 20, along(edge["at"], width), 44)
        drawing.word(along(edge["at"], width), 58, edge["text"])
    drawing.word(0, 58, data["ends"][0], anchor="start")
    drawing.word(width, 58, data["ends"][1], anchor="end")
    if data["mark"] is not None:
        x = along(data["mark"]["at"], width)
        drawing.line("axis strong-line", x, 16, x, 44)
        drawing.shapes.append(Shape("path", "you", d=f"M{x - 5} 12 h10 l-5 7 z"))
        drawing.word(min(max(x, 30), width - 30), 10, you, "strong")
    if data["span"] is not None:
        low, high = along(data["span"]["from"], width), along(data["span"]["to"], width)
        drawing.box("span", low, 18, high - low, 28)
    return drawing


def moved(data: Any, now: str, then: str, told: str, width: int = 800) -> Drawing:
    """The scale of totals with its bands, and somebody's mark as it is and as it would be."""
    drawing = Drawing(width, 72, told)
    for band in data.bands:
        left, right = along(band["from"], width), along(band["to"], width)
        drawing.box("band mine" if band["mine"] else "band", left, 32, right - left, 18)
        drawing.word((left + right) // 2, 46, band["name"] if right - left > 80 else band["short"])
    for edge in data.edges:
        drawing.line("axis", along(edge["at"], width), 30, along(edge["at"], width), 52)
        drawing.word(along(edge["at"], width), 67, edge["text"])
    drawing.word(0, 67, data.ends[0], anchor="start")
    drawing.word(width, 67, data.ends[1], anchor="end")
    before = along(data.before, width)
    after = None if data.after is None else along(data.after, width)
    _mark(drawing, before, f"{now} {data.before_text}", "you", 0 if after is None or before <= after else width)
    if after is not None:
        drawing.line("edge", min(before, after) + 6, 39, max(before, after) - 6, 39)
        _mark(drawing, after, f"{then} {data.after_text}", "mark-then", width if before <= after else 0)
    return drawing


def _mark(drawing: Drawing, x: int, text: str, css: str, side: int) -> None:
    """A mark over the scale, its words towards one side; a line higher where that side has no room."""
    room, wanted = 130, "end" if side == 0 else "start"
    anchor = "start" if x < room else "end" if x > drawing.width - room else wanted
    drawing.line("axis strong-line", x, 24, x, 52)
    drawing.shapes.append(Shape("path", css, d=f"M{x - 6} 18 h12 l-6 7 z"))
    drawing.word(x - 10 if anchor == "end" else x + 10, 24 if anchor == wanted else 10, text, "strong", anchor)


def spread(data: Chart, you: str, told: str, width: int = 352) -> Drawing:
    """A distribution: columns with their counts, edges of bands between them."""
    height, floor, top = 160, 136, 34
    drawing = Drawing(width, height, told)
    for one in data["bars"]:
        left, right = along(one["from"], width), along(one["to"], width)
        tall = one["height"] * (floor - top) // LENGTH
        drawing.box("column mine" if one["mine"] else "column", left + 1, floor - tall, right - left - 2, tall)
        if one["count"]:
            drawing.word((left + right) // 2, floor - tall - 4, str(one["count"]))
        if one["mine"]:
            drawing.word((left + right) // 2, floor - 6, you, "inverse")
    for edge in data["edges"]:
        x = along(edge["at"], width)
        drawing.line("edge", x, 18, x, floor)
        drawing.word(min(max(x, 24), width - 24), 12, f"{edge['below']} | {edge['above']}")
    drawing.line("axis", 0, floor, width, floor)
    for tick in data["ticks"]:
        drawing.word(min(max(along(tick["at"], width), 14), width - 14), floor + 16, tick["text"])
    return drawing


def trend(data: Chart, told: str, width: int = 352) -> Drawing:
    """Totals through time, the edges of bands dashed."""
    height, floor, top, room = 170, 140, 16, 44
    drawing = Drawing(width, height, told)

    def up(place: int) -> int:
        return floor - along(place, floor - top)

    span = width - room
    for edge in data["edges"]:
        drawing.line("edge", 0, up(edge["y"]), span, up(edge["y"]))
        drawing.word(span + 4, up(edge["y"]) + 4, edge["text"], anchor="start")
    points = [(along(point["x"], span), up(point["y"])) for point in data["points"]]
    drawing.course("course", points)
    for point, (x, y) in zip(data["points"], points, strict=True):
        drawing.dot("dot mine" if point["now"] else "dot", x, y)
        drawing.word(x, y - 9, point["text"], "strong" if point["now"] else "")
        drawing.word(x, floor + 20, point["below"])
    return drawing
