"""The ledger: what the district knows about its projects, year by year. Written by the same transaction as the step
that decides it; every function takes the running connection.
"""
