"""Signing in and out, choosing a language, and stepping in as a person of a demonstration."""
