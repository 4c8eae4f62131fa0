"""Self-evaluations as they come from outside: read from JSON or the official form, scored by R06, checked by R06c."""
