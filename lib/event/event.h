/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One observed fact: the contract between whatever watches a program (today the tracer) and
 * whatever learns from it.
 *
 * Everything an event points to is borrowed and ends when the sink returns: copy what you keep.
 */
#ifndef LEARN_EVENT_EVENT_H
#define LEARN_EVENT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sysdb/argspecs.h"
#include "sysdb/phase.h"

/* Who did it. */
struct event_origin {
	uint32_t program; /* the number that EVENT_PROGRAM gave out */
	enum phase phase;
	pid_t pid; /* thread group */
	pid_t tid;
	bool launching; /* the command is not executed yet: that is what the call is for */
};

/* A system call at its entry, as struct seccomp_data shows it to a filter. */
struct event_call {
	uint32_t arch; /* AUDIT_ARCH_* */
	int nr;
	uint64_t args[6];
	uint64_t ip;
	uint8_t unread_args; /* bit I: argument I is not known, and its value here is nothing */
};

/* What a call still has to teach: the sink's answer to `call`. */
enum lesson {
	LESSON_NONE = 0,
	LESSON_STACK = 1 << 0,  /* EVENT_STACK, please */
	LESSON_RESULT = 1 << 1, /* EVENT_RESULT, please: costs a second stop */
	LESSON_PLACES = 1 << 2, /* EVENT_PATH, _ADDRESS and _SIGNAL, though it is not made */
};
/* Beside lessons: the call is not made and fails with this error (1 to 4095). */
#define LESSON_ANSWER(error) ((error) << 8)
#define LESSON_ANSWERED(lessons) ((lessons) >> 8)

enum event_kind {
	EVENT_PROGRAM, /* a program was seen for the first time; numbers are given out from 0 */
	EVENT_LIBRARY, /* the program mapped code from a file */
	EVENT_STACK,   /* asked for: the call's stack, innermost frame first */
	EVENT_RESULT,  /* asked for: what the call returned */
	EVENT_FIELD,   /* an inspected field behind a pointer of the call, as it is read now */
	EVENT_PATH,    /* a call acts on a path */
	EVENT_SOCKET,  /* a call makes a socket */
	EVENT_ADDRESS, /* a call binds or connects to an IP address or an abstract name */
	EVENT_SIGNAL,  /* a call sends a signal to a process that is not traced */
	EVENT_PEAK,    /* a resource use, perhaps the largest yet */
	EVENT_TREE,    /* the largest use of all processes together so far; has no origin */
	EVENT_LIMIT,   /* the evidence is incomplete here, and why */
	EVENT_DENIED,  /* a seccomp filter killed the process for this call, or sent it SIGSYS */
	EVENT_EXCEEDED, /* the kernel sends a process the signal of a resource limit */
};

enum address_use { ADDRESS_BIND, ADDRESS_CONNECT };

struct event {
	enum event_kind kind;
	struct event_origin origin;
	/*
	 * STACK, RESULT, FIELD, PATH, SOCKET, ADDRESS, SIGNAL, DENIED: the call it belongs to;
	 * EXCEEDED: the last one, or NULL.
	 */
	const struct event_call *call;
	union {
		struct {
			const char *path; /* the executable, absolute */
			const char *build_id; /* lower-case hexadecimal, "" when there is none */
		} program, library;
		struct {
			const char *const *frames; /* "module!symbol+0x1f" or "module+0x1f" */
			size_t n;
		} stack;
		struct {
			const struct argspec *spec;
			uint64_t value;
		} field;
		int64_t result; /* the return value: -1..-4095 is -errno */
		struct {
			const char *path; /* absolute, symbolic links resolved, bytes */
			uint32_t effects; /* PATH_* */
			uint32_t kind;    /* one of KIND_*: what was there before */
			bool again; /* told of who executed the program, and now of that itself */
		} path;
		struct {
			int family, protocol;
			int type; /* without SOCK_CLOEXEC and SOCK_NONBLOCK */
		} socket;
		struct {
			enum address_use use;
			int family;
			int type; /* SOCK_STREAM ..., 0 when it could not be found out */
			const char *address; /* by inet_ntop; abstract names as in /proc/net/unix */
			uint16_t port;
		} address;
		struct {
			int signal;
			pid_t target; /* as the call has it: negative is a group */
		} signal;
		struct {
			int resource; /* RLIMIT_* */
			uint64_t value;
		} peak;
		struct {
			uint64_t memory; /* bytes */
			uint64_t tasks;
		} tree;
		const char *limit;
		struct {
			bool killed; /* or trapped */
		} denied;
		struct {
			int resource; /* RLIMIT_FSIZE, RLIMIT_CPU */
		} exceeded;
	};
};

/* The learner's side. Negative returns end the recording: -errno. */
struct event_sink {
	void *state;
	/*
	 * A call is about to be made. Returns the lessons wanted (LESSON_*) or -errno. Where the
	 * source can refuse calls (the tracer, of confined programs), LESSON_ANSWER() does.
	 */
	int (*call)(void *state, const struct event_origin *origin, const struct event_call *call);
	/*
	 * A fact. 0; -errno; or LESSON_STACK for EVENT_STACK of the event's call to follow at once,
	 * with no frames where none can be found out. Of EVENT_RESULT, EVENT_DENIED and
	 * EVENT_EXCEEDED also LESSON_PLACES: those come first.
	 */
	int (*event)(void *state, const struct event *event);
	/*
	 * Called about once a second, and never in the middle of anything: time to save. PROCESSES
	 * are there now.
	 */
	int (*tick)(void *state, size_t processes);
};

#endif
