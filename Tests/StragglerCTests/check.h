// SPDX-License-Identifier: Apache-2.0

// What the tests of the C interface share.

#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Ends the program unless `condition` holds.
#define CHECK(condition)                                                                    \
  do {                                                                                      \
    if (!(condition)) {                                                                     \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);        \
      exit(1);                                                                              \
    }                                                                                       \
  } while (0)

#define CHECK_STATUS(call, status)                                                          \
  do {                                                                                      \
    int found = (call);                                                                     \
    if (found != (status)) {                                                                \
      fprintf(stderr, "%s:%d: %s gives %d: %s\n", __FILE__, __LINE__, #call, found,         \
              straggler_message(NULL));                                                     \
      exit(1);                                                                              \
    }                                                                                       \
  } while (0)

#define CHECK_MESSAGE(handle, part)                                                         \
  do {                                                                                      \
    if (!strstr(straggler_message(handle), part)) {                                         \
      fprintf(stderr, "%s:%d: no %s in: %s\n", __FILE__, __LINE__, part,                    \
              straggler_message(handle));                                                   \
      exit(1);                                                                              \
    }                                                                                       \
  } while (0)

// Lines of output, one after the other.
typedef struct lines {
  char *text;
  size_t length;
  int count;
} lines;

int take_line(void *context, const char *line, size_t length);
void forget_lines(lines *lines);

void test_sessions(void);
void test_problems(void);
void test_tables(void);
void test_threads(void);
void test_servers(void);

#endif
