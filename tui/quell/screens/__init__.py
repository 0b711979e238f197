"""The main screen and the dialogs over it; each one's style sheet lies beside it."""
