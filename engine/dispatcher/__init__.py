"""The one door to change: lock, load, decide, run, write, commit."""

from engine.dispatcher.door import Command, Dispatcher

__all__ = ["Command", "Dispatcher"]
