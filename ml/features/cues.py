"""Words and signs that tell what the mention of a technology means, counted in windows of the letters."""

import re

import numpy as np

from ml.features.letters import BREAK, CUE, Array, Parts, Places, hashes_of

CUES = {
    "work": "build building built builds develop developing development deploy deploying deployed deployment "
    "migrate migrating migration setup set setting configure configuring configuration install installing "
    "manage managing administer implement implementing implementation create creating design designing "
    "integrate integrating integration train training automate automating maintain maintaining secure "
    "securing optimize optimise optimizing host hosting architect troubleshoot fix fixing move moving "
    "test testing teach write writing generate generating edit editing",
    "experience": "experience experienced knowledge familiar familiarity understanding proficient proficiency exposure "
    "skilled strong",
    "wish": "nice plus bonus preferred prefer preferably ideally optional desirable advantage necessary",
    "alternative": "or similar like such example whatever any equivalent etc eg",
    "refusal": "no not don't dont never without avoid instead reject rejected ignore ignored exclude excluded "
    "nothing decline declined",
    "employer": "we're our company startup agency platform provider brand powered about offer offers sell sells",
    "existing": "from export exported existing already currently hosted stored runs run uses used connected sits live "
    "lives",
}
_CUE_OF = {word: number for number, words in enumerate(CUES.values()) for word in words.split()}
_CUE_NUMBERS = np.array([*_CUE_OF.values()])
_CUE_WORDS = Places(hashes_of([*_CUE_OF]))
_SEPARATORS = re.compile(r"[,/;•·|*(\n]| - | and ")


def cues_within(windows: Parts) -> Array:
    """Which cues stand in each window: ones in an array of zeros, (windows, cues)."""
    window, *word = windows.runs(CUE)
    cue = _CUE_WORDS.of(windows.letters.hashes(*word))
    near = np.zeros((len(windows.start), len(CUES)))
    near[window[cue >= 0], _CUE_NUMBERS[cue[cue >= 0]]] = 1.0
    return near


def separators_within(windows: Parts) -> Array:
    """How many separators _SEPARATORS finds in each window, one that shares a blank with the one before left out."""
    letters, (window, at) = windows.letters, windows.places
    counts = np.bincount(window[windows.kinds & BREAK != 0], minlength=len(windows.start))
    size = np.zeros(len(at), np.int64)
    for separator in (" - ", " and "):
        size[letters.where(separator, at)] = len(separator)
    is_one = np.flatnonzero(size)
    is_one = is_one[at[is_one] + size[is_one] <= windows.end[window[is_one]]]
    window, at, size = window[is_one], at[is_one], size[is_one]
    counts += np.bincount(window, minlength=len(counts))
    for shared in window[1:][(window[1:] == window[:-1]) & (at[1:] < at[:-1] + size[:-1])]:
        counts[shared] = len(_SEPARATORS.findall(letters.text[windows.start[shared] : windows.end[shared]]))
    return counts
