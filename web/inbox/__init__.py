"""The inbox: what is mine, what I may claim, what I have done, what I have started."""
