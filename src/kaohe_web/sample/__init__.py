"""A company to look around in: people, rounds at every stage, one sign-in a role."""
