"""What is in a recording's file: its format, its samples, how loud it is over time, and what can be heard in it.

sound = read_sound(path)                  # format, rate, channels, length, what is wrong with the file
picture = draw(path, sound)               # peaks a channel and quiet stretches, read in one pass
heard = listen(path, sound, spans, limits)  # speech, silence, answers, speech rate of each talk; marks for a player
for block in decode(path, sound, 8000):   # samples of any format, a block at a time
"""

from analytics.recordings.decoding import decode
from analytics.recordings.listening import VERSION, Heard, listen
from analytics.recordings.sound import Coding, Sound, playable_header, read_sound
from analytics.recordings.waveform import Waveform, draw

__all__ = [
    "VERSION",
    "Coding",
    "Heard",
    "Sound",
    "Waveform",
    "decode",
    "draw",
    "listen",
    "playable_header",
    "read_sound",
]
