"""From a scheme to a plan: names resolved, order fixed, whatever can be wrong already said."""

from kaohe.compiling.compiler import compile_scheme

__all__ = ["compile_scheme"]
