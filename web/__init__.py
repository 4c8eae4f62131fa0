"""Pages for people: one folder for each slice of the house."""
