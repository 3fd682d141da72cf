"""What would have been under other rules: the log of a period is played again.

``log`` reads what happened, ``world`` plays it under the rules that were in force or others, ``compare`` sets both side by side.
"""
