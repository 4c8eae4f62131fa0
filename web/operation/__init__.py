"""Pages of those who operate the engine."""
