"""A BPMN engine that has heard neither of the web nor of budgets; this file is its face."""
