"""The clock knocks: finds what is due, takes a lease, issues commands. It never changes an instance itself.

The only room that knows APScheduler.
"""

from engine.scheduler.due_work import DueWork, run_due_work
from engine.scheduler.housekeeping import Swept, sweep
from engine.scheduler.outbox import Sender
from engine.scheduler.ticker import Ticker

__all__ = ["DueWork", "Sender", "Swept", "Ticker", "run_due_work", "sweep"]
