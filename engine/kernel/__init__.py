"""BPMN execution: pure. (graphs, state, change, environment) -> (state, events). Standard library and FEEL only."""
