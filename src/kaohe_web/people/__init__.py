"""People, the organisation, who holds which post when, and who may do what."""
