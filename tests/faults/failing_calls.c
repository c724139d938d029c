/* SPDX-License-Identifier: BSD-3-Clause */
#include "failing_calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
  char folder[1024];
  int kinds, error, mode;
  long at, seen;
} plan;

void failing_calls_arm(const char* folder, int kinds, long at, int error, int mode) {
  snprintf(plan.folder, sizeof plan.folder, "%s", folder);
  plan.error = error;
  plan.mode = mode;
  plan.at = at;
  plan.seen = 0;
  plan.kinds = kinds;
}

long failing_calls_disarm(void) {
  plan.kinds = 0;
  return plan.seen;
}

__attribute__((constructor)) static void arm_from_environment(void) {
  const char* wish = getenv("SOAPSTONE_FAIL");
  char folder[1024];
  int kinds = 0, error = 0, mode = 0;
  long at = 0;
  if (wish != NULL && sscanf(wish, "%1023s %d %ld %d %d", folder, &kinds, &at, &error, &mode) == 5)
    failing_calls_arm(folder, kinds, at, error, mode);
}

#define REAL(name) (__extension__(__typeof__(&(name))) real(#name))
static void* real(const char* name) {
  return dlsym(RTLD_NEXT, name);
}

static int is_below(const char* path) {
  const size_t length = strlen(plan.folder);
  return path != NULL && strncmp(path, plan.folder, length) == 0 &&
         (path[length] == '/' || path[length] == 0);
}

static int is_watched(int file) {
  char link[64], path[2048];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0)
    return 0;
  path[length] = 0;
  return is_below(path);
}

/* Counts a call of this kind, and says whether it is to fail. */
static int fails(int kind) {
  if ((plan.kinds & kind) == 0)
    return 0;
  ++plan.seen;
  const int due =
      plan.at > 0 && (plan.seen == plan.at || (plan.mode == failing_forever && plan.seen > plan.at));
  if (due && plan.mode != failing_short)
    errno = plan.error;
  return due;
}

static int path_fails(int kind, const char* path) {
  return plan.kinds != 0 && is_below(path) && fails(kind);
}

static int file_fails(int kind, int file) {
  const int before = errno;
  const int watched = plan.kinds != 0 && is_watched(file);
  errno = before;
  return watched && fails(kind);
}

static int kind_of_open(int flags) {
  return (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0 ? failing_create : failing_read;
}

#define OPEN(name)                                                                                           \
  int name(const char* path, int flags, ...) {                                                               \
    va_list rest;                                                                                            \
    va_start(rest, flags);                                                                                   \
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? (mode_t)va_arg(rest, int) : 0;                \
    va_end(rest);                                                                                            \
    return path_fails(kind_of_open(flags), path) ? -1 : REAL(name)(path, flags, mode);                       \
  }
OPEN(open)
OPEN(open64)

#define FOPEN(name)                                                                                          \
  FILE* name(const char* path, const char* mode) {                                                           \
    return path_fails(mode[0] == 'r' ? failing_read : failing_create, path) ? NULL : REAL(name)(path, mode); \
  }
FOPEN(fopen)
FOPEN(fopen64)

int mkostemp(char* path, int flags) {
  return path_fails(failing_create, path) ? -1 : REAL(mkostemp)(path, flags);
}

int mkdir(const char* path, mode_t mode) {
  return path_fails(failing_create, path) ? -1 : REAL(mkdir)(path, mode);
}

/* What is left of a write of `size` bytes that is to fail. */
static size_t rest_of(size_t size) {
  return plan.mode == failing_short ? (size + 1) / 2 : 0;
}

ssize_t write(int file, const void* data, size_t size) {
  if (!file_fails(failing_write, file))
    return REAL(write)(file, data, size);
  return rest_of(size) > 0 ? REAL(write)(file, data, rest_of(size)) : -1;
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  if (!file_fails(failing_write, file))
    return REAL(writev)(file, parts, count);
  return rest_of(parts[0].iov_len) > 0 ? REAL(write)(file, parts[0].iov_base, rest_of(parts[0].iov_len)) : -1;
}

#define PWRITE(name, offset_type)                                                                            \
  ssize_t name(int file, const void* data, size_t size, offset_type at) {                                    \
    if (!file_fails(failing_write, file))                                                                    \
      return REAL(name)(file, data, size, at);                                                               \
    return rest_of(size) > 0 ? REAL(name)(file, data, rest_of(size), at) : -1;                               \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define RESIZE(name, offset_type)                                                                            \
  int name(int file, offset_type size) {                                                                     \
    return file_fails(failing_write, file) && plan.mode != failing_short ? -1 : REAL(name)(file, size);      \
  }
RESIZE(ftruncate, off_t)
RESIZE(ftruncate64, off64_t)

int fsync(int file) {
  return file_fails(failing_sync, file) ? -1 : REAL(fsync)(file);
}

int fdatasync(int file) {
  return file_fails(failing_sync, file) ? -1 : REAL(fdatasync)(file);
}

int rename(const char* from, const char* to) {
  return path_fails(failing_rename, to) ? -1 : REAL(rename)(from, to);
}

int link(const char* from, const char* to) {
  return path_fails(failing_rename, to) ? -1 : REAL(link)(from, to);
}

int close(int file) {
  const int before = errno;
  const int writing = plan.kinds != 0 && (fcntl(file, F_GETFL) & O_ACCMODE) != O_RDONLY;
  errno = before;
  const int failing = writing && file_fails(failing_close, file);
  const int status = REAL(close)(file); /* a file that could not be closed is closed all the same */
  if (failing)
    errno = plan.error;
  return failing ? -1 : status;
}

ssize_t read(int file, void* to, size_t size) {
  return file_fails(failing_read, file) ? -1 : REAL(read)(file, to, size);
}

#define PREAD(name, offset_type)                                                                             \
  ssize_t name(int file, void* to, size_t size, offset_type at) {                                            \
    return file_fails(failing_read, file) ? -1 : REAL(name)(file, to, size, at);                             \
  }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

/* The C library reads for itself: what the stream would remember of the failure. */
size_t fread(void* to, size_t size, size_t count, FILE* stream) {
  if (!file_fails(failing_read, fileno(stream)))
    return REAL(fread)(to, size, count, stream);
#ifdef __GLIBC__
  stream->_flags |= 0x20; /* _IO_ERR_SEEN */
#endif
  return 0;
}
