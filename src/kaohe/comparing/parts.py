"""Every part of a scheme as entries that can be compared, in the order in which a regulation tells them."""

from __future__ import annotations

from kaohe.comparing.circles import accepted, circles, config, words
from kaohe.comparing.data import figures, musts, supplied
from kaohe.comparing.entries import Part
from kaohe.comparing.general import general, roles, states
from kaohe.comparing.outcomes import actions, grades, pay, rank, warnings
from kaohe.comparing.side import Side
from kaohe.comparing.standards import forms, items, sections, total


def parts_of(side: Side) -> dict[str, Part]:
    """The parts of a scheme by their keys."""
    every = [general(side), roles(side), states(side), items(side), *forms(side), sections(side), total(side), *grades(side), rank(side)]
    every += [pay(side), actions(side), warnings(side), figures(side), *supplied(side), words(side), *circles(side), musts(side)]
    every += [config(side), accepted(side)]
    return {part.key: part for part in every}
