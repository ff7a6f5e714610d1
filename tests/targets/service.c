/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A service: does what each word says ("NAME" or "NAME=VALUE"), in order, tells the file of the
 * first word what it sees, and waits for SIGTERM (exit 0), SIGHUP (tells it) and connections.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "target.h"

static const char *facts;
static volatile sig_atomic_t hung_up;

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...)
{
	int fd = (int)must(open(facts, O_WRONLY | O_CREAT | O_APPEND, 0644));
	va_list args;

	va_start(args, format);
	must(vdprintf(fd, format, args));
	va_end(args);
	must(close(fd));
}

static void on_hangup(int signal)
{
	(void)signal;
	hung_up = 1;
}

static void on_term(int signal)
{
	(void)signal;
	_exit(0);
}

/* ---- what words do ---- */

static const char *own_name;

static void do_name(const char *value)
{
	(void)value;
	tell("name=%s\n", own_name);
}

static void do_say(const char *value)
{
	tell("say=%s\n", value);
}

static void do_whoami(const char *value)
{
	(void)value;
	tell("uid=%d\nnnp=%d\n", (int)getuid(), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

static void tell_manager(const char *words)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	int fd = (int)must(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	check(path && *path == '/' && strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	must(write(fd, words, strlen(words)));
	must(close(fd));
}

static void do_notify(const char *value)
{
	(void)value;
	tell_manager("READY=1");
}

static void do_status(const char *value)
{
	char words[64];

	check(snprintf(words, sizeof(words), "STATUS=%s", value) < (int)sizeof(words));
	tell_manager(words);
}

static void do_watchdog(const char *value)
{
	const char *pid = getenv("WATCHDOG_PID");

	(void)value;
	check(pid && atoi(pid) == getpid());
}

/* As daemons do: the first process ends when the last one has written its number. */
static void do_daemon(const char *value)
{
	int ready[2];
	char byte;

	must(pipe(ready));
	if (must(fork()) > 0) {
		close(ready[1]);
		check(read(ready[0], &byte, 1) == 1);
		_exit(0);
	}
	close(ready[0]);
	must(setsid());
	if (must(fork()) > 0)
		_exit(0);
	if (value) {
		int fd = (int)must(open(value, O_WRONLY | O_CREAT | O_TRUNC, 0644));

		must(dprintf(fd, "%d\n", (int)getpid()));
		must(close(fd));
	}
	must(write(ready[1], "", 1));
	close(ready[1]);
}

/* ---- D-Bus, as far as it takes to own a name: D-Bus Specification, Message Protocol ---- */

struct message {
	unsigned char bytes[512];
	size_t n;
};

static void align(struct message *m, size_t to)
{
	while (m->n % to)
		m->bytes[m->n++] = 0;
}

static void put_number(struct message *m, uint32_t value)
{
	align(m, 4);
	memcpy(m->bytes + m->n, &value, 4);
	m->n += 4;
}

static void put_string(struct message *m, const char *s)
{
	put_number(m, (uint32_t)strlen(s));
	memcpy(m->bytes + m->n, s, strlen(s) + 1);
	m->n += strlen(s) + 1;
}

static void put_field(struct message *m, unsigned char code, char type, const char *value)
{
	const unsigned char head[] = { code, 1, (unsigned char)type, 0 };

	align(m, 8);
	memcpy(m->bytes + m->n, head, sizeof(head));
	m->n += sizeof(head);
	if (type != 'g') {
		put_string(m, value);
		return;
	}
	m->bytes[m->n++] = (unsigned char)strlen(value);
	memcpy(m->bytes + m->n, value, strlen(value) + 1);
	m->n += strlen(value) + 1;
}

/* A call of the bus itself, with a name as its argument or none; waits for some answer. */
static void call_bus(int fd, uint32_t serial, const char *member, const char *name)
{
	struct message m = { { 'l', 1, 0, 1 }, 16 };
	uint32_t fields, body;
	char answer[4096];
	size_t start;

	put_field(&m, 1, 'o', "/org/freedesktop/DBus");
	put_field(&m, 2, 's', "org.freedesktop.DBus");
	put_field(&m, 3, 's', member);
	put_field(&m, 6, 's', "org.freedesktop.DBus");
	if (name)
		put_field(&m, 8, 'g', "su");
	fields = (uint32_t)m.n - 16;
	align(&m, 8);
	start = m.n;
	if (name) {
		put_string(&m, name);
		put_number(&m, 0);
	}
	body = (uint32_t)(m.n - start);
	memcpy(m.bytes + 4, &body, 4);
	memcpy(m.bytes + 8, &serial, 4);
	memcpy(m.bytes + 12, &fields, 4);
	must(write(fd, m.bytes, m.n));
	check(read(fd, answer, sizeof(answer)) > 0);
}

static void do_bus(const char *value)
{
	struct sockaddr_un address = { AF_UNIX, "/run/dbus/system_bus_socket" };
	int fd = (int)must(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
	char answer[256];

	must(connect(fd, (struct sockaddr *)&address, sizeof(address)));
	must(write(fd, "\0AUTH EXTERNAL 30\r\n", 19)); /* "0": root */
	check(read(fd, answer, sizeof(answer)) > 2 && strncmp(answer, "OK", 2) == 0);
	must(write(fd, "BEGIN\r\n", 7));
	call_bus(fd, 1, "Hello", NULL);
	call_bus(fd, 2, "RequestName", value);
}

static int listening = -1;

static void do_listen(const char *value)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");

	(void)value;
	check(pid && atoi(pid) == getpid());
	check(n && atoi(n) == 1);
	listening = 3;
}

static void do_exit(const char *value)
{
	_exit(atoi(value));
}

/* ---- what confinement forbids ---- */

static void do_write(const char *value)
{
	int fd = (int)must(open(value, O_WRONLY | O_CREAT | O_TRUNC, 0644));

	must(write(fd, "x", 1));
	must(close(fd));
}

static void do_read(const char *value)
{
	must(close((int)must(open(value, O_RDONLY))));
}

static void do_socket(const char *value)
{
	must(close((int)must(socket(atoi(value), SOCK_DGRAM, 0))));
}

static void do_mounts(const char *value)
{
	(void)value;
	must(unshare(CLONE_NEWNS));
}

static void do_code(const char *value)
{
	(void)value;
	check(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		   0) != MAP_FAILED);
}

static void do_personality(const char *value)
{
	(void)value;
	must(personality(PER_LINUX | ADDR_NO_RANDOMIZE));
}

static void do_realtime(const char *value)
{
	const struct sched_param param = { .sched_priority = 1 };

	(void)value;
	must(sched_setscheduler(0, SCHED_FIFO, &param));
	must(sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){ 0 }));
}

static void do_hostname(const char *value)
{
	must(sethostname(value, strlen(value)));
}

static void do_fds(const char *value)
{
	int most = atoi(value);

	for (int i = 0; i < most; i++)
		must(dup(0));
	for (int i = 0; i < most; i++)
		close(3 + i);
}

static void do_chown(const char *value)
{
	must(chown(value, 65534, 65534));
}

static const struct {
	const char *word;
	void (*run)(const char *value);
} words[] = {
	{ "name", do_name },	     { "say", do_say },		  { "whoami", do_whoami },
	{ "bus", do_bus },	     { "notify", do_notify },	  { "watchdog", do_watchdog },
	{ "daemon", do_daemon },     { "listen", do_listen },	  { "exit", do_exit },
	{ "write", do_write },	     { "read", do_read },	  { "socket", do_socket },
	{ "mounts", do_mounts },     { "code", do_code },	  { "personality", do_personality },
	{ "realtime", do_realtime }, { "hostname", do_hostname }, { "fds", do_fds },
	{ "chown", do_chown },	     { "status", do_status },
};

static void obey(char *word)
{
	char *value = strchr(word, '=');

	if (value)
		*value++ = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, word) == 0) {
			words[i].run(value);
			return;
		}
	}
	check(!"a word that is known");
}

static void answer(void)
{
	int fd = (int)must(accept(listening, NULL, NULL));

	must(write(fd, "hello\n", 6));
	must(close(fd));
}

int main(int argc, char **argv)
{
	const char *watchdog = getenv("WATCHDOG_USEC"); /* who is watched says that it is alive */
	int wait_ms = watchdog ? (int)(atol(watchdog) / 2000) : -1, ready;
	struct pollfd door = { .events = POLLIN };

	check(argc >= 2);
	own_name = argv[0];
	facts = argv[1];
	check(signal(SIGTERM, on_term) != SIG_ERR);
	check(signal(SIGHUP, on_hangup) != SIG_ERR);
	for (int i = 2; i < argc; i++)
		obey(argv[i]);
	tell("pid=%d\n", (int)getpid());
	for (;;) {
		door.fd = listening;
		ready = poll(&door, 1, wait_ms);
		if (ready > 0)
			answer();
		else if (ready == 0)
			tell_manager("WATCHDOG=1");
		if (hung_up) {
			hung_up = 0;
			tell("hup\n");
		}
	}
}
