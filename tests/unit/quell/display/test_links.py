import subprocess
import sys

import pytest

from quell.display.links import link_badge


@pytest.mark.parametrize(
    ("text", "badge"),
    [
        ("see https://example.org/x", None),
        ("no link at all, а word", None),
        ("see https://münchen.example/", "⟦host xn--mnchen-3ya.example⟧"),
        ("FREE https://gоogle.example/login", "⟦look-alike host xn--gogle-jye.example⟧"),
        ("www.аррӏе.example now", "⟦look-alike host www.xn--80ak6aa92e.example⟧"),
        ("https://xn--80ak6aa92e.example", "⟦look-alike host xn--80ak6aa92e.example⟧"),
        ("https://xn--mnchen-3ya.example", "⟦host xn--mnchen-3ya.example⟧"),
        ("https://пример.example", "⟦host xn--e1afmkfd.example⟧"),
        ("https://good.example@evil.example/x", "⟦leads to evil.example⟧"),
        ("https://good.example:x@evil.example/x", "⟦leads to evil.example⟧"),
        ("https://evil.example\\\\@good.example/", None),
        ("https://[broken", None),
        ("httрs://gооgle.example/7", "⟦look-alike host xn--ggle-55da.example⟧"),
        ("[https://good.example](https://evil.example/x)", "⟦leads to evil.example⟧"),
        ("<https://evil.example|good.example>", "⟦leads to evil.example⟧"),
        ("[here](https://good.example)", None),
        ("“https://good.example”", None),
        ("gоogle.example/login", "⟦look-alike host xn--gogle-jye.example⟧"),
        ("https://i❤.example", "⟦host xn--i-7iq.example⟧"),
        ("https://", None),
        ("https://a\u202eb.example", None),
        ("ht\u2060tps:\u200b//gоog\u00adle.example", "⟦look-alike host xn--gogle-jye.example⟧"),
        ("fine https://example.org and https://gоogle.example", "⟦look-alike host xn--gogle-jye.example⟧"),
    ],
)
def test_links_that_lead_elsewhere_get_a_badge(text: str, badge: str | None) -> None:
    assert link_badge(text) == badge


def test_texts_without_links_need_no_tables() -> None:
    script = "import sys; from quell.display.links import link_badge as of; of('a b'); assert 'idna' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], check=True)
