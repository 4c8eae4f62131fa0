"""The tests mirror the tree; a test's name states a rule. `./bihuan test` runs them all."""
