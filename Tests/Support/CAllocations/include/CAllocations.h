// Counts heap allocations of the calling thread. Linked into a test product, it takes the place of the C library's
// allocator for the whole process, Swift's objects included, and passes every call on.
#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

// Begins to count on this thread, from zero.
void allocations_begin(void);
// Stops counting and tells how many there were.
long allocations_end(void);

#endif
