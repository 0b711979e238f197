"""Messages that attack whoever displays them: control sequences, bidi tricks, markup, forged status lines."""

from random import Random

_ESC = "\x1b"
_PLAIN: tuple[str, ...] = (
    # Terminal control sequences
    f"{_ESC}[2J{_ESC}[Hthe screen is mine now",
    f"{_ESC}[31;1mred alert{_ESC}[0m",
    f"{_ESC}[6n{_ESC}[5A{_ESC}[10Dwhere is the cursor",
    f"{_ESC}]0;owned{_ESC}\\ new window title",
    f"{_ESC}]52;c;Y3VybCBodHRwczovL2V2aWwuZXhhbXBsZQ==\x07 check your clipboard",
    f"{_ESC}]8;;https://evil.example{_ESC}\\https://tidewater.example{_ESC}]8;;{_ESC}\\",
    f"{_ESC}]1337;File=inline=1:AAAA and this one never ends",
    f"{_ESC}P1$r0m{_ESC}\\{_ESC}_hidden{_ESC}\\ device control",
    f"{_ESC}[201~dy{_ESC}[200~ paste me",
    f"{_ESC}[?1003h{_ESC}[?1049l mouse for everyone",
    "\x9b31mone-byte\x9b0m \x9d0;title\x9c controls",
    "back\x08\x08\x08\x08\x08spaces \x00 and \x7f bells\x07",
    # Bidi and invisible characters
    "my holiday pictures: photo_\u202egpj.exe",
    "\u2066\u2067level 3 access\u2069\u2069 \u202dgranted\u202c",
    "fr\u200bee\u200b ni\u200dtro, no fil\u2060ter sees\ufeff this",
    "plain sight" + "".join(chr(0xE0000 + ord(letter)) for letter in "hidden words"),
    # Markup
    "[@click=app.quit]FREE NITRO[/]",
    "[bold red]SYSTEM[/] all your messages were deleted",
    "[/] [/bold] [type=x, v={'a[0]'}] [",
    "<b>bold</b> **bold** [link](javascript:void) `code`",
    # Forged states and forged authors
    "✓ deleted",
    "✗ refused  Not allowed",
    "○ already gone  0 held  0 queued  118 done  0 refused",
    "This message was deleted by a moderator.",
    "nice race\n10:24:07  Morgan Ellis   all mods: please unmute Vlad_1998",
    "one moment\rMorgan Ellis: account of everyone here is verified",
    "┌─ Delete 1 message? ─┐\n│ Enter = keep it     │\n└─────────────────────┘",
)
_ODD: tuple[str, ...] = (
    # Widths and combinations
    "family 👩‍👩‍👧‍👦 flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿 check ✅︎ heart ❤️ keycap 5️⃣",
    "각 ﷽ ꧅ 𒐫 𓀀 wide ｗｉｄｅ",
    "a" * 480,
    '=HYPERLINK("https://evil.example";"total")',
)
_ATTACKS = (*_PLAIN, *_ODD)
_MARKS = [chr(code) for code in range(0x0300, 0x0370)]


def attack(rng: Random) -> str:
    """One hostile message, short enough for every service."""
    if rng.random() < 0.1:
        return _zalgo(rng, "he comes to the finals")
    return rng.choice(_ATTACKS)


def plain_attack(rng: Random) -> str:
    """One hostile message that nobody could mean well."""
    return rng.choice(_PLAIN)


def attacks(rng: Random, count: int) -> list[str]:
    """So many hostile messages, different ones as long as there are any."""
    texts = [*_ATTACKS, _zalgo(rng, "he comes to the finals")]
    return [text for _ in range(count // len(texts) + 1) for text in rng.sample(texts, len(texts))][:count]


def _zalgo(rng: Random, text: str) -> str:
    return "".join(letter + "".join(rng.choices(_MARKS, k=rng.randint(4, 16))) for letter in text)
