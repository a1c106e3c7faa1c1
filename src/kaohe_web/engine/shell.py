"""What the site's commands share with the engine's command line."""

from kaohe.cli.door import Entry
from kaohe.cli.options import Lang
from kaohe.cli.talking import Talk, talk_of
from kaohe.texts import Text

__all__ = ["Entry", "Lang", "Talk", "Text", "talk_of"]
