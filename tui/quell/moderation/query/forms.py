"""Forms for matching, made once for each word."""

from quell.moderation.matching import matching_form

_KEPT_FORMS = 1 << 16
KEPT_LENGTH = 40
"""Characters of the longest word of which anything is kept."""


class Forms(dict[str, str]):
    """The forms of words. Outside ASCII a form takes microseconds to make, and people use the same words."""

    def __missing__(self, word: str) -> str:
        form = matching_form(word)
        if len(word) <= KEPT_LENGTH:
            if len(self) >= _KEPT_FORMS:
                self.clear()
            self[word] = form
        return form


form_of_word = Forms().__getitem__
"""The form for matching of a word or a part of one, kept for the next time."""


def text_form(text: str) -> str:
    """The form for matching, made word by word of those met before."""
    return " ".join(filter(None, map(form_of_word, text.split())))
