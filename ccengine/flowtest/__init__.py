"""Flows without a phone: calls on virtual time, cases that prove a flow, and every path walked."""
