"""Rating: what somebody owes, the grid in which she gives it, and what people say of themselves."""
