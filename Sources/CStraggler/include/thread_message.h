// SPDX-License-Identifier: Apache-2.0

// What went wrong in a thread's last call of the library, as errno is kept.

#ifndef THREAD_MESSAGE_H
#define THREAD_MESSAGE_H

#include <stddef.h>

// Keeps `text`, of which `length` bytes count, as the message of a call about `handle`. Long ones are cut.
void sc_set_message(const void *handle, const char *text, size_t length);

// The message of the last call, where that was about `handle` or `handle` is null; else an empty text.
const char *sc_message(const void *handle);

#endif
