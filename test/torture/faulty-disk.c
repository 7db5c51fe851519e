/*
 * A disk that can be cut off or fail, for the files below one folder: preloaded
 * into hephd, it stands between the program and the C library.
 *
 *   FAULTY_DISK_FOLDER   the folder, absolute, without links
 *   FAULTY_DISK_JOURNAL  write what reaches the files here, in order
 *   FAULTY_DISK_FAIL     "OPS FROM ERRNO": each call of OPS (write, sync, name) from the
 *                        FROM-th on fails with ERRNO, until a file FAULTY_DISK_MENDED is there
 *   FAULTY_DISK_MENDED   that file
 *
 * The journal is lines, and after W the bytes:
 *
 *   C <ino> <path>             a file was made             M <path>           a folder
 *   W <ino> <offset> <bytes>   written                     U <path>           unlinked, or removed
 *   T <ino> <bytes>            cut or grown to             R <from>\t<to>     renamed
 *   S <ino>                    synced                      L <from>\t<to>     named also
 *   D <path>                   a folder was synced         Y <text>\t<path>   a link to a name
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX], mended[PATH_MAX], failing[16];
static int journal = -1, failing_errno;
static long failing_from, seen;

#define REAL(name) ((__typeof__(&name))real(#name))
static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("FAULTY_DISK_FOLDER");
  if (text) snprintf(folder, sizeof folder, "%s", text);
  text = getenv("FAULTY_DISK_JOURNAL");
  if (text) journal = REAL(open)(text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  text = getenv("FAULTY_DISK_MENDED");
  if (text) snprintf(mended, sizeof mended, "%s", text);
  text = getenv("FAULTY_DISK_FAIL");
  if (text) sscanf(text, "%15s %ld %d", failing, &failing_from, &failing_errno);
}

static int is_ours(const char *path) {
  size_t length = strlen(folder);
  return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* A path made absolute, or null where it is none of ours. */
static const char *ours(int at, const char *path, char *room) {
  if (!folder[0]) return NULL;
  if (path[0] == '/') snprintf(room, PATH_MAX, "%s", path);
  else if (at == AT_FDCWD) {
    if (!getcwd(room, PATH_MAX)) return NULL;
    size_t used = strlen(room);
    snprintf(room + used, PATH_MAX - used, "/%s", path);
  } else return NULL;
  return is_ours(room) ? room : NULL;
}

static const char *ours_open(int fd, char *room) {
  char link[64];
  if (!folder[0] || fd < 0 || fd == journal) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, room, PATH_MAX - 1);
  if (length <= 0) return NULL;
  room[length] = 0;
  return is_ours(room) ? room : NULL;
}

static unsigned long ino(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 ? (unsigned long)found.st_ino : 0;
}

static void note(const char *form, ...) {
  char line[2 * PATH_MAX + 64];
  if (journal < 0) return;
  va_list words;
  va_start(words, form);
  int length = vsnprintf(line, sizeof line, form, words);
  va_end(words);
  REAL(write)(journal, line, length);
}

/* Whether this call is to fail; errno is set. */
static int fails(const char *op) {
  if (!failing[0] || strcmp(failing, op) != 0) return 0;
  if (++seen < failing_from) return 0;
  if (mended[0] && access(mended, F_OK) == 0) return 0;
  errno = failing_errno;
  return 1;
}

static void note_write(int fd, off_t offset, const struct iovec *parts, int count, ssize_t done) {
  if (journal < 0 || done <= 0) return;
  /* In one call, so that a kill leaves a whole record or a torn last one. */
  struct iovec all[IOV_MAX < 66 ? IOV_MAX : 66];
  char head[96];
  all[0].iov_base = head;
  all[0].iov_len = snprintf(head, sizeof head, "W %lu %lld %zd\n", ino(fd), (long long)offset, done);
  int used = 1;
  size_t left = done;
  for (int i = 0; i < count && left > 0 && used < 65; i++) {
    size_t part = parts[i].iov_len < left ? parts[i].iov_len : left;
    all[used++] = (struct iovec){parts[i].iov_base, part};
    left -= part;
  }
  all[used++] = (struct iovec){"\n", 1};
  REAL(writev)(journal, all, used);
}

#define LOCKED(expression) \
  do { \
    pthread_mutex_lock(&turn); \
    expression; \
    int kept = errno; \
    pthread_mutex_unlock(&turn); \
    errno = kept; \
  } while (0)

#define WRITER(fd, call, at, parts, count) \
  char room[PATH_MAX]; \
  ssize_t done; \
  if (!ours_open(fd, room)) return call; \
  LOCKED({ \
    off_t offset = at; \
    done = fails("write") ? -1 : call; \
    note_write(fd, offset, parts, count, done); \
  }); \
  return done

/* Where a write without a place of its own goes. */
static off_t place(int fd) {
  struct stat found;
  if (fcntl(fd, F_GETFL) & O_APPEND) return fstat(fd, &found) == 0 ? found.st_size : 0;
  return lseek(fd, 0, SEEK_CUR);
}

ssize_t write(int fd, const void *bytes, size_t size) {
  struct iovec part = {(void *)bytes, size};
  WRITER(fd, REAL(write)(fd, bytes, size), place(fd), &part, 1);
}
ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
  struct iovec part = {(void *)bytes, size};
  WRITER(fd, REAL(pwrite)(fd, bytes, size, at), at, &part, 1);
}
ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  struct iovec part = {(void *)bytes, size};
  WRITER(fd, REAL(pwrite64)(fd, bytes, size, at), at, &part, 1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  WRITER(fd, REAL(writev)(fd, parts, count), place(fd), parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  WRITER(fd, REAL(pwritev)(fd, parts, count, at), at, parts, count);
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  WRITER(fd, REAL(pwritev64)(fd, parts, count, at), at, parts, count);
}
/* Copies inside the kernel go the long way, where they are seen. */
ssize_t copy_file_range(int a, off64_t *b, int c, off64_t *d, size_t e, unsigned f) {
  char room[PATH_MAX];
  if (!ours_open(c, room)) return REAL(copy_file_range)(a, b, c, d, e, f);
  errno = ENOSYS;
  return -1;
}

#define SIZER(fd, call, size) \
  char room[PATH_MAX]; \
  int done; \
  if (!ours_open(fd, room)) return call; \
  LOCKED({ \
    done = fails("write") ? -1 : call; \
    if (done == 0) note("T %lu %lld\n", ino(fd), (long long)(size)); \
  }); \
  return done

int ftruncate(int fd, off_t size) { SIZER(fd, REAL(ftruncate)(fd, size), size); }
int ftruncate64(int fd, off64_t size) { SIZER(fd, REAL(ftruncate64)(fd, size), size); }

/* It is the journal that says what was synced; the real disk need not be waited for. */
static int synced(int fd, int (*call)(int)) {
  char room[PATH_MAX];
  struct stat found;
  int done = 0;
  if (!ours_open(fd, room)) return call(fd);
  LOCKED({
    if (fails("sync")) done = -1;
    else if (journal < 0) done = call(fd);
    else if (fstat(fd, &found) == 0 && S_ISDIR(found.st_mode)) note("D %s\n", room);
    else note("S %lu\n", ino(fd));
  });
  return done;
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int opened(int at, const char *path, int flags, mode_t mode) {
  char room[PATH_MAX];
  int fd;
  const char *name = flags & (O_CREAT | O_TRUNC) ? ours(at, path, room) : NULL;
  if (!name) return REAL(openat)(at, path, flags, mode);
  LOCKED({
    int was_there = access(name, F_OK) == 0;
    fd = !was_there && fails("name") ? -1 : REAL(openat)(at, path, flags, mode);
    if (fd >= 0 && !was_there) note("C %lu %s\n", ino(fd), name);
    else if (fd >= 0 && flags & O_TRUNC) note("T %lu 0\n", ino(fd));
  });
  return fd;
}
#define OPENER(at, more) \
  va_list words; \
  va_start(words, flags); \
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(words, int) : 0; \
  va_end(words); \
  return opened(at, path, flags | more, mode)
int open(const char *path, int flags, ...) { OPENER(AT_FDCWD, 0); }
int open64(const char *path, int flags, ...) { OPENER(AT_FDCWD, O_LARGEFILE); }
int openat(int at, const char *path, int flags, ...) { OPENER(at, 0); }
int openat64(int at, const char *path, int flags, ...) { OPENER(at, O_LARGEFILE); }

#define NAMER(path, call, ...) \
  char room[PATH_MAX]; \
  int done; \
  const char *name = ours(AT_FDCWD, path, room); \
  if (!name) return call; \
  LOCKED({ \
    done = fails("name") ? -1 : call; \
    if (done == 0) note(__VA_ARGS__); \
  }); \
  return done

int unlink(const char *path) { NAMER(path, REAL(unlink)(path), "U %s\n", name); }
int rmdir(const char *path) { NAMER(path, REAL(rmdir)(path), "U %s\n", name); }
int mkdir(const char *path, mode_t mode) { NAMER(path, REAL(mkdir)(path, mode), "M %s\n", name); }
int rename(const char *from, const char *to) { NAMER(to, REAL(rename)(from, to), "R %s\t%s\n", from, name); }
int link(const char *from, const char *to) { NAMER(to, REAL(link)(from, to), "L %s\t%s\n", from, name); }
int symlink(const char *text, const char *path) { NAMER(path, REAL(symlink)(text, path), "Y %s\t%s\n", text, name); }
