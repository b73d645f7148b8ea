// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "process.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/inotify.h>
#endif

int support_open_terminal(char *name, size_t size) {
#if defined(__linux__)
  // At once: a child that another test starts in between would hold the terminal open.
  int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
#else
  int terminal = posix_openpt(O_RDWR | O_NOCTTY);
#endif
  if (terminal < 0) return -1;
  fcntl(terminal, F_SETFD, FD_CLOEXEC);
  // Not ptsname, whose answer threads share.
  if (grantpt(terminal) != 0 || unlockpt(terminal) != 0 || ptsname_r(terminal, name, size) != 0) {
    close(terminal);
    return -1;
  }
  return terminal;
}

int support_pipe(int ends[2]) {
#if defined(__linux__)
  return pipe2(ends, O_CLOEXEC);
#else
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
#endif
}

int support_start_in(posix_spawn_file_actions_t *actions, const char *folder) {
  return posix_spawn_file_actions_addchdir_np(actions, folder);
}

int support_watch_folder(const char *folder) {
#if defined(__linux__)
  int watch = inotify_init1(IN_CLOEXEC);
  if (watch < 0) return -1;
  if (inotify_add_watch(watch, folder, IN_CREATE | IN_MODIFY | IN_MOVED_TO) >= 0) return watch;
  close(watch);
#else
  (void)folder;
#endif
  return -1;
}
