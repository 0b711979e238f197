"""The sandbox with a limit that can be chosen and 20 ms of latency, in a process of its own, so that it shares no event
loop with what is measured.

Its argument says which service and which limit. Its first line on stdout tells where it is and which messages wait to
be deleted; each line on stdin then asks what became of them.
"""

import asyncio
import json
import sys

from quell_providers.sandbox.faults import Fault
from quell_providers.sandbox.ivs import names
from quell_providers.sandbox.sandbox import Sandbox, SandboxOptions
from quell_providers.sandbox.truth import Truth
from quell_providers.sandbox.world import Service
from tests.bench.limits import LATENCY_SECONDS, Limit

ROOMS: dict[Service, str] = {"ivs": "finals", "rocketchat": "general"}
ROUTES: dict[Service, str] = {"ivs": "DeleteMessage", "rocketchat": "chat.delete"}


async def main(limit: Limit) -> None:
    delay = Fault("delay", service=limit.service, route=ROUTES[limit.service], seconds=LATENCY_SECONDS)
    options = SandboxOptions(rate=0, rocketchat_limit=(limit.calls, limit.seconds), faults=(delay,))
    async with Sandbox(options) as sandbox:
        sandbox.ivs.account.quotas.set_rate("DeleteMessage", limit.calls / limit.seconds, limit.burst)
        name = ROOMS[limit.service]
        place = next(place for place in sandbox.world.places_of(limit.service) if place.name == name)
        before = deleted(sandbox.truth)
        ids = [sandbox.post(place, place.members[-1], f"spam {number}").id for number in range(limit.messages)]
        where = {"room_id": place.id, "room_arn": names.room_arn(place.id), "message_ids": ids}
        tell({**sandbox.describe()[limit.service], **where})
        asked = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
        while await asked.readline():
            calls = sandbox.truth.calls(service=limit.service, route=ROUTES[limit.service])
            now = deleted(sandbox.truth) - before
            tell(
                {
                    "deleted": len(now.intersection(ids)),
                    "strangers": len(now.difference(ids)),
                    "throttled": sum(call.status == 429 for call in calls),
                }
            )


def deleted(truth: Truth) -> set[str]:
    return {deletion.message_id for deletion in truth.deletions()}


def tell(what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    asyncio.run(main(Limit(**json.loads(sys.argv[1]))))
