"""People: units, posts, roles, rights, logins; and the answer to "who gets this user task, and why"."""
