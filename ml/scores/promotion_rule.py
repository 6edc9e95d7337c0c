"""The declared rule by which a challenger replaces the model in use.

Point estimates decide, because the frozen posts are used again at every training: a rule that forgave what chance can
explain would let quality slip one insignificant step at a time. A challenger that is as good may so be refused by
chance; the price is small, since the champion stays as good as it was, and every change of a model asks for all months
to be scored again. For the same reason a tie goes to the challenger only when it was trained on more labelled posts,
whose vocabulary the frozen posts cannot see.
"""

import numpy as np

RULE = (
    "The challenger replaces the model in use when, on the frozen evaluation posts, its F1 is no lower and its Brier "
    "score no higher; a tie in both goes to it only when it was trained on more labelled posts."
)
_EQUAL_DIGITS = 9


def replaces(f1_difference: float, brier_difference: float, is_trained_on_more: bool) -> bool:
    """RULE; differences are challenger less champion, an F1 that neither model defines (NaN) makes no difference."""
    gain = round(float(np.nan_to_num(f1_difference)), _EQUAL_DIGITS)
    loss = round(brier_difference, _EQUAL_DIGITS)
    if gain == 0 and loss == 0:
        return is_trained_on_more
    return gain >= 0 and loss <= 0
