"""Tables made of tables, one file a way: rounds out of messages, the next contact after each, credits of a case."""
