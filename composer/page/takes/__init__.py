"""Takes: made, kept by the browser, played, mixed, engraved and taken away."""
