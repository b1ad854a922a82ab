"""The reading networks on the page: style, likeness, taste, originality."""
