"""From widgets to the terminal: what changed is rendered (`compositor`), and each part of it put in its place
(`placement`), whatever a terminal makes of the text beside it."""
