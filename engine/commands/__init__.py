"""One file for each thing that can be asked of the engine."""
