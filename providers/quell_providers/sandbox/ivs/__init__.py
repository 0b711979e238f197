"""Amazon IVS Chat on loopback: control plane, messaging socket and chat logs, all on one port.

Sources: the AWS service models `ivschat` 2020-07-14 and `logs` 2014-03-28, the IVS Chat Messaging API Reference and
the IVS Chat User Guide.
"""
