// SPDX-License-Identifier: Apache-2.0

// Objectives in C.

#include <math.h>
#include <straggler.h>

#include "check.h"

enum { dimension = 7 };

typedef struct state {
  // After how many calls a function fails, and with what.
  long left;
  int failure;
  straggler_session *session;
  int within;
} state;

static int count_call(void *context) {
  state *own = context;
  if (!own) return 0;
  if (own->session) own->within = straggler_session_run(own->session, "echo 1", NULL, NULL);
  return own->left-- > 0 ? 0 : own->failure;
}

// f(x) = ½‖x − 1‖².
static int value(void *context, const double *x, double *result) {
  double sum = 0;
  for (int i = 0; i < dimension; i++) sum += (x[i] - 1) * (x[i] - 1);
  *result = sum / 2;
  return count_call(context);
}

static int gradient(void *context, const double *x, double *g) {
  for (int i = 0; i < dimension; i++) g[i] = x[i] - 1;
  return count_call(context);
}

static int stochastic_gradient(
    void *context, const double *x, double *g, uint64_t seed, int64_t worker, int64_t job, double weight) {
  CHECK(worker >= 0 && worker < 3 && job >= 1 && isfinite(weight));
  uint64_t draw = seed * 6364136223846793005u + (uint64_t)worker * 97 + (uint64_t)job;
  draw *= 2862933555777941757u;
  for (int i = 0; i < dimension; i++) {
    draw = draw * 6364136223846793005u + 1442695040888963407u;
    double noise = ((double)(draw >> 40) / (1 << 24) - 0.5) * 0.1;
    g[i] += weight * (x[i] - 1 + noise);
  }
  return count_call(context);
}

static int accuracy(void *context, const double *x, double *result) {
  (void)context;
  *result = x[0] > 0.5;
  return 0;
}

static straggler_problem all(state *state) {
  straggler_problem problem;
  straggler_problem_init(&problem);
  problem.context = state;
  problem.value = value;
  problem.gradient = gradient;
  problem.stochastic_gradient = stochastic_gradient;
  problem.accuracy = accuracy;
  problem.smoothness = 1;
  problem.variance = dimension * 0.1 * 0.1 / 12;
  problem.optimum = 0;
  problem.is_convex = 1;
  return problem;
}

static char *output_of(straggler_session *session, const char *text, int status) {
  lines output = {0};
  CHECK_STATUS(straggler_session_run(session, text, take_line, &output), status);
  return output.text;
}

static void test_every_command(straggler_session *session) {
  free(output_of(session, "problem mine; workers 3 tau=i delay=exponential(1); seed 5", STRAGGLER_OK));
  char *run = output_of(session, "method rennala gamma=0.2 batch=4; run accuracy>0.9; stats", STRAGGLER_OK);
  CHECK(strstr(run, "\"accuracy\":1") && strstr(run, "\"stopped\":\"condition\""));
  free(run);
  char *rows = output_of(session, "compare rennala ringmaster gap<1e-3 tune seeds=2", STRAGGLER_OK);
  CHECK(strstr(rows, "\"method\":\"rennala\"") && strstr(rows, "\"method\":\"ringmaster\""));
  free(rows);
  const char *sweep = "sweep batch in [1, 4] gamma in [0.1, 0.2] gap<1e-2";
  free(output_of(session, sweep, STRAGGLER_OK));
  free(output_of(session, "expect best_time < 1e9", STRAGGLER_OK));
  free(output_of(session, "target epsilon=0.1; theory; advise samples=2 gradients=500", STRAGGLER_OK));
  free(output_of(session, "help mine; show; problem quadratic dim=3; problem mine", STRAGGLER_OK));
}

static void test_exact(straggler_session *session) {
  straggler_problem problem = all(NULL);
  double start[dimension] = {2, 2, 2, 2, 2, 2, 2};
  problem.stochastic_gradient = NULL;
  problem.accuracy = NULL;
  problem.start = start;
  CHECK_STATUS(straggler_problem_add(session, "exact", dimension, &problem), STRAGGLER_OK);
  start[0] = NAN;
  char *run = output_of(session, "problem exact; method minibatch gamma=1; run updates=1", STRAGGLER_OK);
  CHECK(strstr(run, "\"gap\":0,") || strstr(run, "\"gap\":0.0,"));
  free(run);
}

static void test_failures(straggler_session *session) {
  for (long left = 0; left < 40; left += 3) {
    state state = {left, 17, NULL, 0};
    straggler_problem problem = all(&state);
    CHECK_STATUS(straggler_problem_add(session, "failing", dimension, &problem), STRAGGLER_OK);
    lines output = {0};
    const char *text = "problem failing; method rennala gamma=0.1; run updates=100";
    CHECK_STATUS(straggler_session_run(session, text, take_line, &output), STRAGGLER_FAILED);
    // The problem and the method are answered, and then the error; nothing of the run is reported.
    CHECK(output.count == 3 && strstr(output.text, "of the problem failing returned 17"));
    forget_lines(&output);
    CHECK_MESSAGE(session, "returned 17");
    state.left = left;
    const char *comparison = "compare rennala asgd updates=100; echo 'never'";
    CHECK_STATUS(straggler_session_run(session, comparison, take_line, &output), STRAGGLER_FAILED);
    CHECK(output.count == 1);
    forget_lines(&output);
    straggler_table *table = NULL;
    CHECK_STATUS(straggler_table_new(session, "results", &table), STRAGGLER_MISSING);
    CHECK_STATUS(straggler_table_new(session, "model", &table), STRAGGLER_MISSING);
  }
  // All is well again with another problem.
  free(output_of(session, "problem mine; compare rennala asgd updates=5", STRAGGLER_OK));
}

static void test_reentrance(straggler_session *session) {
  state state = {1 << 30, 1, session, 0};
  straggler_problem problem = all(&state);
  CHECK_STATUS(straggler_problem_add(session, "entered", dimension, &problem), STRAGGLER_OK);
  free(output_of(session, "problem entered; method asgd gamma=0.1; run updates=5", STRAGGLER_OK));
  CHECK(state.within == STRAGGLER_BUSY);
  problem = all(NULL);
  CHECK_STATUS(straggler_problem_add(session, "entered", dimension, &problem), STRAGGLER_OK);
}

static void test_wrong_arguments(straggler_session *session) {
  straggler_problem problem = all(NULL);
#define REFUSES(change, part)                                                                              \
  do {                                                                                                     \
    problem = all(NULL);                                                                                   \
    change;                                                                                                \
    CHECK_STATUS(straggler_problem_add(session, "wrong", dimension, &problem), STRAGGLER_INVALID);         \
    CHECK_MESSAGE(session, part);                                                                          \
  } while (0)
  REFUSES(problem.size = 8, "straggler_problem_init");
  REFUSES(memset(&problem, 0, sizeof problem), "straggler_problem_init");
  REFUSES(problem.value = NULL, "value");
  REFUSES(problem.gradient = NULL, "gradient");
  REFUSES(problem.smoothness = 0, "smoothness");
  REFUSES(problem.smoothness = INFINITY, "smoothness");
  REFUSES(problem.variance = -1, "variance");
  REFUSES(problem.optimum = -INFINITY, "optimum");
  REFUSES(problem.evaluation_cost = 0, "evaluation_cost");
  problem = all(NULL);
  CHECK_STATUS(straggler_problem_add(NULL, "wrong", dimension, &problem), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_problem_add(session, NULL, dimension, &problem), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_problem_add(session, "wrong", dimension, NULL), STRAGGLER_INVALID);
  const char *names[] = {"", "1st", "two words", "a=b", "quadratic", "caf\xc3\xa9", "\xff"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    CHECK_STATUS(straggler_problem_add(session, names[i], dimension, &problem), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_problem_add(session, "wrong", 0, &problem), STRAGGLER_INVALID);
  CHECK_MESSAGE(session, "dimension");
  CHECK_STATUS(straggler_problem_add(session, "wrong", SIZE_MAX, &problem), STRAGGLER_INVALID);
  straggler_problem_init(NULL);
  // None of these is there.
  free(output_of(session, "problem wrong", STRAGGLER_FAILED));
  // One that is too large for any memory says so when it runs.
  CHECK_STATUS(straggler_problem_add(session, "huge", (size_t)1 << 40, &problem), STRAGGLER_OK);
  free(output_of(session, "problem huge; method asgd gamma=0.1; run updates=1", STRAGGLER_FAILED));
  CHECK_MESSAGE(session, "memory");
}

void test_problems(void) {
  straggler_session *session = NULL;
  CHECK_STATUS(straggler_session_new(2, &session), STRAGGLER_OK);
  straggler_problem problem = all(NULL);
  problem.is_thread_safe = 1;
  CHECK_STATUS(straggler_problem_add(session, "mine", dimension, &problem), STRAGGLER_OK);
  test_every_command(session);
  problem.is_thread_safe = 0;
  CHECK_STATUS(straggler_problem_add(session, "mine", dimension, &problem), STRAGGLER_OK);
  test_every_command(session);
  test_exact(session);
  test_failures(session);
  test_reentrance(session);
  test_wrong_arguments(session);
  straggler_session_free(session);
}
