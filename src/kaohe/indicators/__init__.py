"""The library of indicators: what customer service is measured by, ready to be put into a scheme.

Each indicator has a card in two languages: definition, formula, unit, direction, balanced-scorecard
perspective, cycle, source, roles, usual targets, pitfalls, the measure that makes its figure or the
person who enters it, and the rule by which it is usually scored. The cards are data (`indicators/`);
this room reads and checks them, finds some of them, and writes them in the scheme language.
"""

from kaohe.indicators.cards import card, card_data, fed_by
from kaohe.indicators.marking import scoring_sentence
from kaohe.indicators.model import (
    CYCLES,
    DIRECTIONS,
    PERSPECTIVES,
    ROLES,
    UNITS,
    Cycle,
    Indicator,
    Library,
    Perspective,
    Role,
    Theme,
)
from kaohe.indicators.reading import indicators_folder, read_indicators, read_library
from kaohe.indicators.searching import Wanted, choose, find, search
from kaohe.indicators.snippets import NewScheme, compose, snippet

__all__ = [
    "CYCLES",
    "DIRECTIONS",
    "PERSPECTIVES",
    "ROLES",
    "UNITS",
    "Cycle",
    "Indicator",
    "Library",
    "NewScheme",
    "Perspective",
    "Role",
    "Theme",
    "Wanted",
    "card",
    "card_data",
    "choose",
    "compose",
    "fed_by",
    "find",
    "indicators_folder",
    "read_indicators",
    "read_library",
    "scoring_sentence",
    "search",
    "snippet",
]
