"""The lane: the officer's full-screen program, and the same loop by prompts."""
