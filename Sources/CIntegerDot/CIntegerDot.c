// The package manager wants one source file in a C target; all functions are in the header.
#include "CIntegerDot.h"
