"""How people and programs reach it: commands, the HTTP API, the dashboard; and the wiring of all the rest.

`app.py` is the one page that puts the parts together. `pipeline/` is the road from a PBX's socket to stored
facts, `cli/` the commands, `api/` the endpoints, `demo/` what `threerings run` plays where no PBX is configured.
"""
