"""What a scheme has people rate: every rated item, as each form reads it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kaohe.rules.rating import anchored
from kaohe.scheme import Declared, Rating, Scheme


@dataclass(frozen=True)
class RatedItem:
    """A rating as one form (or every form) reads it."""

    item: str
    rating: Rating
    points: Fraction | None

    def scale(self) -> Declared:
        """Which scores it allows, as a declaration."""
        rating = self.rating
        if rating.anchors is not None:
            return Declared(kind="number", steps=tuple(Fraction(score) for score in sorted(anchored(rating.anchors))))
        if isinstance(rating.allowed, tuple):
            return Declared(kind="number", allowed=rating.allowed)
        if isinstance(rating.allowed, Declared):
            return rating.allowed
        return Declared(kind="number", low=Fraction(0), high=self.points)

    def refuses(self, relation: str | None, own: bool) -> bool:
        """Whether a rating comes from somebody who may not give it: oneself, unless `self` is among the raters.

        Where the rating says `own_sheet`, the relation `self` is one's own sheet and nobody else's.
        """
        listed_self = relation == "self" and self.rating.raters != "any"
        return own != listed_self if self.rating.own_sheet else own and not listed_self

    def takes(self, relation: str | None) -> bool:
        """Whether a rater of this relation may rate."""
        return self.rating.raters == "any" or relation in self.rating.raters


def rated_items(scheme: Scheme) -> dict[str, dict[str, RatedItem]]:
    """Every rated item by form; the form "" stands for all."""
    found: dict[str, dict[str, RatedItem]] = {}
    for name, item in scheme.items.items():
        if item.rating is not None:
            found.setdefault(name, {})[""] = RatedItem(name, item.rating, item.points)
        for form, entry in scheme.forms.items():
            own = entry.items[name].own if name in entry.items else None
            if own is not None and own.rating is not None:
                found.setdefault(name, {})[form] = RatedItem(name, own.rating, own.points)
    for name, figure in scheme.figures.items():
        if figure.rating is not None:
            rated = figure.rating.item or name
            found.setdefault(rated, {})[""] = RatedItem(rated, figure.rating, None)
    return found
