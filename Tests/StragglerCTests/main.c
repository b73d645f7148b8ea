// SPDX-License-Identifier: Apache-2.0

// The tests of the C interface: every function of straggler.h, and every kind of wrong argument.

#include <sanitizer/lsan_interface.h>
#include <straggler.h>

#include "check.h"

int take_line(void *context, const char *line, size_t length) {
  lines *own = context;
  CHECK(strlen(line) == length && line[0] == '{' && line[length - 1] == '}' && !strchr(line, '\n'));
  char *longer = realloc(own->text, own->length + length + 2);
  CHECK(longer);
  memcpy(longer + own->length, line, length);
  own->length += length;
  longer[own->length++] = '\n';
  longer[own->length] = 0;
  own->text = longer;
  own->count++;
  return 0;
}

void forget_lines(lines *own) {
  free(own->text);
  memset(own, 0, sizeof *own);
}

int main(void) {
  CHECK(strlen(straggler_version()) >= 5);
  CHECK(!*straggler_message(NULL));
  // What is made once for all sessions is pointed to by words that hold more than the pointer, so that it
  // looks lost.
  __lsan_disable();
  straggler_session *first = NULL;
  CHECK_STATUS(straggler_session_new(1, &first), STRAGGLER_OK);
  straggler_session_free(first);
  __lsan_enable();
  test_sessions();
  test_problems();
  test_tables();
  test_threads();
  test_servers();
  printf("straggler %s: the C interface is as its header says\n", straggler_version());
  return 0;
}
