"""Appeals of a subject against an item, a record or a rating, and what was decided."""
