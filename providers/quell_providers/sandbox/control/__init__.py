"""The page on which people look at a running sandbox and let things go wrong."""
