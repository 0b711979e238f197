"""A Rocket.Chat 8.x server on loopback: the REST API and the DDP socket that moderation needs.

| to look for | in |
|---|---|
| starting, stopping, logging somebody in | `service` |
| what became of each message, threads, unread counts | `rows`, `unread` |
| who may do what | `permissions`, `rules` |
| REST: checks before an action, rate limits | `rest`, `shapes`, `limiter` |
| REST: the actions by topic | `auth`, `server`, `rooms`, `messages`, `deletion` |
| the DDP socket, and what it tells of | `session`, `frames`, `streams`, `events` |
| how things are written down | `documents`, `wire`, `errors` |
"""
