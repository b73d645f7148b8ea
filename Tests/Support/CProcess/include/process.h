// SPDX-License-Identifier: Apache-2.0

// Calls of the system that Swift's Glibc module leaves out.
#pragma once
#include <spawn.h>
#include <stddef.h>

/// Opens a new pseudo-terminal, not inherited by children, and writes the path of its other end to `name`.
/// Its descriptor, or -1 with errno.
int support_open_terminal(char *name, size_t size);

/// A pipe whose ends are not inherited by children. 0, or -1 with errno.
int support_pipe(int ends[2]);

/// Has the child start in `folder`.
int support_start_in(posix_spawn_file_actions_t *actions, const char *folder);

/// A descriptor that can be read after a file in `folder` was made, written or renamed; -1 where the system
/// has none.
int support_watch_folder(const char *folder);
