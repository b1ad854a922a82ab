"""Events: scores as rows of decisions, and what networks hear of them."""
