"""The words of the engine: values, errors, ports, clock and calendar. Standard library only."""
