"""Every door of the house, and the only place where parts are chosen."""
