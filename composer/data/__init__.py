"""Music to learn from: corpora, prepared once, and the examples drawn from them."""
