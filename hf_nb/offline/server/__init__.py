"""The Hub as a server: one process, two loopback ports (the Hub, and the other origin that large files come from).

Log( Faults( app ) )          app: who asks -> rate limit -> route -> answer -> the headers every answer has

table.py     what is answered       routes/      a noun per file, read or (later) written
app.py       a request's whole life
ask.py       one request            refusals.py  the Hub's own errors, word for word
answers.py   one answer             limits.py    fixed windows
bodies.py    files and ranges       faults.py    failures on demand
log.py       what was asked         rules.py     which requests they strike; outages.py, wire.py: what they do
admin.py     the way in for whoever started it: faults, the disk (../room.py), the clock (../clock.py)
router/      asking models: who serves them, their files as folders, answers that take their time
process.py   two ports, one loop, one owner of the store
"""
