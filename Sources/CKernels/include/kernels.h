#ifndef STRAGGLER_KERNELS_H
#define STRAGGLER_KERNELS_H
#include <stddef.h>
#include <stdint.h>
double cos(double);
#endif
