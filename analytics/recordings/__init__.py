"""What is in a recording's file: its format, how loud each channel is over time, and where nobody speaks.

sound = read_sound(path)                  # format, rate, channels, length, what is wrong with the file
picture = draw(path, sound)               # peaks a channel and quiet stretches, read in one pass
for block in decode(path, sound, 8000):   # samples of any format, a block at a time
"""

from analytics.recordings.decoding import decode
from analytics.recordings.sound import Coding, Sound, playable_header, read_sound
from analytics.recordings.waveform import Waveform, draw

__all__ = ["Coding", "Sound", "Waveform", "decode", "draw", "playable_header", "read_sound"]
