#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

int parley_sockets_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

void parley_sockets_close(int set) { close(set); }

int parley_sockets_add(int set, int socket) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data = {.fd = socket}};
    return epoll_ctl(set, EPOLL_CTL_ADD, socket, &event) == 0 ? 0 : errno;
}

void parley_sockets_remove(int set, int socket) { epoll_ctl(set, EPOLL_CTL_DEL, socket, NULL); }

int parley_sockets_ready(int set, int *sockets, int count) {
    // What does not fit here lies first at the next question: the kernel hands sockets out in turn.
    struct epoll_event events[256];
    int ready = epoll_wait(set, events, count < 256 ? count : 256, 0);
    for (int i = 0; i < ready; i++) sockets[i] = events[i].data.fd;
    return ready > 0 ? ready : 0;
}

int64_t parley_socket_read(int socket, void *bytes, int64_t count) {
    for (;;) {
        ssize_t read = recv(socket, bytes, (size_t)count, MSG_DONTWAIT);
        if (read >= 0) return read;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return -1;
        if (errno != EINTR) return 0;
    }
}

int64_t parley_socket_write(int socket, const void *bytes, int64_t count) {
    for (;;) {
        ssize_t written = send(socket, bytes, (size_t)count, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (written >= 0) return written;
        if (errno != EINTR) return 0;
    }
}
