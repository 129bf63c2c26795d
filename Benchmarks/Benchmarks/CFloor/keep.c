// In a file of its own: no other file's loop can be merged with it.
#include "CFloor.h"

void floor_keep(const void *result) { (void)result; }
