// SPDX-License-Identifier: Apache-2.0

#include "priority_queue.h"

#include <functional>
#include <queue>
#include <utility>
#include <vector>

namespace {
using Completion = std::pair<double, size_t>;
}

struct machine_queue {
  std::vector<double> durations;
  std::priority_queue<Completion, std::vector<Completion>, std::greater<Completion>> pending;
};

machine_queue *machine_queue_new(const double *durations, size_t n) try {
  auto *queue = new machine_queue{{durations, durations + n}, {}};
  for (size_t worker = 0; worker < n; worker++) queue->pending.emplace(durations[worker], worker);
  return queue;
} catch (...) {
  return nullptr;
}

void machine_queue_free(machine_queue *queue) { delete queue; }

size_t machine_queue_next(machine_queue *queue, double *time) {
  *time = queue->pending.top().first;
  return queue->pending.top().second;
}

void machine_queue_run(machine_queue *queue, size_t events) {
  for (size_t event = 0; event < events; event++) {
    auto [time, worker] = queue->pending.top();
    queue->pending.pop();
    queue->pending.emplace(time + queue->durations[worker], worker);
  }
}
