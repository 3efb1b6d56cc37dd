"""Recordings as they are listened to: which file, what is in it, and its bytes to the browser.

shelf = Shelf(recordings_of_pbxs, data_dir)
tape = shelf.look("hq", "2026/11/20/q-1795189122.wav", over=True)   # found, missing, being recorded …
shelf.picture(tape)                                                 # drawn once, then kept
"""

from service.listening.shelf import Shelf
from service.listening.tape import Condition, Tape

__all__ = ["Condition", "Shelf", "Tape"]
