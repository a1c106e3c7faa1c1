"""What would be enough for the next better grade: the points that lack, and for each item alone the fact that would do.

Ways are looked for backwards along the rules, from the total's edge through an item down to a
value, to records or to ratings; then the changed facts are scored by the engine itself. A way
that does not hold there is not told. Where the total's own formula keeps the grade out of reach,
that is told instead.
"""

from kaohe.improving.findings import Change, Improvement, Way
from kaohe.improving.searching import next_band

__all__ = ["Change", "Improvement", "Way", "next_band"]
