"""An independent evaluator: schemes over facts, one subject at a time, on single Fractions."""

from tests.oracle.evaluator import COMPARED, Oracle

__all__ = ["COMPARED", "Oracle"]
