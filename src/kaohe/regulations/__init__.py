"""A scheme as a company's own regulation: a page of chapters and articles, as Markdown, HTML, PDF, or on a terminal.

The page is a small tree of blocks, made from a compiled scheme in one language or both; each
renderer only sets it. Nothing of the scheme is left out, and nothing is computed.
"""

from kaohe.regulations.blocks import Page
from kaohe.regulations.drafting import draft

__all__ = ["Page", "draft"]
