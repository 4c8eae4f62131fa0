"""Stand-ins 代办安排: who does whose work meanwhile."""
