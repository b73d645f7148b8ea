// SPDX-License-Identifier: Apache-2.0

// Sessions in several threads, and one that is interrupted from another.

#include <pthread.h>
#include <stdatomic.h>
#include <straggler.h>

#include "check.h"

static atomic_int updates;

static void on_progress(void *context, const char *what, double fraction) {
  CHECK(context == &updates && (!what || strlen(what) > 0) && !(fraction > 1.001));
  // Interrupted as soon as it is at work.
  if (what) atomic_fetch_add(&updates, 1);
}

// The frames of the first and of the last of some calls.
typedef struct {
  long calls;
  char *first, *last;
} frames;

static void note_frame(void *context, const char *what, double fraction) {
  (void)fraction;
  frames *noted = context;
  if (!what) return;
  noted->last = __builtin_frame_address(0);
  if (!noted->calls++) noted->first = noted->last;
}

// However often it is called, a function is as deep in the stack as at the first call.
static void test_depth_of_progress(straggler_session *session) {
  frames noted = {0};
  CHECK_STATUS(straggler_session_on_progress(session, note_frame, &noted), STRAGGLER_OK);
  CHECK_STATUS(straggler_session_run(session, "run updates=4e6", NULL, NULL), STRAGGLER_OK);
  CHECK_STATUS(straggler_session_on_progress(session, NULL, NULL), STRAGGLER_OK);
  CHECK(noted.calls > 100 && labs(noted.first - noted.last) < 1024);
}

static void *compare(void *result) {
  straggler_session *session = NULL;
  lines *output = result;
  CHECK_STATUS(straggler_session_new(2, &session), STRAGGLER_OK);
  const char *text = "problem quadratic dim=20; workers 5 tau=i; compare rennala asgd updates=200 seeds=3";
  CHECK_STATUS(straggler_session_run(session, text, take_line, output), STRAGGLER_OK);
  straggler_session_free(session);
  return NULL;
}

static void *run_for_ever(void *session) {
  lines output = {0};
  const char *text = "problem quadratic dim=20; workers 5 tau=i; method asgd gamma=1e-9; run updates=1e9";
  CHECK_STATUS(straggler_session_run(session, text, take_line, &output), STRAGGLER_INTERRUPTED);
  CHECK(strstr(output.text, "\"outcome\":\"interrupted\""));
  forget_lines(&output);
  return NULL;
}

void test_threads(void) {
  pthread_t threads[2];
  lines outputs[2] = {{0}, {0}};
  for (int i = 0; i < 2; i++) CHECK(!pthread_create(&threads[i], NULL, compare, &outputs[i]));
  for (int i = 0; i < 2; i++) CHECK(!pthread_join(threads[i], NULL));
  CHECK(outputs[0].count == outputs[1].count && outputs[0].count > 3);
  for (int i = 0; i < 2; i++) forget_lines(&outputs[i]);

  straggler_session *session = NULL;
  CHECK_STATUS(straggler_session_new(0, &session), STRAGGLER_OK);
  CHECK_STATUS(straggler_session_on_progress(session, on_progress, &updates), STRAGGLER_OK);
  CHECK(!pthread_create(&threads[0], NULL, run_for_ever, session));
  while (!atomic_load(&updates)) {
  }
  // Another thread cannot have it meanwhile.
  CHECK_STATUS(straggler_session_run(session, "echo 1", NULL, NULL), STRAGGLER_BUSY);
  CHECK_MESSAGE(session, "at work");
  CHECK_STATUS(straggler_session_interrupt(session), STRAGGLER_OK);
  CHECK(!pthread_join(threads[0], NULL));
  test_depth_of_progress(session);
  straggler_session_free(session);
}
