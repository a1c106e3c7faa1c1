"""A scheme drafted from the sheet that HR really has: cells are read, what they leave open is asked, a scheme is written.

Nothing is guessed in silence: a reading that rests on a question is a proposal until somebody answers, and what no rule explains is
asked about.
"""

from kaohe.drafting.reader import Read, read_phrase
from kaohe.drafting.readings import Given, as_data

__all__ = ["Given", "Read", "as_data", "read_phrase"]
