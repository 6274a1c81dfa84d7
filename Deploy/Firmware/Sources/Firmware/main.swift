import Board
import Checks
import IntegerRuntime

board_exit(check(TFLMRules.self))
