"""From raw tables to checked facts, or to every problem in them; nothing is scored on malformed facts."""

from kaohe.checking.checker import check_facts

__all__ = ["check_facts"]
