"""Attacks on terminals, on readers and on the console, and texts generated from them with a seed."""

from collections.abc import Iterator
from random import Random

ESC, BEL, ST = "\x1b", "\x07", "\x1b\\"

SEQUENCES = {
    "clear": f"{ESC}[2J",
    "home": f"{ESC}[1;1H",
    "colour": f"{ESC}[7777m",
    "ask position": f"{ESC}[6n",
    "ask what it is": f"{ESC}[c",
    "mouse": f"{ESC}[?1000h",
    "paste end": f"{ESC}[201~",
    "wrap on": f"{ESC}[?7h",
    "scroll": f"{ESC}[99S",
    "reset": f"{ESC}c",
    "title": f"{ESC}]0;owned{BEL}",
    "title, by ST": f"{ESC}]2;owned{ST}",
    "link": f"{ESC}]8;;https://evil.example{ST}click{ESC}]8;;{ST}",
    "notify": f"{ESC}]9;owned{BEL}",
    "clipboard": f"{ESC}]52;c;b3duZWQ={BEL}",
    "ask clipboard": f"{ESC}]52;c;?{BEL}",
    "picture": f"{ESC}]1337;File=inline=1:AAAA{BEL}",
    "unterminated": f"{ESC}]52;c;AAAA",
    "device control": f"{ESC}P$qm{ST}",
    "application": f"{ESC}_G{ST}",
    "privacy": f"{ESC}^x{ST}",
    "8-bit control sequence": "\x9b2J",
    "8-bit system command": "\x9d0;owned\x9c",
    "8-bit device control": "\x90q\x9c",
    "controls": "".join(map(chr, range(0x20))),
    "higher controls": "".join(map(chr, range(0x7F, 0xA0))),
    "cut off": f"{ESC}[38;2;1",
    "escape at the end": f"owned{ESC}",
}
READERS = {
    "override": "abc\u202edef\u202c",
    "isolates": "\u2066a\u2067b\u2068c\u2069",
    "marks of direction": "\u200ea\u200fb\u061c",
    "split word": "sp\u200bam \u2060sp\u00adam \ufeffspam",
    "tags": "flag" + "".join(chr(0xE0000 + ord(letter)) for letter in "hidden"),
    "subdivision": "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "owned") + "\U000e007f",
    "fillers": "\u3164\uffa0\u115f\u1160\u2800\u034f",
    "line ends": "one\rtwo\nthree\x85four\u2028five\u2029six",
    "author": "hi\r\n09:41:02  Admin           all of you are banned",
    "status": "✓ deleted  09:40:12  Admin  ✗ refused  ◔ held 4s",
    "tombstone": "○ deleted (message removed by a moderator)",
    "gutter": "◼ ◼ ◼ │ ▌ ▸ # general",
    "stacked marks": "z" + "\u0301\u0336\u035b" * 60,
    "leading marks": "\u0338\u0301\u0336 first",
    "stacked vowels": "ก" + "็" * 60 + " ᄀ" + "ᅡ" * 60,
    "joined emoji": "👩\u200d" * 40,
    "families": "👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👍🏽 ☝🏽 5\ufe0f\u20e3",
    "selectors": "✅\ufe0e ❤\ufe0f a\ufe0f \ufe0f \ufe0e☎\ufe0e",
    "flags": "🇩🇪🇩 🇪",
    "bare tone": "🏽 x🏽",
    "surrogates": "\ud800 \udfff \ud83d\ude00",
    "private and unassigned": "\ue000\U000f0000\U0010ffff\ufdd0\U000e01ff",
    "other direction": "שלום 123 עולם",
    "other direction, marked": "مرحبا\u200f بك \u202b1 2 3",
    "joiners": "می\u200cخواهم ශ්\u200dරී क्\u200dष \u200d \u200c",
    "spacing marks": "বাংলা कि को கௌ " + "ा" * 20,
    "wide": "漢字かな交じり文" * 6,
    "spaces": "a\u00a0b\u2003c\u3000d\u202fe",
    "very long": "x" * 600 + "é" * 200,
}
CONSOLE = {
    "an action": "[@click=app.leave()]FREE NITRO[/]",
    "another action": "[@click=screen.delete]x[/] [link='javascript:x']y[/link]",
    "a tag": "[bold red]not red[/bold red]",
    "an end": "[/",
    "an end of nothing": "[/nothing] [/]",
    "a broken tag": "[type=x, v={'a[0]'}]",
    "a colour": "[#888888]x [$error]y [50%]z [on red]",
    "an escaped tag": "\\[b] \\",
    "a variable": "$foreground {0} %s %(x)s ${HOME} {message}",
    "markdown": "# x\n```\n![](https://evil.example)",
    "a formula": "=1+1 +1 -1 @x",
    "shell": "$(reboot) `reboot` ; reboot | reboot",
    "keys": "d\r1\r\x04\x11\x03q",
}
ATTACKS = {**SEQUENCES, **READERS, **CONSOLE}


_BLOCKS = [(0, 0x100), (0x300, 0x700), (0x900, 0xE00), (0x2000, 0x2100), (0x1F1E6, 0x1FA00), (0, 0x110000)]


def generated(seed: int, count: int) -> Iterator[str]:
    """As many texts as asked for, each made of attacks that are cut off and joined, and of any characters at all."""
    source = Random(seed)
    attacks = list(ATTACKS.values())
    for _ in range(count):
        parts = []
        for _ in range(source.randint(1, 4)):
            attack = source.choice(attacks)
            start = source.randrange(len(attack))
            parts.append(attack[start : start + source.randint(1, 40)])
            if source.random() < 0.4:
                parts.append("".join(chr(_code_point(source)) for _ in range(source.randint(1, 6))))
            if source.random() < 0.3:
                parts.append(source.choice([" ", "plain words ", "é", "漢", "👍"]))
        yield "".join(parts)


def _code_point(source: Random) -> int:
    return source.randrange(*source.choice(_BLOCKS))
