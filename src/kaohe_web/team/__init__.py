"""The board of whoever leads people: where they stand, who is incomplete, whose turn it is; no yuan."""
