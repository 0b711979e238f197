"""The rooms of an account, and the ARN that each room id stands for."""

import asyncio

from quell_providers.ivs.answers import RoomSummary
from quell_providers.ivs.control import ControlPlane
from quell_providers.ivs.limits import arn_problem, check, id_problem, is_room_name
from quell_providers.ivs.refusals import refuse
from quell_providers.ivs.rooms import room_of
from quell_providers.model import Room
from quell_providers.refusal import RefusalKind, RefusedError


class Directory:
    """Rooms by id, as ListRooms and GetRoom told last. Every method raises `RefusedError`.

    Args:
        control: Asks the service.
        region: Where the rooms of this account are.
    """

    def __init__(self, control: ControlPlane, region: str) -> None:
        self._control = control
        self._region = region
        self._rooms: dict[str, RoomSummary] = {}
        self._absent: set[str] = set()
        """Ids that were asked for and are no rooms, so that they are not looked for again with each message."""
        self._listing = asyncio.Lock()

    async def rooms(self) -> tuple[Room, ...]:
        """All rooms, newly listed."""
        self._absent.clear()
        await self._refresh()
        return tuple(map(room_of, self._rooms.values()))

    async def look_up(self, reference: str) -> tuple[Room, ...]:
        """The room with this ARN or id, else all rooms with this name, which the service filters by itself.

        Raises:
            RefusedError: `INVALID` for an ARN that is none, or one of another region.
        """
        if reference.startswith("arn:"):
            return await self._by_arn(reference)
        if not id_problem(reference, "room"):
            try:
                return (room_of(await self.find(reference)),)
            except RefusedError as error:
                if error.refusal.kind is not RefusalKind.NOT_FOUND:
                    raise
        if not reference or not is_room_name(reference):
            return ()
        found = await self._control.list_rooms(reference)
        self._rooms |= {room.id: room for room in found}
        return tuple(map(room_of, found))

    async def find(self, room_id: str) -> RoomSummary:
        """A room by its id; lists the rooms again when it is not known.

        Raises:
            RefusedError: `NOT_FOUND` when there is no such room, `INVALID` when that can not be a room's id, and for
                whatever ListRooms is refused.
        """
        check(id_problem(room_id, "room"))
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

    async def _by_arn(self, arn: str) -> tuple[Room, ...]:
        check(arn_problem(arn, self._region))
        try:
            room = await self._control.get_room(arn)
        except RefusedError as error:
            if error.refusal.kind is RefusalKind.NOT_FOUND:
                return ()
            raise
        self._rooms[room.id] = room
        return (room_of(room),)

    async def _refresh(self) -> None:
        self._rooms = {room.id: room for room in await self._control.list_rooms()}
