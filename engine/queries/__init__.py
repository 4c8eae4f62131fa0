"""One file for each list that someone looks at."""
