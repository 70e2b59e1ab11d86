"""Name every limit that a program runs under, in one table."""

from __future__ import annotations

from typing import Final

PROGRAM_CHARACTERS: Final = 8_000  # length of the text
OUTER_CHARACTERS: Final = 500  # length of an outer function of the outputs
SYNTAX_DEPTH: Final = 120  # nesting of expressions and blocks
STEPS: Final = 50_000  # executed steps of the interpreter
OPERATIONS: Final = 4_000  # calls of functions that are recorded
INPUTS: Final = 24  # free names
INPUT_NUMBERS: Final = 1_024  # numbers in one of them
TENSOR_NUMBERS: Final = 8_192  # numbers in any tensor of the program
INTEGER: Final = 10**15  # magnitude of an integer
SEQUENCE_ITEMS: Final = 4_096  # items of a list, tuple, range or string
PRINTED_CHARACTERS: Final = 60_000  # everything print writes
CALL_DEPTH: Final = 60  # functions of the program inside each other
PASSES: Final = 32  # calls of backward that are all drawn
OPERATIONS_OF_LOOP: Final = 200  # of a training loop that is drawn whole
PASSES_AT_ENDS: Final = 4  # drawn at each end of a loop that has more of them

ENTRIES: Final = 64  # numbers of a tensor that are kept; above, a summary
LOCAL_ENTRIES: Final = 256  # numbers of one local Jacobian
LOCAL_NODES: Final = 200  # nodes whose local Jacobians are evaluated
JACOBIAN_ROWS: Final = 16  # output entries of the whole Jacobian
JACOBIAN_ENTRIES: Final = 512  # numbers of the whole Jacobian
LINEAR_ROWS: Final = 8  # entries of v from which a page can compute every number of a pass
LINEAR_NUMBERS: Final = 4_096  # numbers for that in one run
UNPACKED: Final = 16  # functions whose saved tensors are unpacked after a pass that broke: each may be a whole forward
FOLLOWED_NODES: Final = 80  # nodes of live code up to which it is worked out from what was recorded

FIRST_RUN_STEPS: Final = 8_000  # a first run of no more steps may be followed by a second one
WALL_SECONDS: Final = 2.0  # one job, in the child
PACKING_SECONDS: Final = 0.25  # insides of groups that nobody asked for yet, in the child
PACKED_GROUPS: Final = 12  # such insides of one view; the others are fetched when they are opened
DERIVATION_SECONDS: Final = 1.0  # formulas and checks, after the drawing, in the child: of a processor's time
DERIVATION_WALL_SECONDS: Final = 3.0  # the same on the clock, where others keep the processors busy
DATA_BYTES: Final = 512 * 2**20  # memory of the child beyond the zygote's
ANSWER_BYTES: Final = 2 * 2**20  # what the child may answer
JOBS_AT_ONCE: Final = 4  # children running together; the others wait
