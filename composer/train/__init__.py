"""Training: music to windows, windows to weights, weights to figures."""
