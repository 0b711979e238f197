"""Both services on loopback, speaking their real protocols: for trying Quell, for training, for tests.

It shares no code with the clients, so that a misunderstanding on one side shows on the other.
"""
