"""One user task: its form, why it is here and until when, where it stands, what happened before."""
