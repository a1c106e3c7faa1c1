"""From results back to words: this number, by this rule, from these facts, under this clause."""

from kaohe.explaining.lines import Explanation, Line, Record
from kaohe.explaining.rendering import render
from kaohe.explaining.story import explain

__all__ = ["Explanation", "Line", "Record", "explain", "render"]
