"""What can be asked of a review? The functions of ``import casechron as cc``, one for each table.

Each takes a `Review` first and changes nothing in it. They are found under ``cc.`` by
`casechron.__init__`, which imports them when they are first asked for."""
