"""The wire format of inference, once for both sides: asking (a client) and answering (a server)."""
