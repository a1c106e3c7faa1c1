"""The command line: the functions of this package, typed at a shell. It computes nothing itself."""

from kaohe.cli.door import main

__all__ = ["main"]
