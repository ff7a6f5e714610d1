/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets, ports and signals seen become what is allowed of them. */
#include "learner/network.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "sysdb/landlock.h"

/* The first of the ports that the kernel gives out by itself (ip_local_port_range). */
#define FIRST_EPHEMERAL 32768

/* ---- families ---- */

static struct policy_family *find_family(struct policy *policy, int family)
{
	for (size_t i = 0; i < policy->n_families; i++)
		if (policy->families[i].family == family)
			return &policy->families[i];
	return NULL;
}

static bool uses_family(const struct profile_program *program, int family)
{
	for (size_t i = 0; i < program->sockets.n; i++)
		if (((struct profile_socket *)program->sockets.entries[i].value)->family == family)
			return true;
	return false;
}

static char *who_uses(const struct tally *tally, int family)
{
	auto_free const struct profile_program **users =
		calloc(tally->n_programs + 1, sizeof(*users));
	auto_free char *names = NULL;
	size_t n = 0;
	char *text;

	for (size_t i = 0; users && i < tally->n_programs; i++)
		if (uses_family(tally->programs[i], family))
			users[n++] = tally->programs[i];
	names = users ? program_names(users, n) : NULL;
	return !names || asprintf(&text, "sockets made in %s", names) < 0 ? NULL : text;
}

static int add_socket(const struct tally *tally, struct policy *policy,
		      const struct profile_socket *socket)
{
	struct policy_family *family = find_family(policy, socket->family);
	auto_free char *why = NULL;

	if (!family) {
		why = who_uses(tally, socket->family);
		family = why ? policy_add_family(policy, socket->family, why) : NULL;
	}
	if (!family)
		return -ENOMEM;
	family->count += socket->count;
	return 0;
}

/* ---- ports ---- */

static bool is_internet(const struct profile_address *address)
{
	return address->family == AF_INET || address->family == AF_INET6;
}

/* Landlock confines TCP only; 0 is a socket whose type could not be found out. */
static bool is_tcp(const struct profile_address *address)
{
	return is_internet(address) && (address->type == SOCK_STREAM || address->type == 0);
}

static bool is_abstract(const struct profile_address *address)
{
	return address->family == AF_UNIX && address->address[0] == '@';
}

static struct policy_port *find_port(struct policy *policy, uint16_t port, bool bind)
{
	for (size_t i = 0; i < policy->n_ports; i++)
		if (policy->ports[i].port == port && policy->ports[i].bind == bind)
			return &policy->ports[i];
	return NULL;
}

static char *describe_port(const struct profile_program *program,
			   const struct profile_address *address)
{
	auto_free char *name = program_names(&program, 1);
	char *text;
	int r;

	if (!name)
		return NULL;
	if (address->bind && !address->port)
		r = asprintf(&text, "%s binds %s and leaves the port to the kernel", name,
			     address->address);
	else
		r = asprintf(&text, "%s %s %s port %" PRIu16, name,
			     address->bind ? "binds" : "connects to", address->address,
			     address->port);
	return r < 0 ? NULL : text;
}

static int add_port(struct policy *policy, const struct profile_program *program,
		    const struct profile_address *address)
{
	struct policy_port *port = find_port(policy, address->port, address->bind);
	auto_free char *why = NULL;

	if (!port) {
		why = describe_port(program, address);
		port = why ? policy_add_port(policy, address->port, address->bind, why) : NULL;
	}
	if (!port)
		return -ENOMEM;
	port->count += address->count;
	return 0;
}

static int add_address(struct policy *policy, const struct profile_program *program,
		       const struct profile_address *address)
{
	/* A scope is about reaching out: binding an abstract name stays possible. */
	if (is_abstract(address) && !address->bind)
		policy->scopes &= ~(uint32_t)LL_SCOPE_ABSTRACT_UNIX;
	if (policy_add_address(policy, &(struct policy_address){
					       .family = address->family, .type = address->type,
					       .bind = address->bind, .address = address->address,
					       .port = address->port }) < 0)
		return -ENOMEM;
	return is_tcp(address) ? add_port(policy, program, address) : 0;
}

/*
 * A program that lets the kernel choose a port and connects to such a port is likely to connect to
 * another one next time; landlock knows single ports only.
 */
static int confine_ports(struct policy *policy)
{
	bool chosen = find_port(policy, 0, true) != NULL;

	policy->handled_net = LL_BIND_TCP | LL_CONNECT_TCP;
	for (size_t i = 0; chosen && i < policy->n_ports; i++) {
		if (policy->ports[i].bind || policy->ports[i].port < FIRST_EPHEMERAL)
			continue;
		policy->handled_net = LL_BIND_TCP;
		return policy_add_note(policy, NOTE_PORTS,
				       "connecting to TCP ports is not confined: the kernel chose "
				       "a server's port, and port %" PRIu16 " was connected to",
				       policy->ports[i].port);
	}
	return 0;
}

static int add_program(const struct tally *tally, struct policy *policy, size_t number)
{
	const struct profile_program *program = tally->programs[number];
	int r = 0;

	for (size_t i = 0; i < program->sockets.n && r == 0; i++) {
		const struct profile_socket *socket = program->sockets.entries[i].value;

		if (tally_wants(tally, number, socket->phase))
			r = add_socket(tally, policy, socket);
	}
	for (size_t i = 0; i < program->addresses.n && r == 0; i++) {
		const struct profile_address *address = program->addresses.entries[i].value;

		if (tally_wants(tally, number, address->phase))
			r = add_address(policy, program, address);
	}
	for (size_t i = 0; i < program->signals.n; i++) {
		const struct profile_signal *signal = program->signals.entries[i].value;

		if (tally_wants(tally, number, signal->phase))
			policy->scopes &= ~(uint32_t)LL_SCOPE_SIGNAL;
	}
	return r;
}

int network_add(const struct tally *tally, struct policy *policy)
{
	int r = 0;

	policy->scopes = LL_SCOPE_ABSTRACT_UNIX | LL_SCOPE_SIGNAL;
	for (size_t i = 0; i < tally->n_programs && r == 0; i++)
		r = add_program(tally, policy, i);
	return r < 0 ? r : confine_ports(policy);
}
