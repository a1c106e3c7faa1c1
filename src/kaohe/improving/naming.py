"""Names in both languages at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from kaohe.explaining.names import Names
from kaohe.explaining.rows import RowReader
from kaohe.explaining.telling import Telling
from kaohe.plan import Plan
from kaohe.problems import Language
from kaohe.scheme import Declared
from kaohe.texts import Text


class BothNames:
    """What people call the things of a plan, in Chinese and English."""

    def __init__(self, plan: Plan) -> None:
        self.by_language: dict[Language, Names] = {language: Names(plan, language) for language in get_args(Language)}

    def text(self, name: Callable[[Names], str]) -> Text:
        """A name in both languages."""
        return Text(name(self.by_language["zh"]), name(self.by_language["en"]))

    def declared(self, frame: str, column: str) -> Declared | None:
        """The declaration of a fact's column."""
        return self.by_language["zh"].declared(frame, column)

    def told(self, reader: RowReader, tell: Callable[[Telling], str]) -> Text:
        """A phrase about one row in both languages."""
        return self.text(lambda names: tell(Telling(reader, names, None)))
