"""The one door to typst: a template of this folder and plain data go in, a PDF or its pages as pictures come out.

The data reach the template as JSON through `sys.inputs` and are never spliced into markup, so no
name can break a page. Only the fonts of this package are used, and nothing looks at a clock: the
same data give the same bytes on every machine.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
EPOCH = 0  # a template that asked for today's date would get 1970; it takes the date from its data


class Press:
    """One compiler with its fonts loaded, for one template after another and from any thread."""

    def __init__(self, templates: Path = HERE) -> None:
        self.templates = templates
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        self._compiler = typst.Compiler(root=templates, font_paths=fonts, ignore_system_fonts=True)
        self._lock = Lock()

    def typeset(self, template: str, data: Mapping[str, object]) -> bytes:
        """The PDF that a template makes of these data."""
        (pdf,) = self._compile(template, data, "pdf", None)
        return pdf

    def render(self, template: str, data: Mapping[str, object], ppi: int) -> tuple[bytes, ...]:
        """The pages that a template makes of these data, each as a PNG."""
        return self._compile(template, data, "png", ppi)

    def _compile(self, template: str, data: Mapping[str, object], form: Literal["pdf", "png"], ppi: int | None) -> tuple[bytes, ...]:
        inputs = {"data": json.dumps(data, ensure_ascii=False)}
        with self._lock:
            made, told = self._compiler.compile_with_warnings(
                self.templates / f"{template}.typ", format=form, ppi=ppi, sys_inputs=inputs, timestamp=EPOCH
            )
        for warning in told:
            warnings.warn(f"{template}.typ: {warning.message}", stacklevel=3)
        assert made is not None  # nothing was named as the file to write
        return (made,) if isinstance(made, bytes) else tuple(made)


@cache
def press() -> Press:
    """The press of this process, its fonts loaded at the first use."""
    return Press()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF made here has."""
    return len(_PAGE.findall(pdf))


_PAGE = re.compile(rb"/Type ?/Page\b")


def typeset(template: str, data: Mapping[str, object]) -> bytes:
    """The PDF that a template of this folder makes of plain data.

    A template reads its data with `json(bytes(sys.inputs.data))`; figures come as text, ready to be
    set. A value of another kind than JSON knows, or a template at odds with its data, is a
    programmer's mistake and raises.
    """
    return press().typeset(template, data)


def render(template: str, data: Mapping[str, object], ppi: int = 144) -> tuple[bytes, ...]:
    """The same pages as PNG pictures, for previews and tests."""
    return press().render(template, data, ppi)
