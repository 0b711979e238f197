"""Amazon IVS Chat on loopback: control plane, messaging socket and chat logs, all on one port.

Every operation of the control plane is there. Of CloudWatch Logs there are GetLogEvents and FilterLogEvents; what a
logging configuration records to S3 or Firehose goes nowhere. Lambda functions that review messages are functions of
the caller's (`IvsService.review`).

Where AWS does not say how its service behaves, the sandbox does this: a socket is closed with code 1000 after an ERROR
401 or a disconnection; an upgrade is refused with 401 without a token, 404 where the room is gone, else 403; a room
that is deleted leaves its sockets open, but every request over them is answered with 404; messages that a review
denies are not recorded.

Sources: the AWS service models `ivschat` 2020-07-14 and `logs` 2014-03-28, the IVS Chat Messaging API Reference and
the IVS Chat User Guide.
"""
