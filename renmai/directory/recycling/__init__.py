"""What is neglected goes back to its pool: rules, warnings, more time on request.

The clock of a record starts when somebody gets it and starts anew with what its rule wants to see (``bases``). A rule is asked of all
records at once (``sieve``), of some to tell when they go (``forecast``), and ``check`` does what is due.
"""
