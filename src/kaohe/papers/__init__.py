"""Results on paper: what is handed out, signed and filed."""
