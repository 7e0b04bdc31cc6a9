"""What panels ask, whoever hosts them: a widget in a cell, the sidebar's comm, a route of the Jupyter server.

desk      one conversation: requests in, events and answers out, each in a thread of its own that can be stopped
ops       every op by name, and which of them need a kernel
wire      the messages (protocol hfnb/1), errors as a panel shows them
hello     who is here                    models spaces inference    a panel's ops each
"""
