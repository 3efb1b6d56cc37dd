"""Recordings' files: found in folders, linked to their calls, queued and listened to by processes of their own.

`finding.Finder` takes in what lies there, `working.Worker` works off the queue, `crew.Crew` is several of them, and
`keeper.RecordingKeeper` does all of it beside the service. Nothing is imported here: what listens begins quickly.
"""
