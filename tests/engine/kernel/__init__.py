"""The kernel: given a graph and a state, when a change comes, then these events and that state."""
