// SPDX-License-Identifier: Apache-2.0

// Results as arrays.

#include <math.h>
#include <straggler.h>

#include "check.h"

static straggler_table *named(straggler_session *session, const char *name) {
  straggler_table *table = NULL;
  CHECK_STATUS(straggler_table_new(session, name, &table), STRAGGLER_OK);
  CHECK(table && straggler_table_columns(table) > 0);
  return table;
}

static size_t column(const straggler_table *table, const char *name) {
  for (size_t i = 0; i < straggler_table_columns(table); i++)
    if (!strcmp(straggler_table_name(table, i), name)) return i;
  CHECK(!"there is a column of that name");
  return 0;
}

void test_tables(void) {
  straggler_session *session = NULL;
  CHECK_STATUS(straggler_session_new(1, &session), STRAGGLER_OK);
  straggler_table *table = (straggler_table *)session;
  CHECK_STATUS(straggler_table_new(session, "traces", &table), STRAGGLER_MISSING);
  CHECK(!table);
  CHECK_MESSAGE(session, "traces");
  CHECK_STATUS(straggler_table_new(session, NULL, &table), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_table_new(session, "traces", NULL), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_table_new(NULL, "traces", &table), STRAGGLER_INVALID);

  const char *text =
      "problem quadratic dim=5; workers 4 tau=i; compare rennala ringmaster updates=20 seeds=2";
  CHECK_STATUS(straggler_session_run(session, text, NULL, NULL), STRAGGLER_OK);
  table = named(session, "results");
  CHECK(straggler_table_rows(table) == 2);
  const char *const *methods = straggler_table_texts(table, column(table, "method"));
  CHECK(methods && !strcmp(methods[0], "rennala") && !strcmp(methods[1], "ringmaster"));
  CHECK(!straggler_table_numbers(table, column(table, "method")));
  const double *times = straggler_table_numbers(table, column(table, "time"));
  CHECK(times && times[0] > 0 && isfinite(times[1]));
  CHECK(!straggler_table_texts(table, column(table, "time")));
  // Beyond the last column.
  size_t end = straggler_table_columns(table);
  CHECK(!straggler_table_name(table, end) && !straggler_table_numbers(table, SIZE_MAX));
  CHECK(!straggler_table_texts(table, end));

  straggler_table *traces = named(session, "traces");
  CHECK(straggler_table_rows(traces) >= 80);
  // Tables outlive what they are of, and the session.
  text = "method asgd gamma=0.1; run updates=3";
  CHECK_STATUS(straggler_session_run(session, text, NULL, NULL), STRAGGLER_OK);
  straggler_table *model = named(session, "model");
  CHECK(straggler_table_rows(model) == 5 && straggler_table_columns(model) == 1);
  CHECK(isfinite(straggler_table_numbers(model, 0)[4]));
  CHECK_STATUS(straggler_session_run(session, "table own; row a=1 b='x'; row a=2", NULL, NULL), STRAGGLER_OK);
  straggler_table *own = named(session, "own");
  CHECK(straggler_table_rows(own) == 2);
  CHECK(straggler_table_numbers(own, column(own, "a"))[1] == 2);
  CHECK(!strcmp(straggler_table_texts(own, column(own, "b"))[0], "x"));
  CHECK(!straggler_table_texts(own, column(own, "b"))[1]);
  straggler_session_free(session);
  CHECK(!strcmp(straggler_table_texts(traces, column(traces, "method"))[0], "rennala"));
  straggler_table_free(own);
  straggler_table_free(model);
  straggler_table_free(traces);
  straggler_table_free(table);
  straggler_table_free(NULL);
  CHECK(straggler_table_rows(NULL) == 0 && straggler_table_columns(NULL) == 0);
  CHECK(!straggler_table_name(NULL, 0) && !straggler_table_numbers(NULL, 0));
  CHECK(!straggler_table_texts(NULL, 0));
}
