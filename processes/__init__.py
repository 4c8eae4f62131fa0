"""What the office does: diagrams, decision tables and thin domain code."""
