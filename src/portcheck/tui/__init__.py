"""The lane: an officer's full-screen program."""
