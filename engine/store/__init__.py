"""Tables and what reads and writes them."""
