"""`python -m kaohe` is `kaohe`."""

from kaohe.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
