"""The rules of the trade, in plain Python: no I/O, no clock, no database."""
