"""portcheck: freight checks at a port against civil-penalty vehicle action lists."""

__version__ = "0.1.0"
