// SPDX-License-Identifier: Apache-2.0

// Servers, driven by hand.

#include <math.h>
#include <straggler.h>

#include "check.h"

enum { dimension = 6, workers = 3 };

static straggler_server *server_of(const char *method, int precision) {
  double doubles[dimension] = {2, 2, 2, 2, 2, 2};
  float floats[dimension] = {2, 2, 2, 2, 2, 2};
  const void *model = precision == STRAGGLER_FLOAT ? (const void *)floats : doubles;
  straggler_server *server = NULL;
  CHECK_STATUS(straggler_server_new(method, model, dimension, precision, workers, &server), STRAGGLER_OK);
  return server;
}

// Workers that deliver in turn: gradients of ½‖x‖². Returns the first coordinate of the model.
static double train(straggler_server *server, int updates) {
  straggler_order open[workers] = {{0}};
  double points[workers][dimension];
  for (int event = 0; event < updates; event++) {
    straggler_order orders[workers];
    size_t count = 0;
    CHECK_STATUS(straggler_server_orders(server, orders, workers, &count), STRAGGLER_OK);
    for (size_t i = 0; i < count; i++) {
      straggler_order order = orders[i];
      CHECK(order.worker >= 0 && order.worker < workers);
      if (order.task == STRAGGLER_TASK_STOP) continue;
      CHECK(order.task == STRAGGLER_TASK_GRADIENT && order.count == 1 && order.number >= 1);
      CHECK(isinf(order.allotted) && isnan(order.stepsize));
      open[order.worker] = order;
      CHECK_STATUS(straggler_server_point(server, i, points[order.worker]), STRAGGLER_OK);
    }
    int worker = event % workers;
    CHECK_STATUS(straggler_server_receive(server, points[worker], open[worker].ticket, NAN), STRAGGLER_OK);
  }
  double model[dimension];
  CHECK_STATUS(straggler_server_model(server, model), STRAGGLER_OK);
  return model[0];
}

static void test_training(void) {
  straggler_server *server = server_of("asgd gamma=0.1", STRAGGLER_DOUBLE);
  CHECK(fabs(train(server, 100)) < 0.01);
  const char *counts = NULL;
  CHECK_STATUS(straggler_server_counts(server, &counts), STRAGGLER_OK);
  CHECK(strstr(counts, "\"iteration\":100,") && strstr(counts, "\"open\":3,"));
  CHECK(strstr(counts, "\"stall\":null"));
  straggler_server_free(server);

  server = server_of("rennala gamma=0.5 batch=2", STRAGGLER_FLOAT);
  straggler_order orders[workers];
  size_t count = 0;
  CHECK_STATUS(straggler_server_orders(server, NULL, 0, &count), STRAGGLER_INVALID);
  CHECK(count == workers);
  CHECK_STATUS(straggler_server_orders(server, orders, workers, &count), STRAGGLER_OK);
  float gradient[dimension] = {1, 1, 1, 1, 1, 1}, model[dimension];
  CHECK_STATUS(straggler_server_receive(server, gradient, orders[0].ticket, 1.5), STRAGGLER_OK);
  CHECK_STATUS(straggler_server_receive(server, gradient, orders[1].ticket, 2), STRAGGLER_OK);
  CHECK_STATUS(straggler_server_model(server, model), STRAGGLER_OK);
  CHECK(model[0] == 1.5f && model[dimension - 1] == 1.5f);
  straggler_server_free(server);
}

static void test_what_is_late_or_fails(void) {
  straggler_server *server = server_of("asgd gamma=0.1", STRAGGLER_DOUBLE);
  straggler_order orders[workers], again;
  double gradient[dimension] = {1, 1, 1, 1, 1, 1}, point[dimension];
  size_t count = 0;
  CHECK_STATUS(straggler_server_orders(server, orders, workers, &count), STRAGGLER_OK);
  CHECK_STATUS(straggler_server_receive(server, gradient, orders[0].ticket, NAN), STRAGGLER_OK);
  CHECK_STATUS(straggler_server_receive(server, gradient, orders[0].ticket, NAN), STRAGGLER_LATE);
  CHECK_MESSAGE(server, "late");
  CHECK_STATUS(straggler_server_receive(server, gradient, 1234567, NAN), STRAGGLER_LATE);
  CHECK_STATUS(straggler_server_fail(server, orders[1].ticket, NAN), STRAGGLER_OK);
  CHECK_STATUS(straggler_server_orders(server, &again, 1, &count), STRAGGLER_OK);
  CHECK(count == 1 && again.worker == 1 && again.ticket != orders[1].ticket && again.version == 0);
  CHECK_STATUS(straggler_server_fail(server, orders[1].ticket, NAN), STRAGGLER_LATE);
  CHECK_STATUS(straggler_server_orders(server, &again, 1, &count), STRAGGLER_OK);
  CHECK(count == 0);
  CHECK_STATUS(straggler_server_remove(server, 2, NAN), STRAGGLER_OK);
  CHECK_STATUS(straggler_server_receive(server, gradient, orders[2].ticket, NAN), STRAGGLER_LATE);
  CHECK_STATUS(straggler_server_remove(server, 2, NAN), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_server_replace(server, 2, &again, point), STRAGGLER_OK);
  CHECK(again.worker == 2 && again.ticket != orders[2].ticket && isfinite(point[0]));
  CHECK_STATUS(straggler_server_receive(server, gradient, again.ticket, NAN), STRAGGLER_OK);
  straggler_server_free(server);
}

static void test_checkpoints(void) {
  straggler_server *server = server_of("asgd gamma=0.1", STRAGGLER_DOUBLE);
  train(server, 10);
  size_t size = 0;
  CHECK_STATUS(straggler_server_checkpoint(server, NULL, 0, &size), STRAGGLER_INVALID);
  CHECK(size > 0);
  char *bytes = malloc(size);
  CHECK_STATUS(straggler_server_checkpoint(server, bytes, size, &size), STRAGGLER_OK);
  double before[dimension], after[dimension];
  CHECK_STATUS(straggler_server_model(server, before), STRAGGLER_OK);
  straggler_server_free(server);
  server = server_of("asgd gamma=0.1", STRAGGLER_DOUBLE);
  CHECK_STATUS(straggler_server_restore(server, bytes, size), STRAGGLER_OK);
  CHECK_STATUS(straggler_server_model(server, after), STRAGGLER_OK);
  CHECK(!memcmp(before, after, sizeof before));
  size_t count = 0;
  straggler_order orders[workers];
  CHECK_STATUS(straggler_server_orders(server, orders, workers, &count), STRAGGLER_OK);
  CHECK(count == workers);
  CHECK_STATUS(straggler_server_restore(server, bytes, size - 1), STRAGGLER_INVALID);
  bytes[size / 2] ^= 1;
  CHECK_STATUS(straggler_server_restore(server, bytes, size), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_server_restore(server, bytes, 0), STRAGGLER_INVALID);
  CHECK_STATUS(straggler_server_restore(server, NULL, size), STRAGGLER_INVALID);
  straggler_server_free(server);
  server = server_of("rennala gamma=0.1 batch=2", STRAGGLER_DOUBLE);
  bytes[size / 2] ^= 1;
  CHECK_STATUS(straggler_server_restore(server, bytes, size), STRAGGLER_INVALID);
  CHECK_MESSAGE(server, "another server");
  straggler_server_free(server);
  free(bytes);
}

static void test_wrong_servers(void) {
  double model[dimension] = {0};
  straggler_server *server = NULL;
#define REFUSES(method, model, dimension, precision, workers, part)                                        \
  do {                                                                                                     \
    CHECK_STATUS(                                                                                          \
        straggler_server_new(method, model, dimension, precision, workers, &server), STRAGGLER_INVALID);   \
    CHECK(!server);                                                                                        \
    CHECK_MESSAGE(NULL, part);                                                                             \
  } while (0)
  REFUSES(NULL, model, dimension, STRAGGLER_DOUBLE, 1, "null");
  REFUSES("asgd gamma=1", NULL, dimension, STRAGGLER_DOUBLE, 1, "null");
  REFUSES("asgd gamma=1", (char *)model + 1, 1, STRAGGLER_DOUBLE, 1, "address");
  REFUSES("asgd gamma=1", model, 0, STRAGGLER_DOUBLE, 1, "dimension");
  REFUSES("asgd gamma=1", model, SIZE_MAX, STRAGGLER_DOUBLE, 1, "dimension");
  REFUSES("asgd gamma=1", model, dimension, 16, 1, "precision");
  REFUSES("asgd gamma=1", model, dimension, STRAGGLER_DOUBLE, 0, "worker");
  REFUSES("asgd gamma=1", model, dimension, STRAGGLER_DOUBLE, SIZE_MAX, "workers");
  REFUSES("renala", model, dimension, STRAGGLER_DOUBLE, 1, "rennala");
  REFUSES("", model, dimension, STRAGGLER_DOUBLE, 1, "method");
  REFUSES("asgd gamma=-1", model, dimension, STRAGGLER_DOUBLE, 1, "gamma");
  REFUSES("asgd gamma=1; echo 1", model, dimension, STRAGGLER_DOUBLE, 1, "");
  REFUSES("rennala", model, dimension, STRAGGLER_DOUBLE, 1, "needs");
  REFUSES("fragile gamma=1", model, dimension, STRAGGLER_DOUBLE, 1, "no server");
  model[3] = NAN;
  REFUSES("asgd gamma=1", model, dimension, STRAGGLER_DOUBLE, 1, "3");
  CHECK_STATUS(
      straggler_server_new("asgd gamma=1", model, dimension, STRAGGLER_DOUBLE, 1, NULL), STRAGGLER_INVALID);
#undef REFUSES
}

static void test_wrong_arguments(void) {
  straggler_server *server = server_of("asgd gamma=0.1", STRAGGLER_DOUBLE);
  straggler_order orders[workers], order;
  double vector[dimension] = {0};
  size_t count = 0;
  CHECK_STATUS(straggler_server_orders(server, orders, workers, &count), STRAGGLER_OK);
#define REFUSES(call) CHECK_STATUS(call, STRAGGLER_INVALID)
  REFUSES(straggler_server_orders(NULL, orders, workers, &count));
  REFUSES(straggler_server_orders(server, orders, workers, NULL));
  REFUSES(straggler_server_orders(server, NULL, workers, &count));
  REFUSES(straggler_server_point(NULL, 0, vector));
  REFUSES(straggler_server_point(server, 0, NULL));
  REFUSES(straggler_server_point(server, workers, vector));
  REFUSES(straggler_server_point(server, SIZE_MAX, vector));
  REFUSES(straggler_server_point(server, 0, (char *)vector + 4));
  REFUSES(straggler_server_receive(NULL, vector, orders[0].ticket, NAN));
  REFUSES(straggler_server_receive(server, NULL, orders[0].ticket, NAN));
  REFUSES(straggler_server_receive(server, (char *)vector + 4, orders[0].ticket, NAN));
  vector[5] = INFINITY;
  REFUSES(straggler_server_receive(server, vector, orders[0].ticket, NAN));
  CHECK_MESSAGE(server, "coordinate 5");
  vector[5] = 0;
  REFUSES(straggler_server_receive(server, vector, orders[0].ticket, INFINITY));
  REFUSES(straggler_server_receive(server, vector, orders[0].ticket, -1));
  CHECK_MESSAGE(server, "time");
  REFUSES(straggler_server_fail(NULL, orders[0].ticket, NAN));
  REFUSES(straggler_server_fail(server, orders[0].ticket, -1));
  REFUSES(straggler_server_complete_step(NULL, orders[0].ticket, NAN));
  REFUSES(straggler_server_complete_step(server, orders[0].ticket, NAN));
  REFUSES(straggler_server_remove(NULL, 0, NAN));
  REFUSES(straggler_server_remove(server, workers, NAN));
  REFUSES(straggler_server_remove(server, SIZE_MAX, NAN));
  REFUSES(straggler_server_replace(NULL, 0, &order, NULL));
  REFUSES(straggler_server_replace(server, 0, NULL, NULL));
  REFUSES(straggler_server_replace(server, 0, &order, NULL));
  REFUSES(straggler_server_replace(server, workers, &order, vector));
  REFUSES(straggler_server_replace(server, 0, &order, (char *)vector + 4));
  REFUSES(straggler_server_model(NULL, vector));
  REFUSES(straggler_server_model(server, NULL));
  REFUSES(straggler_server_counts(NULL, NULL));
  REFUSES(straggler_server_counts(server, NULL));
  REFUSES(straggler_server_checkpoint(NULL, NULL, 0, &count));
  REFUSES(straggler_server_checkpoint(server, NULL, 0, NULL));
  REFUSES(straggler_server_restore(NULL, vector, 8));
#undef REFUSES
  // After all that it serves as before.
  CHECK_STATUS(straggler_server_receive(server, vector, orders[0].ticket, 3), STRAGGLER_OK);
  straggler_server_free(server);
  straggler_server_free(NULL);
}

void test_servers(void) {
  test_training();
  test_what_is_late_or_fails();
  test_checkpoints();
  test_wrong_servers();
  test_wrong_arguments();
}
