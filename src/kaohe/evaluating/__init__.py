"""Resolved formulas over checked facts, a whole column at a time.

The evaluator keeps the column of every figure: scoring reads its results from them, and an
explanation is one row of each.
"""

from kaohe.evaluating.evaluator import Evaluator
from kaohe.evaluating.functions import FUNCTIONS
from kaohe.evaluating.people import having, incomplete, owed_items, owed_values

__all__ = ["FUNCTIONS", "Evaluator", "having", "incomplete", "owed_items", "owed_values"]
