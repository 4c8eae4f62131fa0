"""Process instances: the list, one with its diagram and history, and the diagrams themselves."""
