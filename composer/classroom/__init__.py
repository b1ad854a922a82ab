"""The classroom: what networks do beside each other, and what goes on inside of them."""
