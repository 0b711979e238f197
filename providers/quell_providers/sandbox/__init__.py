"""Both services on loopback, speaking their real protocols: for trying Quell, for training, for tests.

It shares no code with the clients, so that a misunderstanding on one side shows on the other. In a test:

    options = SandboxOptions(rate=0, clock=ManualClock(1_760_000_000))
    async with Sandbox(options) as sandbox:
        login = sandbox.rocketchat.login_as("moderator")
        fault = sandbox.faults.add(Fault("lost-answer", route="chat.delete", times=1))
        ...  # let the client under test delete something at sandbox.rocketchat.url
        assert fault.hits == 1
        assert sandbox.truth.deletions(by="moderator")

| to look for | in |
|---|---|
| starting both services, options | `sandbox` |
| what exists, and changing it | `world`, `seeding` |
| what goes wrong on demand, also in words | `faults`, `fault_spec` |
| what really happened, and every call | `truth`, `score` |
| what people write, and when | `scenario`, `shift`, `program`, `player`, `clock` |
| the services themselves | `ivs`, `rocketchat` |
| where faults strike calls and frames | `edge`, `outbox` |
| the page for people | `control` |
"""
