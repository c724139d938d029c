/* SPDX-License-Identifier: BSD-3-Clause
 * System calls that fail on purpose. The functions of failing_calls.c take the place of the C library's, in a
 * test that is linked with it or, by LD_PRELOAD, in any program. Only calls that touch files of one folder
 * count, and files below it. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

enum failing_kind {
  failing_create = 1, /* of files and folders */
  failing_write = 2,  /* also changes of a file's size */
  failing_sync = 4,
  failing_rename = 8, /* also further names */
  failing_close = 16, /* of files open for writing */
  failing_read = 32,  /* also opening to read */
};

enum failing_mode {
  failing_once,    /* the call fails with `error` */
  failing_forever, /* it and all after it */
  failing_short    /* a write does half of its work and says so */
};

/* From now on the calls of these kinds are counted, and number `at` (from 1; 0: none) fails. Environment of a
 * program that is started with the library: SOAPSTONE_FAIL = "FOLDER KINDS AT ERROR MODE", numbers as here.
 */
void failing_calls_arm(const char* folder, int kinds, long at, int error, int mode);

/* Everything works again. Returns how many calls were counted. */
long failing_calls_disarm(void);

#ifdef __cplusplus
}
#endif
