// SPDX-License-Identifier: Apache-2.0

#include "thread_message.h"

#include <string.h>

static _Thread_local char message[4096];
static _Thread_local const void *about;

void sc_set_message(const void *handle, const char *text, size_t length) {
  if (length >= sizeof message) {
    length = sizeof message - 1;
    // No half of a character.
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--;
  }
  if (length > 0) memcpy(message, text, length);
  message[length] = 0;
  about = handle;
}

const char *sc_message(const void *handle) { return !handle || handle == about ? message : ""; }
