"""What the settings' words mean, for who has not met them: shown behind a "?"."""

from __future__ import annotations

DARING = (
    (
        "Pitch temperature",
        "How daring the choice of notes is. At 0 the likeliest note is taken every time, which soon goes in circles; "
        "near 1 notes come as often as in the music learned from; above, anything may come.",
    ),
    ("Rhythm temperature", "The same for when notes come and how long they last."),
    (
        "Take number",
        "What chance begins with. The same number with the same settings and seed writes the same take, note for note.",
    ),
)
FINE = (
    ("Scale lock", "New notes are only taken from this key's seven. It does not move the seed into another key."),
    (
        "Unlikely notes (top-p)",
        "Before each note is drawn, the unlikeliest are put aside, until those that stay make up this share of the "
        "chances. With a low share, temperature changes little, as there is not much left to choose from.",
    ),
    ("Form", "AABA, say: four phrases of which the first, second and last are alike."),
    ("Longest copied passage", "A network may learn by heart. This forbids it longer passages from what it learned."),
)
# What the styles of the corpora are, by the network's word for them.
STYLES = {
    "reel": "an even, running dance in 4/4",
    "jig": "a skipping dance in 6/8",
    "hornpipe": "a springing, dotted dance in 4/4",
    "slip jig": "a gliding dance in 9/8",
    "polka": "a quick dance in 2/4",
    "waltz": "a turning dance in 3/4",
    "march": "for walking, in 2/4 or 4/4",
    "air": "a slow tune, as sung",
    "strathspey": "a Scottish dance in 4/4, with snaps",
    "carolan": "harp tunes in the manner of O'Carolan",
    "slide": "a fast Irish dance in 12/8",
    "clog": "a step dance, dotted, in 4/4",
    "morris": "an English dance for bells and sticks",
    "hymn": "a congregation's song in four voices",
    "chorale": "four voices, as Bach set them",
    "lied": "a voice with piano, 19th century",
    "song": "a voice with piano",
    "piano": "both hands",
    "quartet": "two violins, viola and cello",
    "choir": "voices without instruments",
    "chamber": "a few players together",
}
