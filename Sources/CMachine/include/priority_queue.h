// SPDX-License-Identifier: Apache-2.0

// The queue that everyone has, C++'s std::priority_queue of (time, worker): a yardstick for benchmarks.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct machine_queue machine_queue;

/// `n` workers (at least one), the first completion of each after its duration. Null where memory is short.
machine_queue *machine_queue_new(const double *durations, size_t n);
void machine_queue_free(machine_queue *queue);

/// The worker that completes next, and when: of several at one time, the one with the smallest index.
size_t machine_queue_next(machine_queue *queue, double *time);

/// So many times: takes the earliest completion, and puts the worker's next one in.
void machine_queue_run(machine_queue *queue, size_t events);

#ifdef __cplusplus
}
#endif
