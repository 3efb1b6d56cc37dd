"""A call's story: the picture, the sentence, who is credited with what, how it is known; and the room of its pages.

told = tell(call_story, words, numerals.mask)     # pure: all that the page of one call shows
"""

from service.dashboard.story.telling import Story, tell

__all__ = ["Story", "tell"]
