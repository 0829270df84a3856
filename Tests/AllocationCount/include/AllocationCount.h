// Counts what the threads of a test ask of the heap.
#pragma once

/// Whether the calling thread's requests are counted from now on.
void allocation_count_here(int counts);

/// Requests of all counted threads so far.
long allocation_count(void);
