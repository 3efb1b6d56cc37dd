"""Listening to samples, by the service: who may, the weekly draw that runs by itself, what commands and pages share."""
