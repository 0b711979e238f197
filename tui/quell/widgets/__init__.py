"""What the main screen is made of. Widgets show state and emit messages; they do no I/O."""
