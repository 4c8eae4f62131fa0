"""Signing in one act what waits at one step, each item with a record of its own."""
