#pragma once
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#include <zmq.h>

// What Swift cannot import from the system's headers: packed structures, macros and kernel interfaces.

// An event counter that wakes a thread; -1 on failure.
static inline int swiftlet_wake_create(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

static inline void swiftlet_wake_signal(int wake) {
    uint64_t one = 1;
    // A counter at its maximum is readable already: nothing to do about a failure.
    ssize_t ignored = write(wake, &one, sizeof one);
    (void)ignored;
}

static inline void swiftlet_wake_drain(int wake) {
    uint64_t count;
    ssize_t ignored = read(wake, &count, sizeof count);
    (void)ignored;
}

static inline int swiftlet_poll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int swiftlet_poll_add(int poll, int file, uint64_t token) {
    struct epoll_event event;
    event.events = EPOLLIN;
    event.data.u64 = token;
    return epoll_ctl(poll, EPOLL_CTL_ADD, file, &event);
}

static inline int swiftlet_poll_remove(int poll, int file) { return epoll_ctl(poll, EPOLL_CTL_DEL, file, NULL); }

// Waits and writes the tokens of up to 64 readable files; the number of tokens.
static inline int swiftlet_poll_wait(int poll, int milliseconds, uint64_t tokens[64]) {
    struct epoll_event events[64];
    int count = epoll_wait(poll, events, 64, milliseconds);
    for (int index = 0; index < count; index++) tokens[index] = events[index].data.u64;
    return count < 0 ? 0 : count;
}

// A number that no other socket of this boot has; 0 when the file is no socket.
static inline uint64_t swiftlet_socket_cookie(int file) {
    uint64_t cookie = 0;
    socklen_t size = sizeof cookie;
    return getsockopt(file, SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0 ? cookie : 0;
}

// Bytes that have arrived on a TCP connection, and how many of them nobody has read yet; 0 on success.
// Offset 128 of the kernel's struct tcp_info is tcpi_bytes_received.
static inline int swiftlet_tcp_bytes(int file, uint64_t *received, uint64_t *unread) {
    unsigned char info[136];
    socklen_t size = sizeof info;
    int waiting = 0;
    if (getsockopt(file, IPPROTO_TCP, 11 /* TCP_INFO */, info, &size) != 0 || size < sizeof info) return -1;
    if (ioctl(file, 0x541B /* FIONREAD */, &waiting) != 0) return -1;
    memcpy(received, info + 128, sizeof *received);
    *unread = (uint64_t)waiting;
    return 0;
}

static inline int swiftlet_shutdown(int file) { return shutdown(file, SHUT_RDWR); }

// Raises the number of files this process may open to the hard limit.
static inline void swiftlet_raise_file_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}
