// SPDX-License-Identifier: Apache-2.0

// What is needed of MPI. Its constants and handles are macros, casts or types that differ between
// implementations, which Swift cannot read: every call has its function here.
#pragma once
#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

/// A communicator.
typedef struct {
  MPI_Comm value;
} straggler_mpi_group;

/// A send or receipt under way.
typedef struct {
  MPI_Request value;
} straggler_mpi_request;

/// Up to two pieces of memory that are one message: `bytes` bytes, then `count` numbers of `width` bytes.
typedef struct {
  void *head;
  int bytes;
  void *body;
  int count;
  int width;
} straggler_mpi_message;

/// 0 where MPI runs from now on, and its errors are values.
static inline int straggler_mpi_start(void) {
  int is_there = 0, level = 0;
  int code = MPI_Initialized(&is_there);
  if (code == MPI_SUCCESS && !is_there) code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
  return code == MPI_SUCCESS ? MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN) : code;
}

/// Ends MPI; all ranks call it.
static inline int straggler_mpi_end(void) {
  int is_over = 0;
  int code = MPI_Finalized(&is_over);
  return code == MPI_SUCCESS && !is_over ? MPI_Finalize() : code;
}

static inline int straggler_mpi_is_running(void) {
  int is_there = 0, is_over = 0;
  return MPI_Initialized(&is_there) == MPI_SUCCESS && MPI_Finalized(&is_over) == MPI_SUCCESS && is_there
    && !is_over;
}

/// Ends all ranks at once.
static inline void straggler_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

/// A group of all ranks whose messages are apart from those of others; all ranks call it.
static inline int straggler_mpi_make_group(straggler_mpi_group *group) {
  int code = MPI_Comm_dup(MPI_COMM_WORLD, &group->value);
  return code == MPI_SUCCESS ? MPI_Comm_set_errhandler(group->value, MPI_ERRORS_RETURN) : code;
}

static inline int straggler_mpi_rank(int *rank) { return MPI_Comm_rank(MPI_COMM_WORLD, rank); }

static inline int straggler_mpi_size(int *size) { return MPI_Comm_size(MPI_COMM_WORLD, size); }

/// Makes `type`, which is to be freed, describe the message.
static inline int straggler_mpi_describe(straggler_mpi_message message, MPI_Datatype *type) {
  int lengths[2] = {message.bytes, message.count};
  MPI_Aint places[2] = {0, 0};
  MPI_Datatype types[2] = {MPI_BYTE, message.width == 4 ? MPI_FLOAT : MPI_DOUBLE};
  int code = MPI_Get_address(message.head, &places[0]);
  if (code == MPI_SUCCESS) code = MPI_Get_address(message.body, &places[1]);
  if (code == MPI_SUCCESS) code = MPI_Type_create_struct(2, lengths, places, types, type);
  return code == MPI_SUCCESS ? MPI_Type_commit(type) : code;
}

/// Begins to send `message`, which stays as it is until the request is done.
static inline int straggler_mpi_send(
  straggler_mpi_message message, int to, int tag, const straggler_mpi_group *group,
  straggler_mpi_request *request
) {
  if (message.count == 0) {
    return MPI_Isend(message.head, message.bytes, MPI_BYTE, to, tag, group->value, &request->value);
  }
  MPI_Datatype type;
  int code = straggler_mpi_describe(message, &type);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Isend(MPI_BOTTOM, 1, type, to, tag, group->value, &request->value);
  // It lives on until the message is sent.
  int freed = MPI_Type_free(&type);
  return code == MPI_SUCCESS ? freed : code;
}

/// Begins to wait for a message of at most the sizes of `message` from rank `from`, or with -1 from any.
static inline int straggler_mpi_receive(
  straggler_mpi_message message, int from, int tag, const straggler_mpi_group *group,
  straggler_mpi_request *request
) {
  int source = from < 0 ? MPI_ANY_SOURCE : from;
  if (message.count == 0) {
    return MPI_Irecv(message.head, message.bytes, MPI_BYTE, source, tag, group->value, &request->value);
  }
  MPI_Datatype type;
  int code = straggler_mpi_describe(message, &type);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Irecv(MPI_BOTTOM, 1, type, source, tag, group->value, &request->value);
  int freed = MPI_Type_free(&type);
  return code == MPI_SUCCESS ? freed : code;
}

/// Sends bytes, and returns when they may change; with `waits` when they are being received.
static inline int straggler_mpi_send_bytes(
  const void *bytes, int count, int to, int tag, int waits, const straggler_mpi_group *group
) {
  return waits ? MPI_Ssend(bytes, count, MPI_BYTE, to, tag, group->value)
               : MPI_Send(bytes, count, MPI_BYTE, to, tag, group->value);
}

static inline int straggler_mpi_receive_bytes(
  void *bytes, int count, int from, int tag, const straggler_mpi_group *group
) {
  return MPI_Recv(bytes, count, MPI_BYTE, from, tag, group->value, MPI_STATUS_IGNORE);
}

/// Whether a message is there, and then from whom and of how many bytes.
static inline int straggler_mpi_probe(
  int *is_there, int *from, int *count, int tag, const straggler_mpi_group *group
) {
  MPI_Status status;
  int code = MPI_Iprobe(MPI_ANY_SOURCE, tag, group->value, is_there, &status);
  if (code != MPI_SUCCESS || !*is_there) return code;
  *from = status.MPI_SOURCE;
  return MPI_Get_count(&status, MPI_BYTE, count);
}

/// Whether the request is done, and then from whom its message came.
static inline int straggler_mpi_test(straggler_mpi_request *request, int *is_done, int *from) {
  MPI_Status status;
  int code = MPI_Test(&request->value, is_done, &status);
  if (code == MPI_SUCCESS && *is_done) *from = status.MPI_SOURCE;
  return code;
}

/// Waits until a request is done.
static inline int straggler_mpi_wait(straggler_mpi_request *request) {
  return MPI_Wait(&request->value, MPI_STATUS_IGNORE);
}

/// Waits no longer for a message that has not come.
static inline int straggler_mpi_cancel(straggler_mpi_request *request) {
  int code = MPI_Cancel(&request->value);
  return code == MPI_SUCCESS ? MPI_Wait(&request->value, MPI_STATUS_IGNORE) : code;
}

/// `count` bytes of rank 0 for all; all ranks call it.
static inline int straggler_mpi_share(void *bytes, int count, const straggler_mpi_group *group) {
  return MPI_Bcast(bytes, count, MPI_BYTE, 0, group->value);
}

/// Puts the words for an error code into `text`, of at least STRAGGLER_MPI_TEXT characters.
enum { STRAGGLER_MPI_TEXT = MPI_MAX_ERROR_STRING + 1 };
static inline int straggler_mpi_describe_error(int code, char *text) {
  int length = 0;
  text[0] = 0;
  return MPI_Error_string(code, text, &length) == MPI_SUCCESS ? length : 0;
}
