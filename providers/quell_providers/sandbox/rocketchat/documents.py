"""Users, messages, rooms and subscriptions as the server writes them down."""

import base64
import hashlib
import mimetypes
from urllib.parse import quote

from quell_providers.sandbox.rocketchat.places import creator, others, room_type, unique_name
from quell_providers.sandbox.rocketchat.rows import Fate, file_ids
from quell_providers.sandbox.rocketchat.wire import Document, instant
from quell_providers.sandbox.rocketchat.workspace import Workspace
from quell_providers.sandbox.world import Person, Place, Post


def user(person: Person) -> Document:
    """`u` of messages, rooms and subscriptions."""
    return {"_id": person.id, "username": person.username, "name": person.name}


def profile(person: Person, base_url: str) -> Document:
    """The person as `me` and `login` show them to themselves."""
    return {
        **user(person),
        "active": True,
        "roles": sorted(person.roles),
        "status": "online",
        "statusConnection": "online",
        "utcOffset": 0,
        "settings": {"profile": {}, "preferences": {}, "calendar": {}},
        "avatarUrl": f"{base_url}/avatar/{quote(person.username)}",
        "isOAuthUser": False,
    }


def message(workspace: Workspace, post: Post) -> Document:
    """A message as its row stands."""
    document: Document = {
        "_id": post.id,
        "rid": post.place.id,
        "msg": post.text,
        "ts": instant(post.sent_at),
        "u": user(post.author),
        "_updatedAt": instant(workspace.rows.updated_at(post)),
        "urls": [],
        "mentions": [],
        "channels": [],
    }
    if post.system:
        document["t"] = post.system
    if post.thread_id is not None:
        document["tmid"] = post.thread_id
    if post.place.encrypted and not post.system:
        document |= {"t": "e2e", "e2e": "pending", "msg": _ciphertext(post)}
    if post.pinned:
        document["pinned"] = True
    if post.discussion_id is not None:
        document["drid"] = post.discussion_id
    if post.edited_at is not None:
        document |= {"editedAt": instant(post.edited_at), "editedBy": _signature(post.author)}
    return document | post.extras | _attached(post) | _thread(workspace, post) | _deletion(workspace, post)


def public_user(person: Person) -> Document:
    """A person as others see them (`users.info`, `channels.members`)."""
    document: Document = {
        **user(person),
        "type": "user",
        "roles": sorted(person.roles),
        "active": person.active,
        "status": "online" if person.active else "offline",
        "utcOffset": 0,
        "createdAt": instant(person.created_at),
        "_updatedAt": instant(person.created_at),
    }
    return document | ({"emails": [{"address": person.email, "verified": True}]} if person.email else {})


def room_in_short(place: Place) -> Document:
    """A room as reports name it."""
    document: Document = {"_id": place.id, "t": room_type(place), "fname": place.name}
    if place.kind != "d":
        document["name"] = unique_name(place)
    return document | ({"prid": place.parent_id} if place.parent_id is not None else {})


def room(workspace: Workspace, place: Place) -> Document:
    """A room as `rooms.get` and `rooms.info` list it. Direct rooms have no name of their own."""
    last = workspace.rows.last(place)
    owner = creator(place)
    document: Document = {
        "_id": place.id,
        "t": room_type(place),
        "msgs": workspace.rows.count(place),
        "usersCount": len(place.members),
        "u": user(owner) if owner else {},
        "ts": instant(place.created_at),
        "ro": place.read_only,
        "sysMes": True,
        "default": False,
        "_updatedAt": instant(workspace.rows.changed_at(place)),
    }
    if place.kind == "d":
        document["uids"] = [member.id for member in place.members]
        document["usernames"] = [member.username for member in place.members]
    else:
        document |= {"name": unique_name(place), "fname": place.name}
    if place.topic:
        document["topic"] = place.topic
    if place.parent_id is not None:
        document["prid"] = place.parent_id
    document |= {name: True for name in ("archived", "encrypted") if getattr(place, name)}
    document |= {name: sorted(getattr(place, name)) for name in ("muted", "unmuted") if getattr(place, name)}
    if last is not None:
        document |= {"lm": instant(last.sent_at), "lastMessage": message(workspace, last)}
    return document


def subscription_id(person: Person, place: Place) -> str:
    """`_id` of a subscription."""
    return hashlib.sha256(f"{person.id}/{place.id}".encode()).hexdigest()[:17]


def permission(workspace: Workspace, name: str) -> Document:
    """A permission and the roles that have it."""
    return {
        "_id": name,
        "roles": sorted(workspace.permissions.grants[name]),
        "_updatedAt": instant(workspace.world.clock.now()),
    }


def subscription(workspace: Workspace, person: Person, place: Place) -> Document:
    """One member's side of a room: the name they see, what they have not read, the roles they hold there."""
    unread = workspace.unread.of(person, place)
    document: Document = {
        "_id": subscription_id(person, place),
        "rid": place.id,
        "t": room_type(place),
        "u": user(person),
        "open": True,
        "alert": unread > 0,
        "unread": unread,
        "tunread": workspace.unread.threads(person, place),
        "userMentions": 0,
        "groupMentions": 0,
        "ts": instant(place.created_at),
        "_updatedAt": instant(workspace.rows.changed_at(place)),
    }
    if place.kind == "d":
        partners = others(place, person)
        document["name"] = ", ".join(partner.username for partner in partners)
        document["fname"] = ", ".join(partner.name for partner in partners)
    else:
        document |= {"name": unique_name(place), "fname": place.name}
    if place.parent_id is not None:
        document["prid"] = place.parent_id
    roles = place.roles.get(person.id)
    if roles:
        document["roles"] = sorted(roles)
    read_at = workspace.unread.read_at(person, place)
    if read_at is not None:
        document["ls"] = instant(read_at)
    return document | {name: True for name in ("archived", "encrypted") if getattr(place, name)}


def _attached(post: Post) -> Document:
    """Files, and attachments that are none. The latter's schema fits a file only where it does not name its `type`."""
    if not post.files:
        return {"attachments": list(post.attachments)} if post.attachments else {}
    files: list[Document] = []
    attachments: list[Document] = list(post.attachments)
    for file_id, name in zip(file_ids(post), post.files, strict=True):
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        size = 1 + int(file_id[:4], 16)
        files.append({"_id": file_id, "name": name, "type": kind, "size": size, "format": name.rpartition(".")[2]})
        link = f"/file-upload/{file_id}/{quote(name)}"
        attachments.append({"fileId": file_id, "title": name, "title_link": link, "title_link_download": True})
    return {"file": files[0], "files": files, "attachments": attachments}


def _ciphertext(post: Post) -> str:
    """Something that nobody can read, and that only the message decides."""
    return base64.b64encode(hashlib.sha512(f"{post.id}/{post.text}".encode(errors="replace")).digest()).decode()


def _thread(workspace: Workspace, post: Post) -> Document:
    replies = workspace.rows.replies(post)
    if not replies:
        return {}
    return {
        "tcount": workspace.rows.reply_count(post),
        "tlm": instant(max(reply.sent_at for reply in replies)),
        "replies": list(dict.fromkeys(reply.author.id for reply in replies)),
    }


def _deletion(workspace: Workspace, post: Post) -> Document:
    fate = workspace.rows.fate(post)
    if fate is Fate.HIDDEN:
        return {"_hidden": True}
    if fate is not Fate.PLACEHOLDER or post.deleted_at is None:
        return {}
    deleter = workspace.world.people.get(post.deleted_by or "")
    return {
        "t": "rm",
        "msg": "",
        "urls": [],
        "mentions": [],
        "attachments": [],
        "reactions": {},
        "editedAt": instant(post.deleted_at),
        "editedBy": _signature(deleter) if deleter else {"_id": post.deleted_by, "username": post.deleted_by},
    }


def _signature(person: Person) -> Document:
    return {"_id": person.id, "username": person.username}
