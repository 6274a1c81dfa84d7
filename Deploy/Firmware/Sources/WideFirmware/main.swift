import Board
import Checks
import IntegerRuntime

// The kernels for activations of 16 bits too; apart, so that the size of the others can be seen.
board_exit(check(WideRules<TFLMRules>.self))
