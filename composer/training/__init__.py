"""One trainer for every network, and the objectives that it follows."""
