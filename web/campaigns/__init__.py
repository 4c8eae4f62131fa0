"""Campaigns 工作布置: what finance has opened, and a form to open more."""
