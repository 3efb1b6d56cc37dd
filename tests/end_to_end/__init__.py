"""Whole processes against a scripted PBX: killed, restarted, compared with the replay."""
