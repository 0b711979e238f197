"""A Rocket.Chat server of version 6, 7 or 8 on loopback: the REST API and the DDP socket that moderation needs.

| to look for | in |
|---|---|
| starting, stopping, logging somebody in, changing things while it runs | `service` |
| what differs between versions; every route of a version | `versions`, `catalogue` |
| what became of each message, threads, unread counts | `rows`, `unread` |
| who may do what; who is in which room | `permissions`, `rules`, `membership`, `departures` |
| settings, logins, second factors, reports | `settings`, `accounts`, `second_factor`, `reports` |
| REST: checks before an action, rate limits | `rest`, `shapes`, `values`, `reading`, `paging`, `limiter` |
| REST: logging in, people, the server itself | `auth`, `users`, `server` |
| REST: rooms and who is in them | `rooms`, `listings`, `creation`, `members` |
| REST: reading and writing messages | `histories`, `sync`, `threads`, `sending` |
| REST: deleting, reports, emptying rooms | `deletion`, `moderation`, `dismissal`, `prune` |
| DDP: the socket, its methods and limits | `session`, `frames`, `methods`, `method_call`, `ddp_limits` |
| DDP: who may hear what, and what is told | `streams`, `hub`, `events`, `announce` |
| how things are written down | `documents`, `wire`, `errors` |
"""
