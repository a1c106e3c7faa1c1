"""Words of management commands, in the language of the shell."""

from __future__ import annotations

import os


def spoken(zh: str, en: str) -> str:
    """The words in the language that the shell asked for; Chinese unless it did."""
    return en if os.environ.get("KAOHE_LANG", "zh") == "en" else zh
