"""The rooms of an account, and the ARN that each room id stands for."""

import asyncio
import re

from quell_providers.ivs.control import ControlPlane, RoomSummary
from quell_providers.ivs.refusals import refuse
from quell_providers.model import Room
from quell_providers.refusal import RefusalKind

_ID = re.compile(r"[a-zA-Z0-9]{12}")
REASON_LIMIT = 256


class Directory:
    """Rooms by id, as ListRooms told last."""

    def __init__(self, control: ControlPlane) -> None:
        self._control = control
        self._rooms: dict[str, RoomSummary] = {}
        self._absent: set[str] = set()
        """Ids that were asked for and are no rooms, so that they are not looked for again with each message."""
        self._listing = asyncio.Lock()

    async def rooms(self) -> tuple[Room, ...]:
        """All rooms, newly listed. Raises `RefusedError`."""
        self._absent.clear()
        await self._refresh()
        return tuple(Room(id=room.id, name=room.name, kind="room") for room in self._rooms.values())

    async def find(self, room_id: str) -> RoomSummary:
        """A room by its id; lists the rooms again when it is not known.

        Raises:
            RefusedError: `NOT_FOUND` when there is no such room, `INVALID` when that can not be a room's id, and for
                whatever ListRooms is refused.
        """
        check_id(room_id, "room")
        if room_id not in self._rooms:
            async with self._listing:
                if room_id not in self._rooms and room_id not in self._absent:
                    await self._refresh()
        room = self._rooms.get(room_id)
        if room is None:
            self._absent.add(room_id)
            raise refuse(
                RefusalKind.NOT_FOUND,
                f"There is no room {room_id} in this region of this AWS account.",
                "Check `region` and `profile` of this account, or list the rooms again.",
            )
        return room

    async def _refresh(self) -> None:
        self._rooms = {room.id: room for room in await self._control.list_rooms()}


def check_id(value: str, what: str) -> None:
    """Raise `RefusedError` for an id that the service would refuse; boto3 checks only that it is not too short."""
    if problem := id_problem(value, what):
        raise refuse(RefusalKind.INVALID, problem)


def id_problem(value: str, what: str) -> str:
    """Why this can not be the id of a room or message; empty when it can."""
    if _ID.fullmatch(value):
        return ""
    return f"{value!r} can not be the id of a {what}: Amazon IVS Chat's ids are 12 letters and digits."


def check_reason(reason: str | None) -> None:
    """Raise `RefusedError` for a reason that the service would refuse."""
    if reason is not None and len(reason) > REASON_LIMIT:
        raise refuse(
            RefusalKind.INVALID,
            f"The reason has {len(reason)} characters; Amazon IVS Chat takes {REASON_LIMIT}.",
            "Shorten the reason.",
        )
