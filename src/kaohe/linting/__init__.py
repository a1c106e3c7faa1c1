"""What a scheme may say and somebody should look at all the same: points that do not add up, edges that jump, fines, dead rules.

The compiler refuses what cannot be right; a lint tells what can be and seldom is meant. Each finding
has a code, a sentence, its clause and a way out, and a scheme may accept it with a reason. A lint is
silent where it is not sure.
"""

from kaohe.linting.finding import Finding
from kaohe.linting.linter import LINTS, lint_scheme

__all__ = ["LINTS", "Finding", "lint_scheme"]
