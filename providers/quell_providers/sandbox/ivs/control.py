"""The control plane: who may call which operation on what, how often, and what comes of it."""

from collections.abc import Callable, Mapping

from quell_providers.sandbox.ivs import errors, fields, names
from quell_providers.sandbox.ivs.account import Account
from quell_providers.sandbox.ivs.broadcast import Broadcast
from quell_providers.sandbox.ivs.call import Body, Call, Resource
from quell_providers.sandbox.ivs.chat_operations import ChatOperations
from quell_providers.sandbox.ivs.keys import AccessKey
from quell_providers.sandbox.ivs.logging_operations import LoggingOperations
from quell_providers.sandbox.ivs.operations import OPERATIONS, Operation
from quell_providers.sandbox.ivs.room_operations import RoomOperations
from quell_providers.sandbox.ivs.tag_operations import list_tags, tag, untag
from quell_providers.sandbox.ivs.tokens import Tokens
from quell_providers.sandbox.world import World

Handler = Callable[[Call], Body | None]


class ControlPlane:
    """Answers calls that are already known to come from the holder of a key."""

    def __init__(self, world: World, account: Account, broadcast: Broadcast, tokens: Tokens) -> None:
        self._account = account
        self._handlers = _handlers(world, account, ChatOperations(world, broadcast, tokens))

    def answer(self, name: str, key: AccessKey, body: Body) -> Body | None:
        """The answer to one call of an operation; `None`: an empty one. Raises AwsError for a refusal."""
        operation = OPERATIONS.get(name)
        if operation is None:
            raise errors.unknown_operation()
        fields.check(body, operation.fields)
        arn = body[operation.named_by] if operation.named_by else ""
        resource = self._find(operation, arn) if arn else None
        key.require(f"ivschat:{name}", arn or _all_of(operation), resource.tags if resource else {})
        if arn and resource is None:
            raise errors.not_found(arn)
        if operation.verified and (key.pending or self._account.pending):
            raise errors.pending_verification()
        quotas = self._account.quotas
        if not quotas.take(name):
            raise errors.throttled(arn, round(quotas.rate(name)))
        return self._handlers[name](Call(key, body, resource))

    def _find(self, operation: Operation, arn: str) -> Resource | None:
        room = self._account.rooms.find(arn) if operation.about != "logging-configuration" else None
        return room or (self._account.configurations.find(arn) if operation.about != "room" else None)


def _handlers(world: World, account: Account, chat: ChatOperations) -> Mapping[str, Handler]:
    rooms = RoomOperations(world, account.rooms, account.configurations, account.quotas)
    logging = LoggingOperations(world, account.rooms, account.configurations, account.quotas)
    return {
        "CreateChatToken": chat.create_chat_token,
        "DeleteMessage": chat.delete_message,
        "DisconnectUser": chat.disconnect_user,
        "SendEvent": chat.send_event,
        "ListRooms": rooms.list_all,
        "GetRoom": rooms.get,
        "CreateRoom": rooms.create,
        "UpdateRoom": rooms.update,
        "DeleteRoom": rooms.delete,
        "CreateLoggingConfiguration": logging.create,
        "GetLoggingConfiguration": logging.get,
        "ListLoggingConfigurations": logging.list_all,
        "UpdateLoggingConfiguration": logging.update,
        "DeleteLoggingConfiguration": logging.delete,
        "ListTagsForResource": list_tags,
        "TagResource": tag,
        "UntagResource": untag,
    }


def _all_of(operation: Operation) -> str:
    """How IAM names the resource of a call that is about no one thing."""
    return names.room_arn("*") if operation.about == "room" else names.configuration_arn("*")
