// SPDX-License-Identifier: Apache-2.0

// The system's line editor. Swift cannot call C functions with variable arguments, nor read macros that are
// no constants: every such call that the prompt makes has its function here.
#pragma once
#include <histedit.h>
#include <stdio.h>
#include <wchar.h>

/// A prompt: text that the caller keeps alive.
typedef char *(*straggler_prompt_function)(EditLine *);
/// Reads a character: 1, or 0 at the end, or -1 with errno.
typedef int (*straggler_read_function)(EditLine *, wchar_t *);
/// What a key does; returns one of the `CC_` codes.
typedef unsigned char (*straggler_key_function)(EditLine *, int);

/// An editor that reads standard input and draws on standard output, or on standard error.
static inline EditLine *straggler_edit_open(const char *name, int draws_on_error) {
  return el_init(name, stdin, draws_on_error ? stderr : stdout, stderr);
}

static inline int straggler_edit_set_prompt(EditLine *editor, straggler_prompt_function prompt) {
  return el_set(editor, EL_PROMPT, prompt);
}

/// `emacs` or `vi`.
static inline int straggler_edit_set_bindings(EditLine *editor, const char *style) {
  return el_set(editor, EL_EDITOR, style);
}

/// Whether the editor handles signals by itself.
static inline int straggler_edit_set_signals(EditLine *editor, int handles) {
  return el_set(editor, EL_SIGNAL, handles);
}

static inline int straggler_edit_set_reader(EditLine *editor, straggler_read_function read) {
  return el_set(editor, EL_GETCFN, read);
}

/// Makes the terminal pass on every key at once.
static inline int straggler_edit_prepare_terminal(EditLine *editor) {
  return el_set(editor, EL_PREP_TERM, 1);
}

/// Has the terminal keep, while a line is edited, what was typed before Ctrl-C. Without it a reader that was
/// told of input may find none, and wait.
static inline int straggler_edit_keep_input(EditLine *editor) {
  return el_set(editor, EL_SETTY, "-d", "+noflsh", NULL);
}

static inline int straggler_edit_set_data(EditLine *editor, void *data) {
  return el_set(editor, EL_CLIENTDATA, data);
}

static inline void *straggler_edit_data(EditLine *editor) {
  void *data = NULL;
  return el_get(editor, EL_CLIENTDATA, &data) == 0 ? data : NULL;
}

/// Makes `function` known as `straggler-complete`. The wide call keeps the literals; the other would leak
/// copies.
static inline int straggler_edit_add_completion(EditLine *editor, straggler_key_function function) {
  return el_wset(editor, EL_ADDFN, L"straggler-complete", L"Complete the name at the cursor", function);
}

static inline int straggler_edit_bind(EditLine *editor, const char *key, const char *function) {
  return el_set(editor, EL_BIND, key, function, NULL);
}

static inline int straggler_edit_set_history(EditLine *editor, History *list) {
  return el_set(editor, EL_HIST, history, list);
}

static inline int straggler_history_set_size(History *list, int size) {
  HistEvent event;
  return history(list, &event, H_SETSIZE, size);
}

/// Whether a line equal to the one before it is left out.
static inline int straggler_history_set_unique(History *list, int unique) {
  HistEvent event;
  return history(list, &event, H_SETUNIQUE, unique);
}

/// Copies `line` into the list.
static inline int straggler_history_enter(History *list, const char *line) {
  HistEvent event;
  return history(list, &event, H_ENTER, line);
}
