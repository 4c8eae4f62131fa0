"""The rules of the house, each a small program that reads the source, and each tested with a planted fault."""
