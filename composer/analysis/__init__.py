"""Listening: what a melody is like, whether it was copied, and what its hearer may like next."""
