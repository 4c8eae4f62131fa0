"""The closed loop of budget performance in a district government."""
