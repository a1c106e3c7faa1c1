"""Two versions of a scheme told apart, in the words in which a scheme is shown.

What is compared is what schemes say, not how they are written: a named rule written out, another
blank or another order of keys is no change. Each change names its clauses and lines in both.
"""

from kaohe.comparing.changes import Comparison, compare
from kaohe.comparing.effects import Effect, Effects, effects
from kaohe.comparing.matching import Change
from kaohe.comparing.versions import Version, read_version

__all__ = ["Change", "Comparison", "Effect", "Effects", "Version", "compare", "effects", "read_version"]
