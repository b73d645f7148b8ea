// SPDX-License-Identifier: Apache-2.0

#include <straggler.h>

#include "check.h"

static straggler_session *current;
static int status_within;

static int stop_at_once(void *context, const char *line, size_t length) {
  (void)line, (void)length;
  ++*(int *)context;
  return 1;
}

static int run_again(void *context, const char *line, size_t length) {
  (void)context, (void)line, (void)length;
  status_within = straggler_session_run(current, "echo 1", NULL, NULL);
  return 0;
}

static int free_within(void *context, const char *line, size_t length) {
  (void)line, (void)length;
  straggler_session **session = context;
  straggler_session_free(*session);
  *session = NULL;
  return 0;
}

static void test_answers(straggler_session *session) {
  lines output = {0};
  CHECK_STATUS(straggler_session_run(session, "echo 1+1; let x = 3", take_line, &output), STRAGGLER_OK);
  CHECK(output.count == 3);
  CHECK(!strcmp(output.text,
                "{\"command\":\"echo\",\"text\":\"2\"}\n{\"ok\":true,\"command\":\"echo\"}\n"
                "{\"ok\":true,\"command\":\"let\"}\n"));
  CHECK(!*straggler_message(session));
  forget_lines(&output);

  // What is wrong is said where it is, and ends the text; the session goes on.
  const char *wrong = "echo x\nmethod renala\necho 'never'";
  CHECK_STATUS(straggler_session_run(session, wrong, take_line, &output), STRAGGLER_FAILED);
  CHECK(output.count == 3 && strstr(output.text, "{\"error\":{\"message\":"));
  CHECK(strstr(output.text, "\"line\":2,") && strstr(output.text, "\"outcome\":\"failed\""));
  CHECK(!strstr(output.text, "never"));
  CHECK_MESSAGE(session, "renala");
  CHECK_MESSAGE(session, "line 2, column 8");
  forget_lines(&output);

  CHECK_STATUS(straggler_session_run(session, "for i in 1..3 { echo i; expect i < 2 }", take_line, &output),
               STRAGGLER_UNMET);
  // One answer to the loop, behind what it reports.
  CHECK(output.count == 3 && strstr(output.text, "\"outcome\":\"unmet\""));
  forget_lines(&output);

  CHECK_STATUS(straggler_session_run(session, "echo 'one", take_line, &output), STRAGGLER_FAILED);
  CHECK(output.count == 1 && strstr(output.text, "{\"error\":"));
  forget_lines(&output);
  CHECK_STATUS(straggler_session_run(session, "for i in 1..2 {", take_line, &output), STRAGGLER_FAILED);
  CHECK(output.count == 1);
  forget_lines(&output);

  // Nothing is said of nothing; quit ends the text, and not the session.
  CHECK_STATUS(straggler_session_run(session, "# only a comment\n", take_line, &output), STRAGGLER_OK);
  CHECK(output.count == 0);
  CHECK_STATUS(straggler_session_run(session, "quit; echo 1", take_line, &output), STRAGGLER_OK);
  CHECK(output.count == 1);
  forget_lines(&output);
  CHECK_STATUS(straggler_session_run(session, "echo \"\xff\xfe\"", NULL, NULL), STRAGGLER_FAILED);
  CHECK_STATUS(straggler_session_run(session, "expect x == 3", NULL, NULL), STRAGGLER_OK);
}

static void test_output(straggler_session *session) {
  int count = 0;
  const char *text = "echo 1; echo 2; echo 3";
  CHECK_STATUS(straggler_session_run(session, text, stop_at_once, &count), STRAGGLER_FAILED);
  CHECK(count >= 1 && count <= 2);
  CHECK_MESSAGE(session, "output");

  current = session;
  CHECK_STATUS(straggler_session_run(session, "echo 1", run_again, NULL), STRAGGLER_OK);
  CHECK(status_within == STRAGGLER_BUSY);
}

static void test_wrong_arguments(straggler_session *session) {
  straggler_session *made = session;
  CHECK_STATUS(straggler_session_new(-1, &made), STRAGGLER_INVALID);
  CHECK(!made);
  CHECK_MESSAGE(NULL, "threads");
  CHECK_STATUS(straggler_session_new(1 << 20, &made), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_session_new(1, NULL), STRAGGLER_INVALID);
  CHECK_MESSAGE(NULL, "null");
  CHECK_STATUS(straggler_session_run(NULL, "echo 1", NULL, NULL), STRAGGLER_INVALID);
  CHECK_MESSAGE(NULL, "null");
  CHECK_STATUS(straggler_session_run(session, NULL, NULL, NULL), STRAGGLER_INVALID);
  CHECK_MESSAGE(session, "null");
  // The message is about that call alone.
  CHECK(!*straggler_message(&made));
  CHECK_STATUS(straggler_session_interrupt(NULL), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_session_on_progress(NULL, NULL, NULL), STRAGGLER_INVALID);
  straggler_session_free(NULL);
}

void test_sessions(void) {
  straggler_session *session = NULL;
  CHECK_STATUS(straggler_session_new(2, &session), STRAGGLER_OK);
  test_answers(session);
  test_output(session);
  test_wrong_arguments(session);
  straggler_session_free(session);

  // Freed by the function that takes its output: it is gone when its work is over.
  CHECK_STATUS(straggler_session_new(0, &session), STRAGGLER_OK);
  const char *text = "echo 1; echo 2";
  CHECK_STATUS(straggler_session_run(session, text, free_within, &session), STRAGGLER_INTERRUPTED);
}
