"""The colours Quell comes with. Every screen uses the names only, so any other theme works as well."""

from textual.theme import Theme

QUELL_DARK = Theme(
    name="quell-dark",
    primary="#79b8ff",
    secondary="#b5a1ff",
    accent="#5fd7c4",
    warning="#f0c05a",
    error="#ff8278",
    success="#68d391",
    foreground="#dce3ec",
    background="#10141b",
    surface="#161b24",
    panel="#1e2530",
    dark=True,
)

QUELL_LIGHT = Theme(
    name="quell-light",
    primary="#1f5fbf",
    secondary="#6b4fc8",
    accent="#00796b",
    warning="#9a6700",
    error="#b3261e",
    success="#1a7f37",
    foreground="#1d2430",
    background="#f7f8fa",
    surface="#ffffff",
    panel="#e9edf2",
    dark=False,
)
