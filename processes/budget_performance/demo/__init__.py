"""The demonstration: a fictitious model district whose year is played through the engine by acting as its people."""
