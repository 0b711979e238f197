"""What importing a part really loads. Static graphs miss imports made inside functions; a fresh process does not."""

import subprocess
import sys

import pytest

SERVICES = {"boto3", "botocore", "httpx", "websockets", "aiohttp"}
TERMINAL = {"textual", "rich", "click"}

CASES = [
    ("quell_providers.ivs, quell_providers.rocketchat", SERVICES | TERMINAL | {"quell"}),
    ("quell_providers.ivs.provider", TERMINAL | {"quell", "httpx", "aiohttp", "quell_providers.rocketchat"}),
    # httpx imports rich and click for its own command line, where they are installed.
    ("quell_providers.rocketchat.provider", {"textual", "quell", "boto3", "aiohttp", "quell_providers.ivs"}),
    (
        "quell_providers.sandbox.sandbox",
        TERMINAL
        | {"quell", "httpx", "boto3", "websockets", "quell_providers.model", "quell_providers.provider"}
        | {"quell_providers.refusal", "quell_providers.secret", "quell_providers.ivs", "quell_providers.rocketchat"},
    ),
    (
        "quell.moderation.engine, quell.moderation.journal, quell.moderation.timeline, quell.moderation.query",
        SERVICES | TERMINAL | {"quell.config", "quell.display", "quell_providers.ivs", "quell_providers.sandbox"},
    ),
    ("quell.session", SERVICES | {"textual", "click", "quell_providers.sandbox"}),
    ("quell.config", SERVICES | TERMINAL | {"quell_providers.ivs", "quell_providers.sandbox"}),
    ("quell.cli", SERVICES | {"textual", "quell.app", "quell.moderation", "quell_providers.sandbox"}),
    ("quell.app", SERVICES | {"quell_providers.sandbox", "quell_providers.ivs", "quell_providers.rocketchat"}),
]


@pytest.mark.parametrize(("modules", "unwanted"), CASES, ids=[modules for modules, _ in CASES])
def test_importing_loads_nothing_it_should_not_know(modules: str, unwanted: set[str]) -> None:
    script = f"import sys; import {modules}; print('\\n'.join(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert unwanted.isdisjoint(answer.stdout.split())
