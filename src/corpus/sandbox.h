#ifndef HUELLA_CORPUS_SANDBOX_H
#define HUELLA_CORPUS_SANDBOX_H

#include <stdint.h>

/**
 * Shuts the calling process in for good: it may compute, allocate up to `memory` bytes of address space, use `seconds`
 * of processor time, read descriptor 0, write to descriptors 1 and 2, and end. Opening a file to read fails with
 * EACCES, as if it were not there; any other system call (opening to write, a socket, a new process, memory that can be
 * run) kills the process with SIGSYS.
 *
 * Returns 0, or -1 when the system refuses: then nothing untrusted may be read.
 */
int sandbox_enter(uint64_t memory, uint32_t seconds);

#endif
