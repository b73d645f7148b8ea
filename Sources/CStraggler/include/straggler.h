// SPDX-License-Identifier: Apache-2.0

/*
 * Straggler from C (C11 or later, and C++).
 *
 * Every function that can fail returns a status, 0 where all went well; straggler_message() then has a
 * sentence that says what is wrong, where, and what would be right. No function prints, exits, jumps or
 * throws, and none traps on an argument, unless it is a pointer to memory that is not there: null pointers,
 * numbers out of range, texts that are no UTF-8 and handles that are in use give a status.
 *
 * Texts are UTF-8 and end with a zero byte. Vectors are arrays of d doubles. A handle may be used by one
 * thread at a time, except where a function says otherwise; different handles are independent of each
 * other.
 */

#ifndef STRAGGLER_H
#define STRAGGLER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What came of a call. */
typedef int straggler_status;

enum {
  /* All went well. */
  STRAGGLER_OK = 0,
  /* A command failed, or what was asked for cannot be done. */
  STRAGGLER_FAILED = 1,
  /* An argument is wrong. Nothing was done. */
  STRAGGLER_INVALID = 2,
  /* An `expect` did not hold. */
  STRAGGLER_UNMET = 3,
  /* The handle is at work, in another thread or in the function that made this call. Nothing was done. */
  STRAGGLER_BUSY = 4,
  /* There is nothing of that name. */
  STRAGGLER_MISSING = 5,
  /* What came is late: its ticket is not open. It has been counted, and nothing else has changed. */
  STRAGGLER_LATE = 6,
  /* straggler_session_interrupt() ended the work. What was reached by then has been reported. */
  STRAGGLER_INTERRUPTED = 130
};

/*
 * The version, such as "1.2.3": a text that stays as it is.
 */
const char *straggler_version(void);

/*
 * Why this thread's last call failed, in a sentence, if it was about `handle`, or if `handle` is null; an
 * empty text if it did not fail. Calls that make a handle are about no handle. The text is valid until the
 * thread's next call of this library. `handle` is compared only, so that it may also be one that has been
 * freed.
 */
const char *straggler_message(const void *handle);

/* ---------------------------------------------------------------------------------------------------------
 * Sessions: the command language
 * ------------------------------------------------------------------------------------------------------ */

/* Commands with their variables, problem, fleet, methods and results, as in a script. */
typedef struct straggler_session straggler_session;

/*
 * Makes a session in which nothing has been said yet, and stores it in `*session`; null where it fails.
 *
 * `threads` is the largest number of threads that commands work on, from 1 to 4096; 0 for one a processor.
 * Results do not depend on it. Free the session with straggler_session_free().
 */
straggler_status straggler_session_new(int threads, straggler_session **session);

/*
 * Frees a session; nothing for null. One that is at work is interrupted, and gone when its work has ended.
 */
void straggler_session_free(straggler_session *session);

/*
 * Takes a line of output: one JSON object, of `length` bytes, with a zero byte and no newline behind them.
 * It is valid until the function returns. A result that is not 0 ends the work.
 */
typedef int (*straggler_output)(void *context, const char *line, size_t length);

/*
 * Runs the commands of `text` exactly as a script, up to the first that fails.
 *
 * Each command reports any number of objects, those of --json, and then exactly one that ends its answer:
 * {"ok":true,"command":…} or {"error":{"message":…,"remedy":…,"file":…,"line":…,"column":…,"outcome":…}}
 * with the outcome "failed", "unmet" or "interrupted". Warnings and notes are objects too, {"warning":{…}}
 * and {"note":{…}}. `on_output`, which may be null, gets them in order and on this thread.
 *
 * STRAGGLER_FAILED, STRAGGLER_UNMET and STRAGGLER_INTERRUPTED say how the last command that was run ended,
 * and straggler_message() repeats its error. `on_output` may call straggler_session_interrupt() with this
 * session, and everything with others.
 */
straggler_status straggler_session_run(
    straggler_session *session, const char *text, straggler_output on_output, void *context);

/*
 * Ends what the session is doing, within a fraction of a second; nothing if it does nothing. May be called
 * from any thread and from signal handlers.
 */
straggler_status straggler_session_interrupt(straggler_session *session);

/*
 * Takes how far long work has come: what it is, and the fraction that is done, from 0 to 1, or NaN where
 * that is not known. `what` is null when the work is over.
 */
typedef void (*straggler_progress)(void *context, const char *what, double fraction);

/*
 * Lets `on_progress` know how far long work has come; null to end that. It is called by any of the
 * session's threads, by one at a time, and often: a few thousand times a second.
 */
straggler_status straggler_session_on_progress(
    straggler_session *session, straggler_progress on_progress, void *context);

/* ---------------------------------------------------------------------------------------------------------
 * Problems: an objective f of your own
 * ------------------------------------------------------------------------------------------------------ */

/*
 * Functions that evaluate f. All get `context` and a point x, an array of d doubles that is valid until
 * they return, and return 0. Any other result ends the command, which fails; nothing that it had come to is
 * reported. Results have to be functions of the arguments alone: the same seed, worker and job give the
 * same gradient whenever, and in whatever order, they are asked for.
 */
typedef struct straggler_problem {
  /* sizeof(straggler_problem), which straggler_problem_init() sets. */
  size_t size;
  /* Passed to every function. It, and the functions, must stay valid until the session is gone, or until
   * another problem of that name has been added. */
  void *context;
  /* *value = f(x). Required. */
  int (*value)(void *context, const double *x, double *value);
  /* g = ∇f(x), all d elements. Required. */
  int (*gradient)(void *context, const double *x, double *g);
  /* g += weight · ∇f(x; ξ), where ξ is the sample number `job`, from 1, of `worker`, from 0, in a run with
   * `seed`. Null: workers compute ∇f(x), without noise. */
  int (*stochastic_gradient)(
      void *context, const double *x, double *g, uint64_t seed, int64_t worker, int64_t job, double weight);
  /* *accuracy = a share of a test set, from 0 to 1. Null: there is none. */
  int (*accuracy)(void *context, const double *x, double *accuracy);
  /* x⁰, an array of d doubles, which is copied; null for zeros. */
  const double *start;
  /* L, the smoothness constant of f; NaN where it is not known. */
  double smoothness;
  /* σ², the bound on E‖∇f(x; ξ) − ∇f(x)‖²; NaN where it is not known, 0 without stochastic_gradient. */
  double variance;
  /* f*, the infimum of f; NaN where it is not known. */
  double optimum;
  /* What f(x) costs, in stochastic gradients, so that measurements are spaced well; NaN for 1. */
  double evaluation_cost;
  /* Whether f is convex; 0 where it is not, or not known to be. */
  int is_convex;
  /* Whether workers have objectives of their own, with f as their mean: the stochastic gradients of a
   * worker are then those of its objective. */
  int is_heterogeneous;
  /* Whether several threads may be in the functions at a time. If not, the session works on the thread that
   * runs its commands, and on no other, from now on. */
  int is_thread_safe;
} straggler_problem;

/*
 * Sets `*problem` to a problem without functions, of which nothing is known; nothing for null.
 */
void straggler_problem_init(straggler_problem *problem);

/*
 * Adds a problem of `dimension` ≥ 1 under `name`, a word of letters, digits, `_` and `-` that no problem of
 * the library has: `problem NAME` is then a command, and every other command works with it. One that was
 * added under the same name is replaced. `*problem` is copied. The run of the session, if there is one,
 * starts anew.
 */
straggler_status straggler_problem_add(
    straggler_session *session, const char *name, size_t dimension, const straggler_problem *problem);

/* ---------------------------------------------------------------------------------------------------------
 * Tables: results as arrays
 * ------------------------------------------------------------------------------------------------------ */

/* Columns of numbers and texts. It does not change, and may be used by several threads at once. */
typedef struct straggler_table straggler_table;

/*
 * Makes a table of what the session has come to, and stores it in `*table`; null where it fails.
 *
 * `name` is "traces" for the points of the last run, comparison or sweep, "results" for the rows of the
 * last comparison or sweep, "model" for x of the run, in a column x, or else the name of a table that the
 * command `row` fills. STRAGGLER_MISSING if there is none. Free it with straggler_table_free().
 */
straggler_status straggler_table_new(straggler_session *session, const char *name, straggler_table **table);

/* Frees a table, and all arrays and texts of it; nothing for null. */
void straggler_table_free(straggler_table *table);

/* The number of rows; 0 for null. */
size_t straggler_table_rows(const straggler_table *table);

/* The number of columns; 0 for null. */
size_t straggler_table_columns(const straggler_table *table);

/* The name of a column, from 0; null where there is none. It is valid as long as the table. */
const char *straggler_table_name(const straggler_table *table, size_t column);

/*
 * The numbers of a column, one a row, NaN where there is none; null for a column of texts, or where there
 * is no such column. They are valid as long as the table.
 */
const double *straggler_table_numbers(const straggler_table *table, size_t column);

/*
 * The texts of a column, one a row, null where there is none; null for a column of numbers, or where there
 * is no such column. They are valid as long as the table.
 */
const char *const *straggler_table_texts(const straggler_table *table, size_t column);

/* ---------------------------------------------------------------------------------------------------------
 * Servers: real workers
 * ------------------------------------------------------------------------------------------------------ */

/* A method driven by gradients that the program hands in. It has no clock, no thread and no I/O. */
typedef struct straggler_server straggler_server;

/* The numbers of vectors: float or double. */
enum { STRAGGLER_FLOAT = 32, STRAGGLER_DOUBLE = 64 };

/* What an order asks of a worker. All is at, or begins at, the point of the order. */
enum {
  /* Nothing: the worker stops what it does and waits. */
  STRAGGLER_TASK_STOP = 0,
  /* One stochastic gradient. */
  STRAGGLER_TASK_GRADIENT = 1,
  /* The sum of `count` stochastic gradients. */
  STRAGGLER_TASK_BATCH = 2,
  /* The sum of the gradients of `count` local steps y ← y − stepsize · g(y). */
  STRAGGLER_TASK_LOCAL = 3,
  /* Local steps until an order asks for their sum. Each is reported by straggler_server_complete_step(),
   * except for the first `count`, which have been. */
  STRAGGLER_TASK_OPEN_ENDED = 4,
  /* The sum of the gradients of the first `count` steps of the open-ended work at hand; those that are
   * missing are made. */
  STRAGGLER_TASK_SUM = 5
};

/* What a worker has to do. */
typedef struct straggler_order {
  /* By which the work is handed in: a number that the server never gives again. Of a stop, that of the
   * job that is stopped, which is open no more. */
  uint64_t ticket;
  /* The worker, from 0. */
  int64_t worker;
  /* One of STRAGGLER_TASK_…. */
  int32_t task;
  /* Whether the point is that of the worker's last job, which it has. */
  int32_t keeps_point;
  /* How many gradients or steps; 1 for a gradient. */
  int64_t count;
  /* The number of the job's last gradient among the worker's, from 1. */
  int64_t number;
  /* How many updates the point has seen. */
  int64_t version;
  /* γ of local steps; NaN where there are none. */
  double stepsize;
  /* The seconds that a trial may take, after which it fails; infinite where the job is none. */
  double allotted;
} straggler_order;

/*
 * Makes a server of a method with its keys, as the command `method` takes them ("rennala batch=20
 * gamma=0.1"), and stores it in `*server`; null where it fails.
 *
 * `model` is x⁰: `dimension` numbers of `precision`, STRAGGLER_FLOAT or STRAGGLER_DOUBLE, as in all vectors
 * of this server. It is copied. `workers` is how many there can be; all are there at the start. Free it
 * with straggler_server_free().
 */
straggler_status straggler_server_new(
    const char *method, const void *model, size_t dimension, int precision, size_t workers,
    straggler_server **server);

/* Frees a server; nothing for null. */
void straggler_server_free(straggler_server *server);

/*
 * Copies the orders of the last event, or of the beginning, to `orders`, which has room for `capacity` of
 * them, and stores in `*count` how many there are: at most one for each worker. STRAGGLER_INVALID, and
 * nothing but `*count`, where the room is not enough; `orders` may be null where `capacity` is 0.
 */
straggler_status straggler_server_orders(
    straggler_server *server, straggler_order *orders, size_t capacity, size_t *count);

/*
 * Copies the point of order number `index`, from 0, of the last event, or of what
 * straggler_server_replace() has given after it, to `point`, a vector.
 */
straggler_status straggler_server_point(straggler_server *server, size_t index, void *point);

/*
 * What the job of `ticket` was to compute has arrived, a vector; orders may follow. `time`, in whatever
 * unit, is for the statistics and for stepsizes that depend on it; NaN for that of the last event.
 *
 * STRAGGLER_LATE, and no orders, where the ticket is not open: delivered, stopped, of a worker that was
 * removed, or never given. That is counted, and changes nothing. STRAGGLER_INVALID, and nothing changes,
 * where the gradient has an infinite number or NaN, the time goes backwards, or the work is not one that is
 * handed in.
 */
straggler_status straggler_server_receive(
    straggler_server *server, const void *gradient, uint64_t ticket, double time);

/*
 * The job of `ticket` will not deliver: its work is given again, and the method does not notice; a trial,
 * which is one that may take `allotted` seconds, has come to nothing. Statuses as above.
 */
straggler_status straggler_server_fail(straggler_server *server, uint64_t ticket, double time);

/* A step of the open-ended work of `ticket` is complete; orders may follow. Statuses as above. */
straggler_status straggler_server_complete_step(straggler_server *server, uint64_t ticket, double time);

/* A worker has gone: its ticket is late from now on, and its work waits for its successor. */
straggler_status straggler_server_remove(straggler_server *server, size_t worker, double time);

/*
 * There is a new worker in place of one that was removed. `*order` is what it has to do, and `*point`,
 * which may be null, its point; STRAGGLER_MISSING where there is nothing to do yet.
 */
straggler_status straggler_server_replace(
    straggler_server *server, size_t worker, straggler_order *order, void *point);

/* Copies the newest model to `model`, a vector. */
straggler_status straggler_server_model(straggler_server *server, void *model);

/*
 * Stores in `*counts` the statistics so far as a JSON object, a text that is valid until the next call with
 * this server.
 */
straggler_status straggler_server_counts(straggler_server *server, const char **counts);

/*
 * Copies the state to `bytes`, which has room for `capacity` of them, and stores in `*size` how many there
 * are; STRAGGLER_INVALID, and nothing but `*size`, where the room is not enough. The size does not change
 * while the server's state does not. `bytes` may be null where `capacity` is 0.
 */
straggler_status straggler_server_checkpoint(
    straggler_server *server, void *bytes, size_t capacity, size_t *size);

/*
 * Goes back to a checkpoint of a server that was made by the same call, also in another process. Tickets of
 * before are late, and their work is ordered again: straggler_server_orders() has it. STRAGGLER_INVALID,
 * and nothing changes, where the bytes are no such checkpoint.
 */
straggler_status straggler_server_restore(straggler_server *server, const void *bytes, size_t size);

#ifdef __cplusplus
}
#endif

#endif
