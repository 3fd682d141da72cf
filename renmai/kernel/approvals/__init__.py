"""Approvals: who must agree before a record goes its way. A flow says whom to ask; an approval is one such question with its answers."""
