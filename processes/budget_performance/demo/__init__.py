"""The demonstration: a fictitious model district whose year is played through the engine by acting as its people."""

from processes.budget_performance.demo.play import BEGINS, ENDS, play, play_on
from processes.budget_performance.demo.stage import Stage, local_instant

__all__ = ["BEGINS", "ENDS", "Stage", "local_instant", "play", "play_on"]
