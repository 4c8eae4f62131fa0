"""Diagrams are read, compiled to a graph and checked here."""
