"""The work of one console without a screen: its accounts and rooms, what is followed, what is being deleted."""
