"""What supervisors watch: overdue user tasks and how far their ladders have climbed."""
