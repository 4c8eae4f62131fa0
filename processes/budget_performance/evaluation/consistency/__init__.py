"""The consistency check 勾稽 of a self-evaluation (RULES R06c): every finding at once, each with its row."""
